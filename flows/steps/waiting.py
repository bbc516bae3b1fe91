"""Waits for claims that others hold: a live process finishes them, a killed one's run out."""

from __future__ import annotations

from datetime import timedelta

from flows.steps.leasing import LEASE
from flows.steps.tools import Tools
from storage.leases import next_free
from storage.tables import deliveries, entries, feeds

_TABLES = (feeds, entries, deliveries)


async def others_claims(tools: Tools) -> None:
    """Returns when nobody holds a claim any more, or after the longest that a dead one can last."""
    began = tools.clock()
    while True:
        now = tools.clock()
        with tools.store.read() as work:
            ends = [end for table in _TABLES if (end := next_free(work, table, now)) is not None]
        if not ends or now >= began + LEASE + timedelta(seconds=1):
            return
        tools.progress("waiting for another process", int((now - began).total_seconds()), int(LEASE.total_seconds()))
        await tools.sleep(min(1.0, (min(ends) - now).total_seconds() + 0.01))
