"""Subscribers, their targets and what they subscribe to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select, update

from sectorwatch.domain import (
    Context,
    Critical,
    Every,
    Mode,
    Rule,
    Salience,
    Schedule,
    Secret,
    Side,
    Subscriber,
    Subscription,
    Target,
    TargetKind,
)
from storage.secrets import Vault, secret_hash
from storage.tables import subscribers, subscription_targets, subscriptions, targets
from storage.unit_of_work import Work


def target_of(row: RowMapping, vault: Vault) -> Target:
    return Target(
        id=row["id"],
        subscriber_id=row["subscriber_id"],
        kind=TargetKind(row["kind"]),
        label=row["label"],
        secret=vault.open(row["secret"]),
        signing_secret=None if row["signing_secret"] is None else vault.open(row["signing_secret"]),
        enabled=row["enabled"],
    )


def rule_of(stored: Mapping[str, Any]) -> Rule:
    """The rule as it was stored; what a later release added takes its default."""
    default = Rule()
    return Rule(
        sectors=tuple(stored.get("sectors", ())),
        places=tuple(stored.get("places", ())),
        languages=tuple(stored.get("languages", ())),
        sides=tuple(Side(side) for side in stored.get("sides", ())),
        publishers=tuple(stored.get("publishers", ())),
        min_score=stored.get("min_score", default.min_score),
        min_salience=Salience(stored.get("min_salience", default.min_salience)),
        context=Context(stored.get("context", default.context)),
    )


def schedule_of(stored: Mapping[str, Any]) -> Schedule:
    """The schedule as it was stored; what is missing takes its default."""
    default, quiet, critical = Schedule(), stored.get("quiet"), stored.get("critical", {})
    at = stored.get("digest_at")
    return Schedule(
        mode=Mode(stored.get("mode", default.mode)),
        every=Every(stored.get("every", default.every)),
        digest_at=default.digest_at if at is None else time.fromisoformat(at),
        weekday=stored.get("weekday", default.weekday),
        quiet=None if quiet is None else (time.fromisoformat(quiet[0]), time.fromisoformat(quiet[1])),
        critical=Critical(
            min_score=critical.get("min_score"),
            headline=critical.get("headline", False),
            sectors=tuple(critical.get("sectors", ())),
        ),
        hourly_cap=stored.get("hourly_cap"),
    )


def _stored(schedule: Schedule) -> dict[str, Any]:
    quiet = None if schedule.quiet is None else [clock.isoformat() for clock in schedule.quiet]
    return asdict(schedule) | {"digest_at": schedule.digest_at.isoformat(), "quiet": quiet}


def every(work: Work, vault: Vault) -> list[Subscription]:
    """All subscriptions with their subscribers and targets."""
    rows = work.connection.execute(select(targets)).mappings().all()
    by_id = {row["id"]: target_of(row, vault) for row in rows}
    chosen: dict[int, list[Target]] = defaultdict(list)
    for row in work.connection.execute(select(subscription_targets).order_by("target_id")).mappings():
        chosen[row["subscription_id"]].append(by_id[row["target_id"]])
    people = {
        row["id"]: Subscriber(id=row["id"], name=row["name"], zone=row["zone"], language=row["language"])
        for row in work.connection.execute(select(subscribers)).mappings()
    }
    return [
        Subscription(
            id=row["id"],
            subscriber=people[row["subscriber_id"]],
            name=row["name"],
            rule=rule_of(row["rule"]),
            targets=tuple(chosen[row["id"]]),
            active_from=row["active_from"],
            group_wait=timedelta(seconds=row["group_wait_s"]),
            paused=row["paused"],
            schedule=schedule_of(row["schedule"]),
        )
        for row in work.connection.execute(select(subscriptions).order_by(subscriptions.c.id)).mappings()
    ]


def target(work: Work, vault: Vault, target_id: int) -> Target | None:
    """The target of this number."""
    row = work.connection.execute(select(targets).where(targets.c.id == target_id)).mappings().first()
    return None if row is None else target_of(row, vault)


def put_subscriber(work: Work, *, name: str, zone: str, language: str, managed: bool, now: datetime) -> int:
    """Adds or changes the subscriber of this name; returns the id."""
    values = {"zone": zone, "language": language, "managed": managed}
    found = work.connection.execute(select(subscribers.c.id).where(subscribers.c.name == name)).scalar()
    if found is not None:
        work.connection.execute(update(subscribers).where(subscribers.c.id == found).values(**values))
        return int(found)
    row = insert(subscribers).values(name=name, added_at=now, **values).returning(subscribers.c.id)
    return int(work.connection.execute(row).scalar_one())


def put_target(
    work: Work,
    vault: Vault,
    *,
    subscriber_id: int,
    label: str,
    kind: TargetKind,
    secret: Secret,
    signing_secret: Secret | None,
    now: datetime,
) -> int:
    """Adds or changes the subscriber's target of this label; returns the id. Set by operators: taken as confirmed."""
    fingerprint = secret_hash(secret, signing_secret)
    same = (targets.c.subscriber_id == subscriber_id) & (targets.c.label == label)
    row = work.connection.execute(select(targets).where(same)).mappings().first()
    sealed = row is not None and vault.keeps(row["secret"])
    if row is not None and sealed and row["secret_hash"] == fingerprint and row["kind"] == kind.value:
        return int(row["id"])
    values = {
        "kind": kind.value,
        "secret": vault.seal(secret),
        "signing_secret": None if signing_secret is None else vault.seal(signing_secret),
        "secret_hash": fingerprint,
        "enabled": True,
        "disabled_reason": "",
        "confirmed_at": now,
    }
    if row is not None:
        work.connection.execute(update(targets).where(targets.c.id == row["id"]).values(**values))
        return int(row["id"])
    new = insert(targets).values(subscriber_id=subscriber_id, label=label, **values).returning(targets.c.id)
    return int(work.connection.execute(new).scalar_one())


