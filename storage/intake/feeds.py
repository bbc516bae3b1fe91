"""Feeds and the history of their polls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Column, ColumnElement, RowMapping, and_, bindparam, case, func, insert, or_, select, update

from sectorwatch.domain import Feed, FeedState, Hints, Move, PollOutcome, PollStatus, Side, Source, Validators
from sectorwatch.polling import PollPlan
from sectorwatch.spreading import LATE, Due, spread, turns
from storage import row_counts
from storage.leases import claim, free
from storage.tables import feeds, former_addresses, polls
from storage.unit_of_work import Work

_CANDIDATES = 10_000  # that are looked at for one batch


def _feed(row: RowMapping) -> Feed:
    return Feed(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        language=row["language"],
        source=Source(publisher=row["publisher"], country=row["country"], side=Side(row["side"])),
        validators=Validators(etag=row["etag"], last_modified=row["last_modified"]),
        body_hash=row["body_hash"],
        interval=timedelta(seconds=row["interval_s"]),
        next_poll_at=row["next_poll_at"],
        state=FeedState(row["state"]),
        state_since=row["state_since"],
        reason=row["reason"],
        failures=row["failures"],
        baseline_at=row["baseline_at"],
        last_full_at=row["last_full_at"],
        last_new_at=row["last_new_at"],
        hold_until=row["hold_until"],
        move=_move(row),
        hints=_hints(row["hints"] or {}),
        reach=None if row["reach_s"] is None else timedelta(seconds=row["reach_s"]),
        usual=None if row["item_gap_s"] is None else timedelta(seconds=row["item_gap_s"]),
        listed=row["listed"] or b"",
    )


def _move(row: RowMapping) -> Move | None:
    if row["moved_to"] is None:
        return None
    return Move(to=row["moved_to"], seen=row["moved_seen"], since=row["moved_since"])


def _hints(stored: Mapping[str, Any]) -> Hints:
    every_s = stored.get("every_s")
    return Hints(
        every=None if every_s is None else timedelta(seconds=every_s),
        skip_hours=frozenset(stored.get("skip_hours", ())),
        skip_days=frozenset(stored.get("skip_days", ())),
    )


def _stored(hints: Hints) -> dict[str, Any]:
    every_s = None if hints.every is None else int(hints.every.total_seconds())
    named = {"every_s": every_s, "skip_hours": sorted(hints.skip_hours), "skip_days": sorted(hints.skip_days)}
    return {name: value for name, value in named.items() if value}


def every(work: Work) -> list[Feed]:
    """All feeds, in the order they were added."""
    return [_feed(row) for row in work.connection.execute(select(feeds).order_by(feeds.c.id)).mappings()]


def add(
    work: Work,
    *,
    url: str,
    title: str,
    language: str,
    source: Source,
    interval: timedelta,
    managed: bool,
    now: datetime,
    folder: str = "",
) -> int:
    """Adds a feed, due at once; returns its id."""
    row = insert(feeds).values(
        url=url,
        title=title,
        language=language,
        publisher=source.publisher,
        country=source.country,
        side=source.side.value,
        interval_s=int(interval.total_seconds()),
        next_poll_at=now,
        state_since=now,
        added_at=now,
        managed=managed,
        folder=folder,
    )
    return int(work.connection.execute(row.returning(feeds.c.id)).scalar_one())


def describe(work: Work, feed_id: int, *, title: str, language: str, source: Source, managed: bool) -> None:
    """Changes what operators say of a feed."""
    values: dict[str, Any] = {"title": title, "language": language, "managed": managed}
    values |= {"publisher": source.publisher, "country": source.country, "side": source.side.value}
    work.connection.execute(update(feeds).where(feeds.c.id == feed_id).values(**values))


def remove(work: Work, feed_id: int) -> None:
    """Removes a feed with its entries and polls; articles stay."""
    row_counts.forget(work, polls)
    work.connection.execute(feeds.delete().where(feeds.c.id == feed_id))


def pause(work: Work, feed_id: int, *, by: str, reason: str, until: datetime | None, now: datetime) -> None:
    """Stops polling a feed, for good or until then; a poll on its way is not stored any more."""
    values = {"state": FeedState.PAUSED.value, "state_since": now, "reason": reason, "failures": 0, "paused_by": by}
    values |= {"paused_until": until, "next_poll_at": until or now}
    _take_back(work, feed_id, values)


def resume(work: Work, feed_id: int, *, now: datetime) -> None:
    """Makes a paused, gone or failing feed due, now or when the server wants to be asked again."""
    values = {"state": FeedState.OK.value, "state_since": now, "reason": "", "failures": 0, "paused_by": ""}
    _take_back(work, feed_id, values | {"paused_until": None, "next_poll_at": now})


def poll_next(work: Work, feed_id: int, *, now: datetime) -> None:
    """Makes a feed due that is not paused; how it is, the poll will tell."""
    _take_back(work, feed_id, {"next_poll_at": now})


def _take_back(work: Work, feed_id: int, values: dict[str, Any]) -> None:
    values |= {"lease_token": None, "lease_until": None}  # whoever polls it now would overwrite this
    work.connection.execute(update(feeds).where(feeds.c.id == feed_id).values(**values))


def claim_due(
    work: Work,
    *,
    now: datetime,
    limit: int,
    lease: timedelta,
    not_since: datetime | None = None,
    by: datetime | None = None,
    among: Sequence[int] | None = None,
) -> tuple[str, list[Feed]]:
    """Feeds that are due, leased, and the token that holds them.

    With `not_since`, every feed that was not polled since then is due ("one cycle now"), but for those that are
    paused or gone and those whose server asked to stay away. With `by`, those that came due after it are left.
    `among` are those whose turn it is (see `next_batches`).
    """
    ready = _due(now, by or now, not_since)
    if among is None:
        among = next(iter(turns(_candidates(work, ready), limit=limit, now=now)), [])
    wanted = select(feeds.c.id).where(feeds.c.id.in_(among[:limit]), ready).order_by(feeds.c.id)
    token = claim(work, feeds, wanted, now=now, lease=lease)
    rows = work.connection.execute(select(feeds).where(feeds.c.lease_token == token).order_by(feeds.c.id)).mappings()
    return token, [_feed(row) for row in rows]


def next_batches(
    work: Work, *, now: datetime, size: int, batches: int, not_since: datetime | None = None, by: datetime | None = None
) -> list[list[int]]:
    """Whose turn it is in each of the next batches, to be claimed one by one: to look at all that is due costs too much
    to do it for each."""
    return turns(_candidates(work, _due(now, by or now, not_since)), limit=size, now=now, batches=batches)


def count_due(work: Work, *, now: datetime, not_since: datetime | None = None, by: datetime | None = None) -> int:
    """How many feeds `claim_due` would find now."""
    wanted = select(func.count()).select_from(feeds).where(_due(now, by or now, not_since))
    return int(work.connection.execute(wanted).scalar_one())


def _due(now: datetime, by: datetime, not_since: datetime | None) -> ColumnElement[bool]:
    due = feeds.c.next_poll_at <= by
    if not_since is not None:
        unpolled = or_(feeds.c.last_poll_at.is_(None), feeds.c.last_poll_at < not_since)
        due = or_(due, feeds.c.state != FeedState.GONE.value) & unpolled
    awake = or_(feeds.c.hold_until.is_(None), feeds.c.hold_until <= now) & or_(
        feeds.c.state != FeedState.PAUSED.value, feeds.c.paused_until <= now
    )
    return and_(due, awake, free(feeds, now))


def backlog(work: Work, *, now: datetime) -> dict[int, datetime]:
    """When feeds had better be due that came due together while nothing ran, or that were added together."""
    late = feeds.c.next_poll_at < now - LATE
    added = feeds.c.last_poll_at.is_(None) & (feeds.c.next_poll_at == feeds.c.added_at) & (feeds.c.added_at <= now)
    well = feeds.c.state.not_in((FeedState.PAUSED.value, FeedState.GONE.value))
    return spread(_candidates(work, and_(late | added, well, free(feeds, now))), now=now)


def postpone(work: Work, later: Mapping[int, datetime], *, now: datetime) -> None:
    """Makes feeds that nobody polls due then."""
    for number, due_at in later.items():
        mine = (feeds.c.id == number) & free(feeds, now)
        work.connection.execute(update(feeds).where(mine).values(next_poll_at=due_at))


def _candidates(work: Work, ready: ColumnElement[bool]) -> list[Due]:
    new = feeds.c.last_poll_at.is_(None)
    columns = (feeds.c.id, feeds.c.url, feeds.c.next_poll_at, feeds.c.interval_s, new)
    rows = work.connection.execute(select(*columns).where(ready).order_by(feeds.c.next_poll_at).limit(_CANDIDATES))
    return [
        Due(
            id=number,
            host=host_of(url),
            due_at=due_at,
            interval=timedelta(seconds=interval_s),
            new=bool(unpolled),
        )
        for number, url, due_at, interval_s, unpolled in rows
    ]


@lru_cache(maxsize=_CANDIDATES)
def host_of(url: str) -> str:
    """The host of a feed's address; "" where that is none, which its poll says: it must not stop those of others."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@dataclass(frozen=True, kw_only=True)
