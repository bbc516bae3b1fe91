"""Where the forms of a gazetteer stand in a normalised text.

All matches of all forms in one pass (Aho-Corasick), then only those that are whole words, then of those that begin at
one place the longest, then those that do not lie inside an earlier one. In this order: the longest match first and the
word boundary second would lose the shorter name silently wherever the longer one runs on into another word.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

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
    pattern: int  # index into the matcher's forms


class Matcher:
    """Finds whole-word occurrences of any of many forms, in time proportional to the text."""

    def __init__(self, forms: Iterable[str]) -> None:
        self.forms = tuple(forms)
        self._automaton = AhoCorasick(
            self.forms,
            matchkind=MatchKind.Standard,
            store_patterns=False,
            implementation=Implementation.ContiguousNFA,
        )

    def find(self, text: str) -> list[Hit]:
        """Hits in the order of the text; they do not overlap."""
        longest: dict[int, tuple[int, int]] = {}
        size = len(text)
        for pattern, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if (start == 0 or _begins(text[start - 1], text[start])) and (
                end == size or _boundary(text[end - 1], text[end])
            ):
                known = longest.get(start)
                if known is None or known[0] < end:
                    longest[start] = (end, pattern)
        hits: list[Hit] = []
        reached = 0
        for start in sorted(longest):
            end, pattern = longest[start]
            if start >= reached:
                hits.append(Hit(start, end, pattern))
                reached = end
        return hits


def _begins(before: str, after: str) -> bool:
    """Whether a word may begin between two characters: Korean writes particles behind a name, and a space before it."""
    return _boundary(before, after) and not (_HANGUL[0] <= before <= _HANGUL[1] and _HANGUL[0] <= after <= _HANGUL[1])


def _boundary(before: str, after: str) -> bool:
    """Whether a word may end between two characters."""
    if not (before.isalnum() and after.isalnum()):
        return True
    return before >= "\u0e00" and any(low <= before <= high or low <= after <= high for low, high in _UNSPACED)
