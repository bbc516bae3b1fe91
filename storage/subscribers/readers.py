"""What a reader does to a subscription by links: ends, pauses and changes it. The applied file changes none of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from sectorwatch.domain import DeliveryState, ReaderState, Rule, Schedule, Subscriber, moment
from storage.subscribers.subscriptions import reader_state_of, rule_of, schedule_of, stored_schedule
from storage.subscribers.target_health import WAITING
from storage.tables import deliveries, subscribers, subscription_targets, subscriptions
from storage.unit_of_work import Work


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A subscription as its reader's pages show it."""

    id: int
    name: str
    subscriber: Subscriber
    rule: Rule
    schedule: Schedule
    group_wait: timedelta
    link_seed: str
    targets: tuple[int, ...]  # that it still goes to
    left_at: Mapping[int, datetime]  # targets that it does not go to any more
    paused: bool  # by the operator
    reader: ReaderState


def reading(work: Work, subscription_id: int) -> Reading | None:
    """The subscription of this number."""
    row = (
        work.connection.execute(
            select(subscriptions, subscribers.c.name.label("subscriber"), subscribers.c.zone, subscribers.c.language)
            .join_from(subscriptions, subscribers)
            .where(subscriptions.c.id == subscription_id)
        )
        .mappings()
        .first()
    )
    if row is None:
        return None
    table = subscription_targets.c
    mine = select(table.target_id, table.ended_at).where(table.subscription_id == subscription_id)
    targets = work.connection.execute(mine.order_by(table.target_id)).all()
    return Reading(
        id=row["id"],
        name=row["name"],
        subscriber=Subscriber(
            id=row["subscriber_id"], name=row["subscriber"], zone=row["zone"], language=row["language"]
        ),
        rule=rule_of(row["rule"]),
        schedule=schedule_of(row["schedule"]),
        group_wait=timedelta(seconds=row["group_wait_s"]),
        link_seed=row["link_seed"],
        targets=tuple(one.target_id for one in targets if one.ended_at is None),
        left_at={one.target_id: one.ended_at for one in targets if one.ended_at is not None},
        paused=row["paused"],
        reader=reader_state_of(row, frozenset(one.target_id for one in targets if one.ended_at is not None)),
    )


def leave(work: Work, subscription_id: int, target_id: int, *, now: datetime) -> None:
    """A subscription is not sent to this target any more; with its last target it ends. What is queued is suppressed.

    Done before, it changes nothing: the first time is the one on record.
    """
    _lock(work, subscription_id)
    table = subscription_targets.c
    mine = (table.subscription_id == subscription_id) & (table.target_id == target_id) & table.ended_at.is_(None)
    work.connection.execute(update(subscription_targets).where(mine).values(ended_at=now))
    others = select(table.target_id).where((table.subscription_id == subscription_id) & table.ended_at.is_(None))
    if work.connection.execute(others.limit(1)).first() is None:
        end(work, subscription_id, reason="the reader unsubscribed", now=now)
    _suppress(work, subscription_id, target_id, reason=f"the reader unsubscribed this target on {moment(now)}")


def rejoin(work: Work, subscription_id: int, target_id: int, *, now: datetime) -> None:
    """Takes back that the reader of this target left, or that a reader ended it all; others who left stay away.

    It begins anew: what was first seen before is not told.
    """
    _lock(work, subscription_id)
    table = subscription_targets.c
    mine = (table.subscription_id == subscription_id) & (table.target_id == target_id)
    work.connection.execute(update(subscription_targets).where(mine).values(ended_at=None))
    ended = (subscriptions.c.id == subscription_id) & subscriptions.c.ended_at.is_not(None)
    again = {"ended_at": None, "ended_reason": "", "active_from": now}
    work.connection.execute(update(subscriptions).where(ended).values(**again))


def end(work: Work, subscription_id: int, *, reason: str, now: datetime) -> None:
    """Ends a subscription with all its targets. What is queued is suppressed."""
    running = (subscriptions.c.id == subscription_id) & subscriptions.c.ended_at.is_(None)
    work.connection.execute(update(subscriptions).where(running).values(ended_at=now, ended_reason=reason))
    _suppress(work, subscription_id, None, reason=f"the subscription ended on {moment(now)}: {reason}")


def pause(work: Work, subscription_id: int, *, until: datetime | None, now: datetime) -> None:
    """Tells nothing until then, or until the reader resumes: what comes due meanwhile is suppressed at its claim."""
    chosen = update(subscriptions).where(subscriptions.c.id == subscription_id)
    work.connection.execute(chosen.values(paused_at=now, paused_until=until))


def resume(work: Work, subscription_id: int) -> None:
    """Ends the reader's pause."""
    chosen = update(subscriptions).where(subscriptions.c.id == subscription_id)
    work.connection.execute(chosen.values(paused_at=None, paused_until=None))


def change(work: Work, subscription_id: int, *, rule: Rule, schedule: Schedule, now: datetime) -> None:
    """Rule and schedule are the reader's own from now on: `apply` leaves them as they are."""
    chosen = update(subscriptions).where(subscriptions.c.id == subscription_id)
    work.connection.execute(chosen.values(rule=asdict(rule), schedule=stored_schedule(schedule), changed_at=now))


def set_zone(work: Work, subscriber_id: int, zone: str, *, now: datetime) -> None:
    """The time zone is the reader's own choice from now on."""
    chosen = update(subscribers).where(subscribers.c.id == subscriber_id)
    work.connection.execute(chosen.values(zone=zone, changed_at=now))


def schedules(work: Work, subscriber_id: int) -> dict[int, Schedule]:
    """The schedule of each subscription of a subscriber, by its number."""
    chosen = select(subscriptions.c.id, subscriptions.c.schedule).where(subscriptions.c.subscriber_id == subscriber_id)
    return {row.id: schedule_of(row.schedule) for row in work.connection.execute(chosen)}


def restart(work: Work, subscription_id: int, *, now: datetime) -> None:
    """Takes back what its reader did: the subscription runs again, for all its targets, from now on."""
    again = {"ended_at": None, "ended_reason": "", "paused_at": None, "paused_until": None, "changed_at": None}
    chosen = update(subscriptions).where(subscriptions.c.id == subscription_id)
    work.connection.execute(chosen.values(active_from=now, **again))
    person = select(subscriptions.c.subscriber_id).where(subscriptions.c.id == subscription_id).scalar_subquery()
    work.connection.execute(update(subscribers).where(subscribers.c.id == person).values(changed_at=None))
    left = update(subscription_targets).where(subscription_targets.c.subscription_id == subscription_id)
    work.connection.execute(left.values(ended_at=None))


def _lock(work: Work, subscription_id: int) -> None:
    """Two who leave at once see one another: the last one ends the subscription."""
    work.connection.execute(select(subscriptions.c.id).where(subscriptions.c.id == subscription_id).with_for_update())


def _suppress(work: Work, subscription_id: int, target_id: int | None, *, reason: str) -> None:
    waiting = (deliveries.c.subscription_id == subscription_id) & deliveries.c.state.in_(WAITING)
    if target_id is not None:
        waiting &= deliveries.c.target_id == target_id
    values = {"state": DeliveryState.SUPPRESSED.value, "reason": reason}
    work.connection.execute(update(deliveries).where(waiting).values(**values))
