"""Whether a page may name anything that is watched, told by the text that stands in it; else it need not be extracted.

A name that extraction would give is never overlooked, so this finds too much rather than too little. Only letters and
digits are compared: what markup, layout or an editor puts between them does not count. A word may begin and end where
anything else stands between two letters, be it only a tag.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import accumulate

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from extractors.text import MARKS, TO_CYRILLIC, TO_LATIN, plain

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
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_MARK_BEYOND = re.compile(f"{SEAM}+(?=[{MARKS}])")  # the accent of a letter before


class Prefilter:
    """Looks for any of a matcher's forms, in time proportional to the text."""

    def __init__(self, forms: Iterable[str]) -> None:
        letters = dict.fromkeys(_NO_WORD.sub("", form) for form in forms)
        letters.pop("", None)
        self._automaton = AhoCorasick(
            list(letters),
            matchkind=MatchKind.Standard,
            store_patterns=False,
            implementation=Implementation.ContiguousNFA,
        )

    def may_name(self, *texts: str) -> bool:
        """Whether any of the texts may hold a form. Where a tag stood, they have a SEAM."""
        return any(self._stands(reading) for text in texts for reading in _readings(text))

    def _stands(self, text: str) -> bool:
        norm = plain(text.replace(SEAM, "\n"))
        letters = _letters(norm)
        readings = [letters]
        if _mixes(text):  # a letter's alphabet is told by its word, of which a tag may have cut off the rest
            readings += (letters.translate(TO_CYRILLIC), letters.translate(TO_LATIN))
        bounds: set[int] = set()
        for reading in readings:
            matches = self._automaton.find_matches_as_indexes(reading, overlapping=True)
            if matches and not bounds:
                bounds = {0, *accumulate(map(len, _WORD.findall(norm)))}
            for _, start, end in matches:
                if _may_part(letters, start, bounds) and _may_part(letters, end, bounds):
                    return True
        return False


def _letters(text: str) -> str:
    """The letters and digits of a text. Nearly all else is ASCII, which bytes lose many times faster."""
    kept = text.encode("utf-8", "surrogatepass").translate(None, _SIGNS).decode("utf-8", "surrogatepass")
    return kept if kept.isascii() else _NO_WORD.sub("", kept)


def _may_part(letters: str, place: int, bounds: set[int]) -> bool:
    """Whether a word may end between two letters."""
    return place in bounds or letters[place] >= _UNSPACED or letters[place - 1] >= _UNSPACED


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
    if text.isascii() or not _CYRILLIC.search(text):
        return False
    return any(_LATIN.search(chain) and _CYRILLIC.search(chain) for chain in _CHAIN.findall(text))
