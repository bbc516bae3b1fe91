"""Sends what is due: claim, render, commit; send with no transaction open; finish under the lease."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import cache, partial
from types import MappingProxyType
from typing import Any

from alerts.channels import channel_of
from alerts.outbox import TIME_TO_LIVE
from alerts.pace import gap_of
from alerts.render import render
from flows.steps.alerting.hold_back import disturbs, hold_back
from flows.steps.alerting.keep_silent import without_silenced
from flows.steps.alerting.record_outcomes import DeliverySummary, Ended, Targets, record
from flows.steps.leasing import LEASE, kept
from flows.steps.together import Together
from flows.steps.tools import Sender, Tools
from sectorwatch.domain import NO_LINKS, AlertView, Message, ReaderLinks, Target
from sectorwatch.logs import about
from storage.alerting import outbox
from storage.alerting import silences as silence_store
from storage.alerting.outbox import Delivery
from storage.subscribers.target_health import end_queued
from storage.tables import deliveries as deliveries_table
from storage.views.alerts import alert_view

_log = logging.getLogger(__name__)
_LOOK_S = 1.0  # how often we look for what has come due
_SOON_S = 0.3  # a target that takes longer gives its place to another
_LANDING_S = 5.0  # for what is on its way when we are told to end; Docker kills after ten
_UNREADABLE = "it was put into words by another release, in a form that this one cannot read"
_MOST = 8  # times the concurrency: sends in flight, the slow ones among them

Queue = list[tuple[Delivery, Message | None]]
"""Of one target: messages to send; None where it must not be sent."""


Recording = Together[Ended, Targets]


@dataclass(frozen=True, kw_only=True)
class _Flight:
    """What is being sent to one target, one message after the other."""

    target: int
    token: str
    since: float  # by the event loop's clock
    queue: Queue  # what is not begun


async def deliver_alerts(sender: Sender, *, close_groups: bool = False) -> DeliverySummary:
    """Sends everything that is due now; with `close_groups` alerts do not wait for the end of their group window."""
    return await _send_all(sender, close_groups=close_groups, until=None)


async def drain(sender: Sender, *, seconds: float, look: Callable[[], None] = lambda: None) -> DeliverySummary:
    """Sends whatever comes due, looking once a second, for so long. Each time `look` may add what is to be sent."""
    until = sender.tools.clock() + timedelta(seconds=seconds)
    return await _send_all(sender, close_groups=False, until=until, look=look)


async def _send_all(
    sender: Sender, *, close_groups: bool, until: datetime | None, look: Callable[[], None] = lambda: None
) -> DeliverySummary:
    """Claims for idle targets while others are being sent to, so that a slow target delays nobody but itself.

    Ends when nothing is due and nothing in flight; with `until`, not before then, and nothing is claimed after it.
    """
    tools, summary = sender.tools, DeliverySummary()
    _give_up_waiting(tools)
    recorder = Recording(lambda ended: record(tools, ended, summary))
    flights: dict[asyncio.Task[None], _Flight] = {}
    first = True  # a drain claims once, however short it is
    async with kept(tools, deliveries_table) as tokens:
        try:
            while True:
                for task in [task for task in flights if task.done()]:
                    del flights[task]
                    task.result()
                look()
                over = until is None or tools.clock() >= until
                closed = over and until is not None and not first
                room = _room(flights.values(), tools.settings.alerts.concurrency)
                busy = {flight.target for flight in flights.values()}
                batch = _claim(sender, close_groups, busy, room) if room > 0 and not closed else None
                first = False
                _take_off(sender, batch or [], flights, recorder)
                recorder.in_flight = len(flights)
                tokens.clear()
                tokens.update(flight.token for flight in flights.values())
                if over and not flights and batch is None:
                    return summary
                if flights:
                    # Also after a claim: a send has to begin before more is claimed.
                    await asyncio.wait(flights, timeout=0 if batch else _LOOK_S, return_when=asyncio.FIRST_COMPLETED)
                elif batch is None:
                    await tools.sleep(_LOOK_S)
        finally:
            await _land(tools, flights)
            recorder.flush()


async def _land(tools: Tools, flights: Mapping[asyncio.Task[None], _Flight]) -> None:
    """Whatever ends a run: what is not begun is given back at once, what flies has a moment to arrive."""
    if not flights:
        return
    _give_back(tools, [flight.queue for flight in flights.values()])
    try:
        await asyncio.wait(flights, timeout=_LANDING_S)
    finally:
        for task in flights:
            task.cancel()
        await asyncio.gather(*flights, return_exceptions=True)


def _give_up_waiting(tools: Tools) -> None:
    """Once a run, as each lasts minutes at most."""
    with tools.store.write() as work:
        if outbox.give_up_waiting(work, lifetime=TIME_TO_LIVE, now=tools.clock()):
            work.commit()


def _room(flights: Collection[_Flight], concurrency: int) -> int:
    """How many deliveries may be claimed. What is sent to a target that does not answer soon takes nobody's place."""
    soon = asyncio.get_running_loop().time() - _SOON_S
    return min(concurrency - sum(flight.since > soon for flight in flights), _MOST * concurrency - len(flights))


