"""What is old enough to go, in batches so that nobody waits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, func, select, true

from storage.leases import free
from storage.tables import cycles, gists, hosts, notices, polls, raw_pages, robots
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


def no_room_since(work: Work, *, most_bytes: int) -> datetime | None:
    """When the latest of the raw pages was fetched for which there is no room beside the later ones; None: for all."""
    size = func.sum(func.length(raw_pages.c.body)).over(
        order_by=(raw_pages.c.fetched_at.desc(), raw_pages.c.article_id.desc())
    )
    sized = select(raw_pages.c.fetched_at, size.label("size")).subquery()
    return work.connection.execute(
        select(sized.c.fetched_at).where(sized.c.size > most_bytes).order_by(sized.c.fetched_at.desc()).limit(1)
    ).scalar()


def prune_hosts(work: Work, *, before: datetime, now: datetime, limit: int) -> int:
    """Removes hosts that nobody has asked since then, and that nobody holds or has to wait for."""
    unused = hosts.c.used_at.is_(None) | (hosts.c.used_at < before)
    waited_for = (hosts.c.hold_until > now) | (hosts.c.next_allowed_at > now)
    old = select(hosts.c.host).where(unused, free(hosts, now), waited_for.is_not(true())).limit(limit)
    return work.connection.execute(hosts.delete().where(hosts.c.host.in_(old.scalar_subquery()))).rowcount


def prune_robots(work: Work, *, before: datetime, limit: int) -> int:
    """Removes what sites said that nobody has wanted to know since then."""
    return _prune(work, robots, robots.c.site, robots.c.expires_at, before, limit)


def prune_gists(work: Work, *, before: datetime, limit: int) -> int:
    return _prune(work, gists, gists.c.id, gists.c.seen_at, before, limit)


def _prune(work: Work, table: Table, key: Column[Any], moment: Column[datetime], before: datetime, limit: int) -> int:
    old = select(key).where(moment < before).limit(limit)
    return work.connection.execute(table.delete().where(key.in_(old.scalar_subquery()))).rowcount
