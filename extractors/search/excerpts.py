"""Where a stored article has what a query asks for: the sentence with the most of it, and how much its title has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.sentences import sentence_around
from extractors.text import normalise
from sectorwatch.domain import SearchTerm

_APOSTROPHE = re.compile(r"(?<=[\u0400-\u04ff])'(?=[\u0400-\u04ff])")
_WORD = re.compile(rf"[^\W_]+(?:{_APOSTROPHE.pattern}[^\W_]+)*")
_LONGEST_TEXT = 200_000  # characters that are looked through: bounds the cost of one result
_MOST_MATCHES = 200


@dataclass(frozen=True, kw_only=True)
class Excerpt:
    """A sentence as written, and the code points of it, [start, end), that match."""

    sentence: str
    matches: tuple[tuple[int, int], ...]


class Looked:
    """The phrases of a query, ready to be looked for in many texts."""

    def __init__(self, terms: Sequence[SearchTerm]) -> None:
        self._by_word: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        self._prefixes: list[tuple[int, str]] = []
        for number, term in enumerate(terms):
            for phrase in term.phrases:
                if term.prefix:
                    self._prefixes.append((number, phrase[0]))
                else:
                    self._by_word.setdefault(phrase[0], []).append((number, phrase))

    def terms_in(self, text: str) -> int:
        """How many of the terms have a phrase in the text."""
        return len({number for number, _, _ in self._found(text)})

    def excerpt(self, text: str) -> Excerpt | None:
        """The first of the sentences with the most different terms; None where the text has none of them."""
        found = list(self._found(text[:_LONGEST_TEXT]))[:_MOST_MATCHES]
        best: tuple[int, int, int] | None = None  # how many terms, and where the sentence is
        last = 0
        for _, start, end in found:
            if start < last:
                continue  # of the sentence before
            first, last = sentence_around(text, start, end)
            count = len({number for number, at, _ in found if first <= at < last})
            if best is None or count > best[0]:
                best = (count, first, last)
        if best is None:
            return None
        _, first, last = best
        matches = sorted({(start - first, end - first) for _, start, end in found if first <= start and end <= last})
        return Excerpt(sentence=text[first:last], matches=_apart(matches))

    @staticmethod
    def beginning(text: str) -> Excerpt:
        """The first sentence, for an article that has what is looked for in its title alone."""
        first, last = sentence_around(text, 0, min(1, len(text)))
        return Excerpt(sentence=text[first:last], matches=())

    def _found(self, text: str) -> Iterator[tuple[int, int, int]]:
        """(term, start, end) of every match, in the order of the text."""
        normal = normalise(text)
        words = [(match[0].replace("'", ""), match) for match in _WORD.finditer(normal.text)]
        for at, (word, match) in enumerate(words):
            for number, phrase in self._by_word.get(word, ()):
                if len(phrase) == 1 or tuple(one for one, _ in words[at : at + len(phrase)]) == phrase:
                    yield number, *normal.span(match.start(), words[at + len(phrase) - 1][1].end())
            for number, start in self._prefixes:
                if word.startswith(start):
                    yield number, *normal.span(match.start(), match.end())


def _apart(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Sorted spans without those that begin inside an earlier one."""
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
        elif start == kept[-1][0]:
            kept[-1] = (start, max(end, kept[-1][1]))
    return tuple(kept)
