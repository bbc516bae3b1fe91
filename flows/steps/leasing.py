"""Keeps what we have claimed ours while we work: leases are short, so that a killed worker's claims come free soon."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from flows.steps.tools import Tools
from sectorwatch.errors import StoreError
from storage.leases import Leased, renew
from storage.unit_of_work import Work

LEASE = timedelta(seconds=45)
_RENEW_EVERY_S = 12.0
_LOOK_AGAIN_S = 0.1
_LOOKS = 50  # whoever claims needs a moment only; who locks rows for longer holds up nobody


class Contest:
    """Whether a claim that found nothing is worth another: another worker was just claiming what we had chosen.

    PostgreSQL skips rows that are locked, and whoever took them as proof that nothing is left would end its cycle.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools, self._looks = tools, 0

    def lost(self, still_due: Callable[[Work], bool]) -> bool:
        """Whether something is due although our claim found nothing. After some seconds in a row, it is given up."""
        self._looks += 1
        if self._looks > _LOOKS:
            return False
        with self._tools.store.read() as work:
            return still_due(work)

    async def pause(self) -> None:
        """Until the other has claimed."""
        await self._tools.sleep(_LOOK_AGAIN_S)

    def won(self) -> None:
        """Something was claimed."""
        self._looks = 0


@asynccontextmanager
async def kept(tools: Tools, table: Leased, *tokens: str) -> AsyncIterator[set[str]]:
    """Renews the leases of the tokens in the set that it gives, until the block ends."""
    held = set(tokens)

    async def renewing() -> None:
        while True:
            await asyncio.sleep(_RENEW_EVERY_S)
            if held:
                with suppress(StoreError), tools.store.write() as work:  # the next renewal is in time, too
                    renew(work, table, held, until=tools.clock() + LEASE)
                    work.commit()

    keeper = asyncio.create_task(renewing())
    try:
        yield held
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)
