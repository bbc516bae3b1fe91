"""An event loop that waits for nothing but its sockets: where all sleep, the clock jumps to the first who wakes."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta


class _Jumping(selectors.DefaultSelector):
    """Passes the time at once, unless an answer is on its way: that takes no time at all."""

    passed = 0.0  # seconds
    on_their_way = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout is None or timeout <= 0:
            return ready if ready or timeout is not None else super().select(None)
        if self.on_their_way:
            return super().select(1)
        self.passed += timeout
        return []


class SimulatedLoop(asyncio.SelectorEventLoop):
    """Its seconds are those that were slept through."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.passed

    @contextmanager
    def on_its_way(self) -> Iterator[None]:
        """In this block, time stands still."""
        self._jumping.on_their_way += 1
        try:
            yield
        finally:
            self._jumping.on_their_way -= 1

    def clock(self, start: datetime) -> Callable[[], datetime]:
        """Says `start` when the loop begins."""
        return lambda: start + timedelta(seconds=self._jumping.passed)
