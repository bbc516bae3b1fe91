"""Holds back what comes due in the reader's quiet hours: hours that were set since, or a retry that falls into them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from alerts.outbox import digest_key
from alerts.schedule import is_critical, place, quiet_until, zone_of
from sectorwatch.domain import AlertView, DeliveryState, Schedule
from storage.alerting import digests, outbox
from storage.alerting.outbox import Delivery
from storage.unit_of_work import Work


def disturbs(delivery: Delivery, views: Sequence[AlertView], *, now: datetime) -> bool:
    """Whether this claimed delivery comes in its reader's quiet hours. A critical alert does not."""
    quiet = quiet_until(delivery.schedule, zone_of(delivery.zone), now) is not None
    return quiet and not any(critical(delivery.schedule, view) for view in views)


def hold_back(work: Work, claimed: Sequence[Delivery], *, now: datetime) -> None:
    """Puts these claimed deliveries off until their readers' quiet hours end. Does not commit.

    An alert that nobody has tried to send joins the digest that is told then. What was tried keeps its message and
    its id, and waits. In a unit of work of its own: whoever joins a digest has its turn, and holds nothing before.
    """
    outbox.take_turn(work)
    for delivery in claimed:
        if outbox.holds(work, delivery):
            _hold_back(work, delivery, now)


def _hold_back(work: Work, delivery: Delivery, now: datetime) -> None:
    zone = zone_of(delivery.zone)
    until = quiet_until(delivery.schedule, zone, now) or now
    state, reason, due_at = DeliveryState.HELD, "held until the quiet hours end", until
    if delivery.payload is None and delivery.subscription_id is not None and len(delivery.alert_ids) == 1:
        (alert_id,) = delivery.alert_ids
        placed = place(delivery.schedule, zone, now=now, flush_at=now, sent_in_hour=0, critical=False)
        key = digest_key(delivery.subscription_id, delivery.target.id, placed.period)
        if key != delivery.dedup_key and digests.join(
            work,
            subscription_id=delivery.subscription_id,
            alert_id=alert_id,
            target_id=delivery.target.id,
            dedup_key=key,
            due_at=placed.due_at,
            held_for=placed.held_for,
            heading=placed.heading,
            now=now,
        ):
            state, reason = DeliveryState.SUPPRESSED, "told in a digest, after the quiet hours"
    due = due_at if state is DeliveryState.HELD else None
    outbox.finish(work, delivery, state=state, due_at=due, reason=reason, outcome=None, now=now)


def critical(schedule: Schedule, view: AlertView) -> bool:
    """Whether the schedule has this alert go out at once."""
    return any(
        is_critical(schedule.critical, sector=one.sector, score=one.score, salience=one.salience)
        for one in view.evidence
    )
