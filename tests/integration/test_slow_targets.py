"""Targets that do not answer delay nobody else, on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random

from alerts.outbox import dedup_key
from flows.steps.alerting.deliver_alerts import deliver_alerts, drain
from flows.steps.tools import Sender, Tools
from sectorwatch.domain import Message, Outcome, OutcomeKind, Subscription, Target, TargetKind
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import AlertSettings
from storage.alerting import outbox
from storage.reading.stories import open_story
from storage.secrets import Vault
from storage.unit_of_work import Store
from storage.views import queries
from tests.builders import NOON, add_subscription
from tests.conftest import FakeClock

SENT = Outcome(kind=OutcomeKind.SENT, detail="accepted", status=200)


class Hanging:
    """Targets named "hung" answer only once all others have been sent to."""

    def __init__(self, healthy: int) -> None:
        self.left = healthy
        self.in_flight: set[str] = set()
        self.most_to_one = 0
        self.seen_hanging = 0
        self.done = asyncio.Event()

    async def send(self, target: Target, message: Message) -> Outcome:
        assert target.label not in self.in_flight, "two messages at once to one target"
        self.in_flight.add(target.label)
        if target.label.startswith("hung"):
            self.seen_hanging += 1
            await self.done.wait()
        else:
            await asyncio.sleep(0)
            self.left -= 1
            if self.left == 0:
                self.done.set()
        self.in_flight.remove(target.label)
        return SENT


def queue(store: Store, labels: list[str], *, each: int = 1) -> Subscription:
    """`each` alerts, due now, to each of the targets of one subscription, in the order of the labels."""
    subscription = add_subscription(store, *labels, kind=TargetKind.WEBHOOK)
    found, ids = subscription.id, [target.id for target in subscription.targets]
    with store.write() as work:
        for _ in range(each):
            story = open_story(work, now=NOON)
            alert = outbox.open_alert(
                work, subscription_id=found, sector="lyman", story_id=story, reason="", now=NOON, flush_at=NOON
            )
            for target in ids:
                outbox.enqueue(
                    work,
                    subscription_id=found,
                    alert_id=alert.id,
                    target_id=target,
                    dedup_key=dedup_key(found, target, "lyman", story),
                    due_at=NOON,
                    held_for="",
                    now=NOON,
                )
        work.commit()
    return subscription


def tools(store: Store, clock: FakeClock, concurrency: int) -> Tools:
    settings = Settings(alerts=AlertSettings(concurrency=concurrency))
    return Tools(settings=settings, store=store, vault=Vault(), clock=clock, random=Random(1))


def sent(store: Store) -> int:
    with store.read() as work:
        return queries.totals(work)["deliveries_sent"]


def test_healthy_targets_are_told_while_others_hang(store: Store, clock: FakeClock) -> None:
    """More targets hang than may be sent to at once, and came first: the others get everything all the same."""
    clock.now = NOON
    hung, healthy, each = [f"hung{n}" for n in range(6)], [f"good{n}" for n in range(5)], 3
    queue(store, [*hung, *healthy], each=each)

    async def deliver() -> Hanging:
        weather = Hanging(len(healthy) * each)
        async with asyncio.timeout(60):
            await deliver_alerts(Sender(tools=tools(store, clock, concurrency=4), notifier=weather))
        return weather

    weather = asyncio.run(deliver())
    assert weather.seen_hanging == len(hung) * each
    assert sent(store) == (len(hung) + len(healthy)) * each


def test_a_drain_that_is_over_finishes_what_flies_and_begins_no_more(store: Store, clock: FakeClock) -> None:
    """At its end a drain waits for what it sent, and leaves what comes due to the next one."""
    clock.now = NOON
    queue(store, ["good"], each=2)

    class Late:
        async def send(self, target: Target, message: Message) -> Outcome:
            clock.now = NOON + timedelta(minutes=6)
            return SENT

    late = Sender(tools=tools(store, clock, concurrency=1), notifier=Late())
    assert asyncio.run(drain(late, seconds=285)).sent == 1
    assert asyncio.run(drain(late, seconds=0)).sent == 1