class FinishedPoll:
    """A poll and what follows from it for its feed.

    `validators`, `body_hash` and `listed` are of the body whose entries the same unit of work stores; None: as before.
    """

    feed: Feed
    outcome: PollOutcome
    plan: PollPlan
    validators: Validators | None = None
    body_hash: str | None = None
    title: str = ""
    baseline: bool = False
    full: bool = False
    listed: bytes | None = None  # what to remember of the items that it lists


def _or_as_it_is(name: str, column: Column[Any]) -> ColumnElement[Any]:
    return func.coalesce(bindparam(name, type_=column.type), column)


# Of many feeds at once, so written once: making a statement costs more than carrying it out.
_ENDED = (
        "next_poll_at", "interval_s", "state", "state_since", "reason", "failures", "hold_until", "moved_to",
        "moved_seen", "moved_since", "etag", "last_modified",
)  # fmt: skip
_OR_AS_BEFORE = (
    "interval_why", "last_poll_at", "body_hash", "hints", "reach_s", "missed_at", "baseline_at", "last_full_at",
    "last_new_at", "listed",
)  # fmt: skip
_FINISH = (
    update(feeds)
    .where(feeds.c.id == bindparam("number"), feeds.c.lease_token == bindparam("token"))
    .values(
        {name: bindparam(f"new_{name}", type_=feeds.c[name].type) for name in _ENDED}
        | {name: _or_as_it_is(f"new_{name}", feeds.c[name]) for name in _OR_AS_BEFORE}
        | {
            "missed_items": case(
                (bindparam("new_missed_at", type_=feeds.c.missed_at.type).is_(None), feeds.c.missed_items),
                else_=bindparam("new_missed_items", type_=feeds.c.missed_items.type),
            ),
            "title": case((feeds.c.title == "", bindparam("new_title")), else_=feeds.c.title),
            "paused_by": "",  # a pause is over when a poll ends: one that begins meanwhile takes the lease
            "paused_until": None,
            "lease_token": None,
            "lease_until": None,
        }
    )
)


