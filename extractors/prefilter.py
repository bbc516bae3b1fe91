"""Whether a page may name anything that is watched, told by the text that stands in it; else it need not be extracted.

A name that extraction would give is never overlooked, so this finds too much rather than too little. Only letters and
digits are compared: what markup, layout or an editor puts between them does not count. A word may begin and end where
anything else stands between two letters, be it only a tag. Detection turns down most names that are written small,
"progress" for one, wherever they stand, and "Progress" or "New York" where nothing speaks of Ukraine: these do not
count here either.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from enum import Enum, auto
from itertools import accumulate
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from extractors.text import CYRILLIC_LETTER, MARKS, TO_CYRILLIC, TO_LATIN, Normalised, caseless, normalise

SKIMMED = "skimmed"
"""How the text of a page was found that was not extracted, as it names nothing watched."""
SEAM = "\x1f"
"""Stands between two pieces of text that a tag divides."""

_WORD = re.compile(r"[^\W_]+")
_SPACE = re.compile(r"[ \n]")
_PIECE = 500  # characters of a text in which words are looked for at once
_NO_WORD = re.compile(r"[\W_]+")
_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())
_TAG = re.compile(r"<[a-zA-Z/!?][^>]*>")
_UNSPACED = "\u0e00"  # from here on are the scripts in which a name may begin and end between any two letters
_CHAIN = re.compile(rf"\S+(?:{SEAM}+\S+)+")  # a seam is white space
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_MARK_BEYOND = re.compile(f"{SEAM}+(?=[{MARKS}])")  # the accent of a letter before


class Sign(NamedTuple):
    """A word that speaks of Ukraine, as a text may write it."""

    letters: str
    inside: bool  # it may begin inside a word
    open: bool  # any ending may follow


class _Spelled(NamedTuple):
    """One of the forms that are written with the same letters."""

    number: int
    gaps: tuple[int, ...]  # among its letters, where something else stands


class _Kind(Enum):
    """What a form says that stands in a page."""

    NAME = auto()  # it may be a mention
    WORLDLY = auto()  # it may be one beside a sign
    SIGN = auto()  # it is turned down, and lets those be names


class Prefilter:
    """Looks for any of a matcher's forms, in time proportional to the text.

    Of a form, by its number, `needs_capital` tells whether it is no name where it is written small, and `worldly`
    whether it is none in a text that names nothing of Ukraine: neither any other form nor one of the `signs`.
    """

    def __init__(
        self,
        forms: Iterable[str],
        *,
        needs_capital: Callable[[int], bool] = lambda _form: False,
        worldly: Callable[[int], bool] = lambda _form: False,
        signs: Iterable[Sign] = (),
    ) -> None:
        spelled: dict[str, list[_Spelled]] = {}
        for number, form in enumerate(forms):
            plainly = form.isalnum()
            letters = form if plainly else _NO_WORD.sub("", form)
            spelled.setdefault(letters, []).append(_Spelled(number, () if plainly else _gaps(form)))
        spelled.pop("", None)
        self._forms = list(spelled.values())
        self._needs_capital, self._is_worldly = needs_capital, worldly
        self._automaton = _automaton(spelled)
        self._signs = list(signs)
        self._sign_automaton = _automaton(sign.letters for sign in self._signs)

    def may_name(self, *texts: str) -> bool:
        """Whether any of the texts may hold a form. Where a tag stood, they have a SEAM."""
        readings = [reading for text in texts for reading in _readings(text)]
        seen = set[_Kind]()
        for reading in readings:
            for kind in self._kinds(reading):
                seen.add(kind)
                if kind is _Kind.NAME or len(seen) == 2:
                    return True
        return _Kind.WORLDLY in seen and any(map(self._speaks_of_ukraine, readings))

    def _kinds(self, text: str) -> Iterator[_Kind]:
        for found, start, end, words in _standing(self._automaton, text):
            if words.may_part(start) and words.may_part(end):
                for form, gaps in self._forms[found]:
                    kind = self._kind(form, words.first(start))
                    if kind and all(words.may_part(start + gap) for gap in gaps):
                        yield kind

    def _kind(self, form: int, first: str) -> _Kind | None:
        """What a form says that begins so: it may be a name by a capital, or where none is needed."""
        written_small = not (first.isupper() or caseless(first)) and self._needs_capital(form)
        if self._is_worldly(form):
            return None if written_small else _Kind.WORLDLY
        return _Kind.SIGN if written_small else _Kind.NAME

    def _speaks_of_ukraine(self, text: str) -> bool:
        if CYRILLIC_LETTER.search(text):
            return True
        for found, start, end, words in _standing(self._sign_automaton, text):
            sign = self._signs[found]
            if (sign.inside or words.may_part(start)) and (sign.open or words.may_part(end)):
                return True
        return False


def _automaton(words: Iterable[str]) -> AhoCorasick:
    return AhoCorasick(
        list(words), matchkind=MatchKind.Standard, store_patterns=False, implementation=Implementation.ContiguousNFA
    )


def _gaps(form: str) -> tuple[int, ...]:
    """Where something stands between the letters of a form."""
    ends = accumulate(len(word) for word in _WORD.findall(form))
    return tuple(ends)[:-1]


def _standing(automaton: AhoCorasick, text: str) -> Iterator[tuple[int, int, int, _Words]]:
    """What an automaton finds: its number, from where to where among the letters, and where words stand among these."""
    norm = normalise(text.replace(SEAM, "\n"))
    letters = _letters(norm.text)
    readings = [letters]
    if _mixes(text):  # a letter's alphabet is told by its word, of which a tag may have cut off the rest
        readings += (letters.translate(TO_CYRILLIC), letters.translate(TO_LATIN))
    words: _Words | None = None
    for reading in readings:
        for found, start, end in automaton.find_matches_as_indexes(reading, overlapping=True):
            words = words or _Words(norm, letters)
            yield found, start, end, words


class _Words:
    """Where the words of a text stand, and where they do among its letters alone; looked for where it is asked."""

    def __init__(self, norm: Normalised, letters: str) -> None:
        self._norm, self._letters = norm, letters
        self._cuts, self._before = [0], [0]  # pieces of the text: where each begins, and how many letters are before it
        while cut := _SPACE.search(norm.text, self._cuts[-1] + _PIECE):
            self._before.append(self._before[-1] + len(_letters(norm.text[self._cuts[-1] : cut.start()])))
            self._cuts.append(cut.start())
        self._pieces: dict[int, tuple[list[int], list[int]]] = {}

    def may_part(self, place: int) -> bool:
        """Whether a word may end between two letters."""
        letters = self._letters
        if letters[place - 1] >= _UNSPACED or letters[place : place + 1] >= _UNSPACED:
            return True
        bounds = self._around(place)[1]
        return bounds[bisect_left(bounds, place)] == place

    def first(self, place: int) -> str:
        """The letter at a place, as it is written."""
        starts, bounds = self._around(place)
        word = bisect_right(bounds, place) - 1
        return self._norm.original[self._norm.origin(starts[word] + place - bounds[word])]

    def _around(self, place: int) -> tuple[list[int], list[int]]:
        """Of the piece that a letter lies in: where its words begin in the text, and their bounds among the letters."""
        piece = bisect_right(self._before, place) - 1
        if piece not in self._pieces:
            starts, bounds = list[int](), [self._before[piece]]
            end = self._cuts[piece + 1] if piece + 1 < len(self._cuts) else len(self._norm.text)
            for word in _WORD.finditer(self._norm.text, self._cuts[piece], end):
                starts.append(word.start())
                bounds.append(bounds[-1] + word.end() - word.start())
            self._pieces[piece] = starts, bounds
        return self._pieces[piece]


def _letters(text: str) -> str:
    """The letters and digits of a text. Nearly all else is ASCII, which bytes lose many times faster."""
    kept = text.encode("utf-8", "surrogatepass").translate(None, _SIGNS).decode("utf-8", "surrogatepass")
    return kept if kept.isascii() else _NO_WORD.sub("", kept)


def _readings(text: str) -> Iterator[str]:
    """The text, and what else extraction may make of it: entities that were written twice, tags that are text."""
    if not "".join(text.split()).isprintable():
        unseen = {char for char in set(text) if not (char.isprintable() or char.isspace())}
        text = text.translate(dict.fromkeys(map(ord, unseen)))
    yield text
    if "&" in text and (unescaped := html.unescape(text)) != text:
        yield unescaped
    if "<" in text and (untagged := _TAG.sub(SEAM, text)) != text:
        yield html.unescape(untagged)
    if not unicodedata.is_normalized("NFC", text) or _MARK_BEYOND.search(text):
        yield unicodedata.normalize("NFC", _MARK_BEYOND.sub("", text))


def _mixes(text: str) -> bool:
    """Whether letters of two alphabets stand in one word, tags left out of account."""
    if text.isascii() or not CYRILLIC_LETTER.search(text):
        return False
    return any(_LATIN.search(chain) and CYRILLIC_LETTER.search(chain) for chain in _CHAIN.findall(text))
