"""Everything that is kept about a subscriber: to be shown to them, and to be forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, Table, delete, func, or_, select, text

from sectorwatch.domain import TargetKind
from sectorwatch.notice import OPERATORS
from storage.secrets import Vault
from storage.tables import (
    alert_articles,
    alerts,
    articles,
    confirmations,
    deliveries,
    delivery_alerts,
    delivery_attempts,
    false_alarms,
    silences,
    subscribers,
    subscription_targets,
    subscriptions,
    suppressions,
    targets,
)
from storage.unit_of_work import Work

_AT_ONCE = 500  # rows in memory
NOT_SHOWN = "kept, and not shown: it may hold keys of the operator"

Rows = Iterator[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    id: int
    name: str
    zone: str
    language: str
    managed: bool  # named in the applied file
    added_at: datetime
    targets: int
    subscriptions: int  # that have not ended


def person_rows(work: Work) -> list[PersonRow]:
    """Every subscriber, by name; not the operators themselves."""
    own = select(func.count()).where(targets.c.subscriber_id == subscribers.c.id).scalar_subquery()
    theirs = (subscriptions.c.subscriber_id == subscribers.c.id) & subscriptions.c.ended_at.is_(None)
    names = ("id", "name", "zone", "language", "managed", "added_at")
    chosen = select(
        *(subscribers.c[name] for name in names),
        own.label("targets"),
        select(func.count()).where(theirs).scalar_subquery().label("subscriptions"),
    )
    rows = work.connection.execute(chosen.where(subscribers.c.name != OPERATORS).order_by(subscribers.c.name))
    return [PersonRow(**row) for row in rows.mappings()]


def export(work: Work, vault: Vault, subscriber_id: int) -> Iterator[tuple[str, Rows | dict[str, Any]]]:
    """All rows about a subscriber, for them to read: with their e-mail addresses, without anybody's keys.

    By table, and within one as they are read: years of deliveries do not fit in memory.
    """
    own = targets.c.subscriber_id == subscriber_id
    mine = subscriptions.c.subscriber_id == subscriber_id
    my_targets = select(targets.c.id).where(own)
    my_subscriptions = select(subscriptions.c.id).where(mine)
    sent = deliveries.c.target_id.in_(my_targets)
    of_subscription = alerts.c.subscription_id.in_(my_subscriptions)
    told = alert_articles.c.alert_id.in_(select(alerts.c.id).where(of_subscription))
    of_delivery = select(deliveries.c.id).where(sent)
    titles = select(alert_articles, articles.c.title, articles.c.url).join_from(
        alert_articles, articles, alert_articles.c.article_id == articles.c.id
    )
    silenced = _silences(work, subscriber_id)
    whole = work.connection.execute(select(targets).where(own)).mappings()
    addresses = {row["id"]: _address(row, vault) for row in whole}
    yield "subscriber", next(_rows(work, subscribers, subscribers.c.id == subscriber_id))
    yield (
        "targets",
        (
            {**row, "address": addresses[row["id"]]}
            for row in _rows(work, targets, own, without=("secret", "signing_secret", "secret_hash"))
        ),
    )
    asked = confirmations.c.target_id.in_(my_targets)
    yield "confirmations", _rows(work, confirmations, asked, without=("token_hash",))
    yield "subscriptions", _rows(work, subscriptions, mine, without=("link_seed",))
    yield (
        "subscription_targets",
        _rows(work, subscription_targets, subscription_targets.c.target_id.in_(my_targets)),
    )
    yield "silences", _rows(work, silences, silences.c.id.in_(silenced))
    yield "alerts", _rows(work, alerts, of_subscription)
    yield "alert_articles", _read(work, titles.where(told))
    yield "suppressions", _rows(work, suppressions, suppressions.c.subscription_id.in_(my_subscriptions))
    yield "false_alarms", _rows(work, false_alarms, false_alarms.c.subscription_id.in_(my_subscriptions))
    yield "deliveries", _rows(work, deliveries, sent, without=("lease_token", "lease_until"))
    yield "delivery_alerts", _rows(work, delivery_alerts, delivery_alerts.c.delivery_id.in_(of_delivery))
    tried = delivery_attempts.c.delivery_id.in_(of_delivery)
    yield "delivery_attempts", _rows(work, delivery_attempts, tried, without=("lease_token",))


def erase(work: Work, subscriber_id: int) -> dict[str, int]:
    """Forgets a subscriber with everything that `export` shows; returns how many rows of what there were.

    Pages of an SQLite file that held it are overwritten.
    """
    if not work.postgresql:
        work.connection.execute(text("PRAGMA secure_delete = ON"))
    mine = select(subscriptions.c.id).where(subscriptions.c.subscriber_id == subscriber_id)
    theirs = select(targets.c.id).where(targets.c.subscriber_id == subscriber_id)
    counted: dict[str, ColumnElement[bool]] = {
        "targets": targets.c.subscriber_id == subscriber_id,
        "subscriptions": subscriptions.c.subscriber_id == subscriber_id,
        "alerts": alerts.c.subscription_id.in_(mine),
        "deliveries": or_(deliveries.c.target_id.in_(theirs), deliveries.c.subscription_id.in_(mine)),
        "false alarms": false_alarms.c.subscription_id.in_(mine),
    }
    gone = {
        name: int(work.connection.execute(select(func.count()).where(clause)).scalar_one())
        for name, clause in counted.items()
    }
    # What must not outlive them: elsewhere these are kept, with the number set to NULL.
    work.connection.execute(delete(false_alarms).where(false_alarms.c.subscription_id.in_(mine)))
    work.connection.execute(delete(silences).where(silences.c.id.in_(_silences(work, subscriber_id))))
    work.connection.execute(delete(subscribers).where(subscribers.c.id == subscriber_id))
    return gone


def forget_silences(work: Work, subscription_id: int) -> None:
    """Silences of a subscription that goes: its number may be given again."""
    named = select(silences.c.id, silences.c.matcher)
    found = [row.id for row in work.connection.execute(named) if row.matcher.get("subscription") == subscription_id]
    work.connection.execute(delete(silences).where(silences.c.id.in_(found)))


def _silences(work: Work, subscriber_id: int) -> set[int]:
    """Those that name the subscriber or a subscription of theirs."""
    chosen = select(subscriptions.c.id).where(subscriptions.c.subscriber_id == subscriber_id)
    mine = set(work.connection.execute(chosen).scalars())
    rows = work.connection.execute(select(silences.c.id, silences.c.matcher))
    return {
        row.id
        for row in rows
        if row.matcher.get("subscriber") == subscriber_id or row.matcher.get("subscription") in mine
    }


def _rows(work: Work, table: Table, clause: ColumnElement[bool], *, without: Collection[str] = ()) -> Rows:
    chosen = select(*(column for column in table.columns if column.name not in without)).where(clause)
    if table is not deliveries:  # whose messages would be sorted in memory, all of them
        chosen = chosen.order_by(*table.primary_key.columns)
    return _read(work, chosen)


def _read(work: Work, chosen: Select[Any]) -> Rows:
    read = work.connection.execution_options(yield_per=_AT_ONCE).execute(chosen).mappings()
    return (dict(row) for row in read)


def _address(row: RowMapping, vault: Vault) -> str:
    return vault.open(row["secret"]).reveal() if row["kind"] == TargetKind.EMAIL else NOT_SHOWN
