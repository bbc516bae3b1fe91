"""Cue words of many languages, found in one pass over a text and asked for by place.

`data/lexicon/<language>.toml` holds them by kind; KINDS says what each kind is for. A text is read with the words of
its own language and its next of kin: "war" speaks of war in English, and is no such word in German.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, KeysView, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from extractors.prefilter import Sign
from extractors.text import CYRILLIC_LETTER, plain

FOLDER = Path(__file__).parent / "data" / "lexicon"
ASIDES = Path(__file__).parent / "data" / "asides.toml"
DOUBLES = Path(__file__).parent / "data" / "doubles.toml"
COMMON = Path(__file__).parent / "data" / "common.toml"
EXONYMS = Path(__file__).parent / "data" / "exonyms.toml"
KINDS = {
    "war": "one is enough for the paragraph it stands in, two for an article",
    "strain": "signs of the same that other events leave too: two make a paragraph",
    "ukraine": "the text is about Ukraine, or about Russia's war there",
    "sector": "beside a name these make the sector itself: direction, axis, front",
    "area": "the same after an adjective of the sector alone, in news of the war: the Orekhovsky area",
    "locality": "directly before a name these say that it is a place: the town of, near",
    "street": "beside a name these make it a street, a square, a station",
    "institution": "after an adjective or a name these make it something named after it",
    "townbody": "directly after an adjective these make it that of a town: its council, court, community",
    "exile": "with an institution in the same sentence these say that it works elsewhere now",
    "civic": "in an article with a word of exile and none of war: hospitals, theatres that work elsewhere now",
    "verdict": "with a word of peace, such as court, in the same sentence these make it the news of a trial",
    "neutral": "news of peace: where nothing speaks of war these make it likely",
    "pastime": "as neutral, but nothing bears the name of a town for it: painters, songs, textbooks",
    "sport": "two in a paragraph or article that says less of the war make it news of sport",
    "contest": "words of war that sport uses as well: there they speak of no war",
    "history": "with a year before 2014 in the same sentence these make it an old war",
    "century": "after a number these make it one that is over",
    "oldwar": "the name of a war that is over: as history, without a year",
    "prewar": "a time before the war: with a word of peace beside, and no other of war around, it tells of no front",
    "present": "in the same paragraph these say that it is the present war after all",
    "club": "directly before a name these make it a club, with quotation marks or without",
    "enterprise": "directly before a name in quotation marks these say what bears it",
    "church": "beside a name these make it a feast or saint's",
    "faraway": "directly after a name these say that it lies where no shipped sector reaches",
    "elsewhere": "what only the namesakes elsewhere stand beside",
    "estuary": "directly before a name these make it an estuary, a lagoon, a lake",
    "title": "directly before a name these make it a person: Mr, actor, colonel",
    "given": "given names, directly before a name: it is a surname",
    "office": "the name of an administration: its words of war say nothing of one",
    "foreign": "countries and regions elsewhere: a village that is said to lie there is none of ours",
    "abroad": "what stands around the American city of New York",
}

# Languages that share words, and are taken for one another in a short text: each text is read with its whole family.
_FAMILIES = (
    "uk ru be bg mk sr kk",
    "pl cs sk sl hr bs sr",
    "es it pt ro ca fr gl",
    "de nl sv da no",
    "en",
    "fi et",
    "lv lt",
    "hu",
    "tr az",
    "vi",
    "id ms",
    "sq",
)
DOUBLE = "double:"
"""Kind of what stands beside the namesakes of one place: followed by its id."""
FORMER_DOUBLE = f"{DOUBLE}former:"
"""The same of a name that the place has no more: Dzerzhinsk, but not Toretsk."""
_EVERY = "any"  # the file of words that every language shares
_REGIONS, _RAIONS = "regions", "raions"  # the files of oblasts, by id, and of their districts
# Scripts whose words may begin inside others, and those of them whose words end nowhere.
_UNSPACED = re.compile("[\u0590-\u06ff\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ENDLESS = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_REST = re.compile(r"\w{0,40}")
# Kinds that are asked for in whole paragraphs, never beside a name.
_AROUND = frozenset(
    {
        "war",
        "strain",
        "ukraine",
        "sport",
        "contest",
        "history",
        "oldwar",
        "century",
        "present",
        "prewar",
        "office",
        "exile",
        "verdict",
        "pastime",
        "civic",
        "foreign",
    }
)
_OF_WAR = ("war", "strain")
# Kinds that speak against a name, or for a place at peace: of another language they are words by chance.
_AGAINST = frozenset(
    {
        "neutral", "pastime", "sport", "history", "oldwar", "title", "given", "club", "enterprise", "street", "church",
        "institution", "exile", "civic", "verdict", "prewar", "office", "estuary",
    }
)  # fmt: skip
_TOUCH = 3  # characters between a name and a word that belongs to it
_LONGEST = 40  # characters of the longest entry: how far before a place a cue can begin


class Cue(NamedTuple):
    """One cue word in a text."""

    start: int
    end: int
    entry: str  # as the lexicon has it, so that the endings of one word count once


class Cues:
    """The cue words of one text, by kind and in order."""

    def __init__(self, found: Mapping[str, list[Cue]]) -> None:
        self._found = {kind: sorted(cues) for kind, cues in found.items()}
        self._starts = {kind: [cue.start for cue in cues] for kind, cues in self._found.items()}
        self._left: dict[int, dict[str, Cue]] = {}
        self._right: dict[int, dict[str, Cue]] = {}

    @property
    def kinds(self) -> KeysView[str]:
        """The kinds that there are cues of."""
        return self._starts.keys()

    def has(self, kind: str) -> bool:
        """Whether there is any cue of that kind."""
        return kind in self._starts

    def of(self, language: str) -> Cues:
        """The same without words against a name that the language and its kin do not have."""
        kin = _kin(language)
        if not kin & _languages():
            return self
        found = self._found.items()
        return Cues(
            {
                kind: [cue for cue in cues if cue.entry in _entries(kin, kind)] if kind in _AGAINST else cues
                for kind, cues in found
            }
        )

    def without(self, kinds: Iterable[str], places: Collection[int]) -> Cues:
        """The same without cues of these kinds that begin at these places."""
        found = self._found.items()
        return Cues(
            {kind: [cue for cue in cues if cue.start not in places] if kind in kinds else cues for kind, cues in found}
        )

    def within(self, kind: str, start: int, end: int) -> Sequence[Cue]:
        """Cues of that kind that lie inside [start, end)."""
        starts = self._starts.get(kind)
        if starts is None:
            return ()
        found = self._found[kind][bisect_left(starts, start) : bisect_left(starts, end)]
        if found and found[-1].end > end:
            return [cue for cue in found if cue.end <= end]
        return found

    def distinct(self, kind: str, start: int, end: int) -> list[str]:
        """Different entries of that kind inside [start, end), in order."""
        words: dict[str, None] = {}
        last = -1
        for cue in self.within(kind, start, end):
            if cue.start != last:  # a word counts once
                words[cue.entry] = None
                last = cue.start
        return list(words)

    def before(self, kind: str, start: int, reach: int) -> Cue | None:
        """The nearest cue of that kind that ends at most `reach` characters before `start`."""
        if kind not in self._starts:
            return None
        if reach <= _TOUCH:
            cue = self._touching(start).get(kind)
            return cue if cue is not None and start - cue.end <= reach else None
        ends = [cue for cue in self.within(kind, start - reach - _LONGEST, start) if start - cue.end <= reach]
        return max(ends, key=lambda cue: cue.end) if ends else None

    def after(self, kind: str, end: int, reach: int) -> Cue | None:
        """The nearest cue of that kind that begins at most `reach` characters after `end`."""
        starts = self._starts.get(kind)
        if starts is None:
            return None
        if reach <= _TOUCH:
            cue = self._following(end).get(kind)
            return cue if cue is not None and cue.start - end <= reach else None
        index = bisect_left(starts, end)
        return self._found[kind][index] if index < len(starts) and starts[index] - end <= reach else None

    def beside(self, start: int, end: int) -> bool:
        """Whether any cue touches [start, end)."""
        return bool(self._touching(start) or self._following(end))

    def _touching(self, place: int) -> dict[str, Cue]:
        """By kind, the nearest cue that touches `place` from the left."""
        near = self._left.get(place)
        if near is None:
            cues, ends = self._by_end
            near = self._left[place] = dict(cues[bisect_left(ends, place - _TOUCH) : bisect_right(ends, place)])
        return near

    def _following(self, place: int) -> dict[str, Cue]:
        """By kind, the nearest cue that touches `place` from the right."""
        near = self._right.get(place)
        if near is None:
            cues, starts = self._by_start
            last = bisect_right(starts, place + _TOUCH)
            near = self._right[place] = dict(reversed(cues[bisect_left(starts, place) : last]))
        return near

    @cached_property
    def _beside_names(self) -> list[tuple[str, Cue]]:
        """The cue words that belong to the name they touch."""
        return [(kind, cue) for kind, cues in self._found.items() if kind not in _AROUND for cue in cues]

    @cached_property
    def _by_end(self) -> tuple[list[tuple[str, Cue]], list[int]]:
        every = sorted(self._beside_names, key=lambda entry: entry[1].end)
        return every, [cue.end for _, cue in every]

    @cached_property
    def _by_start(self) -> tuple[list[tuple[str, Cue]], list[int]]:
        every = sorted(self._beside_names, key=lambda entry: entry[1].start)
        return every, [cue.start for _, cue in every]


_Entry = tuple[str, str, str]  # kind, word, expression for a star inside


def _of_longer_words(entries: tuple[_Entry, ...]) -> tuple[_Entry, ...]:
    """Those that other letters may follow; often they are all, and share the room."""
    found = tuple(entry for entry in entries if entry[2] or entry[1].endswith("*"))
    return entries if found == entries else found


class Lexicon:
    """Word lists by kind, compiled. Entries are normalised; one may end in * for any ending, and hold _ for a space."""

    def __init__(self, kinds: Mapping[str, Iterable[str]]) -> None:
        entries: dict[str, tuple[_Entry, ...]] = {}
        for kind, words in kinds.items():
            for word in dict.fromkeys(words):
                stem, inner = word.removesuffix("*").replace("_", " "), ""
                if "*" in stem:
                    end = r"\w{0,40}" if word.endswith("*") else r"\b"
                    inner = re.escape(stem).replace(r"\*", r"\w{0,40}") + end
                    stem = stem.partition("*")[0]
                entries[stem] = (*entries.get(stem, ()), (kind, word, inner))
        self._closed = list(entries.values())  # what a stem is where a word ends with it ...
        self._open = [_of_longer_words(found) for found in self._closed]  # ... and where the word goes on
        self._unspaced = [not stem.isascii() and bool(_UNSPACED.search(stem)) for stem in entries]
        both = zip(entries, self._unspaced, strict=True)
        self._endless = [unspaced and bool(_ENDLESS.search(stem)) for stem, unspaced in both]
        self._automaton = AhoCorasick(
            list(entries),
            matchkind=MatchKind.Standard,
            store_patterns=False,
            implementation=Implementation.ContiguousNFA,
        )

    def scan(self, text: str) -> Cues:
        """Every cue word of a normalised text, in time proportional to its length."""
        found: defaultdict[str, list[Cue]] = defaultdict(list)
        new = tuple.__new__  # half the time of the constructor, and there are thousands
        size, rest = len(text), _REST.match
        closed, opened, unspaced, endless = self._closed, self._open, self._unspaced, self._endless
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if start and text[start - 1].isalnum() and not unspaced[index]:
                continue
            if end == size or not text[end].isalnum() or endless[index]:
                entries = closed[index]
            elif entries := opened[index]:
                end = rest(text, end).end()  # type: ignore[union-attr]  # it matches anywhere
            for kind, word, inner in entries:
                if not inner:
                    found[kind].append(new(Cue, (start, end, word)))
                elif match := _compiled(inner).match(text, start):
                    found[kind].append(new(Cue, (start, match.end(), word)))
        for office in found.get("office", ()):
            for kind in _OF_WAR:
                if kind in found:
                    found[kind] = [cue for cue in found[kind] if not office.start <= cue.start < office.end]
        return Cues(found)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiled when its beginning is first found: all at once they take a fifth of a second."""
    return re.compile(pattern)


