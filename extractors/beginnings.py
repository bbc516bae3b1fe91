"""Where any of many words may stand in a text, told by their first letters.

An automaton of the whole words of a gazetteer (Aho-Corasick) takes five times the room of one of their beginnings, and
most of it while it is built. Where a beginning stands, what follows is looked up in the words, which are there anyway.
"""

from __future__ import annotations

from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

_LETTERS = 7  # of a word that are looked for: with 5 the automaton is half as big, and a text takes half as long again


class Beginnings:
    """The first letters of words, and how long the words are that begin so."""

    def __init__(self, words: Iterable[str]) -> None:
        known: dict[str, int] = {}  # beginning -> a bit for each length
        for word in words:
            first = word[:_LETTERS]
            known[first] = known.get(first, 0) | 1 << len(word)
        lengths = {bits: tuple(n for n in range(bits.bit_length(), 0, -1) if bits >> n & 1) for bits in known.values()}
        self.lengths = [lengths[bits] for bits in known.values()]
        """By the number of a beginning: how long its words are, the longest first."""
        self._automaton = automaton(known)

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Where words may begin: number of the beginning, its start and end, in the order of the ends."""
        return self._automaton.find_matches_as_indexes(text, overlapping=True)


def automaton(words: Iterable[str]) -> AhoCorasick:
    """Finds each place where one of the words stands, in one pass; the smallest of those there are."""
    return AhoCorasick(
        list(words), matchkind=MatchKind.Standard, store_patterns=False, implementation=Implementation.ContiguousNFA
    )
