"""Sends what is due: claim, render, commit; send with no transaction open; finish under the lease."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from alerts.channels import channel_of
from alerts.outbox import after
from alerts.render import render
from flows.steps.hold_back import disturbs, hold_back
from flows.steps.keep_silent import without_silenced
from flows.steps.leasing import LEASE, kept
from flows.steps.tools import Sender, Tools
from sectorwatch.domain import NO_LINKS, AlertView, DeliveryState, Message, Outcome, OutcomeKind, ReaderLinks
from storage import outbox
from storage import silences as silence_store
from storage.alert_views import alert_view
from storage.outbox import Delivery
from storage.tables import deliveries as deliveries_table

_LOOK_S = 1.0  # how often we look for what has come due
_SOON_S = 1.0  # a target that takes longer gives its place to another
_MOST = 8  # times the concurrency: sends in flight, the slow ones among them


@dataclass(kw_only=True)
class DeliverySummary:
    """What delivering did."""

    by_state: Counter[str] = field(default_factory=Counter)  # of each attempt's end
    failed: list[tuple[str, str]] = field(default_factory=list)  # (target's label, why)

    @property
    def sent(self) -> int:
        return self.by_state[DeliveryState.SENT.value]


@dataclass(frozen=True, kw_only=True)
class _Flight:
    """What is being sent to one target, one message after the other."""

    target: int
    token: str
    since: float  # by the event loop's clock


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
                _take_off(sender, batch or [], flights, summary)
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
            for task in flights:
                task.cancel()
            await asyncio.gather(*flights, return_exceptions=True)


def _room(flights: Collection[_Flight], concurrency: int) -> int:
    """How many deliveries may be claimed. What is sent to a target that does not answer soon takes nobody's place."""
    soon = asyncio.get_running_loop().time() - _SOON_S
    return min(concurrency - sum(flight.since > soon for flight in flights), _MOST * concurrency - len(flights))


def _take_off(
    sender: Sender,
    batch: list[tuple[Delivery, Message | None]],
    flights: dict[asyncio.Task[None], _Flight],
    summary: DeliverySummary,
) -> None:
    by_target: dict[int, list[tuple[Delivery, Message | None]]] = {}
    for delivery, message in batch:
        by_target.setdefault(delivery.target.id, []).append((delivery, message))
    now = asyncio.get_running_loop().time()
    for target, queue in by_target.items():
        task = asyncio.create_task(_send_in_turn(sender, queue, summary))
        flights[task] = _Flight(target=target, token=queue[0][0].token, since=now)


def _claim(
    sender: Sender, close_groups: bool, busy: Collection[int], limit: int
) -> list[tuple[Delivery, Message | None]] | None:
    """Due deliveries with their messages, frozen before the first attempt; no message where it must not be sent.

    None when nothing is due. What is due in its reader's quiet hours is held back.
    """
    tools = sender.tools
    now = tools.clock()
    with tools.store.write() as work:
        claimed = outbox.claim_due(
            work, tools.vault, now=now, limit=limit, lease=LEASE, close_groups=close_groups, busy=busy
        )
        silences = silence_store.active(work, now=now)
        ready: list[tuple[Delivery, Message | None]] = []
        untimely: list[Delivery] = []
        for delivery in (without_silenced(work, one, silences, now=now) for one in claimed):
            if delivery.ended:
                ready.append((delivery, None))
                continue
            views = [] if delivery.payload else [alert_view(work, alert) for alert in delivery.alert_ids]
            if disturbs(delivery, views, now=now):
                untimely.append(delivery)
                continue
            if delivery.payload is None:
                message = _rendered(tools, delivery, views, now)
                outbox.freeze(work, delivery.id, asdict(message))
            else:
                message = thawed(delivery.payload)
            ready.append((delivery, message))
        work.commit()
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


def thawed(payload: Mapping[str, Any]) -> Message:
    """The message as it was frozen."""
    return Message(**payload)


async def _send_in_turn(sender: Sender, queue: list[tuple[Delivery, Message | None]], summary: DeliverySummary) -> None:
    for delivery, message in queue:
        outcome = None if message is None else await sender.notifier.send(delivery.target, message)
        _finish(sender, delivery, outcome, summary)


def _finish(sender: Sender, delivery: Delivery, outcome: Outcome | None, summary: DeliverySummary) -> None:
    tools = sender.tools
    now = tools.clock()
    if outcome is None:
        state, due_at, reason = DeliveryState.SUPPRESSED, None, delivery.ended
    else:
        then = after(outcome, attempts=delivery.attempt, first_due=delivery.first_due_at, now=now, random=tools.random)
        state, due_at, reason = then.state, then.due_at, then.reason
    with tools.store.write() as work:
        done = outbox.finish(work, delivery, state=state, due_at=due_at, reason=reason, outcome=outcome, now=now)
        work.commit()
    if not done:
        return
    summary.by_state[state.value] += 1
    if outcome is not None and outcome.kind is not OutcomeKind.SENT:
        summary.failed.append((delivery.target.label, reason))
