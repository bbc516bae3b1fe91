"""Sends what is due: claim, render, commit; send with no transaction open; finish under the lease."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from alerts.channels import channel_of
from alerts.outbox import after
from alerts.render import render
from flows.steps.hold_back import held_back
from flows.steps.leasing import LEASE, kept
from flows.steps.tools import Sender, Tools
from sectorwatch.domain import AlertView, DeliveryState, Message, Outcome, OutcomeKind
from storage import outbox
from storage.alert_views import alert_view
from storage.outbox import Delivery
from storage.tables import deliveries as deliveries_table


@dataclass(kw_only=True)
class DeliverySummary:
    """What delivering did."""

    by_state: Counter[str] = field(default_factory=Counter)  # of each attempt's end
    failed: list[tuple[str, str]] = field(default_factory=list)  # (target's label, why)

    @property
    def sent(self) -> int:
        return self.by_state[DeliveryState.SENT.value]


async def deliver_alerts(sender: Sender, *, close_groups: bool = False) -> DeliverySummary:
    """Sends everything that is due now; with `close_groups` alerts do not wait for the end of their group window."""
    summary = DeliverySummary()
    while (batch := _claim(sender, close_groups)) is not None:
        claimed = batch
        by_target: dict[int, list[tuple[Delivery, Message | None]]] = {}
        for delivery, message in claimed:
            by_target.setdefault(delivery.target.id, []).append((delivery, message))
        # One at a time to a target, all targets at once: a slow one delays no other.
        tokens = {delivery.token for delivery, _ in claimed}
        async with kept(sender.tools, deliveries_table, *tokens):
            await asyncio.gather(*(_send_in_turn(sender, queue, summary) for queue in by_target.values()))
    return summary


async def drain(sender: Sender, *, seconds: float) -> DeliverySummary:
    """Sends whatever comes due, looking once a second, for so long."""
    tools, total = sender.tools, DeliverySummary()
    until = tools.clock() + timedelta(seconds=seconds)
    while True:
        summary = await deliver_alerts(sender)
        total.by_state += summary.by_state
        total.failed += summary.failed
        if tools.clock() >= until:
            return total
        await tools.sleep(1)


def _claim(sender: Sender, close_groups: bool) -> list[tuple[Delivery, Message | None]] | None:
    """Due deliveries with their messages, frozen before the first attempt; no message where it must not be sent.

    None when nothing is due. What is due in the reader's quiet hours is held back here, in the same transaction.
    """
    tools = sender.tools
    now, limit = tools.clock(), tools.settings.alerts.concurrency
    with tools.store.write() as work:
        claimed = outbox.claim_due(work, tools.vault, now=now, limit=limit, lease=LEASE, close_groups=close_groups)
        ready: list[tuple[Delivery, Message | None]] = []
        for delivery in claimed:
            if delivery.ended:
                ready.append((delivery, None))
                continue
            views = [] if delivery.payload else [alert_view(work, alert) for alert in delivery.alert_ids]
            if held_back(work, delivery, views, now=now):
                continue
            if delivery.payload is None:
                message = _rendered(tools, delivery, views)
                outbox.freeze(work, delivery.id, asdict(message))
            else:
                message = thawed(delivery.payload)
            ready.append((delivery, message))
        work.commit()
    return ready if claimed else None


def _rendered(tools: Tools, delivery: Delivery, views: list[AlertView]) -> Message:
    target = delivery.target
    return render(
        views,
        delivery_id=delivery.dedup_key,
        channel=channel_of(target.kind, target.secret.reveal()),
        public_url=tools.settings.public_url,
        heading=delivery.heading,
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
