"""Long tables fit the terminal."""

from __future__ import annotations

import sys

import pytest
from rich.cells import cell_len

from sectorwatch.cli.layout import fitted, laid_out
from sectorwatch.cli.output import table

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


STORIES = [
    ["42", "3 min ago", "Українська правда: на напрямку відбили шість атак", "kupiansk, lyman", "7"],
    ["7", "2 d ago", "日本語の見出し日本語の見出し日本語", "-", "12"],
]
HEADS = ("story", "last seen", "lead article", "sectors", "articles")


def shown(width: int, rows: list[list[str]] = STORIES) -> list[str]:
    lines = list(laid_out(rows, HEADS, width, spare=("articles", "sectors"), short={"lead article": 20, "sectors": 10}))
    assert max(map(cell_len, lines)) <= width
    return lines


def test_what_may_be_cut_is_one_line_a_row() -> None:
    """A mark says that it goes on; what fits is whole."""
    assert shown(60) == [
        "story  last seen  lead article          sectors     articles",
        "─────  ─────────  ────────────────────  ──────────  ────────",
        "42     3 min ago  Українська правда:…   kupiansk,…  7",
        "7      2 d ago    日本語の見出し日本…   -           12",
    ]
    assert "шість атак  kupiansk, lyman  7" in shown(120)[2]


def test_columns_that_can_be_spared_are_left_out_one_by_one() -> None:
    """And named below; one that says nothing goes first, and nobody misses it."""
    left = "(no room for {}: see a wider terminal, a pipe or --json)"

    assert shown(54)[0].split() == ["story", "last", "seen", "lead", "article", "sectors"]
    assert " ".join(shown(54)[4:]) == left.format("articles")
    assert " ".join(shown(42)[4:]) == left.format("sectors, articles")
    assert shown(54, [[*row[:4], ""] for row in STORIES]) == shown(54)[:4]


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("feeds   10: 8 ok, 1 failing, 1 gone", ["feeds   10: 8 ok, 1", "        failing, 1", "        gone"]),
        ("    A sentence of some words.", ["    A sentence of", "    some words."]),
        ("an id, and why it is", ["an id, and why it is"]),
        ("an id, and why that was", ["an id, and why that", "was"]),
        ("at http://a.test/feed/of/all see", ["at", "http://a.test/feed/of/all", "see"]),
        ("", [""]),
    ],
)
def test_a_long_line_goes_on_beneath_its_text(line: str, lines: list[str]) -> None:
    """At a word; an address stays whole."""
    assert list(fitted(line, 20)) == lines


def test_where_rows_are_lists_nothing_is_left_out() -> None:
    """Each column has a line of its own then."""
    lines = shown(30)

    assert [line.split("  ")[0] for line in lines if line[:1].isalpha()] == [*HEADS, *HEADS]
    assert "…" not in "".join(lines)


@pytest.mark.parametrize("terminal", [True, False])
def test_a_pipe_loses_nothing(
    terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Columns are left out and texts cut for a terminal alone."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    monkeypatch.setenv("COLUMNS", "54")
    table(STORIES, *HEADS, spare=("articles",), short={"lead article": 20})
    out = capsys.readouterr().out

    assert ("no room for articles" in out, STORIES[0][2] in out) == (terminal, not terminal)


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
