"""The outbox: alerts, their deliveries and every attempt to send them.

An alert and its deliveries are written in the transaction of the article that caused them. A delivery is sent with
no transaction open, under a lease; who finishes it must still hold the lease.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    RowMapping,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from sectorwatch.domain import DeliveryKind, DeliveryState, Grounds, Outcome, Schedule, Target
from storage.alerting import still_wanted
from storage.alerting.still_wanted import joined, why_not
from storage.inserting import insert_ignoring
from storage.leases import claim, held
from storage.secrets import Vault
from storage.subscribers.subscriptions import schedule_of
from storage.subscribers.target_health import WAITING, Gap, Taken, expire, forget_probe, no_gap, take
from storage.tables import (
    alert_articles,
    alerts,
    deliveries,
    delivery_alerts,
    delivery_attempts,
    subscribers,
    subscriptions,
    suppressions,
    switches,
    targets,
)
from storage.unit_of_work import Work

_ROUNDS = 20  # of a claim that finds others faster; in the first it waits for them, with nothing locked
_DECIDING = 0x5EC7_0A1E_2757  # any number that is no band of a fingerprint, or so unlikely that a wait does no harm
GROUP = "group"  # held until the group window of its alert closes
INTERVAL = "interval"  # held until the story may be told of again
STORM = "storm"  # held until operators decide
QUIET = "quiet"  # held until the reader's quiet hours end


def _or_as_it_is(name: str, column: Column[Any]) -> ColumnElement[Any]:
    return func.coalesce(bindparam(name, type_=column.type), column)


# What is done for each message is written once: making a statement costs more than carrying it out.
_FREEZE = update(deliveries).where(deliveries.c.id == bindparam("number")).values(payload=bindparam("message"))
_FINISH = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("number"),
        deliveries.c.lease_token == bindparam("token"),  # a worker that was too slow changes nothing
        deliveries.c.state == DeliveryState.LEASED.value,
    )
    .values(
        state=bindparam("to_state"),
        reason=bindparam("why"),
        lease_token=None,
        lease_until=None,
        due_at=_or_as_it_is("due", deliveries.c.due_at),
        held_for=_or_as_it_is("held", deliveries.c.held_for),
        first_due_at=_or_as_it_is("first_due", deliveries.c.first_due_at),
        sent_at=_or_as_it_is("sent", deliveries.c.sent_at),
    )
)
_FINISH_LATE = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("number"),
        deliveries.c.lease_token.is_(None),
        deliveries.c.state.in_(WAITING),
        exists().where(  # the attempt was ours: it was not given back
            delivery_attempts.c.delivery_id == deliveries.c.id,
            delivery_attempts.c.n == bindparam("nth"),
            delivery_attempts.c.lease_token == bindparam("token"),
        ),
    )
    .values(state=bindparam("to_state"), reason=bindparam("why"), held_for="", sent_at=bindparam("sent"))
)
_END_ATTEMPT = (
    update(delivery_attempts)
    .where(delivery_attempts.c.delivery_id == bindparam("delivery"), delivery_attempts.c.n == bindparam("nth"))
    .values(ended_at=bindparam("at"), outcome=bindparam("how"), status=bindparam("code"), detail=bindparam("words"))
)


@dataclass(frozen=True, kw_only=True)
class Alert:
    id: int
    created: bool  # by this call
    closed: bool  # already rendered: what joins now is told no more


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A delivery that is leased to us."""

    id: int
    dedup_key: str
    kind: DeliveryKind
    alert_ids: tuple[int, ...]  # in the order in which they were added
    target: Target
    attempt: int  # this one, from 1
    first_due_at: datetime
    token: str
    payload: Mapping[str, Any] | None
    heading: str  # of a digest
    subscription_id: int | None  # None: a notice to operators, or a confirmation; no schedule holds it back
    schedule: Schedule
    zone: str  # of the reader
    link_seed: str  # of the subscription, "" where there is none
    ended: str  # why it must not be sent any more, or ""
    probe: bool = False  # the only one for a target that failed before: it tells whether the target is back


def take_turn(work: Work) -> None:
    """Waits until nobody else decides on alerts, then keeps others from it until this unit of work ends.

    Counts (of an hour, of a storm) then hold, and no two units of work wait for each other's digests.
    """
    work.lock(_DECIDING)


def open_alert(
    work: Work,
    *,
    subscription_id: int,
    sector: str,
    story_id: int,
    reason: str,
    now: datetime,
    flush_at: datetime,
    grounds: Grounds | None = None,
    window: int = 0,
) -> Alert:
    """The alert of this (subscription, sector, story); later windows are follow-ups. There is never a second one."""
    key = {"subscription_id": subscription_id, "sector": sector, "story_id": story_id, "window": window}
    why = None if grounds is None else asdict(grounds)
    created = insert_ignoring(work, alerts, **key, opened_at=now, flush_at=flush_at, reason=reason, grounds=why)
    same = and_(*(alerts.c[name] == value for name, value in key.items()))
    row = work.connection.execute(select(alerts.c.id, alerts.c.closed_at).where(same)).one()
    return Alert(id=row.id, created=created, closed=row.closed_at is not None)


