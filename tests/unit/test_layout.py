"""Long tables fit the terminal."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from sectorwatch.cli.layout import laid_out

ROWS = [
    ["1", "Українська правда " * 4, f"https://example.org/{'x' * 90}"],
    ["22", "日本語の見出し" * 9, "ok"],
    ["3", "", ""],
]


@pytest.mark.parametrize("width", [24, 40, 80, 120, 400])
def test_nothing_is_lost_and_no_line_is_too_long(width: int) -> None:
    """Longer texts go on in the lines below, also those without a space and those of wide characters."""
    lines = list(laid_out(ROWS, ("feed", "title", "how it is"), width))

    assert max(map(cell_len, lines)) <= width
    letters = "".join("".join(lines).split())
    for text in ("".join(cell.split()) for row in ROWS for cell in row):
        assert all(letters.count(char) >= text.count(char) for char in set(text))
    assert (len(lines) == 5) == (width == 400)


def test_a_narrow_terminal_has_lists() -> None:
    """Each row for itself, a line a column; headers are bold where there is colour."""
    lines = list(laid_out([["1", "Українська правда"], ["2", ""]], ("feed", "title"), 17, ("<b>", "</b>")))

    assert lines == [
        "<b>feed </b>  1",
        "<b>title</b>  Українська",
        "       правда",
        "",
        "<b>feed </b>  2",
        "<b>title</b>",
    ]
