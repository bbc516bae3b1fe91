"""Where the forms of a gazetteer stand in a normalised text.

All matches of all forms in one pass, then only those that are whole words, then of those that begin at
one place the longest, then those that do not lie inside an earlier one. In this order: the longest match first and the
word boundary second would lose the shorter name silently wherever the longer one runs on into another word.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from extractors.beginnings import Beginnings

# Scripts that write no space between words: a name may stand between any two letters.
# Korean writes spaces, but also its particles onto the name.
_HANGUL = ("\uac00", "\ud7af")
_UNSPACED = (
    ("\u0e00", "\u0eff"),
    ("\u1000", "\u109f"),
    ("\u1780", "\u17ff"),
    ("\u3040", "\u30ff"),
    ("\u3400", "\u9fff"),
    _HANGUL,
)


class Hit(NamedTuple):
    """One form at one place of a normalised text."""

    start: int
    end: int
    form: str


class Matcher:
    """Finds whole-word occurrences of any of many forms, in time proportional to the text."""

    def __init__(self, forms: Collection[str]) -> None:
        """Keeps `forms`, in which it looks up what it finds: a set, or the keys of a dict."""
        self._forms = forms
        self._beginnings = Beginnings(forms)

    def find(self, text: str) -> list[Hit]:
        """Hits in the order of the text; they do not overlap."""
        longest: dict[int, str] = {}  # start -> form
        forms, lengths, size = self._forms, self._beginnings.lengths, len(text)
        for beginning, start, _ in self._beginnings.find(text):
            if start and text[start - 1].isalnum() and not _begins(text[start - 1], text[start]):
                continue
            for length in lengths[beginning]:
                end = start + length
                if end < size and text[end].isalnum() and not _boundary(text[end - 1], text[end]):
                    continue
                form = text[start:end]  # or to the end of the text, should it end before
                if form in forms:
                    longest[start] = form  # a longer beginning comes later, with its longer forms
                    break
        hits: list[Hit] = []
        reached = 0
        for start in sorted(longest):
            if start >= reached:
                form = longest[start]
                reached = start + len(form)
                hits.append(Hit(start, reached, form))
        return hits


def _begins(before: str, after: str) -> bool:
    """Whether a word may begin between two characters: Korean writes particles behind a name, and a space before it."""
    return _boundary(before, after) and not (_HANGUL[0] <= before <= _HANGUL[1] and _HANGUL[0] <= after <= _HANGUL[1])


def _boundary(before: str, after: str) -> bool:
    """Whether a word may end between two characters."""
    if not (before.isalnum() and after.isalnum()):
        return True
    return before >= "\u0e00" and any(low <= before <= high or low <= after <= high for low, high in _UNSPACED)