def _take_off(
    sender: Sender,
    batch: Queue,
    flights: dict[asyncio.Task[None], _Flight],
    recorder: Recording,
) -> None:
    by_target: dict[int, Queue] = {}
    for delivery, message in batch:
        by_target.setdefault(delivery.target.id, []).append((delivery, message))
    now = asyncio.get_running_loop().time()
    for target, queue in by_target.items():
        task = asyncio.create_task(_send_in_turn(sender, queue, recorder))
        flights[task] = _Flight(target=target, token=queue[0][0].token, since=now, queue=queue)


def _claim(sender: Sender, close_groups: bool, busy: Collection[int], limit: int) -> Queue | None:
    """Due deliveries with their messages, frozen before the first attempt; no message where it must not be sent.

    None when nothing is due. What is due in its reader's quiet hours is held back.
    """
    tools = sender.tools
    now = tools.clock()
    with tools.store.write() as work:
        claimed = outbox.claim_due(
            work,
            tools.vault,
            now=now,
            limit=limit,
            lease=LEASE,
            close_groups=close_groups,
            busy=busy,
            gap=partial(_gap, tools),
        )
        silences = silence_store.active(work, now=now)
        seen = cache(partial(alert_view, work))  # an alert goes to several targets
        ready: Queue = []
        untimely: list[Delivery] = []
        rendered: list[tuple[Delivery, list[AlertView]]] = []
        for delivery in (without_silenced(work, one, silences, now=now) for one in claimed):
            if delivery.ended:
                ready.append((delivery, None))
                continue
            views = [seen(alert) for alert in delivery.alert_ids]
            if disturbs(delivery, views, now=now):
                untimely.append(delivery)
                continue
            message = None if delivery.payload is None else thawed(delivery.payload)
            if message is None and (views or delivery.payload is None):
                message = _rendered(tools, delivery, views, now)
                outbox.freeze(work, delivery.id, asdict(message))
                rendered.append((delivery, views))
            ready.append((delivery if message else replace(delivery, ended=_UNREADABLE), message))
        work.commit()
    for delivery, views in rendered:
        told = sorted({one.article_id for view in views for one in view.evidence})
        with about(delivery=delivery.id, alerts=list(delivery.alert_ids), articles=told):
            _log.info("put into words")
    if untimely:
        with tools.store.write() as work:
            hold_back(work, untimely, now=now)
            work.commit()
    return ready if claimed else None


def _rendered(tools: Tools, delivery: Delivery, views: list[AlertView], now: datetime) -> Message:
    target = delivery.target
    return render(
        views,
        delivery_id=delivery.dedup_key,
        channel=channel_of(target.kind, target.secret.reveal()),
        links=_links(tools, delivery, now),
        heading=delivery.heading,
        public_url=tools.settings.stories_url,
    )


def _links(tools: Tools, delivery: Delivery, now: datetime) -> ReaderLinks:
    if tools.links is None or delivery.subscription_id is None:
        return NO_LINKS
    return tools.links.of_delivery(
        subscription_id=delivery.subscription_id,
        target_id=delivery.target.id,
        alert_ids=delivery.alert_ids,
        seed=delivery.link_seed,
        private=delivery.target.links,
        now=now,
    )


def thawed(payload: Mapping[str, Any]) -> Message | None:
    """The message as it was frozen, perhaps by a later release, which knows more; None where too little is there."""
    try:
        return Message(**{name: value for name, value in payload.items() if name in Message.__dataclass_fields__})
    except TypeError:
        return None


async def _send_in_turn(sender: Sender, queue: Queue, recorder: Recording) -> None:
    """Sends to one target. When it is to be left alone, what is left of the queue is given back."""
    tools, claimed = sender.tools, asyncio.get_running_loop().time()
    while queue:
        delivery, message = queue.pop(0)
        began = asyncio.get_running_loop().time()
        if message is not None and began - claimed > _SOON_S:
            delivery = _as_it_is_now(tools, delivery)
            message = None if delivery.ended else message
        outcome = None if message is None else await sender.notifier.send(delivery.target, message)
        target = delivery.target.id
        now = await recorder.record(Ended(delivery=delivery, outcome=outcome, at=tools.clock()))
        gap = _gap(tools, delivery.target)
        if gap and message is not None:  # only one was claimed: as soon as the next may go, it is
            await tools.sleep(max(gap.total_seconds() - (asyncio.get_running_loop().time() - began), 0.0))
        health = now.health.get(target)  # none of a target that was erased meanwhile
        if queue and (health is None or target in now.disabled or health.waits(tools.clock())):
            _give_back(tools, [queue], disabled=now.disabled)


def _as_it_is_now(tools: Tools, delivery: Delivery) -> Delivery:
    """Its reader may have unsubscribed while it waited for those before it."""
    with tools.store.read() as work:
        return replace(delivery, ended=outbox.ended(work, delivery.id, now=tools.clock()))


def _give_back(tools: Tools, queues: Iterable[Queue], *, disabled: Mapping[int, str] = MappingProxyType({})) -> None:
    """What was claimed and not begun; for a target that was disabled meanwhile it is dead, as the rest of its queue."""
    left = [delivery for queue in queues for delivery, _message in queue]
    for queue in queues:
        queue.clear()
    if not left:
        return
    with tools.store.write() as work:
        outbox.give_back(work, left)
        for target, reason in disabled.items():
            end_queued(work, target, f"the target was disabled: {reason}", now=tools.clock())
        work.commit()


def _gap(tools: Tools, target: Target) -> timedelta:
    return gap_of(target, tools.settings.alerts.gap_s)
