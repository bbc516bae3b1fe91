"""Puts outcomes on record together: one transaction for all that end within milliseconds."""

from __future__ import annotations

import asyncio

from flows.steps.record_outcomes import DeliverySummary, Ended, Targets, record
from flows.steps.tools import Tools
from sectorwatch.errors import StoreError

_GATHER_S = 0.02  # some commits long; nobody but the next message to the same target waits for it


class Recorder:
    """Whoever sent a message waits until its outcome is durable; only then is more sent to its target."""

    def __init__(self, tools: Tools, summary: DeliverySummary) -> None:
        self.in_flight = 0  # sends to different targets; when all have ended there is nobody to wait for
        self._tools, self._summary = tools, summary
        self._waiting: list[tuple[Ended, asyncio.Future[Targets]]] = []
        self._timer: asyncio.TimerHandle | None = None

    async def record(self, ended: Ended) -> Targets:
        """How the targets are, once this is on record. Raises StoreError."""
        loop = asyncio.get_running_loop()
        told: asyncio.Future[Targets] = loop.create_future()
        self._waiting.append((ended, told))
        if len(self._waiting) >= self.in_flight:
            self.flush()
        elif self._timer is None:
            self._timer = loop.call_later(_GATHER_S, self.flush)
        return await told

    def flush(self) -> None:
        """Records what has ended so far. Where the store refuses, each by itself: one bad row is no other's failure."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        batch, self._waiting = self._waiting, []
        if not batch:
            return
        try:
            self._tell(batch)
        except StoreError:
            for one in batch:
                try:
                    self._tell([one])
                except StoreError as error:
                    if not one[1].done():
                        one[1].set_exception(error)

    def _tell(self, batch: list[tuple[Ended, asyncio.Future[Targets]]]) -> None:
        now = record(self._tools, [ended for ended, _told in batch], self._summary)
        for _ended, told in batch:
            if not told.done():  # its sender may have been cancelled
                told.set_result(now)
