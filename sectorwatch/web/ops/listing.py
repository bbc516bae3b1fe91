"""A list as its address asks for it: which page, in which order, and as a file."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any, Generic, TypeVar

from fastapi.encoders import jsonable_encoder
from starlette.responses import Response

from sectorwatch.web.following import no_formula
from sectorwatch.web.public_views import WrongFilter

R = TypeVar("R")
PAGE = 50  # rows
IN_FILE = 10_000
_LAST = 1_000_000  # page


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
        if not (number.isascii() and number.isdecimal()) or not 0 < int(number[:8]) <= _LAST:
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


def file(rows: Sequence[Any], kind: str, name: str) -> Response:
    """The rows as JSON, the same as the command line prints, or as CSV for spreadsheets."""
    plain = jsonable_encoder(list(rows))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    if kind == "json":
        return Response(json.dumps(plain, ensure_ascii=False), media_type="application/json", headers=headers)
    text = StringIO()
    table = csv.writer(text)
    if plain:
        table.writerow(plain[0])
    table.writerows([_cell(value) for value in row.values()] for row in plain)
    return Response(text.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return no_formula(", ".join(map(str, value)))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else no_formula(str(value))
