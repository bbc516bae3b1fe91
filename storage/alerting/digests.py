"""Digests: deliveries that alerts join until they are claimed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from sectorwatch.domain import DeliveryKind, DeliveryState, Schedule
from storage.inserting import insert_ignoring
from storage.subscribers.subscriptions import schedule_of
from storage.subscribers.target_health import WAITING
from storage.tables import alert_articles, alerts, articles, deliveries, delivery_alerts, subscribers, subscriptions
from storage.unit_of_work import Work

_CHUNK = 500  # ids in one statement


def join(
    work: Work,
    *,
    subscription_id: int,
    alert_id: int,
    target_id: int,
    dedup_key: str,
    due_at: datetime,
    held_for: str,
    heading: str,
    now: datetime,
) -> bool:
    """Adds an alert to the digest of this key, opened if need be; False when that is claimed or ended already.

    Whoever joins has its turn (see `outbox.take_turn`), so that a locked row is being claimed: it is not waited for.
    The row stays locked until the transaction ends: a claim comes before, and is seen, or after, and tells of it.
    """
    values = {"subscription_id": subscription_id, "target_id": target_id, "held_for": held_for, "heading": heading}
    times = {"due_at": due_at, "first_due_at": due_at, "created_at": now}
    state, kind = DeliveryState.HELD.value, DeliveryKind.DIGEST.value
    insert_ignoring(work, deliveries, dedup_key=dedup_key, state=state, kind=kind, **values, **times)
    wanted = select(deliveries.c.id, deliveries.c.state).where(deliveries.c.dedup_key == dedup_key)
    row = work.connection.execute(wanted.with_for_update(skip_locked=True)).first()
    if row is None or row.state != DeliveryState.HELD.value:
        return False
    insert_ignoring(work, delivery_alerts, delivery_id=row.id, alert_id=alert_id)
    return True


@dataclass(frozen=True, kw_only=True)
class Alone:
    """A delivery of one alert that is due and nobody has tried."""

    id: int
    subscription_id: int
    target_id: int
    alert_id: int
    schedule: Schedule
    zone: str  # of the reader


def waiting_alone(work: Work, *, now: datetime) -> list[Alone]:
    """Alerts that are due in deliveries of their own, by subscription and target, the oldest first."""
    table = deliveries.c
    due = table.state.in_(WAITING) & (table.due_at <= now) & (table.held_for != "storm")
    untold = due & (table.kind == DeliveryKind.ALERT.value) & (table.attempts == 0)
    rows = work.connection.execute(
        select(
            table.id,
            table.subscription_id,
            table.target_id,
            delivery_alerts.c.alert_id,
            subscriptions.c.schedule,
            subscribers.c.zone,
        )
        .join_from(deliveries, delivery_alerts)
        .join(subscriptions, subscriptions.c.id == table.subscription_id)
        .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
        .where(untold)
        .order_by(table.subscription_id, table.target_id, table.due_at, table.id)
    ).mappings()
    return [Alone(**{**row, "schedule": schedule_of(row["schedule"])}) for row in rows]


def told_there(work: Work, ids: Sequence[int], *, reason: str) -> None:
    """Ends deliveries whose alerts a digest tells of."""
    values = {"state": DeliveryState.SUPPRESSED.value, "held_for": "", "reason": reason}
    for at in range(0, len(ids), _CHUNK):
        chosen = deliveries.c.id.in_(ids[at : at + _CHUNK]) & deliveries.c.state.in_(WAITING)
        work.connection.execute(update(deliveries).where(chosen).values(**values))


def reschedule(work: Work, subscription_id: int, *, due_at: datetime) -> int:
    """What waits for another schedule of its subscription goes out at `due_at`; returns how many that are."""
    held_for = deliveries.c.held_for.in_(("quiet", "digest", "cap"))
    waiting = (deliveries.c.state == DeliveryState.HELD.value) & held_for
    mine = waiting & (deliveries.c.subscription_id == subscription_id)
    values = {"due_at": due_at, "first_due_at": due_at}
    return work.connection.execute(update(deliveries).where(mine).values(**values)).rowcount


def single_alerts(work: Work, *, subscription_id: int, target_id: int, since: datetime, until: datetime) -> int:
    """How many alerts of a subscription go to a target on their own from `since` to before `until`."""
    table = deliveries.c
    chosen = (table.subscription_id == subscription_id) & (table.target_id == target_id)
    chosen &= (table.kind == DeliveryKind.ALERT.value) & (table.state != DeliveryState.SUPPRESSED.value)
    chosen &= (table.first_due_at >= since) & (table.first_due_at < until)
    return int(work.connection.execute(select(func.count()).select_from(deliveries).where(chosen)).scalar_one())


def alerts_of_feed(work: Work, *, subscription_id: int, feed_id: int, since: datetime, until: datetime) -> set[int]:
    """The alerts of a subscription opened from `since` to before `until` whose first article this feed brought."""
    first = alert_articles.c.decision.in_(("alert", "follow_up"))
    chosen = (
        select(alerts.c.id)
        .join_from(alerts, alert_articles, (alert_articles.c.alert_id == alerts.c.id) & first)
        .join(articles, articles.c.id == alert_articles.c.article_id)
        .where(alerts.c.subscription_id == subscription_id, articles.c.feed_id == feed_id)
        .where(alerts.c.opened_at >= since, alerts.c.opened_at < until)
    )
    return set(work.connection.execute(chosen).scalars())