def add_article(
    work: Work,
    alert_id: int,
    article_id: int,
    *,
    decision: str,
    reason: str,
    now: datetime,
    places: Collection[str] = (),
) -> None:
    """Records that an article is told of in an alert, or folded into it, and what settlements are told with it.

    An article that is on record there already keeps its decision; settlements that an edit adds are added.
    """
    row = {"alert_id": alert_id, "article_id": article_id, "decision": decision, "reason": reason}
    if insert_ignoring(work, alert_articles, **row, decided_at=now, places=sorted(places)) or not places:
        return
    table = alert_articles.c
    same = (table.alert_id == alert_id) & (table.article_id == article_id)
    known = work.connection.execute(select(table.places).where(same)).scalar_one()
    if known is not None:
        work.connection.execute(update(alert_articles).where(same).values(places=sorted({*known, *places})))


def suppress(
    work: Work, *, subscription_id: int, article_id: int, sector: str, code: str, reason: str, now: datetime
) -> None:
    """Records that a matching article is not told of, and why."""
    key = {"subscription_id": subscription_id, "article_id": article_id, "sector": sector}
    insert_ignoring(work, suppressions, **key, code=code, reason=reason, at=now)


def unsuppress(work: Work, *, subscription_id: int, article_id: int, sector: str) -> None:
    """Takes back a suppression that a later decision replaces: there is one decision at a time."""
    table = suppressions.c
    same = (table.subscription_id == subscription_id) & (table.article_id == article_id) & (table.sector == sector)
    work.connection.execute(suppressions.delete().where(same))


def enqueue(
    work: Work,
    *,
    subscription_id: int,
    alert_id: int,
    target_id: int,
    dedup_key: str,
    due_at: datetime,
    held_for: str,
    now: datetime,
) -> None:
    """Adds the delivery of an alert; one that exists already is left alone."""
    state = DeliveryState.HELD if held_for else DeliveryState.PENDING
    row = {"subscription_id": subscription_id, "target_id": target_id, "dedup_key": dedup_key, "state": state.value}
    if insert_ignoring(work, deliveries, **row, held_for=held_for, due_at=due_at, first_due_at=due_at, created_at=now):
        found = work.connection.execute(select(deliveries.c.id).where(deliveries.c.dedup_key == dedup_key)).scalar_one()
        work.connection.execute(insert(delivery_alerts).values(delivery_id=found, alert_id=alert_id))


def post(
    work: Work, *, target_id: int, kind: DeliveryKind, dedup_key: str, payload: Mapping[str, Any], now: datetime
) -> bool:
    """Adds a message of no subscription, rendered already: a notice, a confirmation. False when its key is there."""
    row = {"target_id": target_id, "kind": kind.value, "dedup_key": dedup_key, "payload": dict(payload)}
    times = {"due_at": now, "first_due_at": now, "created_at": now}
    return insert_ignoring(work, deliveries, **row, **times, state=DeliveryState.PENDING.value)


def alerts_paused(work: Work) -> bool:
    """Whether operators have stopped all alerts."""
    value = work.connection.execute(select(switches.c.value).where(switches.c.name == "alerts_paused")).scalar()
    return value == "yes"


def pause_alerts(work: Work, *, paused: bool, author: str, now: datetime, reason: str = "") -> None:
    """Stops all alerts, or lets them go: what came due meanwhile is held, and its time to live begins now.

    A second pause gives the first one another author and reason, and leaves it its beginning.
    """
    on, switch = alerts_paused(work), switches.c.name == "alerts_paused"
    said = {"author": author, "reason": reason}
    if paused and on:
        work.connection.execute(update(switches).where(switch).values(**said))
        return
    if on:
        abandoned = (deliveries.c.state == DeliveryState.LEASED.value) & (deliveries.c.lease_until <= now)
        waited = or_(deliveries.c.state.in_(WAITING) & (deliveries.c.due_at <= now), abandoned)
        work.connection.execute(update(deliveries).where(waited).values(first_due_at=now))
    work.connection.execute(switches.delete().where(switch))
    value = "yes" if paused else "no"
    work.connection.execute(insert(switches).values(name="alerts_paused", value=value, set_at=now, **said))


