"""Puts what ends within milliseconds on record together: one transaction, one commit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
GATHER_S = 0.02  # some commits long


class Together(Generic[T, R]):
    """Whoever records something waits until it is durable; `record` is done for all that wait.

    Where the store refuses, each is recorded by itself: one bad row is no other's failure. So it is with whatever else
    goes wrong: somebody who is told nothing would wait for ever.
    """

    def __init__(
        self,
        record: Callable[[Sequence[T]], R],
        *,
        in_flight: int = 0,
        most: int = 1000,
        gather_s: float = GATHER_S,
    ) -> None:
        self.in_flight = in_flight  # that may still come; when all of them wait there is nobody to wait for
        self._record, self._most, self._gather_s = record, most, gather_s
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._timer: asyncio.TimerHandle | None = None

    async def record(self, one: T) -> R:
        """What recording came to, once it is durable. Raises StoreError, and what recording raises."""
        loop = asyncio.get_running_loop()
        told: asyncio.Future[R] = loop.create_future()
        self._waiting.append((one, told))
        if len(self._waiting) >= min(self.in_flight, self._most):
            self.flush()
        elif self._timer is None:
            self._timer = loop.call_later(self._gather_s, self.flush)
        return await told

    def flush(self) -> None:
        """Records what waits."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        batch, self._waiting = self._waiting, []
        if not batch:
            return
        try:
            self._tell(batch)
        except Exception:  # noqa: BLE001 - each of them is told below
            for one in batch:
                try:
                    self._tell([one])
                except Exception as error:  # noqa: BLE001 - raised where it is waited for
                    if not one[1].done():
                        one[1].set_exception(error)

    def _tell(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        came_to = self._record([one for one, _told in batch])
        for _one, told in batch:
            if not told.done():
                told.set_result(came_to)
