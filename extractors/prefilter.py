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
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from enum import Enum, auto
from itertools import accumulate, chain
from typing import NamedTuple, TypeVar

from extractors.beginnings import Beginnings, automaton
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
_Found = TypeVar("_Found")
_UNSPACED = "\u0e00"  # from here on are the scripts in which a name may begin and end between any two letters
_CHAIN = re.compile(rf"(?<!\S)\S++(?:{SEAM}+\S++)+")  # a seam is white space; begun within a word it would be quadratic
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_MARK_BEYOND = re.compile(f"{SEAM}+(?=[{MARKS}])")  # the accent of a letter before


class Sign(NamedTuple):
    """A word that speaks of Ukraine, as a text may write it."""

    letters: str
    inside: bool  # it may begin inside a word
    open: bool  # any ending may follow


class _Kind(Enum):
    """What a form says that stands in a page."""

    NAME = auto()  # it may be a mention
    WORLDLY = auto()  # it may be one beside a sign
    SIGN = auto()  # it is turned down, and lets those be names


class Prefilter:
    """Looks for any of a matcher's forms, in time proportional to the text.

    Of a form `needs_capital` tells whether it is no name where it is written small, and `worldly` whether it is none in
    a text that names nothing of Ukraine: neither any other form nor one of the `signs`.
    """

    def __init__(
        self,
        forms: Collection[str],
        *,
        needs_capital: Callable[[str], bool] = lambda _form: False,
        worldly: Callable[[str], bool] = lambda _form: False,
        signs: Iterable[Sign] = (),
    ) -> None:
        """Keeps `forms`, in which it looks up what it finds: a set, or the keys of a dict."""
        divided: dict[str, tuple[str, ...]] = {}
        for form in forms:
            if not form.isalnum() and (letters := _NO_WORD.sub("", form)):
                divided[letters] = (*divided.get(letters, ()), form)
        self._forms = forms
        self._divided = divided  # letters -> the forms that have them, and something else between them
        self._needs_capital, self._is_worldly = needs_capital, worldly
        self._beginnings = Beginnings(chain(filter(str.isalnum, forms), divided))
        self._signs = list(signs)
        self._sign_automaton = automaton(sign.letters for sign in self._signs)

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
        for forms, start, end, words in _standing(self._spelled, text):
            if words.may_part(start) and words.may_part(end):
                for form in forms:
                    kind = self._kind(form, words.first(start))
                    if kind and all(words.may_part(start + gap) for gap in _gaps(form)):
                        yield kind

    def _spelled(self, letters: str) -> Iterator[tuple[Sequence[str], int, int]]:
        """Forms that are written with the same letters, and where these stand."""
        for beginning, start, _ in self._beginnings.find(letters):
            for length in self._beginnings.lengths[beginning]:
                word = letters[start : start + length]
                if len(word) == length:
                    if word in self._forms:
                        yield (word,), start, start + length
                    if word in self._divided:
                        yield self._divided[word], start, start + length

    def _signs_in(self, letters: str) -> Iterator[tuple[Sign, int, int]]:
        for number, start, end in self._sign_automaton.find_matches_as_indexes(letters, overlapping=True):
            yield self._signs[number], start, end

    def _kind(self, form: str, first: str) -> _Kind | None:
        """What a form says that begins so: it may be a name by a capital, or where none is needed."""
        written_small = not (first.isupper() or caseless(first)) and self._needs_capital(form)
        if self._is_worldly(form):
            return None if written_small else _Kind.WORLDLY
        return _Kind.SIGN if written_small else _Kind.NAME

    def _speaks_of_ukraine(self, text: str) -> bool:
        if CYRILLIC_LETTER.search(text):
            return True
        for sign, start, end, words in _standing(self._signs_in, text):
            if (sign.inside or words.may_part(start)) and (sign.open or words.may_part(end)):
                return True
        return False


def _gaps(form: str) -> tuple[int, ...]:
    """Where something stands between the letters of a form."""
    ends = accumulate(len(word) for word in _WORD.findall(form))
    return tuple(ends)[:-1]


def _standing(
    find: Callable[[str], Iterator[tuple[_Found, int, int]]], text: str
) -> Iterator[tuple[_Found, int, int, _Words]]:
    """What is found among the letters of a text, from where to where, and where words stand among these."""
    norm = normalise(text.replace(SEAM, "\n"))
    letters = _letters(norm.text)
    readings = [letters]
    if _mixes(text):  # a letter's alphabet is told by its word, of which a tag may have cut off the rest
        readings += (letters.translate(TO_CYRILLIC), letters.translate(TO_LATIN))
    words: _Words | None = None
    for reading in readings:
        for found, start, end in find(reading):
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
