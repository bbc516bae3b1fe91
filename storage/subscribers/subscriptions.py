"""Subscribers, their targets and what they subscribe to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, time, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select, update

from sectorwatch.domain import (
    Context,
    Critical,
    DeliveryState,
    Every,
    FollowUp,
    Mode,
    OnUnknown,
    ReaderPause,
    ReaderState,
    Rule,
    Salience,
    Schedule,
    Secret,
    Side,
    Subscriber,
    Subscription,
    Target,
    TargetHealth,
    TargetKind,
)
from storage.secrets import Vault, secret_hash
from storage.tables import confirmations, deliveries, subscribers, subscription_targets, subscriptions, targets
from storage.unit_of_work import Work

_WAITING = (DeliveryState.HELD, DeliveryState.PENDING, DeliveryState.LEASED, DeliveryState.RETRY)


def columns_of(health: TargetHealth) -> dict[str, Any]:
    """How a target is, as it is stored."""
    return {
        "breaker": health.circuit.value,
        "breaker_until": health.until,
        "breaker_since": health.since,
        "fail_streak": health.failures,
        "refused_streak": health.refusals,
        "refused_at": health.refused_at,
        "next_allowed_at": health.allowed_at,
    }


def target_of(row: RowMapping, vault: Vault) -> Target:
    return Target(
        id=row["id"],
        subscriber_id=row["subscriber_id"],
        kind=TargetKind(row["kind"]),
        label=row["label"],
        secret=vault.open(row["secret"]),
        signing_secret=None if row["signing_secret"] is None else vault.open(row["signing_secret"]),
        enabled=row["enabled"],
        confirmed=row["confirmed_at"] is not None,
        links=row["links"],
        on_unknown=OnUnknown(row["on_ambiguous"]),
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
        follow_up=FollowUp(**stored.get("follow_up", {})),
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


def stored_schedule(schedule: Schedule) -> dict[str, Any]:
    """The schedule as it is stored."""
    quiet = None if schedule.quiet is None else [clock.isoformat() for clock in schedule.quiet]
    return asdict(schedule) | {"digest_at": schedule.digest_at.isoformat(), "quiet": quiet}


_TARGETS, _SUBSCRIBERS = select(targets), select(subscribers)
_CHOSEN = select(subscription_targets).order_by(subscription_targets.c.target_id)
_SUBSCRIPTIONS = select(subscriptions).order_by(subscriptions.c.id)


def every(work: Work, vault: Vault, *, ended: bool = False) -> list[Subscription]:
    """All subscriptions with their subscribers and targets; with `ended` also those that their readers have ended."""
    rows = work.connection.execute(_TARGETS).mappings().all()
    by_id = {row["id"]: target_of(row, vault) for row in rows}
    chosen: dict[int, list[Target]] = defaultdict(list)
    left: dict[int, set[int]] = defaultdict(set)
    for row in work.connection.execute(_CHOSEN).mappings():
        if row["ended_at"] is None:
            chosen[row["subscription_id"]].append(by_id[row["target_id"]])
        else:
            left[row["subscription_id"]].add(row["target_id"])
    people = {
        row["id"]: Subscriber(id=row["id"], name=row["name"], zone=row["zone"], language=row["language"])
        for row in work.connection.execute(_SUBSCRIBERS).mappings()
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
            reader=reader_state_of(row, frozenset(left[row["id"]])),
        )
        for row in work.connection.execute(_SUBSCRIPTIONS).mappings()
        if ended or row["ended_at"] is None
    ]


def reader_state_of(row: RowMapping, left: frozenset[int] = frozenset()) -> ReaderState:
    """What the reader of a subscription has done to it."""
    since = row["paused_at"]
    return ReaderState(
        pause=None if since is None else ReaderPause(since=since, until=row["paused_until"]),
        ended_at=row["ended_at"],
        ended_reason=row["ended_reason"],
        left=left,
        changed_at=row["changed_at"],
    )


def target(work: Work, vault: Vault, target_id: int) -> Target | None:
    """The target of this number."""
    row = work.connection.execute(select(targets).where(targets.c.id == target_id)).mappings().first()
    return None if row is None else target_of(row, vault)


def put_subscriber(
    work: Work, *, name: str, zone: str, language: str, managed: bool, now: datetime, over_choice: bool = False
) -> int:
    """Adds or changes the subscriber of this name; returns the id.

    A zone that they chose themselves stays, unless it goes `over_choice`.
    """
    values: dict[str, Any] = {"zone": zone, "language": language, "managed": managed}
    chosen = select(subscribers.c.id, subscribers.c.changed_at).where(subscribers.c.name == name)
    found = work.connection.execute(chosen).first()
    if found is not None:
        if over_choice or found.changed_at is None:
            values |= {"changed_at": None}
        else:
            del values["zone"]
        work.connection.execute(update(subscribers).where(subscribers.c.id == found.id).values(**values))
        return int(found.id)
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
    links: bool = True,
    confirmed: bool = True,
    on_unknown: OnUnknown = OnUnknown.RETRY,
) -> int:
    """Adds or changes the subscriber's target of this label; returns the id.

    One that is not `confirmed` has to be asked (see `storage.subscribers.confirmations`), each time that its address
    changes. One that is disabled stays so while its address is the same.
    """
    fingerprint = secret_hash(secret, signing_secret)
    same = (targets.c.subscriber_id == subscriber_id) & (targets.c.label == label)
    row = work.connection.execute(select(targets).where(same)).mappings().first()
    sealed = row is not None and vault.keeps(row["secret"])
    same_address = row is not None and row["secret_hash"] == fingerprint and row["kind"] == kind.value
    if row is not None and sealed and same_address:
        late = {"confirmed_at": now} if confirmed and row["confirmed_at"] is None else {}
        wishes = {"links": links, "on_ambiguous": on_unknown.value}
        if late or any(row[name] != value for name, value in wishes.items()):
            work.connection.execute(update(targets).where(targets.c.id == row["id"]).values(**wishes, **late))
        return int(row["id"])
    asked = row["confirmed_at"] if row is not None and same_address else None
    values = {
        "kind": kind.value,
        "secret": vault.seal(secret),
        "signing_secret": None if signing_secret is None else vault.seal(signing_secret),
        "secret_hash": fingerprint,
        "confirmed_at": asked or (now if confirmed else None),
        "links": links,
        "on_ambiguous": on_unknown.value,
    }
    if row is not None:
        if not same_address:  # what was asked, and what was wrong, was about another one
            values |= {"enabled": True, "disabled_reason": "", **columns_of(TargetHealth())}
            work.connection.execute(delete(confirmations).where(confirmations.c.target_id == row["id"]))
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
    """Adds or changes the subscriber's subscription of this name; a new one is active from now. Returns the id.

    What its reader has done stays: an end, a pause, targets that were left.
    """
    values = {
        "rule": asdict(rule),
        "schedule": stored_schedule(schedule),
        "group_wait_s": int(group_wait.total_seconds()),
        "paused": paused,
        "managed": managed,
    }
    same = (subscriptions.c.subscriber_id == subscriber_id) & (subscriptions.c.name == name)
    found = work.connection.execute(select(subscriptions.c.id).where(same)).scalar()
    if found is None:
        new = {"subscriber_id": subscriber_id, "name": name, "active_from": now, "link_seed": token_hex(16)}
        row = insert(subscriptions).values(**new, **values)
        found = work.connection.execute(row.returning(subscriptions.c.id)).scalar_one()
    else:
        work.connection.execute(update(subscriptions).where(subscriptions.c.id == found).values(**values))
    table = subscription_targets.c
    mine = table.subscription_id == found
    # That a reader left a target is kept: it may come back into the file.
    unwanted = mine & table.target_id.not_in(target_ids) & table.ended_at.is_(None)
    work.connection.execute(delete(subscription_targets).where(unwanted))
    known = set(work.connection.execute(select(table.target_id).where(mine)).scalars())
    rows = [{"subscription_id": found, "target_id": target} for target in dict.fromkeys(target_ids)]
    if new_rows := [row for row in rows if row["target_id"] not in known]:
        work.connection.execute(insert(subscription_targets), new_rows)
    return int(found)


def rename(work: Work, subscription_id: int, name: str) -> None:
    """Gives a subscription another name; all else of it stays."""
    work.connection.execute(update(subscriptions).where(subscriptions.c.id == subscription_id).values(name=name))


def remove_subscription(work: Work, subscription_id: int) -> int:
    """Ends a subscription; what was queued for it goes with it, first, as those who claim it lock it first.

    Returns how many deliveries of it had not come to an end.
    """
    mine = deliveries.c.subscription_id == subscription_id
    waiting = deliveries.c.state.in_([state.value for state in _WAITING])
    waited = work.connection.execute(delete(deliveries).where(mine, waiting)).rowcount
    work.connection.execute(delete(deliveries).where(mine))
    work.connection.execute(delete(subscriptions).where(subscriptions.c.id == subscription_id))
    return waited


def zones(work: Work) -> dict[str, str]:
    """The time zone of each subscriber, by name."""
    rows = work.connection.execute(select(subscribers.c.name, subscribers.c.zone))
    return {row.name: row.zone for row in rows}


def names(work: Work, *, only_managed: bool = False) -> dict[tuple[str, str], int]:
    """Subscriptions, or those that came from the applied file: (subscriber, name) to id."""
    wanted = select(subscribers.c.name, subscriptions.c.name, subscriptions.c.id).join_from(subscriptions, subscribers)
    rows = work.connection.execute(wanted.where(subscriptions.c.managed) if only_managed else wanted)
    return {(subscriber, name): found for subscriber, name, found in rows}


def subscriber_names(work: Work) -> dict[str, int]:
    """Subscribers, name to id."""
    return dict(work.connection.execute(select(subscribers.c.name, subscribers.c.id)).tuples().all())
