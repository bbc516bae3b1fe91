"""What is old enough to go, in batches so that nobody waits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Table, select

from storage.tables import cycles, notices, polls, raw_pages
from storage.unit_of_work import Work


def prune_polls(work: Work, *, before: datetime, limit: int) -> int:
    """Removes polls from before then; returns how many, at most `limit`."""
    return _prune(work, polls, polls.c.id, polls.c.at, before, limit)


def prune_cycles(work: Work, *, before: datetime, limit: int) -> int:
    return _prune(work, cycles, cycles.c.id, cycles.c.started_at, before, limit)


def prune_notices(work: Work, *, before: datetime, limit: int) -> int:
    """Removes notices that were over before then."""
    return _prune(work, notices, notices.c.id, notices.c.cleared_at, before, limit)


def prune_raw_pages(work: Work, *, before: datetime, limit: int) -> int:
    return _prune(work, raw_pages, raw_pages.c.article_id, raw_pages.c.fetched_at, before, limit)


def _prune(work: Work, table: Table, key: Column[int], moment: Column[datetime], before: datetime, limit: int) -> int:
    old = select(key).where(moment < before).limit(limit)
    return work.connection.execute(table.delete().where(key.in_(old.scalar_subquery()))).rowcount
