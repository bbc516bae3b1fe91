"""Puts an alert on its way to each target: in a delivery of its own, or in a digest. Does not commit."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.outbox import dedup_key, digest_key
from alerts.schedule import HOUR, Placement, end_of_hour, place
from sectorwatch.domain import Subscription, Target
from storage import digests, outbox
from storage.unit_of_work import Work

_WINDOWS = 3  # digests that may be closed before an alert goes alone: never lost, if not in the best company


def enqueue_alert(
    work: Work,
    subscription: Subscription,
    *,
    alert_id: int,
    sector: str,
    story: int,
    flush_at: datetime,
    critical: bool,
    now: datetime,
) -> None:
    """One delivery to each target of the subscription tells of a new alert."""
    for target in subscription.targets:
        alone = _joined(work, subscription, target, alert_id, flush_at, critical, now)
        if alone is None:
            continue
        outbox.enqueue(
            work,
            subscription_id=subscription.id,
            alert_id=alert_id,
            target_id=target.id,
            dedup_key=dedup_key(subscription.id, target.id, sector, story),
            due_at=alone.due_at,
            held_for=alone.held_for,
            now=now,
        )


def _joined(
    work: Work,
    subscription: Subscription,
    target: Target,
    alert_id: int,
    flush_at: datetime,
    critical: bool,
    now: datetime,
) -> Placement | None:
    """None: a digest tells of the alert, the next one where the first is closed already; else when it goes alone."""
    zone, at = ZoneInfo(subscription.subscriber.zone), now
    for _ in range(_WINDOWS):
        placed = place(
            subscription.schedule,
            zone,
            now=at,
            flush_at=flush_at,
            sent_in_hour=_sent(work, subscription, target, zone, max(at, flush_at)),
            critical=critical,
        )
        if not placed.period:
            break
        if digests.join(
            work,
            subscription_id=subscription.id,
            alert_id=alert_id,
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
