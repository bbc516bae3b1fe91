"""What a rewrite keeps of its original: names, numbers, days, and many of its words.

A rewrite changes words and their order, so that no run of four words may be left; it keeps who, where and how many.
Names are known by a capital within a sentence, and kept as the consonants of their stem: "Гордієнко", "Гордиенко" and
"Hordiienko" are one key, whatever their ending and alphabet; z counts as s, which German writes for it. Words are kept
by their first five letters, which in inflected languages tell a word better than all of it (as 16-bit numbers: a rare
collision does no harm).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from zlib import crc32

from extractors.stories.counted import STATES
from extractors.stories.numerals import figures
from extractors.text import INVISIBLE, plain
from sectorwatch.domain import Gist

MOST_WORDS = 300  # of a text that count: the news stands at its beginning
MOST_TERMS = 16  # names and numbers that an article is looked up by

_WORD = re.compile(r"[^\W\d_]{3,}(?:['’ʼ`][^\W\d_]+)*|[^\W\d_]{1,2}['’ʼ`][^\W\d_]+")
_ADDRESS = re.compile(r"(?:https?://|www\.|t\.me/|@)\S+")  # no words, though they look like names
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu|un|(?:d|n|s)?[ae]ll|sull)['’](?=[A-ZÀ-Þ])")  # d'Izioum, dell'Ucraina
_ELIDING = ("fr", "it", "ca")
_GERMAN_NOUN = re.compile(  # behind an article, a number or an adjective: no name
    r"(?:\d|\b(?:d(?:ie|er|as|em|en|es)|im|am|zum|zur|vom|beim|ins|ans|kein|[ms]?ein|ihr|zwei|drei|vier|fünf|elf|zwölf)"
    r"|(?<!\bgeg)(?<!\bneb)(?<!\bweg)(?<!\bzwisch)(?<!\bwurd)(?<!\bhab)e[nsm]|(?<!\bunt)(?<!\büb)(?<!\bhint)(?<!\bod)(?<!\bab)er)\s$"
)
_NOUN_REACH = 12
_LEFT_OUT = re.compile(f"[{INVISIBLE}\u0301]")  # so that the normalised text has every letter at its place
_STARTS = re.compile(r"(?:^|[.!?…:;\n])[\s\"'«“„‘(\[—–-]*$")
_REACH = 6  # characters before a word in which the end of the last sentence is sought
_ACRONYM = 5  # letters of an all-capital word that is no name: FPV, ОВА, КАБ
_WORD_STEM = 5
_LEAST_OF_TOWN = 3  # consonants, of which the last may be that of -ka
_NAME_KEY = 5  # consonants that tell a name from others
_HEADLINE_NAMES = 0.6  # share of the words with a capital above which all have one
_TELLING = 0.6  # weight of a name or number from which on an article is looked up by it

ROUND_UP = "roundup=1"  # among the counts of an article whose headline says that it sums up a day
_SUMS_UP = re.compile(
    r"\b(?:головн(?:е|і \w+) (?:за|на|до)\b|підсумки (?:дня|тижня)|дайджест|главн(?:ое|ые \w+) (?:за|на|к)\b"
    r"|итоги (?:дня|недели)|обстановка и главные|as it happened|live (?:updates|blog)|liveblog|newsblog|news in brief"
    r"|round-?up|digest|top stories|key events|day \d+ of|what happened (?:today|on day)|(?:news|live)?ticker|uberblick"
    r"|das wichtigste|na zywo|podsumowanie dnia|najwazniejsze|en direct(?:o)?\b|le point sur|l'essentiel|ultima hora"
    r"|in diretta|in breve)"
)
_EVERYWHERE = frozenset(
    re.findall(
        r"\w+",
        "akrn akrnn akrnc rs rf msk vrp evrp tlhrm fcbk"
        " rsn rsns akrns ablst th spt sptmb actbr aktbr nvmbr dcmbr dsmbr anr fbr mrc mrs aprl ahst"
        " snd mnd tsd vdnsd thrsd frd strd mnth dnsth mtvh dnrst frth smsth snth",
    )
)
"""Names of nearly every article of the region: Ukraine, Russia, Europe, Telegram; weekdays and months."""

_ENDING = re.compile(
    "(?<=[а-яіїєґ]{3})(?:ого|ому|ими|ыми|ами|ями|ові|еві|ій|ый|ий|ої|ою|ею|ом|ем|єм|ах|ях|ам|ям|их|ых|им|ым"
    "|[аяуюіїиыеєоьй])$"
)
_LATIN_ENDING = re.compile("(?<=[a-z]{3})(?:iego|ego|iemu|emu|ami|ach|owi|iem|em|ym|im|ow|[aeiouy])$")  # Polish
_SUFFIX = re.compile(r"(?<=[^\W\d_]{2})(?:ськ|ск|щин|sk|ski|sky|skii|skyi|skyy|'s)$")
_DIGRAPHS = (
    ("tsch", "c"),
    ("shch", "s"),
    ("sch", "s"),
    ("sz", "s"),
    ("cz", "c"),
    ("sh", "s"),
    ("ch", "c"),
    ("zh", "z"),
    ("kh", "h"),
    ("ts", "c"),
    ("x", "ks"),
)
_OWN_DIGRAPHS = {
    "de": (("tsch", "c"), ("dsch", "dz"), ("sch", "s"), ("ch", "h")),
    "pl": (("ch", "h"),),
    "fr": (("tch", "c"), ("ch", "s")),
}
_CONSONANTS = str.maketrans(
    dict(zip("бвгґджзклмнпрстфхцчшщwgqў", "bvhhdzzklmnprstfhccssvhkv", strict=True)) | dict.fromkeys("йьъ'j", "")
)
_VOWELS = re.compile("[aeiouyаеєиіїоуюяыэ]")
_TWICE = re.compile(r"(.)\1")


def gist_of(title: str, text: str, language: str = "", known: Iterable[str] = ()) -> Gist:
    """The gist of an article, of its first 300 words, in about a millisecond.

    Names are taken from the text: what has a capital in a headline may be one. Those that are `known` to be names, as
    they are written there, are names wherever they stand.
    """
    said = _first_words(_ADDRESS.sub(" ", _LEFT_OUT.sub("", text)))
    if language in _ELIDING:
        said = _ELIDED.sub(" ", said)
    names: dict[str, str] = {}
    for word in _WORD.findall("\n".join(dict.fromkeys(known))):
        if word[0].isupper():
            names.setdefault(name_key(plain(word), language), word)
    perhaps: dict[str, str] = {}
    words: set[int] = set()
    small_text = plain(said)
    aligned = len(small_text) == len(said)
    for match in _WORD.finditer(said):
        word = match[0]
        small = small_text[match.start() : match.end()] if aligned else plain(word)
        acronym = len(word) <= _ACRONYM and word.isupper()
        if not word[0].isupper() or acronym:
            words.add(_word_key(small))
            continue
        key = name_key(small, language)
        first = _STARTS.search(said, max(0, match.start() - _REACH), match.start())
        noun = (
            not first
            and language == "de"
            and _GERMAN_NOUN.search(said, max(0, match.start() - _NOUN_REACH), match.start())
        )
        unsure = bool(first or noun)
        (perhaps if unsure else names).setdefault(key, word)
        if unsure:
            words.add(_word_key(small))
    words.update(_word_key(word) for word in _WORD.findall(plain(title)))
    told = figures(f"{plain(title)}\n{small_text}", language)
    for key, word in _of_headline(title, language):
        perhaps.setdefault(key, word)
    names.pop("", None)
    perhaps = {key: word for key, word in perhaps.items() if key and key not in names}
    return Gist(
        names=names,
        perhaps=perhaps,
        numbers=frozenset(told.numbers),
        counts=frozenset(told.counts | ({ROUND_UP} if _SUMS_UP.search(plain(title)) else set())),
        days=frozenset(told.days),
        words=frozenset(words - {0}),
        terms=_terms(names, perhaps, told.numbers, told.counts),
    )


def _of_headline(title: str, language: str) -> Iterator[tuple[str, str]]:
    """What may be names in a headline; nothing where each of its words has a capital."""
    words = [word for word in _WORD.findall(title) if not (len(word) <= _ACRONYM and word.isupper())]
    capitals = [word for word in words if word[0].isupper()]
    if len(capitals) <= _HEADLINE_NAMES * len(words):
        yield from ((name_key(plain(word), language), word) for word in capitals)


def _trimmed(key: str) -> str:
    """So much of the consonants as tells a name: Kam'ianka, in its locative and its adjective, is one."""
    if len(key) > _LEAST_OF_TOWN and key[-1] in "ck":
        key = key[:-1]
    return key[:_NAME_KEY]


