"""How the installation is, on one screen: read models for `status`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal_column, select

from sectorwatch.domain import DeliveryState
from storage.tables import deliveries, entries, silences, targets
from storage.unit_of_work import Work

_WAITING = (DeliveryState.HELD.value, DeliveryState.PENDING.value, DeliveryState.RETRY.value)


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What waits to be sent."""

    by_state: dict[str, int]  # of all deliveries but those that were sent
    due: int  # now
    oldest_due_at: datetime | None


def queue(work: Work, *, now: datetime) -> Queue:
    """Deliveries by state, and how long the oldest one that is due has been waiting."""
    count = func.count()
    states = select(deliveries.c.state, count).group_by(deliveries.c.state)
    due = select(count, func.min(deliveries.c.due_at)).where(
        deliveries.c.state.in_(_WAITING), deliveries.c.due_at <= now, deliveries.c.held_for != "storm"
    )
    number, oldest = work.connection.execute(due).one()
    by_state = dict(work.connection.execute(states).tuples().all())
    by_state.pop(DeliveryState.SENT.value, None)
    return Queue(by_state=by_state, due=number, oldest_due_at=oldest)


def waiting(work: Work) -> int:
    """How many deliveries wait, due or not."""
    return int(work.connection.execute(select(func.count()).where(deliveries.c.state.in_(_WAITING))).scalar_one())


def silences_active(work: Work, *, now: datetime) -> tuple[int, datetime | None]:
    """How many silences are in force, and when the first of them ends."""
    active = (silences.c.starts_at <= now) & (silences.c.ends_at > now)
    row = work.connection.execute(select(func.count(), func.min(silences.c.ends_at)).where(active)).one()
    return row[0], row[1]


def targets_count(work: Work) -> int:
    return int(work.connection.execute(select(func.count()).select_from(targets)).scalar_one())


def refusals(work: Work, *, since: datetime) -> dict[str, int]:
    """How many pages of entries seen since then did not give their article at the last try, by why, most first."""
    count = func.count()
    refused = entries.c.refusal != literal_column("''")  # said as the index of them says it
    wanted = select(entries.c.refusal, count).where(entries.c.first_seen_at >= since, refused)
    return dict(work.connection.execute(wanted.group_by(entries.c.refusal).order_by(count.desc())).tuples().all())