def claim_due(
    work: Work,
    vault: Vault,
    *,
    now: datetime,
    limit: int,
    lease: timedelta,
    close_groups: bool = False,
    busy: Collection[int] = (),
    gap: Gap = no_gap,
) -> list[Delivery]:
    """Deliveries whose time has come, leased; each has an attempt on record before anything is sent.

    With `close_groups`, alerts do not wait for the end of their group window. While alerts are paused only messages
    of no subscription are due. What goes to a `busy` target (by id) is left for later, and what goes to one that may
    not be sent to now (see `target_health`): it keeps its place and its attempts. Where another worker was faster with
    all that was seen, what comes after it is looked at.
    """
    table = deliveries.c
    due = _due(now)
    if close_groups:
        due = or_(due, (table.state == DeliveryState.HELD.value) & (table.held_for == GROUP))
    abandoned = (table.state == DeliveryState.LEASED.value) & (table.lease_until <= now)
    ready = _unpaused(work) & or_(due, abandoned) & table.target_id.not_in(busy)
    passed: list[int] = []
    for rounds in range(_ROUNDS):
        free = ready & table.id.not_in(passed) if passed else ready
        taken = take(work, vault, free, now=now, until=now + lease, limit=limit, gap=gap, skip_locked=rounds > 0)
        claimed = _claimed(work, taken, ready, now=now, lease=lease) if taken.ids else []
        if claimed or not taken.seen:
            return claimed
        passed += taken.seen
    return []


def _claimed(
    work: Work, taken: Taken, ready: ColumnElement[bool], *, now: datetime, lease: timedelta
) -> list[Delivery]:
    """What was taken, leased, with an attempt of each on record; without what another worker claimed meanwhile."""
    table = deliveries.c
    wanted = select(table.id).where(table.id.in_(taken.ids), ready).order_by(table.due_at, table.id)
    if joined_now := _joined_now(work, taken.ids):
        wanted = wanted.where(table.id.not_in(joined_now))
    leased = {"state": DeliveryState.LEASED.value, "held_for": "", "attempts": table.attempts + 1}
    token = claim(work, deliveries, wanted, now=now, lease=lease, **leased)
    rows = work.connection.execute(
        joined(
            select(
                deliveries,
                subscriptions.c.schedule,
                subscriptions.c.link_seed,
                subscribers.c.zone,
                *still_wanted.COLUMNS,
            )
            .join_from(deliveries, targets)
            .join(subscribers)
        )
        .where(table.lease_token == token)
        .order_by(table.due_at, table.id)
    ).mappings()
    found = rows.all()
    told = _alerts_of(work, [row["id"] for row in found])
    claimed = [_delivery(row, taken, told.get(row["id"], ()), token, now) for row in found]
    attempts = [
        {"delivery_id": delivery.id, "n": delivery.attempt, "lease_token": token, "started_at": now}
        for delivery in claimed
    ]
    if attempts:
        work.connection.execute(insert(delivery_attempts), attempts)
        ids = {alert for delivery in claimed for alert in delivery.alert_ids}
        work.connection.execute(
            update(alerts).where(alerts.c.id.in_(ids), alerts.c.closed_at.is_(None)).values(closed_at=now)
        )
    return claimed


def _joined_now(work: Work, ids: list[int]) -> set[int]:
    """Of these deliveries those whose alerts another unit of work has locked, to add to what they tell; locks the rest.

    Nobody is waited for: who adds may wait for us.
    """
    if not work.postgresql:
        return set()
    chosen = (delivery_alerts.c.delivery_id.in_(ids)) & alerts.c.closed_at.is_(None)
    pairs = select(delivery_alerts.c.delivery_id, alerts.c.id).join_from(delivery_alerts, alerts).where(chosen)
    waiting = work.connection.execute(pairs).tuples().all()
    if not waiting:
        return set()
    open_ones = select(alerts.c.id).where(alerts.c.id.in_({alert for _, alert in waiting})).order_by(alerts.c.id)
    ours = set(work.connection.execute(open_ones.with_for_update(key_share=True, skip_locked=True)).scalars())
    return {delivery for delivery, alert in waiting if alert not in ours}


