"""Log lines that can be joined: each bears the numbers of what it is about, as text or as JSON.

`about` says what the lines within it are about; it holds in the task or thread that enters it, and in those that it
starts. No line has an address in it, as addresses may hold keys: numbers name feeds and targets.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Literal

Form = Literal["text", "json"]
Level = Literal["debug", "info", "warning", "error"]
OURS = ("alerts", "extractors", "flows", "sectorwatch", "storage")
"""The loggers that lines of ours come from: a module's logger bears its name."""
FIGURES = "figures"
"""What `extra` of a line calls numbers that its words have too: as JSON they stand beside them, under their names."""

_ids: ContextVar[Mapping[str, object]] = ContextVar("log_ids", default=MappingProxyType({}))


@contextmanager
def about(**ids: object) -> Iterator[None]:
    """Lines within it bear these, beside those of what is around it; None takes one away."""
    before = _ids.set({name: value for name, value in {**_ids.get(), **ids}.items() if value is not None})
    try:
        yield
    finally:
        _ids.reset(before)


def from_now_on(**ids: object) -> None:
    """The same for all that follows in this task or thread."""
    _ids.set({name: value for name, value in {**_ids.get(), **ids}.items() if value is not None})


def ids() -> Mapping[str, object]:
    """What a line would bear now."""
    return _ids.get()


def _named() -> str:
    return f" [{' '.join(f'{name}={value}' for name, value in ids().items())}]" if ids() else ""


class Text(logging.Formatter):
    """`2026-03-01T12:00:00.120Z INFO flows.runtime: the cycle ended [cycle=12]`"""

    def format(self, record: logging.LogRecord) -> str:
        return f"{_moment(record)} {record.levelname} {record.name}: {with_trace(record)}{_named()}"


class Json(logging.Formatter):
    """One object a line: at, level, logger, message, and the numbers by their names."""

    def format(self, record: logging.LogRecord) -> str:
        said = {"at": _moment(record), "level": record.levelname.lower(), "logger": record.name}
        figures = getattr(record, FIGURES, {})
        return json.dumps({**said, "message": with_trace(record), **figures, **ids()}, ensure_ascii=False, default=str)


class Brief(logging.Formatter):
    """The message and the numbers: for a log that says the rest itself."""

    def format(self, record: logging.LogRecord) -> str:
        return with_trace(record) + _named()


def with_trace(record: logging.LogRecord) -> str:
    """The message, and where there is an exception its trace."""
    message = record.getMessage()
    if record.exc_info:
        message += "\n" + logging.Formatter().formatException(record.exc_info)
    return message


def _moment(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


class _Lines(logging.StreamHandler):  # type: ignore[type-arg]  # its stream is asked for at each line: it may be replaced
    """Ours, of which each logger has one."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def set_up(form: Form, level: Level) -> None:
    """Lines of ours go to standard error, in that form, from that level on; safe to repeat."""
    lines = _Lines()
    lines.setFormatter(Json() if form == "json" else Text())
    lines.setLevel(level.upper())
    for name in OURS:
        logger = logging.getLogger(name)
        logger.handlers = [one for one in logger.handlers if not isinstance(one, _Lines)] + [lines]
        logger.setLevel(level.upper())
