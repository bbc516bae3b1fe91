"""From the outbox through Apprise to a real push server (the HTTP of ntfy): good, refusing, broken and hanging."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

import pytest
from aiohttp import web

from alerts.apprise_notifier import AppriseNotifier, send_apart
from flows.steps.alerting.deliver_alerts import deliver_alerts
from flows.steps.tools import Sender, Tools
from sectorwatch.domain import Secret, TargetKind
from sectorwatch.newsroom.loop import LoopThread
from sectorwatch.sandbox import Sandbox
from sectorwatch.settings import Settings
from storage.secrets import Vault
from storage.subscribers import subscriptions
from storage.unit_of_work import Store
from storage.views import queries
from tests.builders import NOON, add_entries, add_feed, add_subscription, read_article
from tests.conftest import FakeClock
from tests.integration.test_store_outbox import LATER, entry, file

DEADLINE = timedelta(seconds=2.5)  # Apprise's own is 4 s


@dataclass(kw_only=True)
class Ntfy:
    """Publishes what is posted as JSON to its root; answers a topic as it is told: "busy", "reset", "hang"."""

    port: int = 0
    weather: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)  # topics
    published: list[dict[str, str]] = field(default_factory=list)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        message = json.loads(await request.read())
        weather = self.weather.get(message["topic"], "")
        self.asked.append(message["topic"])
        if weather == "busy":
            return web.json_response({"code": 42901, "http": 429, "error": "limit reached"}, status=429)
        if weather == "hang":
            await asyncio.sleep(10)
        if weather and request.transport is not None:
            request.transport.abort()
        else:
            self.published.append(message)
        return web.json_response({"id": "1", "event": "message", **message})

    def on(self, topic: str) -> list[dict[str, str]]:
        return [message for message in self.published if message["topic"] == topic]


@contextmanager
def ntfy_server() -> Iterator[Ntfy]:
    ntfy, loop = Ntfy(), LoopThread("ntfy")

    async def start() -> web.ServerRunner:
        started = web.ServerRunner(web.Server(ntfy.answer, access_log=None), shutdown_timeout=0.05)
        await started.setup()
        await web.TCPSite(started, "127.0.0.1", 0).start()
        ntfy.port = int(started.addresses[0][1])
        return started

    runner = loop.call(start())
    try:
        yield ntfy
    finally:
        loop.call(runner.cleanup())
        loop.close()


@pytest.fixture
def ntfy() -> Iterator[Ntfy]:
    with ntfy_server() as running:
        yield running


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A process to send from, which has loaded Apprise: what counts against the deadline is the send."""
    with (
        Sandbox(workers=1, memory_bytes=1 << 30, preload=("alerts.apprise_call",)) as running,
        ntfy_server() as any_one,
    ):
        url = f"ntfy://127.0.0.1:{any_one.port}/topic"
        running.call(send_apart, url, "title", "text", timeout=60)
        yield running


def test_each_topic_gets_its_alert_whatever_becomes_of_the_others(
    store: Store, clock: FakeClock, ntfy: Ntfy, sandbox: Sandbox
) -> None:
    """The healthy one at once; the busy, broken and hanging ones by a repeat with the same words; no secret is kept."""
    topics = {"good": "", "limited": "busy", "broken": "reset", "stuck": "hang"}
    ntfy.weather |= topics
    clock.now = NOON
    add_subscription(store, *topics, kind=TargetKind.APPRISE, sectors=("kupiansk",))
    with store.write() as work:
        for target in subscriptions.every(work, Vault())[0].targets:
            subscriptions.put_target(
                work,
                Vault(),
                subscriber_id=target.subscriber_id,
                label=target.label,
                kind=TargetKind.APPRISE,
                secret=Secret(f"ntfy://robot:HUSHpass@127.0.0.1:{ntfy.port}/{target.label}"),
                signing_secret=None,
                now=NOON,
            )
        work.commit()
    add_entries(store, add_feed(store), 1, now=LATER)
    file(store, entry(store, 1), read_article())
    tools = Tools(settings=Settings(), store=store, vault=Vault(), clock=clock, random=Random(1))

    clock.now = LATER
    short = Sender(tools=tools, notifier=AppriseNotifier(sandbox, timeout=DEADLINE))
    assert asyncio.run(deliver_alerts(short)).sent == 1
    ((first),) = ntfy.on("good")
    with store.read() as work:
        rows = {row.target: row for row in queries.delivery_rows(work, limit=9)}
        ends = {topic: queries.attempt_rows(work, row.id)[0] for topic, row in rows.items()}
    assert {topic: row.state for topic, row in rows.items()} == {
        topic: "retry" if weather else "sent" for topic, weather in topics.items()
    }
    assert {topic: (end.outcome, end.status) for topic, end in ends.items()} == {
        "good": ("sent", None),
        "limited": ("retryable", 429),
        "broken": ("retryable", None),
        "stuck": ("unknown", None),
    }
    said = " ".join(end.detail for end in ends.values())
    assert not [secret for secret in ("HUSHpass", "robot", "127.0.0.1", str(ntfy.port)) if secret in said]

    ntfy.weather.clear()
    clock.advance(minutes=31)
    assert asyncio.run(deliver_alerts(Sender(tools=tools, notifier=AppriseNotifier(sandbox)))).sent == 3
    assert {(message["title"], message["message"]) for message in ntfy.published} == {
        (first["title"], first["message"])
    }
    assert first["title"] == "kupiansk: Title"
    assert {topic: ntfy.asked.count(topic) for topic in topics} == {"good": 1, "limited": 2, "broken": 2, "stuck": 2}