def _alerts_of(work: Work, ids: list[int]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    table = delivery_alerts.c
    chosen = select(table.delivery_id, table.alert_id).where(table.delivery_id.in_(ids)).order_by(table.alert_id)
    for delivery, alert in work.connection.execute(chosen):
        found[delivery] = (*found.get(delivery, ()), alert)
    return found


def _due(now: datetime) -> ColumnElement[bool]:
    table = deliveries.c
    return table.state.in_(WAITING) & (table.due_at <= now) & (table.held_for != STORM)


def _unpaused(work: Work) -> ColumnElement[bool]:
    return deliveries.c.subscription_id.is_(None) if alerts_paused(work) else true()


def give_up_waiting(work: Work, *, lifetime: timedelta, now: datetime) -> int:
    """Ends what was due longer than `lifetime` ago and waits for a target that may not be sent to; how many it was."""
    overdue = _unpaused(work) & _due(now) & (deliveries.c.first_due_at <= now - lifetime)
    return expire(work, overdue, lifetime=lifetime, now=now)


def give_back(work: Work, claimed: Sequence[Delivery]) -> None:
    """Returns what was claimed and not begun to be sent: as if it had not been claimed."""
    for delivery in claimed:
        state = DeliveryState.RETRY if delivery.attempt > 1 else DeliveryState.PENDING
        values = {"state": state.value, "attempts": delivery.attempt - 1, "lease_token": None, "lease_until": None}
        mine = held(deliveries, delivery.id, delivery.token) & (deliveries.c.state == DeliveryState.LEASED.value)
        if work.connection.execute(update(deliveries).where(mine).values(**values)).rowcount == 1:
            attempt = (delivery_attempts.c.delivery_id == delivery.id) & (delivery_attempts.c.n == delivery.attempt)
            work.connection.execute(delivery_attempts.delete().where(attempt))
            if delivery.probe:
                forget_probe(work, delivery.target.id)


def _delivery(row: RowMapping, taken: Taken, told: tuple[int, ...], token: str, now: datetime) -> Delivery:
    target = taken.targets[row["target_id"]]
    return Delivery(
        id=row["id"],
        dedup_key=row["dedup_key"],
        kind=DeliveryKind(row["kind"]),
        alert_ids=told,
        target=target,
        attempt=row["attempts"],
        first_due_at=row["first_due_at"],
        token=token,
        payload=row["payload"],
        heading=row["heading"],
        subscription_id=row["subscription_id"],
        schedule=schedule_of(row["schedule"] or {}),
        zone=row["zone"],
        link_seed=row["link_seed"] or "",
        ended=why_not(row, now),
        probe=target.id in taken.probes,
    )


def ended(work: Work, delivery_id: int, *, now: datetime) -> str:
    """Why a delivery must not be sent any more, or "" when it must."""
    asked = joined(select(deliveries.c.subscription_id, *still_wanted.COLUMNS).join_from(deliveries, targets))
    row = work.connection.execute(asked.where(deliveries.c.id == delivery_id)).mappings().first()
    return "it was removed" if row is None else why_not(row, now)


def holds(work: Work, delivery: Delivery) -> bool:
    """Whether a claimed delivery is still ours; nobody takes it over before the unit of work ends."""
    mine = held(deliveries, delivery.id, delivery.token) & (deliveries.c.state == DeliveryState.LEASED.value)
    wanted = select(deliveries.c.id).where(mine).with_for_update()
    return work.connection.execute(wanted).first() is not None


def freeze(work: Work, delivery_id: int, payload: Mapping[str, Any]) -> None:
    """Keeps the rendered message: every attempt sends the same."""
    work.connection.execute(_FREEZE, {"number": delivery_id, "message": dict(payload)})


def finish(
    work: Work,
    delivery: Delivery,
    *,
    state: DeliveryState,
    due_at: datetime | None,
    reason: str,
    outcome: Outcome | None,
    now: datetime,
) -> bool:
    """Records how an attempt ended; False when the lease had passed to somebody else: then the delivery is theirs.

    A success that comes so late counts all the same where nobody holds the delivery any more and it would be sent
    again: it has been received, under its id.
    One that ends as held has not been tried: it waits for the end of quiet hours, and its time to live begins there.
    """
    kind, status = ("not sent", None) if outcome is None else (outcome.kind.value, outcome.status)
    held_back = state is DeliveryState.HELD
    ended = {
        "number": delivery.id,
        "token": delivery.token,
        "to_state": state.value,
        "why": reason,
        "due": due_at,
        "held": QUIET if held_back else None,
        "first_due": due_at if held_back else None,
        "sent": now if state is DeliveryState.SENT else None,
        "nth": delivery.attempt,
    }
    done = work.connection.execute(_FINISH, ended).rowcount == 1
    if not done and state is DeliveryState.SENT:
        done = work.connection.execute(_FINISH_LATE, ended).rowcount == 1
    told = {"delivery": delivery.id, "nth": delivery.attempt, "at": now, "how": kind, "code": status}
    work.connection.execute(_END_ATTEMPT, told | {"words": reason if outcome is None else outcome.detail})
    if outcome is None and delivery.probe:
        forget_probe(work, delivery.target.id)
    return done


def next_due(work: Work) -> datetime | None:
    """When the next waiting delivery comes due."""
    return work.connection.execute(
        select(func.min(deliveries.c.due_at)).where(deliveries.c.state.in_(WAITING), deliveries.c.held_for != STORM)
    ).scalar()
