"""What was to be told and is not, after all."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from sectorwatch.domain import DeliveryState
from storage.alerting.outbox import suppress
from storage.tables import alert_articles, alerts, deliveries, delivery_alerts
from storage.unit_of_work import Work


def suppress_alert(work: Work, alert_id: int, *, code: str, reason: str, now: datetime) -> None:
    """Records of every article of an alert that it is not told of after all; nothing where another target was told."""
    sent = (
        select(deliveries.c.id)
        .join_from(delivery_alerts, deliveries)
        .where(delivery_alerts.c.alert_id == alert_id, deliveries.c.state == DeliveryState.SENT.value)
    )
    if work.connection.execute(sent.limit(1)).first() is not None:
        return
    told = select(alerts.c.subscription_id, alerts.c.sector, alert_articles.c.article_id).join_from(
        alerts, alert_articles
    )
    for row in work.connection.execute(told.where(alerts.c.id == alert_id)).mappings().all():
        suppress(work, **row, code=code, reason=reason, now=now)