@cache
def _of_families(members: frozenset[str], quoted: frozenset[str]) -> Lexicon:
    kinds: dict[str, list[str]] = {}
    for language in sorted((members | quoted) & _names()):
        for kind, words in _file(language).items():
            own = language in members
            kinds.setdefault(kind, []).extend(word for word in words.split() if own or _in_script(word, quoted))
    kinds["oblast"] = list(oblasts())
    kinds |= {f"{DOUBLE}{place}": words.split() for place, words in tomllib.loads(DOUBLES.read_text("utf-8")).items()}
    return Lexicon(kinds)


@cache
def lexicon(language: str = "", quoted: str = "") -> Lexicon:
    """The word lists that a text of this language is read with; all of them where it is not known or has none.

    With those of the language that it quotes, in another script.
    """
    kin, known = _kin(language), _languages()
    return (
        _of_families(kin | {_EVERY}, _kin(quoted) - kin if quoted else frozenset())
        if kin & known
        else _of_families(known, frozenset())
    )


def _in_script(word: str, quoted: frozenset[str]) -> bool:
    """Whether it is written as the languages that are quoted: Serbian has words in both scripts."""
    return bool(CYRILLIC_LETTER.search(word)) == ("uk" in quoted)


def _kin(language: str) -> frozenset[str]:
    """The languages whose words are taken together with its own."""
    families = (family.split() for family in _FAMILIES)
    return frozenset(member for family in families if language in family for member in family) or frozenset({language})


