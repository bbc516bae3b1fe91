"""A progress line on a terminal, with rate; nothing where output is kept or piped."""

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
        rate = done / (now - self._began) if now > self._began else 0.0
        left = f", {(total - done) / rate:.0f} s left" if rate and total > done else ""
        self._wipe()
        sys.stderr.write(f"{step}: {done} of {total}, {rate:.0f}/s{left}")
        sys.stderr.flush()
        self._drawn = True

    def _wipe(self) -> None:
        if self._drawn:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
            self._drawn = False