@lru_cache(maxsize=20_000)
def name_key(word: str, language: str = "") -> str:
    """The consonants that a name, normalised, keeps in all its cases and alphabets; "" when too little is left.

    `language` is that of the text, whose letters have sounds of their own.
    """
    if language == "pl":
        word = _LATIN_ENDING.sub("", word)
    stem = _SUFFIX.sub("", _ENDING.sub("", word))
    for letters, sound in (*_OWN_DIGRAPHS.get(language, ()), *_DIGRAPHS):
        stem = stem.replace(letters, sound)
    stem = stem.translate(_CONSONANTS)
    first = "a" if _VOWELS.match(stem) else ""
    key = _trimmed(first + _TWICE.sub(r"\1", _VOWELS.sub("", stem.replace("z", "s"))))
    return key if len(key) > 1 else ""


@cache
def _everywhere() -> frozenset[str]:
    return frozenset(map(_trimmed, _EVERYWHERE))


@lru_cache(maxsize=1 << 14)
def name_weight(key: str) -> float:
    """What a name tells: a short one may be another, and some stand in nearly every article."""
    if key in _everywhere():
        return 0.2
    return {2: 0.4, 3: 0.7}.get(len(key), 1.0)


@lru_cache(maxsize=1 << 14)
def number_weight(number: str) -> float:
    """What a number tells: any text may have a three, a hundred or a year; few have 187."""
    if not number.isdecimal():
        return 0.8  # a time of day, a fraction
    value = int(number)
    if value <= 12:
        return 0.15 if value <= 3 else 0.3
    if value <= 31 or value % 100 == 0:
        return 0.6
    return 0.2 if 1990 <= value <= 2030 else 1.0


def _terms(
    names: Iterable[str], perhaps: Iterable[str], numbers: Iterable[str], counts: Iterable[str]
) -> tuple[str, ...]:
    """What an article is looked up by: what few others have, and of a short one what may be a name, too."""
    weights = {f"n:{key}": name_weight(key) for key in names}
    weights |= {f"u:{number}": number_weight(number) for number in numbers}
    weights |= {f"c:{count}": _TELLING for count in counts if count.startswith(STATES)}
    weights |= {f"n:{key}": _TELLING for key in perhaps if name_weight(key) > _TELLING}
    telling = [term for term, weight in weights.items() if weight >= _TELLING]
    return tuple(sorted(telling, key=lambda term: (-weights[term], term))[:MOST_TERMS])


def _word_key(word: str) -> int:
    """Of a normalised word; 0 for one too short to say anything."""
    return _hashed(word[:_WORD_STEM]) if len(word) > 3 else 0


@lru_cache(maxsize=50_000)
def _hashed(stem: str) -> int:
    return crc32(stem.encode("utf-8", "surrogatepass")) & 0xFFFF


def _first_words(text: str) -> str:
    for count, match in enumerate(_WORD.finditer(text)):
        if count == MOST_WORDS:
            return text[: match.start()]
    return text
