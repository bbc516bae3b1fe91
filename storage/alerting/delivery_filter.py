"""Which deliveries are meant: what `deliveries list` and `deliveries retry` may be narrowed by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select, true

from sectorwatch.domain import DeliveryKind, DeliveryState
from storage.tables import alerts, deliveries, delivery_alerts, subscribers, subscriptions, targets


@dataclass(frozen=True, kw_only=True)
class DeliveryFilter:
    """Everything that is stated has to be true; None and an empty tuple mean "any"."""

    ids: Sequence[int] | None = None
    states: tuple[DeliveryState, ...] = ()
    kinds: tuple[DeliveryKind, ...] = ()
    target: int | None = None
    subscriber: str | None = None  # who owns the target
    subscription: str | None = None  # "name" or "subscriber/name"
    sector: str | None = None  # of one of its alerts
    story: int | None = None  # of one of its alerts
    since: datetime | None = None  # first due then or later
    until: datetime | None = None  # first due before

    def clause(self) -> ColumnElement[bool]:
        """The condition on `deliveries`."""
        table = deliveries.c
        wanted: ColumnElement[bool] = true()
        if self.ids is not None:
            wanted &= table.id.in_(self.ids)
        if self.states:
            wanted &= table.state.in_([state.value for state in self.states])
        if self.kinds:
            wanted &= table.kind.in_([kind.value for kind in self.kinds])
        if self.target is not None:
            wanted &= table.target_id == self.target
        if self.subscriber is not None:
            owned = select(targets.c.id).join_from(targets, subscribers).where(subscribers.c.name == self.subscriber)
            wanted &= table.target_id.in_(owned)
        if self.subscription is not None:
            wanted &= table.subscription_id.in_(subscriptions_named(self.subscription))
        if self.sector is not None:
            told = select(delivery_alerts.c.delivery_id).join(alerts).where(alerts.c.sector == self.sector)
            wanted &= table.id.in_(told)
        if self.story is not None:
            told = select(delivery_alerts.c.delivery_id).join(alerts).where(alerts.c.story_id == self.story)
            wanted &= table.id.in_(told)
        if self.since is not None:
            wanted &= table.first_due_at >= self.since
        if self.until is not None:
            wanted &= table.first_due_at < self.until
        return wanted


def subscriptions_named(name: str) -> Select[tuple[int]]:
    """The subscriptions of that name, whoever's they are, or that of "subscriber/name"."""
    whole = subscribers.c.name + "/" + subscriptions.c.name
    numbers = select(subscriptions.c.id).join_from(subscriptions, subscribers)
    return numbers.where((subscriptions.c.name == name) | (whole == name))


ANY = DeliveryFilter()
