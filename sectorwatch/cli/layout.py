"""Lays out tables for the width that there is; a library for that takes a hundred times as long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from rich.cells import cell_len, set_cell_size

_GAP = "  "
_NARROWEST = 12  # cells of a column that has more to say
_READABLE = 24  # cells of one whose texts go on below, as long as others can be left out
_CUT = "…"
_NAMED = re.compile(r" *(?:\S+(?: \S+){0,3} {2,})?(?<= )")  # "feeds        10: 8 ok", "    a sentence"


def laid_out(
    rows: Sequence[Sequence[str]],
    headers: Sequence[str],
    width: int,
    bold: tuple[str, str] = ("", ""),
    spare: Sequence[str] = (),
    short: Mapping[str, int] = MappingProxyType({}),
) -> Iterator[str]:
    """The lines of a table in columns that together take `width` cells at most; longer texts go on below.

    Where there is too little room, the columns of `spare` are left out, the first one first, and a last line says
    which; those of them that say nothing are left out in any case. The texts of those of `short` are cut to one line,
    in so many cells at least. Where columns would still be too narrow to read, each row is a list of its own, a line a
    column, and whole. The headers stand between the two of `bold`.
    """
    widest = [max(cell_len(row[column]) for row in (headers, *rows)) for column in range(len(headers))]
    shown, idle = _chosen(rows, headers, widest, width, spare, short)
    names, widths = [headers[column] for column in shown], [widest[column] for column in shown]
    if not any(_fitted(widths, width, [short.get(name, least) for name in names]) for least in (_READABLE, _NARROWEST)):
        yield from _lists(rows, headers, width, bold)
        return
    for line in _row(names, widths):
        yield line.join(bold)
    yield _GAP.join("─" * size for size in widths)
    for row in rows:
        cells = zip(names, (row[column] for column in shown), widths, strict=True)
        yield from _row([_cut(cell, size) if name in short else cell for name, cell, size in cells], widths)
    if left := [header for column, header in enumerate(headers) if column not in shown and header not in idle]:
        yield from _broken(f"(no room for {', '.join(left)}: see a wider terminal, a pipe or --json)", width)


def fitted(line: str, width: int) -> Iterator[str]:
    """A line in lines of at most `width` cells, but for a word that is longer, as an address may be.

    What follows the first stands beneath its text: behind the name and the spaces that it begins with.
    """
    begun = _NAMED.match(line)
    hanging = len(begun[0]) if begun is not None else 0
    head, text = line[:hanging], ""
    for word in line[hanging:].split(" "):
        longer = f"{text} {word}" if text else word
        if text and hanging + cell_len(longer) > width:
            yield (head + text).rstrip()
            head, text = " " * hanging, word
        else:
            text = longer
    yield head + text


def _chosen(
    rows: Sequence[Sequence[str]],
    headers: Sequence[str],
    widest: Sequence[int],
    width: int,
    spare: Sequence[str],
    short: Mapping[str, int],
) -> tuple[list[int], list[str]]:
    """The columns that there is room for, and the headers of those that say nothing, which are never shown."""
    idle = [header for column, header in enumerate(headers) if header in spare and not any(row[column] for row in rows)]
    shown = [column for column, header in enumerate(headers) if header not in idle]
    for header in spare:
        least = [min(widest[column], short.get(headers[column], _READABLE)) for column in shown]
        if sum(least) <= _room(least, width):
            break
        if header not in idle:
            shown.remove(headers.index(header))
    return shown, idle


def _fitted(widths: list[int], width: int, least: Sequence[int]) -> bool:
    """Makes columns narrower, those with the most to spare first and none below its least; whether they fit then."""
    room = _room(widths, width)
    while sum(widths) > room:
        share = [size / floor for size, floor in zip(widths, least, strict=True)]
        if max(share) <= 1:
            return False
        widths[share.index(max(share))] -= 1
    return True


def _room(widths: Sequence[int], width: int) -> int:
    return width - len(_GAP) * (len(widths) - 1)


def _cut(text: str, width: int) -> str:
    """The text in one line of at most `width` cells; cut, it ends with a mark."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + _CUT


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
