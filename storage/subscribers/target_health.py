"""How sending to each target has gone, and which of them may be sent to: decided under lock, for all workers alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, func, insert, or_, select, update

from sectorwatch.domain import Circuit, DeliveryState, Target, TargetHealth, moment
from storage.secrets import Vault
from storage.subscribers.subscriptions import columns_of, target_of
from storage.tables import deliveries, delivery_attempts, targets
from storage.unit_of_work import Work

WAITING = (DeliveryState.HELD.value, DeliveryState.PENDING.value, DeliveryState.RETRY.value)
Gap = Callable[[Target], timedelta]


def no_gap(_target: Target) -> timedelta:
    """Messages may follow one another at once."""
    return timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What may be claimed."""

    ids: list[int]  # of deliveries, in the order in which they are due
    seen: list[int]  # those, and the ready ones that another worker was faster with
    targets: Mapping[int, Target]
    probes: frozenset[int]  # targets that are tried again after failures


def health_of(row: RowMapping) -> TargetHealth:
    return TargetHealth(
        circuit=Circuit(row["breaker"]),
        until=row["breaker_until"],
        since=row["breaker_since"],
        failures=row["fail_streak"],
        refusals=row["refused_streak"],
        refused_at=row["refused_at"],
        allowed_at=row["next_allowed_at"],
    )


def health(
    work: Work, ids: Collection[int], *, lock: bool = False, skip_locked: bool = False
) -> dict[int, TargetHealth]:
    """How these targets are; with `lock`, nobody else changes it before the unit of work ends.

    With `skip_locked` those are left out that somebody else has locked.
    """
    wanted = (
        select(targets).where(targets.c.id.in_(ids)).order_by(targets.c.id)
    )  # one order: no two wait for each other
    if lock:
        wanted = wanted.with_for_update(key_share=True, skip_locked=skip_locked)
    return {row["id"]: health_of(row) for row in work.connection.execute(wanted).mappings()}


def put(work: Work, target_id: int, found: TargetHealth) -> None:
    """Keeps how a target is."""
    work.connection.execute(update(targets).where(targets.c.id == target_id).values(**columns_of(found)))


def able(now: datetime) -> ColumnElement[bool]:
    """Targets that may be sent to: no circuit is open, no probe is on its way, no wait was asked for."""
    table = targets.c
    closed = or_(table.breaker == Circuit.CLOSED.value, table.breaker_until.is_(None), table.breaker_until <= now)
    return closed & or_(table.next_allowed_at.is_(None), table.next_allowed_at <= now)


def take(
    work: Work,
    vault: Vault,
    ready: ColumnElement[bool],
    *,
    now: datetime,
    until: datetime,
    limit: int,
    gap: Gap,
    skip_locked: bool = False,
) -> Taken:
    """Of the ready deliveries those whose targets may be sent to; `until` is the end of their lease.

    Of a target whose circuit was open one only, as a probe, and one of a target that wants a gap: which worker gets it
    is decided under lock of the target. With `skip_locked` nobody is waited for.
    """
    table = deliveries.c
    chosen = select(table.id, table.target_id).join_from(deliveries, targets).where(ready, able(now))
    rows = work.connection.execute(chosen.order_by(table.due_at, table.id).limit(limit)).all()
    stored = select(targets).where(targets.c.id.in_({row.target_id for row in rows}))
    found = {row["id"]: (target_of(row, vault), row) for row in work.connection.execute(stored).mappings()}
    gaps = {number: gap(target) for number, (target, _row) in found.items()}
    careful = [number for number, (_, row) in found.items() if gaps[number] or row["breaker"] != Circuit.CLOSED.value]
    locked = health(work, careful, lock=True, skip_locked=skip_locked) if careful else {}
    now_able = {number: one for number, one in locked.items() if not one.waits(now)}
    ids, singles = [], set()
    for row in rows:
        if row.target_id in gaps and row.target_id not in careful:
            ids.append(row.id)
        elif row.target_id in now_able and row.target_id not in singles:
            singles.add(row.target_id)
            ids.append(row.id)
    probes = frozenset(number for number in singles if now_able[number].circuit is not Circuit.CLOSED)
    for number in singles:
        values: dict[str, Any] = {"next_allowed_at": now + gaps[number]} if gaps[number] else {}
        if number in probes:
            values |= {"breaker": Circuit.HALF.value, "breaker_until": until}
        if values:
            work.connection.execute(update(targets).where(targets.c.id == number).values(**values))
    seen = [row.id for row in rows]
    return Taken(
        ids=ids, seen=seen, targets={number: target for number, (target, _row) in found.items()}, probes=probes
    )


