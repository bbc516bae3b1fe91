"""Silences: what operators keep back for a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select, update

from sectorwatch.domain import Silence
from storage.tables import alerts, delivery_alerts, silences, subscribers, subscriptions
from storage.unit_of_work import Work


@dataclass(frozen=True, kw_only=True)
class SilenceRow:
    """A silence as lists show it."""

    silence: Silence
    subscription: str  # "SUBSCRIBER/NAME"; "" for all
    subscriber: str  # "" for all


def _silence(row: RowMapping) -> Silence:
    matcher = row["matcher"]
    return Silence(
        id=row["id"],
        sector=matcher.get("sector"),
        subscription_id=matcher.get("subscription"),
        subscriber_id=matcher.get("subscriber"),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        author=row["author"],
        reason=row["reason"],
    )


def add(
    work: Work,
    *,
    sector: str | None,
    subscription_id: int | None,
    subscriber_id: int | None,
    starts_at: datetime,
    ends_at: datetime,
    author: str,
    reason: str,
) -> int:
    """Adds a silence; returns its number."""
    stated = {"sector": sector, "subscription": subscription_id, "subscriber": subscriber_id}
    matcher: dict[str, Any] = {name: value for name, value in stated.items() if value is not None}
    times = {"starts_at": starts_at, "ends_at": ends_at}
    row = insert(silences).values(matcher=matcher, author=author, reason=reason, **times)
    return int(work.connection.execute(row.returning(silences.c.id)).scalar_one())


def active(work: Work, *, now: datetime) -> list[Silence]:
    """The silences in force."""
    return between(work, since=now, until=now)


def between(work: Work, *, since: datetime, until: datetime) -> list[Silence]:
    """The silences that were in force at some moment from `since` to `until`."""
    wanted = select(silences).where(silences.c.starts_at <= until, silences.c.ends_at > since).order_by(silences.c.id)
    return [_silence(row) for row in work.connection.execute(wanted).mappings()]


def end(work: Work, silence_id: int, *, now: datetime) -> bool:
    """Ends a silence now; False where there is none of this number in force."""
    mine = (silences.c.id == silence_id) & (silences.c.ends_at > now)
    return work.connection.execute(update(silences).where(mine).values(ends_at=now)).rowcount == 1


def silence_rows(work: Work, *, since: datetime | None, limit: int) -> list[SilenceRow]:
    """Silences that had not ended by `since` (None: all), with the names of what they match; newest first."""
    wanted = select(silences).order_by(silences.c.id.desc()).limit(limit)
    if since is not None:
        wanted = wanted.where(silences.c.ends_at > since)
    found = [_silence(row) for row in work.connection.execute(wanted).mappings()]
    people = dict(work.connection.execute(select(subscribers.c.id, subscribers.c.name)).tuples().all())
    wishes = select(subscriptions.c.id, subscribers.c.name, subscriptions.c.name).join_from(subscriptions, subscribers)
    names = {number: f"{person}/{name}" for number, person, name in work.connection.execute(wishes)}
    gone = "(removed)"
    return [
        SilenceRow(
            silence=one,
            subscription="" if one.subscription_id is None else names.get(one.subscription_id, gone),
            subscriber="" if one.subscriber_id is None else people.get(one.subscriber_id, gone),
        )
        for one in found
    ]


def sectors_of(work: Work, alert_ids: Collection[int]) -> dict[int, str]:
    """The sector of each of these alerts."""
    wanted = select(alerts.c.id, alerts.c.sector).where(alerts.c.id.in_(alert_ids))
    return dict(work.connection.execute(wanted).tuples().all())


def take_out(work: Work, delivery_id: int, alert_ids: Collection[int]) -> None:
    """The delivery does not tell of these alerts any more."""
    told = (delivery_alerts.c.delivery_id == delivery_id) & delivery_alerts.c.alert_id.in_(alert_ids)
    work.connection.execute(delete(delivery_alerts).where(told))
