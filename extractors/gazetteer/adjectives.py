"""The adjective that names a sector, in the languages that make one: kierunek kupiański, Купянското направление.

All begin with the Ukrainian or Russian adjective (Куп'янський, Купянский), whose stem each language spells in its own
way and gives its own endings. English and its neighbours make none, but take over what they find in Ukrainian and
Russian, with whatever case it stands in: "Kupianskoho direction". All of it counts only beside a word such as sector.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from extractors.gazetteer.declension import relational
from extractors.gazetteer.transliteration import PRACTICE, south_slavic, spelled, spellings
from extractors.text import plain


class Form(NamedTuple):
    """One form of an adjective."""

    text: str
    language: str
    origin: str  # see `forms.WEIGHTS`
    scheme: str = ""


_ENDINGS = {
    "de": "er",
    "pl": "i iego iemu im a iej ie ich imi o",
    "cs": "y eho emu em ym a e ou ych ymi om ej i o",
    "sk": "y eho emu om ym a ej u ou e i ych ymi o",
    "hr": "i og oga om omu ome im a oj u e ih ima o",
    "sl": "i ega emu em im a e o ih imi",
    "bg": "и о ото ия ият а ата ите",
    "mk": "и о ото иот а ата ите",
    "sr": "и ог ога ом ому им а ој у е их има о",
    "be": "і ага аму ім ая ай ую аю ае ія іх імі а",
}
_FIRST_HALF = "о"  # купянско-лиманское направление
_LEAKING = (("kmu2010", "bgn1965"), ("ru", "ru-y"))  # schemes that oblique forms are taken over in

_UK_ADJECTIVES = (
    ("([сцз]ьк)", r"\1"), ("(?<=.)поле", "пільськ/польськ"), ("пілля", "пільськ"), ("жжя", "зьк"), ("івка", "івськ"),
    ("ївка", "ївськ"), ("ка", "ківськ"), ("([ії])в", r"\1вськ"), ("[еєо]ве", "івськ"), ("ине", "инськ"),
    ("иця", "ицьк"), ("([кг])", r"\1івськ"), ("[ая]", "івськ"), ("и", "ськ"), ("ч", "цьк"),
    ("(ль?)", r"\1ськ"), ("([бвдзмнпрст])ь?", r"\1ськ"),
)  # fmt: skip
_RU_ADJECTIVES = (
    ("([сц]к)", r"\1"), ("поле|полье", "польск"), ("жье", "жск"), ("([ое])вка", r"\1вск"), ("ка", "ковск"),
    ("([ое])во?", r"\1вск"), ("ино", "инск"), ("ица", "ицк"), ("[ы]", "ск"), ("([кг])", r"\1овск"),
    ("(ль?)", r"\1ск"), ("([бвдзмнпрст])ь?", r"\1ск"),
)  # fmt: skip
_BE_ADJECTIVES = (
    ("([сц]к)", r"\1"),
    ("поле", "польск"),
    ("([аеі])ўка", r"\1ўск"),
    ("аў", "аўск"),
    ("([бвдзлмнпрт])", r"\1ск"),
)
_JOINED = {"часів": "часово", "часов": "часово", "велика": "велико", "великая": "велико", "часаў": "часава"}


def adjectives_of(name: str, language: str) -> tuple[str, ...]:
    """The adjectives, in the nominative, that Ukrainian, Russian or Belarusian makes of the name of a town."""
    rules, ending = {
        "uk": (_UK_ADJECTIVES, "ий"), "ru": (_RU_ADJECTIVES, "ий"), "be": (_BE_ADJECTIVES, "і"),
    }[language]  # fmt: skip
    *first, last = re.split("[ -]", name.lower())
    head = "".join(_JOINED.get(word, "") for word in first)
    if (first and not head) or len(last) < (2 if head else 4):
        return ()
    if head and last == "яр":
        return ("часовоярський", "часівоярський", "часів-ярський") if language == "uk" else (f"{head}ярск{ending}",)
    for pattern, result in rules:
        if re.search(f"(?:{pattern})$", last):
            return tuple(head + re.sub(f"(?:{pattern})$", one, last) + ending for one in result.split("/"))
    return ()


_OTHER_LANDS = ("слов'янщин", "славянщин", "сіверщин", "северщин")  # Slavdom, and the north of Chernihiv
_LAND = {"uk": "а и і у ою", "ru": "а ы е у ой", "pl": "a y ie e"}


def lands_of(name: str, language: str) -> Iterator[Form]:
    """What Ukrainian or Russian, and Polish after it, calls the country around a town: Куп'янщина, Kupiańszczyzna."""
    for adjective in () if re.search("[ -]", name) else adjectives_of(name, language):
        stem = re.sub("(?:ськ|зьк|ск)ий$", "щин", adjective)
        if not stem.endswith("щин") or stem in _OTHER_LANDS:
            continue
        yield from (Form(stem + end, language, "case") for end in _LAND[language].split())
        if language == "uk":
            polish = plain(spelled("pl", stem)).removesuffix("szczyn") + "szczyzn"
            yield from (Form(polish + end, "pl", "spelling-case", "pl") for end in _LAND["pl"].split())
            yield Form(spelled("kmu2010", stem) + "a", "", "spelling", "kmu2010")


def adjective_forms(ukrainian: str, russian: str) -> Iterator[Form]:
    """Every form of a sector's adjective; either adjective may be missing, both stand in the nominative."""
    for language, adjective in (("uk", plain(ukrainian)), ("ru", plain(russian))):
        if not adjective:
            continue
        stem = _stem(adjective)
        declined = sorted({*relational(adjective), stem + _FIRST_HALF})
        yield from (Form(form, language, "adjective") for form in declined)
        given = (adjective, "") if language == "uk" else ("", adjective)
        for spelling, tags in spellings(*given).items():
            yield Form(spelling, "", "adjective-spelling", " ".join(sorted(tags)[:3]))
        for tag in _LEAKING[language == "ru"]:
            yield from (Form(spelled(tag, form), "", "case-adjective-spelling", tag) for form in declined)
    yield from _in_other_languages(plain(ukrainian), plain(russian))


def _in_other_languages(ukrainian: str, russian: str) -> Iterator[Form]:
    uk, ru = _stem(ukrainian), _stem(russian)
    for language in ("pl", "cs", "sk", "hr", "sl", "de"):
        for tag in PRACTICE[language]:
            source = ru if tag.startswith("ru") else uk
            if source:
                stem, ends = spelled(tag, source), _ENDINGS[language].split()
                if tag == "kmu2010":  # in English Bakhmutske is a village
                    ends = [end for end in ends if end != "e"]
                yield from (Form(stem + end, language, "adjective", tag) for end in ends)
    for language in ("bg", "mk", "sr"):
        for stem in sorted(south_slavic(language, uk, ru)):
            yield from (Form(stem + end, language, "adjective", "by rule") for end in _ENDINGS[language].split())


def belarusian_forms(adjective: str) -> Iterator[Form]:
    """The forms of a Belarusian adjective in -скі."""
    stem = plain(adjective)[:-1]
    yield from (Form(stem + end, "be", "adjective") for end in _ENDINGS["be"].split())


def endings_of(adjective: str, language: str) -> Iterator[Form]:
    """The forms of an adjective that a definition gives in a language with a table: kupiański, Купянски."""
    text = plain(adjective)
    stem = text[:-1] if text[-1:] in "iyiиі" else text
    yield from (Form(stem + end, language, "adjective") for end in _ENDINGS.get(language, text[-1]).split())


def _stem(adjective: str) -> str:
    """Up to the ending: куп'янськ."""
    return adjective[:-2] if adjective else ""
