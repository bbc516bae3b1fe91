"""Where in a TOML file a key stands. The parser keeps no lines, so it is asked for the file's beginning, and again."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

Place = Sequence[int | str]
"""From the whole document down, keys and numbers of items: ("feeds", 3, "url")."""

_EFFORT = 8_000_000  # characters parsed for one file: one or two seconds
_DEEPEST = 4  # lists and inline tables within one another that a line may end in
_CLOSINGS = ("", *("]" + "".join(outer) for depth in range(_DEEPEST) for outer in product("]}", repeat=depth)))
"""What closes a document that breaks off at a line's end: an inline table goes on in the next line in a list alone."""


class Lines:
    """The lines of a valid TOML document."""

    def __init__(self, text: str) -> None:
        self._lines = text.replace("\r\n", "\n").split("\n")
        self._effort = 0
        self._begun: dict[int, Mapping[str, Any] | None] = {}

    def line_of(self, place: Place) -> int | None:
        """The line, from 1, on which a place is given; of what is not there, where the table begins that lacks it.

        Never a guess: the lines before it are a document without the place, and those to its end one with it. None
        where that takes too long, or nothing of the place is there.
        """
        every = len(self._lines)
        try:
            while place and not self._has(every, place):
                place = place[:-1]
            return self._found(place) if place else None
        except _TooLong:
            return None

    def _found(self, place: Place) -> int:
        """By halves: the line after the last that the document can be broken off at without having the place."""
        before, end = 0, len(self._lines)
        while end - before > 1:
            middle = (before + end) // 2
            around = (*range(middle, before, -1), *range(middle + 1, end))
            cut = next((count for count in around if self._parsed(count) is not None), None)
            if cut is None:
                break  # a text over all these lines
            before, end = (before, cut) if self._has(cut, place) else (cut, end)
        return before + 1

    def _has(self, count: int, place: Place) -> bool:
        inner: Any = self._parsed(count)
        for part in place:
            try:
                inner = inner[part]
            except (KeyError, IndexError, TypeError):
                return False
        return True

    def _parsed(self, count: int) -> Mapping[str, Any] | None:
        """The first `count` lines as a document, with their lists closed; None where a text goes on behind them."""
        if count not in self._begun:
            parsed = (self._document("\n".join((*self._lines[:count], closing))) for closing in _CLOSINGS)
            self._begun[count] = next((one for one in parsed if one is not None), None)
        return self._begun[count]

    def _document(self, text: str) -> Mapping[str, Any] | None:
        self._effort += len(text)
        if self._effort > _EFFORT:
            raise _TooLong
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            return None


class _TooLong(Exception):
    """The document is too long, or its statements are."""