def put_subscription(
    work: Work,
    *,
    subscriber_id: int,
    name: str,
    rule: Rule,
    target_ids: list[int],
    group_wait: timedelta,
    paused: bool,
    managed: bool,
    now: datetime,
    schedule: Schedule = Schedule(),  # noqa: B008 - frozen
) -> int:
    """Adds or changes the subscriber's subscription of this name; a new one is active from now. Returns the id."""
    values = {
        "rule": asdict(rule),
        "schedule": _stored(schedule),
        "group_wait_s": int(group_wait.total_seconds()),
        "paused": paused,
        "managed": managed,
    }
    same = (subscriptions.c.subscriber_id == subscriber_id) & (subscriptions.c.name == name)
    found = work.connection.execute(select(subscriptions.c.id).where(same)).scalar()
    if found is None:
        row = insert(subscriptions).values(subscriber_id=subscriber_id, name=name, active_from=now, **values)
        found = work.connection.execute(row.returning(subscriptions.c.id)).scalar_one()
    else:
        work.connection.execute(update(subscriptions).where(subscriptions.c.id == found).values(**values))
    work.connection.execute(delete(subscription_targets).where(subscription_targets.c.subscription_id == found))
    if target_ids:
        rows = [{"subscription_id": found, "target_id": target} for target in dict.fromkeys(target_ids)]
        work.connection.execute(insert(subscription_targets), rows)
    return int(found)


def remove_subscription(work: Work, subscription_id: int) -> None:
    """Ends a subscription; what was queued for it goes with it."""
    work.connection.execute(delete(subscriptions).where(subscriptions.c.id == subscription_id))


def names(work: Work, *, only_managed: bool = False) -> dict[tuple[str, str], int]:
    """Subscriptions, or those that came from the applied file: (subscriber, name) to id."""
    wanted = select(subscribers.c.name, subscriptions.c.name, subscriptions.c.id).join_from(subscriptions, subscribers)
    rows = work.connection.execute(wanted.where(subscriptions.c.managed) if only_managed else wanted)
    return {(subscriber, name): found for subscriber, name, found in rows}


def subscriber_names(work: Work) -> dict[str, int]:
    """Subscribers, name to id."""
    return dict(work.connection.execute(select(subscribers.c.name, subscribers.c.id)).tuples().all())
