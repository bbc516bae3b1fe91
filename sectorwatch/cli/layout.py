"""Lays out tables for the width that there is; a library for that takes a hundred times as long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len, set_cell_size

_GAP = "   "
_NARROWEST = 12  # cells of a column that has more to say


def laid_out(
    rows: Sequence[Sequence[str]], headers: Sequence[str], width: int, bold: tuple[str, str] = ("", "")
) -> Iterator[str]:
    """The lines of a table in columns that together take `width` cells at most; longer texts go on below.

    Where that would leave columns too narrow to read, each row is a list of its own, a line a column. The headers stand
    between the two of `bold`.
    """
    widest = [max(cell_len(row[column]) for row in (headers, *rows)) for column in range(len(headers))]
    room = width - len(_GAP) * (len(headers) - 1)
    while sum(widest) > room and max(widest) > _NARROWEST:
        widest[widest.index(max(widest))] -= 1
    if sum(widest) > room:
        yield from _lists(rows, headers, width, bold)
        return
    for line in _row(headers, widest):
        yield line.join(bold)
    yield _GAP.join("─" * size for size in widest)
    for row in rows:
        yield from _row(row, widest)


def _lists(rows: Sequence[Sequence[str]], headers: Sequence[str], width: int, bold: tuple[str, str]) -> Iterator[str]:
    names = max(map(cell_len, headers))
    room = max(width - names - 2, 1)
    for number, row in enumerate(rows):
        if number:
            yield ""
        for header, cell in zip(headers, row, strict=True):
            first, *others = _broken(cell, room)
            yield f"{_padded(header, names).join(bold)}  {first}".rstrip()
            yield from (f"{' ' * names}  {other}" for other in others)


def _row(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    broken = [_broken(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for line in range(max(map(len, broken))):
        parts = (parts[line] if line < len(parts) else "" for parts in broken)
        yield _GAP.join(_padded(part, width) for part, width in zip(parts, widths, strict=True)).rstrip()


def _padded(text: str, width: int) -> str:
    return text.ljust(width) if text.isascii() else set_cell_size(text, width)


def _broken(text: str, width: int) -> list[str]:
    """The text in pieces of at most `width` cells, at spaces where there are any."""
    pieces: list[str] = []
    while cell_len(text) > width:
        end = width
        while cell_len(text[:end]) > width:
            end -= 1
        space = text.rfind(" ", 1, end + 1)
        cut = space if space > 0 else max(end, 1)
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*pieces, text]
