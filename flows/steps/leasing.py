"""Keeps what we have claimed ours while we work: leases are short, so that a killed worker's claims come free soon."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from flows.steps.tools import Tools
from sectorwatch.errors import StoreError
from storage.leases import Leased, renew

LEASE = timedelta(seconds=45)
_RENEW_EVERY_S = 12.0


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
