"""What readers call false alarms: kept for operators with what was said and why, as it was then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select, update

from storage.inserting import insert_ignoring
from storage.sectors import named
from storage.tables import (
    alert_articles,
    alerts,
    articles,
    false_alarms,
    mentions,
    sectors,
    subscribers,
    subscriptions,
)
from storage.unit_of_work import Work


@dataclass(frozen=True, kw_only=True)
class FalseAlarm:
    """One report; numbers are None where the row that they name is gone."""

    id: int
    at: datetime
    sector: str
    subscriber: str | None
    subscription: str | None
    alert_id: int | None
    article_id: int | None
    mention_ids: tuple[int, ...]
    snapshot: Mapping[str, Any]
    note: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """What an alert told: enough to ask its reader about it."""

    sector: str  # its name, in the reader's language where it has one
    headline: str
    reported: bool


def told(work: Work, subscription_id: int, alert_id: int, *, language: str) -> Told | None:
    """The alert of this number, if it is this subscription's."""
    mine = (alerts.c.id == alert_id) & (alerts.c.subscription_id == subscription_id)
    called = select(alerts.c.sector, sectors.c.name, sectors.c.names).where(mine)
    found = work.connection.execute(called.outerjoin_from(alerts, sectors, sectors.c.id == alerts.c.sector)).first()
    if found is None:
        return None
    sector = named(found.names, language, found.name or found.sector)
    lead = _lead(work, alert_id)
    before = work.connection.execute(select(false_alarms.c.id).where(false_alarms.c.alert_id == alert_id)).first()
    return Told(sector=sector, headline="" if lead is None else lead["title"], reported=before is not None)


def report(work: Work, subscription_id: int, alert_id: int, *, note: str, now: datetime) -> None:
    """Puts a report on record, one an alert: said again, only a new note is taken over."""
    alert = work.connection.execute(select(alerts).where(alerts.c.id == alert_id)).mappings().one()
    lead = _lead(work, alert_id)
    found = _mentions(work, None if lead is None else lead["id"], alert["sector"])
    row = {
        "subscription_id": subscription_id,
        "article_id": None if lead is None else lead["id"],
        "sector": alert["sector"],
        "mention_ids": [one["id"] for one in found],
        "snapshot": {
            "alert_reason": alert["reason"],
            "article": None
            if lead is None
            else {name: lead[name] for name in ("title", "url", "publisher", "language")},
            "mentions": [{name: one[name] for name in _KEPT} for one in found],
        },
    }
    new = insert_ignoring(work, false_alarms, alert_id=alert_id, note=note, at=now, **row)
    if note and not new:
        work.connection.execute(update(false_alarms).where(false_alarms.c.alert_id == alert_id).values(note=note))


def listed(work: Work, *, limit: int) -> list[FalseAlarm]:
    """The reports, newest first."""
    rows = work.connection.execute(
        select(false_alarms, subscriptions.c.name.label("subscription"), subscribers.c.name.label("subscriber"))
        .select_from(false_alarms.outerjoin(subscriptions).outerjoin(subscribers))
        .order_by(false_alarms.c.at.desc(), false_alarms.c.id.desc())
        .limit(limit)
    ).mappings()
    names = set(FalseAlarm.__dataclass_fields__) - {"mention_ids"}
    return [FalseAlarm(mention_ids=tuple(row["mention_ids"]), **{name: row[name] for name in names}) for row in rows]


_KEPT = ("place", "kind", "surface", "zone", "sentence", "context", "score", "reasons", "gazetteer_version")


def _lead(work: Work, alert_id: int) -> RowMapping | None:
    """The article that the alert tells of first."""
    return (
        work.connection.execute(
            select(articles)
            .join_from(alert_articles, articles, alert_articles.c.article_id == articles.c.id)
            .where(alert_articles.c.alert_id == alert_id)
            .order_by(articles.c.first_seen_at, articles.c.id)
            .limit(1)
        )
        .mappings()
        .first()
    )


def _mentions(work: Work, article_id: int | None, sector: str) -> list[RowMapping]:
    mine = (mentions.c.article_id == article_id) & (mentions.c.sector == sector)
    chosen = select(mentions).where(mine).order_by(mentions.c.score.desc(), mentions.c.id).limit(20)
    return list(work.connection.execute(chosen).mappings())