def forget_probe(work: Work, target_id: int) -> None:
    """What was to be a probe was not sent: the next message is one."""
    probing = (targets.c.id == target_id) & (targets.c.breaker == Circuit.HALF.value)
    free = {"breaker": Circuit.OPEN.value, "breaker_until": targets.c.breaker_since}
    work.connection.execute(update(targets).where(probing).values(**free))


def expire(work: Work, overdue: ColumnElement[bool], *, lifetime: timedelta, now: datetime) -> int:
    """Gives up on what is `overdue` and waits for a target that may not be sent to; returns how many."""
    table = deliveries.c
    chosen = select(table.id, table.target_id, table.attempts).join_from(deliveries, targets).where(overdue, ~able(now))
    rows = work.connection.execute(chosen).all()
    known = health(work, {row.target_id for row in rows}) if rows else {}
    for row in rows:
        _end(work, row.id, row.attempts, _given_up(known[row.target_id], lifetime, now), now)
    return len(rows)


def disable(work: Work, target_id: int, reason: str, *, now: datetime) -> None:
    """Sends nothing more to a target; what is queued for it is dead, for operators to send again."""
    on = (targets.c.id == target_id) & targets.c.enabled
    work.connection.execute(update(targets).where(on).values(enabled=False, disabled_reason=reason))
    end_queued(work, target_id, f"the target was disabled: {reason}", now=now)


def end_queued(work: Work, target_id: int, reason: str, *, now: datetime) -> None:
    """What waits for a target is dead."""
    table = deliveries.c
    queued = (table.target_id == target_id) & table.state.in_(WAITING)
    for row in work.connection.execute(select(table.id, table.attempts).where(queued)).all():
        _end(work, row.id, row.attempts, reason, now)


def refusing_of_tried(work: Work, *, since: datetime) -> tuple[int, int]:
    """How many targets said since then that they are gone or shut to us, and how many were tried."""
    refusing = select(func.count()).where(targets.c.refused_at >= since, targets.c.refused_streak > 0)
    tried = (
        select(func.count(deliveries.c.target_id.distinct()))
        .join_from(delivery_attempts, deliveries)
        .where(delivery_attempts.c.started_at >= since)
    )
    return int(work.connection.execute(refusing).scalar_one()), int(work.connection.execute(tried).scalar_one())


def _end(work: Work, delivery_id: int, attempts: int, reason: str, now: datetime) -> None:
    """Dead without having been tried again; on record as an attempt that was not made."""
    dead = {"state": DeliveryState.DEAD.value, "reason": reason, "held_for": "", "attempts": attempts + 1}
    waiting = (deliveries.c.id == delivery_id) & deliveries.c.state.in_(WAITING) & (deliveries.c.attempts == attempts)
    if work.connection.execute(update(deliveries).where(waiting).values(**dead)).rowcount:
        ended = {"lease_token": "", "started_at": now, "ended_at": now, "outcome": "not sent", "detail": reason}
        work.connection.execute(insert(delivery_attempts).values(delivery_id=delivery_id, n=attempts + 1, **ended))


def _given_up(found: TargetHealth, lifetime: timedelta, now: datetime) -> str:
    hours = lifetime // timedelta(hours=1)
    if found.circuit is not Circuit.CLOSED:
        return f"given up after {hours} hours: the target's circuit has been open since {moment(found.since or now)}"
    return f"given up after {hours} hours: the target asked us to wait until {moment(found.allowed_at or now)}"
