"""Puts an alert on its way to each target: in a delivery of its own, or in a digest. Does not commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.outbox import dedup_key, digest_key
from alerts.schedule import HOUR, Placement, end_of_hour, place, zone_of
from flows.steps.alerting.storm_brake import Brake
from sectorwatch.domain import Guards, Subscription, Target
from storage.alerting import digests, outbox
from storage.unit_of_work import Work

_WINDOWS = 3  # digests that may be closed before an alert goes alone: never lost, if not in the best company


@dataclass(frozen=True, kw_only=True)
class NewAlert:
    """An alert that was just opened, as far as sending it needs."""

    id: int
    sector: str
    story_id: int
    window: int  # of its story: later ones are follow-ups
    feed_id: int | None  # that brought its first article
    flush_at: datetime
    waits_for: str = "group"  # until then; or "interval"
    critical: bool


def enqueue_alert(work: Work, subscription: Subscription, alert: NewAlert, brake: Brake, *, now: datetime) -> None:
    """One delivery to each target of the subscription tells of a new alert."""
    for target in subscription.targets:
        alone = _joined(work, subscription, target, alert, brake.guards, now)
        if alone is None:
            continue
        outbox.enqueue(
            work,
            subscription_id=subscription.id,
            alert_id=alert.id,
            target_id=target.id,
            dedup_key=dedup_key(subscription.id, target.id, alert.sector, alert.story_id, alert.window),
            due_at=alone.due_at,
            held_for=outbox.STORM if brake.holds(work, now) else alone.held_for,
            now=now,
        )


def _joined(
    work: Work, subscription: Subscription, target: Target, alert: NewAlert, guards: Guards, now: datetime
) -> Placement | None:
    """None: a digest tells of the alert, the next one where the first is closed already; else when it goes alone."""
    zone, at = zone_of(subscription.subscriber.zone), now
    for _ in range(_WINDOWS):
        placed = place(
            subscription.schedule,
            zone,
            now=at,
            flush_at=alert.flush_at,
            sent_in_hour=_sent(work, subscription, target, zone, max(at, alert.flush_at)),
            critical=alert.critical,
            feed_in_hour=_of_feed(work, subscription, alert, zone, at) if guards.feed_cap else 0,
            feed_cap=guards.feed_cap,
            waits_for=alert.waits_for,
        )
        if not placed.period:
            break
        if digests.join(
            work,
            subscription_id=subscription.id,
            alert_id=alert.id,
            target_id=target.id,
            dedup_key=digest_key(subscription.id, target.id, placed.period),
            due_at=placed.due_at,
            held_for=placed.held_for,
            heading=placed.heading,
            now=now,
        ):
            return None
        at = placed.due_at
    return placed


def _sent(work: Work, subscription: Subscription, target: Target, zone: ZoneInfo, at: datetime) -> int:
    if subscription.schedule.hourly_cap is None:
        return 0
    end = end_of_hour(zone, at)
    return digests.single_alerts(
        work, subscription_id=subscription.id, target_id=target.id, since=end - HOUR, until=end
    )


def _of_feed(work: Work, subscription: Subscription, alert: NewAlert, zone: ZoneInfo, at: datetime) -> int:
    if alert.feed_id is None:
        return 0
    end = end_of_hour(zone, at)
    opened = digests.alerts_of_feed(
        work, subscription_id=subscription.id, feed_id=alert.feed_id, since=end - HOUR, until=end
    )
    return len(opened - {alert.id})
