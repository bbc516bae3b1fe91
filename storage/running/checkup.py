"""What is likely not meant in what is stored: read for `doctor`, not for every cycle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from sectorwatch.domain import FeedState, Silence
from sectorwatch.errors import StoreError
from sectorwatch.notice import OPERATORS
from storage.alerting import silences
from storage.intake import network
from storage.intake.network import Outage
from storage.running import overview, watching
from storage.secrets import Vault
from storage.subscribers.subscriptions import rule_of
from storage.tables import (
    cycles,
    entries,
    feeds,
    polls,
    sectors,
    subscribers,
    subscription_targets,
    subscriptions,
    switches,
    targets,
)
from storage.unit_of_work import Work
from storage.upkeep.room import used_bytes


@dataclass(frozen=True, kw_only=True)
class Followed:
    """A subscription that nobody has paused or ended, and the sectors that it may tell of."""

    subscription_id: int
    subscriber_id: int
    sectors: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Checkup:
    """What was found."""

    feeds: int  # that are polled: nobody has paused them
    failing: list[tuple[int, str]]  # of these, number and reason of those that fail, or are gone
    outage: Outage | None  # of our own network
    unsent: list[str]  # "subscriber/label" of targets that are left alone for a time, as they failed
    seen: int  # entries of the last week
    refused: dict[str, int]  # how many of their pages did not give the article, by why, most first
    oldest_poll_at: datetime | None
    used_bytes: int
    subscriptions: int  # that nobody has paused or ended
    untold: list[str]  # "subscriber/name" of those of which nobody can be told
    unopened: str | None  # why the secret of a target cannot be read
    unsealed: int  # targets that were stored before there was a key
    last_cycle_at: datetime | None
    database_time: datetime | None  # of a server; SQLite has this machine's
    paused: str | None  # by whom and why alerts are
    held: bool  # by the storm brake
    silences: list[Silence]  # in force
    followed: list[Followed]


def checkup(work: Work, vault: Vault, *, now: datetime) -> Checkup:
    """All of it."""
    week = now - timedelta(days=7)
    lately = select(func.count()).select_from(entries).where(entries.c.first_seen_at >= week)
    told = (
        select(subscription_targets.c.subscription_id)
        .join_from(subscription_targets, targets)
        .where(targets.c.enabled, targets.c.confirmed_at.is_not(None), subscription_targets.c.ended_at.is_(None))
    )
    live = subscriptions.c.ended_at.is_(None) & ~subscriptions.c.paused & (subscribers.c.name != OPERATORS)
    named = select(subscribers.c.name, subscriptions.c.name).join_from(subscriptions, subscribers)
    untold = work.connection.execute(named.where(live, subscriptions.c.id.not_in(told)).order_by(subscriptions.c.id))
    counted = select(func.count()).select_from(subscriptions).join(subscribers)
    sealed = list(work.connection.execute(select(targets.c.secret)).scalars())
    paused = watching.paused(work)
    unwell = feeds.c.state.in_((FeedState.FAILING.value, FeedState.GONE.value))
    failing = work.connection.execute(select(feeds.c.id, feeds.c.reason).where(unwell).order_by(feeds.c.id))
    polled = select(func.count()).select_from(feeds).where(feeds.c.state != FeedState.PAUSED.value)
    left_alone = watching.target_facts(work, targets.c.enabled & (targets.c.breaker != "closed"))
    return Checkup(
        feeds=work.connection.execute(polled).scalar_one(),
        failing=[(number, reason) for number, reason in failing],
        outage=network.outage(work),
        unsent=[one.name for one in left_alone],
        seen=work.connection.execute(lately).scalar_one(),
        refused=overview.refusals(work, since=week),
        oldest_poll_at=work.connection.execute(select(func.min(polls.c.at))).scalar(),
        used_bytes=used_bytes(work),
        subscriptions=work.connection.execute(counted.where(live)).scalar_one(),
        untold=[f"{person}/{name}" for person, name in untold],
        unopened=next(filter(None, (_trouble(vault, secret) for secret in sealed)), None),
        unsealed=sum(not vault.keeps(secret) for secret in sealed),
        last_cycle_at=work.connection.execute(select(func.max(cycles.c.finished_at))).scalar(),
        database_time=work.connection.execute(select(func.clock_timestamp())).scalar() if work.postgresql else None,
        paused=None if paused is None else paused.detail,
        held=work.connection.execute(select(switches.c.name).where(switches.c.name == "storm")).first() is not None,
        silences=silences.active(work, now=now),
        followed=_followed(work, live),
    )


def _followed(work: Work, live: ColumnElement[bool]) -> list[Followed]:
    places = dict(
        work.connection.execute(select(sectors.c.id, sectors.c.place_names).order_by(sectors.c.id)).tuples().all()
    )
    columns = (subscriptions.c.id, subscriptions.c.subscriber_id, subscriptions.c.rule)
    rows = work.connection.execute(select(*columns).join_from(subscriptions, subscribers).where(live)).tuples()
    found = []
    for number, subscriber, stored in rows:
        rule = rule_of(stored)
        by_place = [sector for sector, there in places.items() if not there.keys().isdisjoint(rule.places)]
        told = [*rule.sectors, *by_place] if rule.sectors or rule.places else [*places]
        found.append(Followed(subscription_id=number, subscriber_id=subscriber, sectors=tuple(told)))
    return found


def _trouble(vault: Vault, sealed: str) -> str | None:
    try:
        vault.open(sealed)
    except StoreError as error:
        return str(error)
    return None
