"""What is old enough to go, in batches so that nobody waits. `storage.upkeep.past` lets go of articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, func, select, true

from sectorwatch.domain import DeliveryState, JobState
from storage import row_counts
from storage.leases import free
from storage.tables import (
    cycles,
    deliveries,
    gists,
    hosts,
    jobs,
    notices,
    polls,
    raw_pages,
    robots,
    story_bands,
    suppressions,
)
from storage.unit_of_work import Work

OPEN = tuple(
    state.value for state in (DeliveryState.HELD, DeliveryState.PENDING, DeliveryState.LEASED, DeliveryState.RETRY)
)
"""Deliveries that have not come to an end."""


@dataclass(frozen=True, kw_only=True)
class _Kind:
    table: Table
    key: Column[Any]
    moment: Column[datetime]  # that tells its age
    needed: ColumnElement[bool] | None = None  # goes at no age


_KINDS: Mapping[str, _Kind] = {
    "polls": _Kind(table=polls, key=polls.c.id, moment=polls.c.at),
    "cycles": _Kind(table=cycles, key=cycles.c.id, moment=cycles.c.started_at),
    "notices": _Kind(table=notices, key=notices.c.id, moment=notices.c.cleared_at),
    "raw_pages": _Kind(table=raw_pages, key=raw_pages.c.article_id, moment=raw_pages.c.fetched_at),
    "gists": _Kind(table=gists, key=gists.c.id, moment=gists.c.seen_at),
    "robots": _Kind(table=robots, key=robots.c.site, moment=robots.c.expires_at),
    "suppressions": _Kind(table=suppressions, key=suppressions.c.id, moment=suppressions.c.at),
    "deliveries": _Kind(
        table=deliveries,
        key=deliveries.c.id,
        moment=deliveries.c.created_at,
        needed=deliveries.c.state.in_(OPEN),
    ),
}


def prune(work: Work, kind: str, *, before: datetime, limit: int) -> int:
    """Removes rows of that table from before then (notices: that were over); returns how many, at most `limit`."""
    one = _KINDS[kind]
    if one.table in row_counts.COUNTED:
        row_counts.forget(work, one.table)
    old = select(one.key).where(_old(one, before)).limit(limit)
    return work.connection.execute(one.table.delete().where(one.key.in_(old.scalar_subquery()))).rowcount


def count(work: Work, kind: str, *, before: datetime) -> int:
    """How many rows `prune` would remove in all."""
    one = _KINDS[kind]
    return int(work.connection.execute(select(func.count()).where(_old(one, before))).scalar_one())


def _old(kind: _Kind, before: datetime) -> ColumnElement[bool]:
    old = kind.moment < before
    return old if kind.needed is None else old & ~kind.needed


def prune_hosts(work: Work, *, before: datetime, now: datetime, limit: int) -> int:
    """Removes hosts that nobody has asked since then, and that nobody holds or has to wait for."""
    old = select(hosts.c.host).where(_unused(before, now)).limit(limit)
    return work.connection.execute(hosts.delete().where(hosts.c.host.in_(old.scalar_subquery()))).rowcount


def count_hosts(work: Work, *, before: datetime, now: datetime) -> int:
    return int(work.connection.execute(select(func.count()).where(_unused(before, now))).scalar_one())


def _unused(before: datetime, now: datetime) -> ColumnElement[bool]:
    waited_for = (hosts.c.hold_until > now) | (hosts.c.next_allowed_at > now)
    return (hosts.c.used_at.is_(None) | (hosts.c.used_at < before)) & free(hosts, now) & waited_for.is_not(true())


def no_room_since(work: Work, *, most_bytes: int) -> datetime | None:
    """When the latest of the raw pages was fetched for which there is no room beside the later ones; None: for all."""
    size = func.sum(func.length(raw_pages.c.body)).over(
        order_by=(raw_pages.c.fetched_at.desc(), raw_pages.c.article_id.desc())
    )
    sized = select(raw_pages.c.fetched_at, size.label("size")).subquery()
    return work.connection.execute(
        select(sized.c.fetched_at).where(sized.c.size > most_bytes).order_by(sized.c.fetched_at.desc()).limit(1)
    ).scalar()


def prune_oldest_raw_pages(work: Work, *, limit: int) -> tuple[int, int]:
    """Removes the raw pages that were fetched first; how many, and how many bytes they had."""
    sized = select(raw_pages.c.article_id, func.length(raw_pages.c.body))
    oldest = dict(work.connection.execute(sized.order_by(raw_pages.c.fetched_at).limit(limit)).tuples().all())
    work.connection.execute(raw_pages.delete().where(raw_pages.c.article_id.in_(oldest)))
    return len(oldest), sum(oldest.values())


def prune_bands(work: Work, *, before: datetime, after: int, limit: int) -> tuple[int, int | None]:
    """Removes keys of near-copies from before then, of articles with higher numbers than `after`.

    Looks at `limit` of them at most; returns how many went, and the article to go on after (None: there are no more).
    """
    keys = select(story_bands.c.article_id, story_bands.c.seen_at).where(story_bands.c.article_id > after)
    found = work.connection.execute(keys.order_by(story_bands.c.article_id).limit(limit)).all()
    if all(one.seen_at >= before for one in found):  # what follows is younger yet
        return 0, None
    last = found[-1].article_id
    past = story_bands.c.article_id.between(found[0].article_id, last) & (story_bands.c.seen_at < before)
    removed = work.connection.execute(story_bands.delete().where(past)).rowcount
    return removed, last if len(found) == limit else None


def count_bands(work: Work, *, before: datetime) -> int:
    return int(work.connection.execute(select(func.count()).where(story_bands.c.seen_at < before)).scalar_one())


def is_archive_in_use(work: Work, *, now: datetime) -> bool:
    """Whether a job works through the articles or their pages just now."""
    at_work = (jobs.c.state == JobState.OPEN.value) & (jobs.c.lease_until > now)
    return work.connection.execute(select(jobs.c.id).where(at_work).limit(1)).first() is not None
