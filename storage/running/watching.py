"""How things are, as far as operators should know: one look, cheap enough for every half minute."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from sectorwatch.domain import DeliveryKind, DeliveryState, FeedState, TargetKind
from sectorwatch.notice import (
    OPERATORS,
    DeadFact,
    Facts,
    FeedFact,
    HeldFact,
    MissedFact,
    MovedFact,
    QuarantineFact,
    TargetFact,
)
from sectorwatch.plurals import counted
from storage.intake import network
from storage.running import on_watch, troubled_runs
from storage.subscribers import target_health
from storage.subscribers.operators import is_out
from storage.tables import (
    deliveries,
    delivery_attempts,
    feeds,
    former_addresses,
    quarantine,
    subscribers,
    switches,
    targets,
)
from storage.unit_of_work import Work
from storage.upkeep import room

DEAD_WITHIN = timedelta(hours=1)  # a delivery that died longer ago is no news; a new one begins anew
QUARANTINED_WITHIN = timedelta(days=1)
MOVED_WITHIN = timedelta(days=1)
RUNS_WITHIN = timedelta(hours=1)  # without another such run for so long, it is over
MISSED_WITHIN = timedelta(hours=12)  # without another such poll for so long, the feed is polled often enough
_KILLS = 2  # after so many an input is left alone
_WAITING = (DeliveryState.PENDING.value, DeliveryState.RETRY.value, DeliveryState.HELD.value)


def facts(work: Work, *, now: datetime) -> Facts:
    """Everything at once."""
    return Facts(
        feeds=tuple(_feeds(work)),
        missed=tuple(_missed(work, now - MISSED_WITHIN)),
        moved=tuple(_moved(work, now - MOVED_WITHIN)),
        targets=tuple(_targets(work)),
        dead=tuple(dead_since(work, now - DEAD_WITHIN)),
        quarantined=tuple(_quarantined(work, now - QUARANTINED_WITHIN)),
        cycles_since=cycles_since(work),
        delivery_stopped_since=_delivery_stopped_since(work, now),
        runs=troubled_runs.since(work, now - RUNS_WITHIN),
        network_down=_network_down(work),
        no_room=_no_room(work, now),
        held=_held_by_brake(work),
        paused=paused(work),
    )


def _feeds(work: Work) -> list[FeedFact]:
    """Feeds that are not well."""
    unwell = feeds.c.state.in_((FeedState.FAILING.value, FeedState.SILENT.value, FeedState.GONE.value))
    rows = work.connection.execute(select(feeds).where(unwell).order_by(feeds.c.id)).mappings()
    return [
        FeedFact(
            id=row["id"],
            name=_name(row["title"], row["url"]),
            state=row["state"],
            since=row["state_since"],
            reason=row["reason"],
            failures=row["failures"],
        )
        for row in rows
    ]


def _moved(work: Work, since: datetime) -> list[MovedFact]:
    """Feeds whose address was changed since then, or that were paused as another feed has the new one."""
    rewritten = (
        select(former_addresses, feeds.c.title)
        .join_from(former_addresses, feeds)
        .where(former_addresses.c.moved_at >= since)
        .order_by(former_addresses.c.id)
    )
    found = [
        MovedFact(
            key=f"{row['feed_id']}:{row['id']}",
            name=_name(row["title"], row["url"]),
            at=row["moved_at"],
            detail=f"from {_bare(row['url'])} to {_bare(row['moved_to'])}; {_look_at(row['feed_id'])}",
        )
        for row in work.connection.execute(rewritten).mappings()
    ]
    itself = (feeds.c.paused_by == "sectorwatch") & feeds.c.reason.startswith("moved to ")
    onto_others = select(feeds).where(itself, feeds.c.state == FeedState.PAUSED.value, feeds.c.state_since >= since)
    return found + [
        MovedFact(
            key=f"{row['id']}:onto",
            name=_name(row["title"], row["url"]),
            at=row["state_since"],
            detail=f"to where another feed is watched already: this one is paused; {_look_at(row['id'])}",
        )
        for row in work.connection.execute(onto_others.order_by(feeds.c.id)).mappings()
    ]


def _look_at(feed_id: int) -> str:
    return f"'sectorwatch feeds show {feed_id}' has both addresses"


def _bare(url: str) -> str:
    """An address without its query, which may hold a key: no message needs it."""
    return url.partition("?")[0]


def _missed(work: Work, since: datetime) -> list[MissedFact]:
    """Feeds that may have missed items since then, paused ones aside."""
    lately = (feeds.c.missed_at >= since) & (feeds.c.state != FeedState.PAUSED.value)
    wanted = select(feeds.c.id, feeds.c.title, feeds.c.url, feeds.c.missed_at, feeds.c.missed_items)
    return [
        MissedFact(id=number, name=_name(title, url), at=at, count=count)
        for number, title, url, at, count in work.connection.execute(wanted.where(lately).order_by(feeds.c.id))
    ]


def _name(title: str, url: str) -> str:
    """How operators know a feed."""
    return title or _bare(url).partition("://")[2]


def _targets(work: Work) -> list[TargetFact]:
    """Targets that are left alone, and those that were disabled as they refused us; not those that people disabled."""
    refused = targets.c.enabled.is_(False) & targets.c.refused_at.is_not(None) & ~is_out()
    return target_facts(work, or_(refused, targets.c.breaker != "closed"))


def own_targets(work: Work) -> list[TargetFact]:
    """The targets of operators, the main one first."""
    return target_facts(work, (subscribers.c.name == OPERATORS) & ~is_out())


def target_facts(work: Work, wanted: ColumnElement[bool]) -> list[TargetFact]:
    """The targets that `wanted` is true of, in the order of operators."""
    rows = work.connection.execute(
        select(targets, subscribers.c.name.label("owner"))
        .join_from(targets, subscribers)
        .where(wanted)
        .order_by(targets.c.rank, targets.c.id)
    ).mappings()
    return [
        TargetFact(
            id=row["id"],
            name=f"{row['owner']}/{row['label']}",
            label=row["label"],
            kind=TargetKind(row["kind"]),
            enabled=row["enabled"],
            disabled_reason=row["disabled_reason"],
            circuit_open=row["breaker"] != "closed",
            refusing=row["refused_streak"] > 0,
            open_since=row["breaker_since"],
        )
        for row in rows
    ]


def dead_since(work: Work, since: datetime) -> list[DeadFact]:
    """Deliveries that died since then, by target; notices are not counted: none is sent about a notice."""
    table = deliveries.c
    died = func.max(delivery_attempts.c.ended_at).label("died")
    last = (
        select(delivery_attempts.c.delivery_id, died)
        .join_from(delivery_attempts, deliveries)
        .where(table.state == DeliveryState.DEAD.value, table.due_at >= since - timedelta(days=2))
        .group_by(delivery_attempts.c.delivery_id)
        .subquery()
    )
    rows = work.connection.execute(
        select(table.target_id, table.reason, last.c.died, targets.c.label, subscribers.c.name)
        .join_from(deliveries, last, last.c.delivery_id == table.id)
        .join(targets, targets.c.id == table.target_id)
        .join(subscribers)
        .where(last.c.died >= since, table.kind != DeliveryKind.NOTICE.value)
        .order_by(last.c.died)
    )
    found: dict[int, DeadFact] = {}
    for row in rows:
        before = found.get(row.target_id)
        found[row.target_id] = DeadFact(
            target_id=row.target_id,
            target=f"{row.name}/{row.label}",
            count=1 if before is None else before.count + 1,
            since=row.died if before is None else before.since,
            reason=row.reason,
        )
    return list(found.values())


def _quarantined(work: Work, since: datetime) -> list[QuarantineFact]:
    killed = (quarantine.c.kills >= _KILLS) & (quarantine.c.last_at >= since)
    rows = work.connection.execute(select(quarantine).where(killed).order_by(quarantine.c.id)).mappings()
    return [
        QuarantineFact(
            key=f"{row['input_hash']}:{row['version']}", url=row["url"], reason=row["reason"], at=row["last_at"]
        )
        for row in rows
    ]


def cycles_since(work: Work) -> datetime | None:
    """Since when one could have finished: the end of the last, or the start after a stop, if that came later."""
    first = select(func.min(feeds.c.added_at)).where(feeds.c.state != FeedState.PAUSED.value)
    begun = work.connection.execute(first).scalar()
    if begun is None:
        return None
    since, watch = on_watch.last_end(work) or begun, on_watch.current(work)
    return since if watch is None else max(since, watch.began)


def _delivery_stopped_since(work: Work, now: datetime) -> datetime | None:
    """When the oldest delivery came due that could be sent, while no attempt has been made since; else None."""
    able = targets.c.enabled & (targets.c.breaker == "closed") & target_health.able(now)
    due = deliveries.c.state.in_(_WAITING) & (deliveries.c.due_at <= now) & (deliveries.c.held_for != "storm")
    oldest = select(func.min(deliveries.c.due_at)).join_from(deliveries, targets).where(due, able)
    if paused(work) is not None:
        oldest = oldest.where(deliveries.c.subscription_id.is_(None))
    waits = work.connection.execute(oldest).scalar()
    newest = select(delivery_attempts.c.started_at).order_by(delivery_attempts.c.id.desc()).limit(1)
    tried = work.connection.execute(newest).scalar()
    return None if waits is None else max(waits, tried or waits)


def paused(work: Work) -> HeldFact | None:
    """Since when all alerts are paused, by whom and why; None: they are not."""
    row = work.connection.execute(_switch("alerts_paused").where(switches.c.value == "yes")).mappings().first()
    if row is None:
        return None
    why = f": {row['reason']}" if row["reason"] else ""
    return HeldFact(since=row["set_at"], detail=f"by {row['author'] or 'somebody'}{why}")


def _network_down(work: Work) -> HeldFact | None:
    out = network.outage(work)
    return None if out is None else HeldFact(since=out.since, detail=out.words)


def _no_room(work: Work, now: datetime) -> HeldFact | None:
    if not room.is_low(work.connection.engine):
        return None
    return HeldFact(since=now, detail=f"less than {room.LOW // 10**6} MB are free; pages are not kept meanwhile")


def _held_by_brake(work: Work) -> HeldFact | None:
    """Since when the storm brake holds alerts, and how many; None: it does not."""
    row = work.connection.execute(_switch("storm")).mappings().first()
    if row is None:
        return None
    held = select(func.count()).where(deliveries.c.state == DeliveryState.HELD.value, deliveries.c.held_for == "storm")
    count = work.connection.execute(held).scalar_one()
    return HeldFact(since=row["set_at"], detail=f"{counted(count, 'delivery', 'deliveries')}; {row['value']}")


def _switch(name: str) -> Select[Any]:
    return select(switches).where(switches.c.name == name)