@cache
def _entries(kin: frozenset[str], kind: str) -> frozenset[str]:
    """The words of one kind that these languages have."""
    return frozenset(word for name in kin | {_EVERY} if name in _names() for word in _file(name).get(kind, "").split())


@cache
def common_words() -> Mapping[str, tuple[str, ...]]:
    """Common word, normalised -> the languages it is one in."""
    found: dict[str, tuple[str, ...]] = {}
    for language, words in tomllib.loads(COMMON.read_text("utf-8")).items():
        for word in dict.fromkeys(plain(word) for word in words.split()):
            found[word] = (*found.get(word, ()), language)
    return found


def _languages() -> frozenset[str]:
    return _names() - {_REGIONS, _RAIONS}


@cache
def oblasts() -> Mapping[str, str]:
    """Entry of kind "oblast" -> the oblast it names."""
    lists = (_file(_REGIONS), _file(_RAIONS))
    return {entry: oblast for words_of in lists for oblast, words in words_of.items() for entry in words.split()}


def signs_of_ukraine() -> Iterator[Sign]:
    """Whatever may show, in any language, that a text is about Ukraine, as the letters that it is written with."""
    entries = {*oblasts(), *(word for name in _languages() for word in _file(name).get("ukraine", "").split())}
    for entry in sorted(entries):
        stem, star, _ = entry.partition("*")
        letters = "".join(filter(str.isalnum, stem))
        yield Sign(letters, inside=bool(_UNSPACED.search(letters)), open=bool(star))


@cache
def _names() -> frozenset[str]:
    """The names of the files, without their ending: languages, and two lists of oblasts."""
    return frozenset(file.stem for file in FOLDER.glob("*.toml"))


@cache
def _file(name: str) -> dict[str, str]:
    """Kind -> words."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


@cache
def digest() -> str:
    """Tells one state of the word lists from another."""
    files = (*sorted(FOLDER.glob("*.toml")), DOUBLES, ASIDES, COMMON, EXONYMS)
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