def finish_polls(work: Work, token: str, finished: Sequence[FinishedPoll]) -> None:
    """Records polls and gives their feeds back. All of them have to be held by the token (see `holding`)."""
    if not finished:
        return
    work.connection.execute(_FINISH, [_finished(one, token) for one in finished])
    work.connection.execute(insert(polls), [_poll(one.outcome) for one in finished])


def _finished(one: FinishedPoll, token: str) -> dict[str, Any]:
    feed, outcome, plan, at = one.feed, one.outcome, one.plan, one.outcome.at
    validators = feed.validators if one.validators is None else one.validators
    values: dict[str, Any] = {
        "next_poll_at": plan.next_poll_at,
        "interval_s": int(plan.interval.total_seconds()),
        "interval_why": plan.interval_why or None,
        "state": plan.state.value,
        "state_since": plan.state_since,
        "reason": plan.reason,
        "failures": plan.failures,
        "hold_until": plan.hold_until,
        "moved_to": plan.move and plan.move.to,
        "moved_seen": plan.move.seen if plan.move else 0,
        "moved_since": plan.move and plan.move.since,
        "last_poll_at": None if outcome.status is PollStatus.HELD else at,
        "etag": validators.etag,
        "last_modified": validators.last_modified,
        "body_hash": one.body_hash,
        "title": one.title,
        "listed": one.listed,
        "hints": None if outcome.hints is None else _stored(outcome.hints),
        "reach_s": None if outcome.reach is None else int(outcome.reach.total_seconds()),
        "missed_at": at if outcome.overlap_lost else None,
        "missed_items": outcome.missed if outcome.overlap_lost else None,
        "baseline_at": at if one.baseline else None,
        "last_full_at": at if one.full else None,
        "last_new_at": at if outcome.status is PollStatus.NEW else None,
    }
    return {f"new_{name}": value for name, value in values.items()} | {"number": feed.id, "token": token}


