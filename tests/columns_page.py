"""Reads docs/columns.md, for the tests that hold it to the tables."""

from __future__ import annotations

import re
from pathlib import Path

_PAGE = Path(__file__).parents[1] / "docs" / "columns.md"
_TABLE = re.compile(r"^### `(\w+)`$")
_COLUMN = re.compile(r"^\| `(\w+)` \| (.*) \|$")
_FRAME = re.compile(r"^\|(?: column \| meaning |---\|---)\|$")


def columns_page(page: str | None = None) -> dict[str, dict[str, str]]:
    """Table to column to meaning, in the order of the page.

    Raises ValueError for a table or column that is explained twice, and for a row that it cannot read.
    """
    found: dict[str, dict[str, str]] = {}
    table: dict[str, str] | None = None
    for line in (_PAGE.read_text("utf-8") if page is None else page).splitlines():
        if heading := _TABLE.match(line):
            if heading[1] in found:
                raise ValueError(f"the table {heading[1]} is explained twice")
            table = found[heading[1]] = {}
        elif line.startswith("|") and not _FRAME.match(line):
            row = _COLUMN.match(line)
            if row is None or table is None:
                raise ValueError(f"not a row of a table's columns: {line}")
            if row[1] in table:
                raise ValueError(f"the column {row[1]} is explained twice")
            table[row[1]] = row[2]
        elif line.startswith("#"):
            table = None
    return found
