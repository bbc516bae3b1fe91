"""Lets go of what is old: polls, raw pages, cycles, notices, unused hosts. Articles, alerts and deliveries stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from extractors.rewrites import WINDOW
from flows.steps.tools import Tools
from storage import retention
from storage.unit_of_work import Work

POLLS_KEPT = timedelta(days=30)
CYCLES_KEPT = timedelta(days=90)
NOTICES_KEPT = timedelta(days=90)  # after they were over
GISTS_KEPT = WINDOW + timedelta(days=1)  # no rewrite comes later
HOSTS_KEPT = timedelta(days=30)  # after they were last asked
BATCH = 2_000  # rows a transaction


def prune(tools: Tools) -> dict[str, int]:
    """Removes what is past its time, a batch a transaction; returns how much of what."""
    now = tools.clock()
    raw_before = _raw_pages_from(tools, now)
    return {
        "polls": _all(tools, lambda work: retention.prune_polls(work, before=now - POLLS_KEPT, limit=BATCH)),
        "cycles": _all(tools, lambda work: retention.prune_cycles(work, before=now - CYCLES_KEPT, limit=BATCH)),
        "notices": _all(tools, lambda work: retention.prune_notices(work, before=now - NOTICES_KEPT, limit=BATCH)),
        "raw_pages": _all(tools, lambda work: retention.prune_raw_pages(work, before=raw_before, limit=BATCH)),
        "gists": _all(tools, lambda work: retention.prune_gists(work, before=now - GISTS_KEPT, limit=BATCH)),
        "hosts": _all(tools, lambda work: retention.prune_hosts(work, before=now - HOSTS_KEPT, now=now, limit=BATCH)),
        "robots": _all(tools, lambda work: retention.prune_robots(work, before=now - HOSTS_KEPT, limit=BATCH)),
    }


def _raw_pages_from(tools: Tools, now: datetime) -> datetime:
    """Since when pages are kept: by their age, and by the room that they may take together."""
    settings = tools.settings.read
    oldest = now - timedelta(days=settings.keep_raw_days)
    if not settings.keep_raw_mb:
        return oldest
    with tools.store.read() as work:
        over = retention.no_room_since(work, most_bytes=settings.keep_raw_mb * 1_000_000)
    return oldest if over is None else max(oldest, over + timedelta(microseconds=1))


def _all(tools: Tools, remove: Callable[[Work], int]) -> int:
    removed = 0
    while True:
        with tools.store.write() as work:
            count = remove(work)
            work.commit()
        removed += count
        if count < BATCH:
            return removed
