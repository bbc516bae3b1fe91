"""A progress line on a terminal, with rate and remaining time; nothing where output is kept or piped."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

_REDRAW_S = 0.1


class Bar:
    """Draws how far a step has come on standard error. A context manager and a `Progress`."""

    def __init__(self) -> None:
        self._drawn = False
        self._step = ""
        self._began = self._last = 0.0
        self._on = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wipe()

    def __call__(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if step != self._step:
            self._step, self._began, self._last = step, now, 0.0
        if not self._on or now - self._last < _REDRAW_S:
            return
        self._last = now
        self._wipe()
        sys.stderr.write(line(step, done, total, now - self._began))
        sys.stderr.flush()
        self._drawn = True

    def _wipe(self) -> None:
        if self._drawn:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
            self._drawn = False


def line(step: str, done: int, total: int, seconds: float) -> str:
    """How far a step has come in so many seconds, and how long the rest takes at the same rate."""
    rate = done / seconds if seconds > 0 else 0.0
    if not rate:
        return f"{step}: {done} of {total}"
    left = f", {_spoken((total - done) / rate)} left" if total > done else ""
    return f"{step}: {done} of {total}, {rate:.{0 if rate >= 10 else 1}f}/s{left}"


def _spoken(seconds: float) -> str:
    minutes = round(seconds / 60)
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