def _poll(outcome: PollOutcome) -> dict[str, Any]:
    return {
        "feed_id": outcome.feed_id,
        "at": outcome.at,
        "status": outcome.status.value,
        "http_status": outcome.http_status,
        "bytes": outcome.bytes,
        "ms": outcome.ms,
        "entries": outcome.entries,
        "new_entries": outcome.new_entries,
        "changed_entries": outcome.changed_entries,
        "overlap_lost": outcome.overlap_lost,
        "missed_items": outcome.missed,
        "error": outcome.error,
    }


def holding(work: Work, token: str, feed_ids: Sequence[int]) -> set[int]:
    """Those of the feeds that `token` still holds; PostgreSQL lets nobody remove them before the unit of work ends."""
    mine = select(feeds.c.id).where(feeds.c.id.in_(feed_ids), feeds.c.lease_token == token).order_by(feeds.c.id)
    return set(work.connection.execute(mine.with_for_update() if work.postgresql else mine).scalars())


def release(work: Work, token: str) -> None:
    """Gives back what a batch did not get to."""
    work.connection.execute(
        update(feeds).where(feeds.c.lease_token == token).values(lease_token=None, lease_until=None)
    )


def by_url(work: Work, urls: Sequence[str]) -> dict[str, Feed]:
    """The feeds of these addresses."""
    rows = work.connection.execute(select(feeds).where(feeds.c.url.in_(urls))).mappings()
    return {row["url"]: _feed(row) for row in rows}


def addresses(work: Work) -> dict[str, int]:
    """The addresses of all feeds, those that they had before too, with the id of each."""
    former = select(former_addresses.c.url, former_addresses.c.feed_id).order_by(former_addresses.c.id)
    present = select(feeds.c.url, feeds.c.id).order_by(feeds.c.id)
    return {url: number for wanted in (former, present) for url, number in work.connection.execute(wanted).tuples()}


def moved(work: Work) -> dict[str, str]:
    """Former addresses, each with the present one of its feed."""
    wanted = select(former_addresses.c.url, feeds.c.url).join_from(former_addresses, feeds)
    return dict(work.connection.execute(wanted.order_by(former_addresses.c.id)).tuples().all())


def move(work: Work, feed_id: int, *, url: str, now: datetime) -> None:
    """Gives a feed another address; the former one stays on record as its own."""
    old = work.connection.execute(select(feeds.c.url).where(feeds.c.id == feed_id)).scalar_one()
    both = former_addresses.c.url.in_((old, url))  # it may come back to where it was
    work.connection.execute(former_addresses.delete().where(both))
    row = {"feed_id": feed_id, "url": old, "moved_to": url, "moved_at": now}
    work.connection.execute(insert(former_addresses).values(**row))
    work.connection.execute(update(feeds).where(feeds.c.id == feed_id).values(url=url))


def correct(work: Work, feed_id: int, *, url: str) -> None:
    """Gives a feed the address that operators say it has; what was seen of a move is settled by that."""
    work.connection.execute(former_addresses.delete().where(former_addresses.c.url == url))
    values = {"url": url, "moved_to": None, "moved_seen": 0, "moved_since": None}
    work.connection.execute(update(feeds).where(feeds.c.id == feed_id).values(**values))


def managed_urls(work: Work) -> set[str]:
    """The addresses that came from the applied file."""
    return set(work.connection.execute(select(feeds.c.url).where(feeds.c.managed)).scalars())


def counts_by_state(work: Work) -> dict[str, int]:
    rows = work.connection.execute(select(feeds.c.state, func.count()).group_by(feeds.c.state))
    return dict(rows.tuples().all())


def was_rewritten(work: Work, feed_id: int, *, first_seen_at: datetime) -> bool:
    """Whether what is marked as a feed's archive came later than with its first poll: with a rewrite of the feed."""
    wanted = select(feeds.c.baseline_at).where(feeds.c.id == feed_id)
    baseline_at = work.connection.execute(wanted).scalar()
    return baseline_at is not None and first_seen_at > baseline_at
