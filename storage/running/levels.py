"""How full everything is at this moment, in numbers, for a monitor: cheap also where years are stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ColumnElement, func, select, text

from sectorwatch.domain import Circuit, DeliveryState, FeedState
from storage.intake import feeds as feed_store
from storage.intake import network
from storage.running import watching
from storage.tables import cycles, deliveries, entries, feeds, notices, switches, targets
from storage.unit_of_work import Work

_UNSENT = (  # what was sent or suppressed grows for ever, and is counted as it happens
    DeliveryState.HELD,
    DeliveryState.PENDING,
    DeliveryState.LEASED,
    DeliveryState.RETRY,
    DeliveryState.UNKNOWN,
    DeliveryState.DEAD,
)
_WAITING = (DeliveryState.HELD.value, DeliveryState.PENDING.value, DeliveryState.RETRY.value)


@dataclass(frozen=True, kw_only=True)
class Due:
    """What could be done now and is not yet."""

    count: int
    since: datetime | None  # when the first of it came due


@dataclass(frozen=True, kw_only=True)
class Levels:
    """Everything that goes up and down."""

    feeds: dict[str, int]  # by state
    feeds_due: Due
    entries_due: Due  # pages to be read
    deliveries: dict[str, int]  # by state, of those that are neither sent nor suppressed
    deliveries_due: Due
    targets: dict[str, int]  # by how sending to them goes: ok, failing, disabled
    notices: dict[str, int]  # open, by kind
    cycle_finished_at: datetime | None
    cycle_seconds: float | None  # how long that one took
    paused: bool
    held: bool  # by the storm brake
    network_down: bool
    store_bytes: int


def levels(work: Work, *, now: datetime) -> Levels:
    """All of them at once."""
    last = select(cycles.c.started_at, cycles.c.finished_at).where(cycles.c.finished_at.is_not(None))
    cycle = work.connection.execute(last.order_by(cycles.c.finished_at.desc()).limit(1)).first()
    return Levels(
        feeds={**dict.fromkeys(FeedState, 0), **feed_store.counts_by_state(work)},
        feeds_due=_due(work, feeds.c.next_poll_at, now, feeds.c.state != FeedState.PAUSED.value),
        entries_due=_due(work, entries.c.read_due_at, now, entries.c.read_due_at.is_not(None)),
        deliveries=_by_state(work),
        deliveries_due=_due(
            work, deliveries.c.due_at, now, deliveries.c.state.in_(_WAITING), deliveries.c.held_for != "storm"
        ),
        targets=_targets(work),
        notices=_notices(work),
        cycle_finished_at=None if cycle is None else cycle.finished_at,
        cycle_seconds=None if cycle is None else (cycle.finished_at - cycle.started_at).total_seconds(),
        paused=watching.paused(work) is not None,
        held=work.connection.execute(select(switches.c.name).where(switches.c.name == "storm")).first() is not None,
        network_down=network.outage(work) is not None,
        store_bytes=_bytes(work),
    )


def _due(work: Work, moment: Column[datetime], now: datetime, *wanted: ColumnElement[bool]) -> Due:
    count, since = work.connection.execute(select(func.count(), func.min(moment)).where(moment <= now, *wanted)).one()
    return Due(count=count, since=since)


def _by_state(work: Work) -> dict[str, int]:
    unsent = [state.value for state in _UNSENT]
    counts = select(deliveries.c.state, func.count()).where(deliveries.c.state.in_(unsent))
    found = work.connection.execute(counts.group_by(deliveries.c.state)).tuples().all()
    return {**dict.fromkeys(unsent, 0), **dict(found)}


def _targets(work: Work) -> dict[str, int]:
    found = {"ok": 0, "failing": 0, "disabled": 0}
    counts = select(targets.c.enabled, targets.c.breaker, func.count())
    for enabled, circuit, count in work.connection.execute(counts.group_by(targets.c.enabled, targets.c.breaker)):
        found["disabled" if not enabled else "ok" if circuit == Circuit.CLOSED else "failing"] += count
    return found


def _notices(work: Work) -> dict[str, int]:
    is_open = notices.c.opened_at.is_not(None) & notices.c.cleared_at.is_(None)
    counts = select(notices.c.kind, func.count()).where(is_open).group_by(notices.c.kind)
    return dict(work.connection.execute(counts).tuples().all())


def _bytes(work: Work) -> int:
    size = (
        "SELECT pg_database_size(current_database())"
        if work.postgresql
        else "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    )
    return int(work.connection.execute(text(size)).scalar_one())
