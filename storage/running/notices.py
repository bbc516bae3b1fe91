"""What operators were told of: conditions on record, and notices on their way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update

from sectorwatch.domain import DeliveryKind, DeliveryState
from sectorwatch.notice import OPERATORS, Known, NoticeKind
from storage.tables import deliveries, notices, subscribers, targets
from storage.unit_of_work import Work

_LOCK = 0x5EC7_0A7D  # so that two processes do not tell of the same
_TOO_OLD = timedelta(hours=25)  # its time to live is over, whatever becomes of it


def _known(row: Mapping[str, Any]) -> Known:
    return Known(**{**row, "kind": NoticeKind(row["kind"])})


def alone(work: Work) -> None:
    """Waits until no other process decides what to tell; to be called before the conditions are read."""
    work.lock(_LOCK)


def current(work: Work) -> list[Known]:
    """Conditions that are not cleared, those that nobody was told of among them; the oldest first."""
    wanted = select(notices).where(notices.c.cleared_at.is_(None)).order_by(notices.c.since, notices.c.id)
    return [_known(dict(row)) for row in work.connection.execute(wanted).mappings()]


def recent(work: Work, *, limit: int) -> list[Known]:
    """Conditions that operators were told of and that are over, the latest first."""
    over = notices.c.cleared_at.is_not(None) & notices.c.opened_at.is_not(None)
    wanted = select(notices).where(over).order_by(notices.c.cleared_at.desc(), notices.c.id.desc()).limit(limit)
    return [_known(dict(row)) for row in work.connection.execute(wanted).mappings()]


def last_told(work: Work) -> dict[NoticeKind, datetime]:
    """When a notice of each kind was last sent, an all-clear included."""
    last: dict[NoticeKind, datetime] = {}
    for column in (notices.c.told_at, notices.c.cleared_at):
        rows = select(notices.c.kind, func.max(column)).where(column.is_not(None)).group_by(notices.c.kind)
        for kind, at in work.connection.execute(rows):
            known = NoticeKind(kind)
            last[known] = max(at, last.get(known, at))
    return last


def record(work: Work, *, new: tuple[Known, ...], changed: tuple[Known, ...], forgotten: tuple[int, ...]) -> None:
    """Writes what a look at the conditions has changed."""
    rows = [{**asdict(one), "kind": one.kind.value} for one in (*new, *changed)]
    added = [{name: value for name, value in row.items() if name != "id"} for row in rows if not row["id"]]
    if added:
        work.connection.execute(insert(notices), added)
    for row in rows:
        if row["id"]:
            work.connection.execute(update(notices).where(notices.c.id == row["id"]).values(**row))
    if forgotten:
        work.connection.execute(notices.delete().where(notices.c.id.in_(forgotten)))


@dataclass(frozen=True, kw_only=True)
class Untaken:
    """A notice that its target has not taken."""

    dedup_key: str
    target_id: int
    label: str
    payload: Mapping[str, Any]  # the message
    reason: str


def untaken(work: Work, *, now: datetime, before: datetime) -> list[Untaken]:
    """Notices that are dead or were given up on, and those that were written `before` then and are not sent yet."""
    table = deliveries.c
    ended = table.state.in_((DeliveryState.DEAD.value, DeliveryState.SUPPRESSED.value, DeliveryState.UNKNOWN.value))
    waits = (table.state != DeliveryState.SENT.value) & (table.created_at <= before)
    rows = work.connection.execute(
        select(table.dedup_key, table.target_id, targets.c.label, table.payload, table.reason)
        .join_from(deliveries, targets)
        .join(subscribers)
        .where(
            subscribers.c.name == OPERATORS,
            table.kind == DeliveryKind.NOTICE.value,
            table.created_at > now - _TOO_OLD,
            ended | waits,
        )
        .order_by(table.id)
    ).mappings()
    return [Untaken(**row) for row in rows]


def on_record(work: Work, dedup_keys: list[str]) -> set[str]:
    """Those of these deliveries that exist."""
    wanted = select(deliveries.c.dedup_key).where(deliveries.c.dedup_key.in_(dedup_keys))
    return set(work.connection.execute(wanted).scalars())
