"""An event loop whose seconds are short: every pause and deadline in it shrinks alike, and no policy is touched."""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Callable
from datetime import datetime, timedelta


class _FastSelector(selectors.DefaultSelector):
    """Waits the real time that a wait of the fast loop takes."""

    speed = 1.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(None if timeout is None else timeout / self.speed)


class FastLoop(asyncio.SelectorEventLoop):
    """Runs `speed` seconds of its own in one."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        selector = _FastSelector()
        selector.speed = speed
        super().__init__(selector)

    def time(self) -> float:
        return super().time() * self._speed


def fast_clock(start: datetime, *, began: float, speed: float) -> Callable[[], datetime]:
    """A clock that said `start` at the Unix time `began`: all processes that are given both agree."""
    return lambda: start + timedelta(seconds=(time.time() - began) * speed)
