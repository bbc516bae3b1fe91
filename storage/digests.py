"""Digests: deliveries that alerts join until they are claimed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from sectorwatch.domain import DeliveryKind, DeliveryState
from storage.outbox import insert_ignoring
from storage.tables import alert_articles, alerts, articles, deliveries, delivery_alerts
from storage.unit_of_work import Work


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
    first = alert_articles.c.decision == "alert"
    chosen = (
        select(alerts.c.id)
        .join_from(alerts, alert_articles, (alert_articles.c.alert_id == alerts.c.id) & first)
        .join(articles, articles.c.id == alert_articles.c.article_id)
        .where(alerts.c.subscription_id == subscription_id, articles.c.feed_id == feed_id)
        .where(alerts.c.opened_at >= since, alerts.c.opened_at < until)
    )
    return set(work.connection.execute(chosen).scalars())
