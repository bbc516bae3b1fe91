"""Deliveries in bad weather: targets that fail in every way, senders that die; nothing is lost or renamed."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest

from alerts.outbox import dedup_key
from flows.steps.deliver_alerts import deliver_alerts
from flows.steps.tools import Sender, Tools
from sectorwatch.domain import Message, Outcome, OutcomeKind, Target
from sectorwatch.settings import Settings
from storage import articles, outbox, queries, subscriptions
from storage.secrets import Vault
from storage.unit_of_work import Store
from tests.conftest import FakeClock
from tests.integration.test_store_outbox import subscribe

ALERTS = 400  # each to two targets


class Died(BaseException):
    """The sender's process is gone: nothing after it happens."""


class BadWeather:
    """Accepts most, refuses some, leaves some unknown, and dies now and then, before or after accepting."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.accepted: Counter[str] = Counter()
        self.deaths = 0

    async def send(self, target: Target, message: Message) -> Outcome:
        luck = self.random.random()
        if luck < 0.03:
            self.deaths += 1
            raise Died
        if luck < 0.15:
            return Outcome(kind=OutcomeKind.RETRYABLE, detail="503", status=503)
        self.accepted[message.id] += 1
        if luck < 0.18:
            self.deaths += 1
            raise Died
        if luck < 0.25:
            return Outcome(kind=OutcomeKind.UNKNOWN, detail="reset after sending")
        return Outcome(kind=OutcomeKind.SENT, detail="accepted", status=200)


@pytest.mark.full
def test_no_delivery_is_lost_in_bad_weather(store: Store, clock: FakeClock) -> None:
    """Every delivery is accepted at least once, under its one id, and is known as sent in the end."""
    subscribe(store, now=clock())
    random = Random(20260301)
    with store.write() as work:
        subscription = subscriptions.every(work, Vault())[0]
        wanted = set()
        for _ in range(ALERTS):
            story = articles.open_story(work, now=clock())
            alert = outbox.open_alert(
                work,
                subscription_id=subscription.id,
                sector="kupiansk",
                story_id=story,
                reason="test",
                now=clock(),
                flush_at=clock(),
            )
            for target in subscription.targets:
                key = dedup_key(subscription.id, target.id, "kupiansk", story)
                wanted.add(key)
                outbox.enqueue(
                    work,
                    subscription_id=subscription.id,
                    alert_id=alert.id,
                    target_id=target.id,
                    dedup_key=key,
                    due_at=clock(),
                    held_for="",
                    now=clock(),
                )
        work.commit()
    weather = BadWeather(random)
    tools = Tools(settings=Settings(), store=store, vault=Vault(), clock=clock, random=random)
    for _ in range(2_000):
        with suppress(Died):
            asyncio.run(deliver_alerts(Sender(tools=tools, notifier=weather)))
        with store.read() as work:
            totals = queries.totals(work)
        if not totals["deliveries_waiting"]:
            break
        clock.now += timedelta(seconds=50)
    assert weather.deaths > 20
    assert set(weather.accepted) == wanted
    assert totals["deliveries_sent"] == len(wanted)
    assert totals["deliveries_dead"] == 0
