"""The storm brake: alerts that are held until operators decide.

What is held keeps its delivery, which nobody claims. Released, the alerts of one subscription and target are told
together; dropped, they are on record as suppressed. Nothing is lost either way.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from sectorwatch.domain import DeliveryKind, DeliveryState
from storage.alerting.outbox import GROUP, INTERVAL, STORM
from storage.tables import alert_articles, alerts, articles, deliveries, delivery_alerts, subscribers, subscriptions
from storage.tables import switches as switches_table
from storage.unit_of_work import Work

_SWITCH = "storm"
_HELD = (deliveries.c.state == DeliveryState.HELD.value) & (deliveries.c.held_for == STORM)
_CHUNK = 500  # ids in one statement


@dataclass(frozen=True, kw_only=True)
class Storm:
    """A storm that the brake holds."""

    since: datetime
    words: str  # what set it off
    stories: int  # held
    deliveries: int  # held


@dataclass(frozen=True, kw_only=True)
class HeldDelivery:
    """A delivery of one alert that the brake holds."""

    id: int
    subscription_id: int
    target_id: int
    alert_id: int


@dataclass(frozen=True, kw_only=True)
class HeldRow:
    """What is held of one sector for one subscription, as lists show it."""

    subscriber: str
    subscription: str
    sector: str
    stories: int
    example: str  # headline of one


def current(work: Work) -> Storm | None:
    """The storm that is held now."""
    row = work.connection.execute(select(switches_table).where(switches_table.c.name == _SWITCH)).mappings().first()
    if row is None:
        return None
    counts = select(func.count(deliveries.c.id.distinct()), func.count(alerts.c.story_id.distinct()))
    joined = counts.select_from(deliveries).join(delivery_alerts).join(alerts).where(_HELD)
    held, stories = work.connection.execute(joined).one()
    return Storm(since=row["set_at"], words=row["value"], stories=stories, deliveries=held)


def is_on(work: Work) -> bool:
    """Whether the brake holds a storm now."""
    wanted = select(switches_table.c.name).where(switches_table.c.name == _SWITCH)
    return work.connection.execute(wanted).first() is not None


def stories_told(work: Work, *, since: datetime, until: datetime | None = None) -> int:
    """How many stories (of a sector) opened alerts of their own in that time, to whomever; not those ended untold."""
    alone = (deliveries.c.kind == DeliveryKind.ALERT.value) & (deliveries.c.state != DeliveryState.SUPPRESSED.value)
    of_own = select(delivery_alerts.c.alert_id).join_from(delivery_alerts, deliveries)
    of_own = of_own.where(delivery_alerts.c.alert_id == alerts.c.id, alone)
    chosen = select(alerts.c.sector, alerts.c.story_id).where(alerts.c.opened_at > since, of_own.exists())
    if until is not None:
        chosen = chosen.where(alerts.c.opened_at <= until)
    told = select(func.count()).select_from(chosen.distinct().subquery())
    return int(work.connection.execute(told).scalar_one())


def begin(work: Work, *, words: str, since: datetime, now: datetime) -> None:
    """Pulls the brake: what was enqueued after `since` and nobody has claimed is held from now on."""
    table = deliveries.c
    waiting = (table.state == DeliveryState.HELD.value) & (table.held_for.in_((GROUP, INTERVAL)))
    young = (waiting | (table.state == DeliveryState.PENDING.value)) & (table.created_at > since)
    untold = young & (table.kind == DeliveryKind.ALERT.value) & (table.attempts == 0)
    wanted = select(table.id).where(untold).with_for_update(skip_locked=True)  # what is being claimed goes out
    values = {"state": DeliveryState.HELD.value, "held_for": STORM}
    for ids in _chunks(work.connection.execute(wanted).scalars().all()):
        work.connection.execute(update(deliveries).where(table.id.in_(ids)).values(**values))
    work.connection.execute(insert(switches_table).values(name=_SWITCH, value=words, set_at=now))


def end(work: Work) -> None:
    """Lets the brake go."""
    work.connection.execute(delete(switches_table).where(switches_table.c.name == _SWITCH))


def held_deliveries(work: Work) -> list[HeldDelivery]:
    """What is held, in the order in which it came."""
    columns = (deliveries.c.id, deliveries.c.subscription_id, deliveries.c.target_id, delivery_alerts.c.alert_id)
    wanted = select(*columns).join_from(deliveries, delivery_alerts).where(_HELD)
    rows = work.connection.execute(wanted.order_by(delivery_alerts.c.alert_id, deliveries.c.id)).mappings()
    return [HeldDelivery(**row) for row in rows]


def held_rows(work: Work) -> list[HeldRow]:
    """What is held, by subscription and sector, most stories first."""
    count = func.count(alerts.c.story_id.distinct()).label("stories")
    names = (subscribers.c.name.label("subscriber"), subscriptions.c.name.label("subscription"), alerts.c.sector)
    rows = work.connection.execute(
        select(*names, count, func.max(articles.c.title).label("example"))
        .join_from(deliveries, delivery_alerts)
        .join(alerts, alerts.c.id == delivery_alerts.c.alert_id)
        .join(subscriptions, subscriptions.c.id == alerts.c.subscription_id)
        .join(subscribers)
        .join(alert_articles, alert_articles.c.alert_id == alerts.c.id)
        .join(articles, articles.c.id == alert_articles.c.article_id)
        .where(_HELD)
        .group_by(subscribers.c.name, subscriptions.c.name, alerts.c.sector)
        .order_by(count.desc(), subscribers.c.name, subscriptions.c.name, alerts.c.sector)
    ).mappings()
    return [HeldRow(**row) for row in rows]


def close(work: Work, ids: Collection[int], *, reason: str) -> None:
    """Ends held deliveries: told in a digest, or not at all."""
    values = {"state": DeliveryState.SUPPRESSED.value, "held_for": "", "reason": reason}
    for some in _chunks(list(ids)):
        work.connection.execute(update(deliveries).where(deliveries.c.id.in_(some), _HELD).values(**values))


def _chunks(ids: Collection[int]) -> list[list[int]]:
    listed = list(ids)
    return [listed[at : at + _CHUNK] for at in range(0, len(listed), _CHUNK)]
