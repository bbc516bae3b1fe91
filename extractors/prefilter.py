"""Whether a page may name anything that is watched, told by the text that stands in it; else it need not be extracted.

A name that extraction would give is never overlooked, so this finds too much rather than too little. Only letters and
digits are compared: what markup, layout or an editor puts between them does not count. A word may begin and end where
anything else stands between two letters, be it only a tag. Detection turns down most names that are written small,
"progress" for one, wherever they stand: these do not count here either.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from extractors.text import CYRILLIC_LETTER, MARKS, TO_CYRILLIC, TO_LATIN, Normalised, caseless, normalise

SKIMMED = "skimmed"
"""How the text of a page was found that was not extracted, as it names nothing watched."""
SEAM = "\x1f"
"""Stands between two pieces of text that a tag divides."""

_WORD = re.compile(r"[^\W_]+")
_NO_WORD = re.compile(r"[\W_]+")
_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())
_TAG = re.compile(r"<[a-zA-Z/!?][^>]*>")
_UNSPACED = "\u0e00"  # from here on are the scripts in which a name may begin and end between any two letters
_CHAIN = re.compile(rf"\S+(?:{SEAM}+\S+)+")  # a seam is white space
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_MARK_BEYOND = re.compile(f"{SEAM}+(?=[{MARKS}])")  # the accent of a letter before


class Prefilter:
    """Looks for any of a matcher's forms, in time proportional to the text.

    `needs_capital` tells of a form, by its number, whether it is no name where it is written small.
    """

    def __init__(self, forms: Iterable[str], needs_capital: Callable[[int], bool] = lambda _form: False) -> None:
        spelled: dict[str, list[int]] = {}
        for number, form in enumerate(forms):
            spelled.setdefault(form if form.isalnum() else _NO_WORD.sub("", form), []).append(number)
        spelled.pop("", None)
        self._forms = list(spelled.values())  # the forms of those letters
        self._needs_capital = needs_capital
        self._automaton = AhoCorasick(
            list(spelled),
            matchkind=MatchKind.Standard,
            store_patterns=False,
            implementation=Implementation.ContiguousNFA,
        )

    def may_name(self, *texts: str) -> bool:
        """Whether any of the texts may hold a form. Where a tag stood, they have a SEAM."""
        return any(self._stands(reading) for text in texts for reading in _readings(text))

    def _stands(self, text: str) -> bool:
        norm = normalise(text.replace(SEAM, "\n"))
        letters = _letters(norm.text)
        readings = [letters]
        if _mixes(text):  # a letter's alphabet is told by its word, of which a tag may have cut off the rest
            readings += (letters.translate(TO_CYRILLIC), letters.translate(TO_LATIN))
        words: _Words | None = None
        for reading in readings:
            for found, start, end in self._automaton.find_matches_as_indexes(reading, overlapping=True):
                words = words or _Words(norm, letters)
                if words.may_part(start) and words.may_part(end) and self._may_be_name(found, words.first(start)):
                    return True
        return False

    def _may_be_name(self, found: int, first: str) -> bool:
        """Whether letters that begin so may be a name: by a capital, or where none is needed."""
        return first.isupper() or caseless(first) or not all(map(self._needs_capital, self._forms[found]))


class _Words:
    """Where the words of a text stand, and where they do among its letters alone."""

    def __init__(self, norm: Normalised, letters: str) -> None:
        self._norm, self._letters = norm, letters
        self._starts: list[int] = []  # in the text
        self._bounds = [0]  # among the letters, the end of the last one too
        for word in _WORD.finditer(norm.text):
            self._starts.append(word.start())
            self._bounds.append(self._bounds[-1] + word.end() - word.start())
        self._known = frozenset(self._bounds)

    def may_part(self, place: int) -> bool:
        """Whether a word may end between two letters."""
        letters = self._letters
        return place in self._known or letters[place] >= _UNSPACED or letters[place - 1] >= _UNSPACED

    def first(self, place: int) -> str:
        """The letter at a place, as it is written."""
        word = bisect_right(self._bounds, place) - 1
        return self._norm.original[self._norm.origin(self._starts[word] + place - self._bounds[word])]


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
