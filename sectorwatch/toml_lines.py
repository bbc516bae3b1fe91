"""Where in a TOML file a key stands. The parser keeps no lines, so it is asked for the file's beginning, and again."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

Place = Sequence[int | str]
"""From the whole document down, keys and numbers of items: ("feeds", 3, "url")."""

_EFFORT = 8_000_000  # characters parsed for one file: some five seconds
_CLOSINGS = ("]", "]]", "]]]", "]}]", "]]}]", "]}]}]")  # of lists that may be open where a line ends


class Lines:
    """The lines of a valid TOML document."""

    def __init__(self, text: str) -> None:
        self._lines = text.replace("\r\n", "\n").split("\n")
        self._effort = 0
        self._begun: dict[tuple[int, str], Mapping[str, Any] | None] = {}

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
        """By halves to the statement, then through its lines."""
        before, end = 0, len(self._lines)
        while end - before > 1:
            middle = (before + end) // 2
            around = (*range(middle, before, -1), *range(middle + 1, end))
            whole = next((count for count in around if self._parsed(count) is not None), None)
            if whole is None:
                break  # one statement over all these lines: a list, or a text
            before, end = (before, whole) if self._has(whole, place) else (whole, end)
        for line in range(before + 1, end):
            for closing in _CLOSINGS:
                if self._parsed(line, closing) is None:
                    continue
                if self._has(line, place, closing):
                    return before + 1
                before = line
        return before + 1

    def _has(self, count: int, place: Place, closing: str = "") -> bool:
        inner: Any = self._parsed(count, closing)
        for part in place:
            try:
                inner = inner[part]
            except (KeyError, IndexError, TypeError):
                return False
        return True

    def _parsed(self, count: int, closing: str = "") -> Mapping[str, Any] | None:
        """The first `count` lines as a document; None where they are none."""
        if (count, closing) not in self._begun:
            text = "\n".join((*self._lines[:count], closing))
            self._effort += len(text)
            if self._effort > _EFFORT:
                raise _TooLong
            try:
                self._begun[count, closing] = tomllib.loads(text)
            except tomllib.TOMLDecodeError:
                self._begun[count, closing] = None
        return self._begun[count, closing]


class _TooLong(Exception):
    """The document is too long, or its statements are."""
