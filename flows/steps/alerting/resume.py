"""Lets alerts go again after a pause of all of them, as the caps of an hour allow. Does not commit."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from alerts.outbox import digest_key
from alerts.schedule import HOUR, end_of_hour, place, zone_of
from flows.steps.alerting.hold_back import critical
from storage.alerting import digests, outbox
from storage.alerting.digests import Alone
from storage.unit_of_work import Work
from storage.views.alerts import alert_view


def resume(work: Work, *, author: str, now: datetime) -> int:
    """Ends the pause; returns how many alerts that waited come in digests, as they are more than a cap allows.

    Of a subscription with an hourly cap so many of the oldest go out alone as the present hour has left; a critical
    alert always does.
    """
    outbox.take_turn(work)
    waiting = digests.waiting_alone(work, now=now) if outbox.alerts_paused(work) else []
    outbox.pause_alerts(work, paused=False, author=author, now=now)
    together = [
        one
        for _, group in groupby(waiting, key=lambda one: (one.subscription_id, one.target_id))
        for one in _too_many(work, list(group), now)
        if _joined(work, one, now)
    ]
    digests.told_there(
        work, [one.id for one in together], reason="told in a digest: too many waited for the pause to end"
    )
    return len(together)


def _too_many(work: Work, waiting: list[Alone], now: datetime) -> list[Alone]:
    """Those of one subscription and target that the cap of the present hour leaves no room for."""
    first = waiting[0]
    if first.schedule.hourly_cap is None:
        return []
    end = end_of_hour(zone_of(first.zone), now)
    in_hour = digests.single_alerts(
        work, subscription_id=first.subscription_id, target_id=first.target_id, since=end - HOUR, until=end
    )
    room = max(first.schedule.hourly_cap - (in_hour - len(waiting)), 0)
    held = [one for one in waiting if not critical(one.schedule, alert_view(work, one.alert_id))]
    alone = max(room - (len(waiting) - len(held)), 0)
    return held[alone:]


def _joined(work: Work, one: Alone, now: datetime) -> bool:
    cap = one.schedule.hourly_cap or 0
    placed = place(one.schedule, zone_of(one.zone), now=now, flush_at=now, sent_in_hour=cap, critical=False)
    return digests.join(
        work,
        subscription_id=one.subscription_id,
        alert_id=one.alert_id,
        target_id=one.target_id,
        dedup_key=digest_key(one.subscription_id, one.target_id, placed.period),
        due_at=placed.due_at,
        held_for=placed.held_for,
        heading=placed.heading,
        now=now,
    )
