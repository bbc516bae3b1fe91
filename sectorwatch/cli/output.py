"""How the command line speaks: tables for people, JSON for tools, errors on standard error."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime, time, timedelta
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Any, TextIO, TypeVar

from sectorwatch.moments import moment

E = TypeVar("E", bound=StrEnum)
_PIPED = 200  # characters of a table's line where no terminal says how many there may be


def plain(value: object) -> Any:
    """A value as JSON can hold it; moments in ISO 8601, UTC; clock times as HH:MM:SS."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    if isinstance(value, (datetime, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Enum):
        return value.value
    return value


def write_json(value: object, *, lines: bool = False) -> None:
    """Prints a value as JSON: indented, or on one line; with \\u escapes where the output's encoding lacks letters."""
    escaped = not (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    text = json.dumps(plain(value), ensure_ascii=escaped, indent=None if lines else 2)
    sys.stdout.write(text.encode("utf-8", "replace").decode("utf-8") + "\n")


def write_json_parts(parts: Iterable[tuple[str, Iterable[Any] | Mapping[str, Any]]]) -> None:
    """Prints an object, part by part and list item by list item: none of it is held in memory."""
    opening = "{"
    for name, part in parts:
        sys.stdout.write(f"{opening}\n{json.dumps(name)}: ")
        opening = ","
        if isinstance(part, Mapping):
            write_json(part, lines=True)
            continue
        between = "["
        for item in part:
            sys.stdout.write(f"{between}\n")
            write_json(item, lines=True)
            between = ","
        sys.stdout.write("[]" if between == "[" else "]")
    sys.stdout.write("}\n")


def say(line: str = "") -> None:
    """Prints a line for people. What came from the web must be `safe` before."""
    sys.stdout.write(line.encode("utf-8", "replace").decode("utf-8") + "\n")
    sys.stdout.flush()


def say_fitted(line: str) -> None:
    """Prints a line for people; on a terminal it goes on below at a word, beneath where its text begins.

    Not for what may be copied as it stands, such as a command.
    """
    if on_terminal():
        from sectorwatch.cli.layout import fitted

        line = "\n".join(fitted(line, shutil.get_terminal_size().columns))
    say(line)


def complain(line: str) -> None:
    """Prints an error on standard error."""
    name = "\x1b[1;31msectorwatch:\x1b[0m" if coloured(sys.stderr) else "sectorwatch:"
    sys.stderr.write(f"{name} {safe(line, keep_lines=True)}\n")
    sys.stderr.flush()


def safe(text: str, *, keep_lines: bool = False) -> str:
    """Text from outside without what a terminal would obey: control characters and changes of direction."""
    kept = "\n\t" if keep_lines else ""
    return "".join(c if c in kept or (c.isprintable() or c == " ") else " " for c in text)


def coloured(stream: TextIO) -> bool:
    """Whether a stream gets colours: a terminal does; NO_COLOR and FORCE_COLOR decide before that."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def on_terminal() -> bool:
    """Whether what is printed is read as it comes, and fitted to the width of a terminal."""
    return sys.stdout.isatty()


def table(
    rows: Iterable[Sequence[object]],
    *headers: str,
    spare: Sequence[str] = (),
    short: Mapping[str, int] = MappingProxyType({}),
) -> None:
    """Prints rows as a table that fits the terminal; says so when there are none.

    A narrow terminal leaves out columns of `spare`, and has texts of `short` in one line (see `laid_out`); in a file or
    a pipe nothing is lost.
    """
    from sectorwatch.cli.layout import laid_out

    cells = [[safe(str(cell)) for cell in row] for row in rows]
    if not cells:
        say("none")
        return
    bold = ("\x1b[1m", "\x1b[0m") if coloured(sys.stdout) else ("", "")
    if on_terminal():
        lines = laid_out(cells, headers, shutil.get_terminal_size().columns, bold, spare, short)
    else:
        lines = laid_out(cells, headers, _PIPED, bold)
    for line in lines:
        sys.stdout.write(line.encode("utf-8", "replace").decode("utf-8") + "\n")
    sys.stdout.flush()


def show(
    rows: Sequence[object],
    as_json: bool,
    cells: Any,
    *headers: str,
    spare: Sequence[str] = (),
    short: Mapping[str, int] = MappingProxyType({}),
) -> None:
    """Prints rows as JSON, or as a `table` of what `cells` takes from each."""
    if as_json:
        write_json(rows)
    else:
        table((cells(row) for row in rows), *headers, spare=spare, short=short)


def since(text: str | None, now: datetime) -> datetime | None:
    """The moment that "24h", "7d" or an ISO date stands for. Raises ConfigurationError."""
    return moment(text, now, "--since")


def one_of(choices: type[E], value: str, option: str) -> E:
    """The choice that an option's value names. Raises ConfigurationError that lists them all."""
    from sectorwatch.errors import ConfigurationError

    try:
        return choices(value)
    except ValueError:
        raise ConfigurationError(f"{option} {value!r}: give one of {', '.join(choices)}") from None
