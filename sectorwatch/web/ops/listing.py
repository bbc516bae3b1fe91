"""A list as its address asks for it: which page, in which order, and as a file."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Generic, TypeVar

from fastapi.encoders import jsonable_encoder
from starlette.responses import Response, StreamingResponse

from sectorwatch.web.following import no_formula
from sectorwatch.web.public_views import WrongFilter

R = TypeVar("R")
PAGE = 50  # rows
IN_FILE = 10_000
AT_ONCE = 200  # rows of a file that are read before it begins
_PIECE = 8_000  # characters of a file that are sent at once
_LAST = 1_000_000  # page
_DIGITS = len(str(_LAST))


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Which rows of a list, in which order."""

    sort: str
    descending: bool
    limit: int
    offset: int

    @classmethod
    def of(cls, query: Mapping[str, str], sorts: Sequence[str], *, limit: int = PAGE) -> Slice:
        """What the address asks for; the first of `sorts` is the order where it asks for none. Raises WrongFilter."""
        wanted, number = query.get("sort") or sorts[0], query.get("page") or "1"
        sort = wanted.removeprefix("-")
        if sort not in {one.removeprefix("-") for one in sorts}:
            raise WrongFilter("sort", wanted)
        if not (number.isascii() and number.isdecimal()) or len(number) > _DIGITS or not 0 < int(number) <= _LAST:
            raise WrongFilter("page", number)
        return cls(sort=sort, descending=wanted.startswith("-"), limit=limit, offset=(int(number) - 1) * limit)


@dataclass(frozen=True, kw_only=True)
class Listed(Generic[R]):
    """A page of a list."""

    rows: Sequence[R]
    slice: Slice
    more: bool

    @property
    def number(self) -> int:
        return self.slice.offset // self.slice.limit + 1

    @property
    def first(self) -> int:
        return self.slice.offset + 1

    @property
    def last(self) -> int:
        return self.slice.offset + len(self.rows)

    def order(self, name: str) -> str:
        """How it is sorted by this column, as aria-sort has it."""
        if name != self.slice.sort:
            return "none"
        return "descending" if self.slice.descending else "ascending"

    def turned(self, name: str) -> str:
        """What to ask for to sort by this column, or the other way round."""
        return f"-{name}" if self.order(name) == "ascending" else name


def cut(rows: Sequence[R], wanted: Slice, keys: Mapping[str, Callable[[R], Any]]) -> Sequence[R]:
    """The slice of a list that is in memory; rows without a value come last."""
    keyed = [(keys[wanted.sort](row), row) for row in rows]
    known = sorted((one for one in keyed if one[0] is not None), key=lambda one: one[0], reverse=wanted.descending)
    ordered = [*known, *(one for one in keyed if one[0] is None)]
    return [row for _, row in ordered[wanted.offset : wanted.offset + wanted.limit]]


def file(batches: Iterator[Sequence[Any]], kind: str, name: str) -> Response:
    """The rows as JSON, the same as the command line prints, or as CSV for spreadsheets; sent while it is made.

    The first batch is taken at once: what is wrong with it is said on a page.
    """
    every = chain.from_iterable(chain([next(batches)], batches))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    media_type = "application/json" if kind == "json" else "text/csv; charset=utf-8"
    written = _json(every) if kind == "json" else _csv(every)
    return StreamingResponse(_gathered(written), media_type=media_type, headers=headers)


def _json(rows: Iterable[Any]) -> Iterator[str]:
    before = "["
    for row in rows:
        yield before + json.dumps(_plain(row), ensure_ascii=False)
        before = ", "
    yield "[]" if before == "[" else "]"


class _Line:
    """What a CSV writer writes to: it hands the line back."""

    @staticmethod
    def write(line: str) -> str:
        return line


def _csv(rows: Iterable[Any]) -> Iterator[str]:
    table = csv.writer(_Line())
    yield "﻿"  # the mark that spreadsheets know UTF-8 by
    for number, row in enumerate(rows):
        plain = _plain(row)
        if number == 0:
            yield table.writerow(plain)
        yield table.writerow([_cell(value) for value in plain.values()])


def _gathered(parts: Iterable[str]) -> Iterator[bytes]:
    """A few kilobytes at once, for each costs a change of threads."""
    kept = ""
    for part in parts:
        kept += part
        if len(kept) >= _PIECE:
            yield kept.encode()
            kept = ""
    yield kept.encode()


def _plain(row: Any) -> dict[str, Any]:
    return {name: _plain_value(value) for name, value in vars(row).items()}


def _plain_value(value: Any) -> Any:
    """As `jsonable_encoder` has it, which takes ten times as long for what nearly all values are."""
    if value is None or type(value) in (str, int, float, bool):
        return value
    return value.isoformat() if isinstance(value, datetime) else jsonable_encoder(value)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return no_formula(", ".join(map(str, value)))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else no_formula(str(value))
