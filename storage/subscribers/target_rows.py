"""Targets as operators see and switch them: by label, never by address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update

from sectorwatch.domain import TargetHealth
from storage.subscribers import target_health
from storage.tables import confirmations, subscribers, subscription_targets, targets
from storage.unit_of_work import Work


@dataclass(frozen=True, kw_only=True)
class TargetRow:
    id: int
    subscriber: str
    label: str
    kind: str
    enabled: bool
    disabled_reason: str
    confirmed_at: datetime | None
    asked_at: datetime | None  # when its owner was last asked to confirm it
    links: bool
    subscriptions: int  # that use it
    health: TargetHealth


def target_rows(work: Work, *, subscriber_id: int | None = None) -> list[TargetRow]:
    """Every target, or those of a subscriber; also those that no subscription uses."""
    mine = subscription_targets.c.target_id == targets.c.id
    used = select(func.count()).where(mine & subscription_targets.c.ended_at.is_(None)).scalar_subquery()
    asked = select(func.max(confirmations.c.asked_at)).where(confirmations.c.target_id == targets.c.id)
    names = ("id", "label", "kind", "enabled", "disabled_reason", "confirmed_at", "links")
    chosen = select(
        *(targets.c[name] for name in names),
        subscribers.c.name.label("subscriber"),
        used.label("subscriptions"),
        asked.scalar_subquery().label("asked_at"),
    ).join_from(targets, subscribers)
    if subscriber_id is not None:
        chosen = chosen.where(targets.c.subscriber_id == subscriber_id)
    rows = work.connection.execute(chosen.order_by(targets.c.id)).mappings().all()
    health = target_health.health(work, [row["id"] for row in rows])
    return [TargetRow(**row, health=health[row["id"]]) for row in rows]


def numbers(work: Work) -> set[int]:
    """The numbers of all targets."""
    return set(work.connection.execute(select(targets.c.id)).scalars())


def switch(work: Work, target_id: int, *, enabled: bool, reason: str) -> bool:
    """Lets messages go to a target, or stops them; False where there is none of this number."""
    values = {"enabled": enabled, "disabled_reason": "" if enabled else reason}
    if enabled:  # what was wrong with it is taken to be put right
        target_health.put(work, target_id, TargetHealth())
    return work.connection.execute(update(targets).where(targets.c.id == target_id).values(**values)).rowcount == 1


def remove(work: Work, target_id: int) -> bool:
    """Forgets a target with all its deliveries; False where there is none of this number."""
    return work.connection.execute(delete(targets).where(targets.c.id == target_id)).rowcount == 1
