"""What operators see of feeds: how each is, its last polls, and its host."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from sectorwatch.domain import ReadState
from storage.intake.feeds import host_of
from storage.intake.robots import crawl_delays
from storage.tables import articles, entries, feeds, former_addresses, hosts, polls, robots
from storage.unit_of_work import Work

_CHUNK = 500  # values in one IN list


@dataclass(frozen=True, kw_only=True)
class FeedRow:
    """A feed with its health; the columns are explained in docs/columns.md."""

    id: int
    url: str
    title: str
    language: str
    publisher: str
    country: str
    side: str
    folder: str
    state: str
    state_since: datetime
    reason: str
    failures: int
    paused_by: str
    paused_until: datetime | None
    interval_s: int
    interval_why: str
    item_gap_s: int | None
    quiet_after_s: int | None
    newest_at: datetime | None
    missed_at: datetime | None
    missed_items: int | None
    next_poll_at: datetime
    hold_until: datetime | None
    last_poll_at: datetime | None
    last_full_at: datetime | None
    last_new_at: datetime | None
    baseline_at: datetime | None
    etag: str | None
    last_modified: str | None
    managed: bool
    added_at: datetime
    entries: int  # that it has brought


class FeedOutline(NamedTuple):
    """What a list of thousands of feeds is narrowed and sorted by: 5,000 with all their columns take 50 ms."""

    id: int
    url: str
    title: str
    publisher: str
    side: str
    state: str
    reason: str
    missed_at: datetime | None
    last_poll_at: datetime | None
    value: Any  # of the column that was asked for beside these


@dataclass(frozen=True, kw_only=True)
class PollRow:
    """One poll as it is remembered."""

    at: datetime
    status: str
    http_status: int | None
    bytes: int
    ms: int
    entries: int
    new_entries: int
    changed_entries: int
    overlap_lost: bool
    missed_items: int | None
    error: str


@dataclass(frozen=True, kw_only=True)
class EntryRow:
    """One entry of a feed, and how far it has been read."""

    id: int
    title: str
    url: str | None
    published_at: datetime | None
    first_seen_at: datetime
    read_state: str
    read_note: str
    article_id: int | None
    story_id: int | None

    @property
    def reading(self) -> str:
        """Its read state; "again" where its article is stored, and its page is to be read once more."""
        return "again" if self.read_state == ReadState.WAITING and self.article_id is not None else self.read_state


@dataclass(frozen=True, kw_only=True)
class FormerRow:
    """An address that a feed had until its publisher moved it."""

    url: str
    moved_to: str
    moved_at: datetime


@dataclass(frozen=True, kw_only=True)
class RobotsRow:
    """What is kept of the robots.txt of one site."""

    site: str
    status: int | None
    fetched_at: datetime | None
    expires_at: datetime
    unreached_since: datetime | None
    note: str
    has_rules: bool


@dataclass(frozen=True, kw_only=True)
class HostRow:
    """What is known of a host: whether it wants to be left alone, the pause that it asks for, its robots.txt."""

    host: str
    next_allowed_at: datetime | None
    hold_until: datetime | None
    hold_status: int | None
    crawl_delay_s: float | None
    robots: list[RobotsRow]  # of each scheme and port


def feed_rows(work: Work) -> list[FeedRow]:
    """The feeds in the order they were added."""
    names, rows = tuple(FeedRow.__dataclass_fields__), work.connection.execute(_feeds().order_by(feeds.c.id)).all()
    return _held(work, [FeedRow(**dict(zip(names, row, strict=True))) for row in rows])


def feed_outlines(work: Work, beside: str = "id") -> list[FeedOutline]:
    """The same in short, with one more column."""
    columns = (feeds.c[name] for name in (*FeedOutline._fields[:-1], beside))
    rows = work.connection.execute(select(*columns).order_by(feeds.c.id)).all()
    return [FeedOutline._make(row) for row in rows]


def feed_rows_of(work: Work, ids: Sequence[int]) -> list[FeedRow]:
    """These feeds, in this order."""
    found: dict[int, FeedRow] = {}
    for start in range(0, len(ids), _CHUNK):
        wanted = _feeds().where(work.among(feeds.c.id, ids[start : start + _CHUNK]))
        found |= {row["id"]: FeedRow(**row) for row in work.connection.execute(wanted).mappings()}
    return _held(work, [found[number] for number in ids if number in found])


def feed_row(work: Work, feed_id: int) -> FeedRow | None:
    """One feed; None when there is no such feed."""
    row = work.connection.execute(_feeds().where(feeds.c.id == feed_id)).mappings().first()
    return None if row is None else _held(work, [FeedRow(**row)])[0]


def _held(work: Work, rows: Sequence[FeedRow]) -> list[FeedRow]:
    """The feeds, held for as long as their hosts are."""
    wanted = select(hosts.c.host, hosts.c.hold_until).where(hosts.c.hold_until.is_not(None))
    ends = dict(work.connection.execute(wanted).tuples().all())
    if not ends:
        return list(rows)
    found = []
    for row in rows:
        holds = [end for end in (row.hold_until, ends.get(host_of(row.url))) if end is not None]
        hold = max(holds, default=None)
        found.append(row if hold == row.hold_until else replace(row, hold_until=hold))
    return found


def _feeds() -> Select[Any]:
    return select(*(feeds.c[name] for name in FeedRow.__dataclass_fields__))


def find_ids(work: Work, which: str) -> list[int]:
    """The ids of the feeds with this number or address, be it a former one."""
    former = select(former_addresses.c.feed_id).where(former_addresses.c.url == which)
    wanted = (feeds.c.url == which) | feeds.c.id.in_(former)
    if which.isdecimal() and len(which) <= 18:
        wanted = wanted | (feeds.c.id == int(which))
    return list(work.connection.execute(select(feeds.c.id).where(wanted)).scalars())


def former_rows(work: Work, feed_id: int) -> list[FormerRow]:
    """The addresses that a feed had, the last one first."""
    columns = [former_addresses.c[name] for name in FormerRow.__dataclass_fields__]
    wanted = select(*columns).where(former_addresses.c.feed_id == feed_id).order_by(former_addresses.c.id.desc())
    return [FormerRow(**row) for row in work.connection.execute(wanted).mappings()]


def poll_rows(work: Work, feed_id: int, *, limit: int) -> list[PollRow]:
    """The last polls of a feed, newest first."""
    columns = [polls.c[name] for name in PollRow.__dataclass_fields__]
    wanted = select(*columns).where(polls.c.feed_id == feed_id).order_by(polls.c.at.desc(), polls.c.id.desc())
    return [PollRow(**row) for row in work.connection.execute(wanted.limit(limit)).mappings()]


def entry_rows(work: Work, feed_id: int, *, limit: int) -> list[EntryRow]:
    """The entries of a feed that were seen last, newest first."""
    columns = [entries.c[name] for name in EntryRow.__dataclass_fields__ if name != "story_id"]
    wanted = select(*columns, articles.c.story_id).outerjoin_from(
        entries, articles, articles.c.id == entries.c.article_id
    )
    newest = wanted.where(entries.c.feed_id == feed_id).order_by(entries.c.first_seen_at.desc(), entries.c.id.desc())
    return [EntryRow(**row) for row in work.connection.execute(newest.limit(limit)).mappings()]


def host_row(work: Work, host: str) -> HostRow | None:
    """What is known of a host; None: nothing yet."""
    columns = (hosts.c.host, hosts.c.next_allowed_at, hosts.c.hold_until, hosts.c.hold_status)
    row = work.connection.execute(select(*columns).where(hosts.c.host == host)).mappings().first()
    if row is None:
        return None
    plain = [robots.c[name] for name in RobotsRow.__dataclass_fields__ if name != "has_rules"]
    rules = select(*plain, robots.c.body.is_not(None).label("has_rules")).where(robots.c.host == host)
    sites = [RobotsRow(**one) for one in work.connection.execute(rules.order_by(robots.c.site)).mappings()]
    return HostRow(**row, crawl_delay_s=crawl_delays(work, [host]).get(host), robots=sites)


def brought_by(work: Work, canonical_urls: Sequence[str]) -> list[tuple[int, str, int]]:
    """The feeds that brought these pages, as number, title and how many, most first."""
    counts: Counter[tuple[int, str]] = Counter()
    for start in range(0, len(canonical_urls), _CHUNK):
        wanted = (
            select(feeds.c.id, feeds.c.title, func.count(entries.c.canonical_url.distinct()))
            .join(entries, entries.c.feed_id == feeds.c.id)
            .where(entries.c.canonical_url.in_(canonical_urls[start : start + _CHUNK]))
            .group_by(feeds.c.id, feeds.c.title)
        )
        for number, title, count in work.connection.execute(wanted):
            counts[number, title] += count
    return [(number, title, count) for (number, title), count in counts.most_common()]
