"""How fast alerts go out: webhooks a second, how late they arrive, and what fifty targets that hang do to the others.

    python -m benchmarks delivery [--store postgresql://...] [--messages 2000]

The receiver is a process of its own. Beside our figure stands a bare loop of the same HTTP library that posts as many
bytes to the same receiver, keeps nothing, and claims nothing. The alerts have no articles: rendering is not measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

import aiohttp
from aiohttp import web

from alerts.apprise_notifier import AppriseNotifier
from alerts.dispatch import Dispatch
from alerts.mail import MailNotifier, Security, SmtpRelay
from alerts.outbox import dedup_key
from alerts.webhook import WebhookNotifier
from benchmarks.beside import beside
from flows.steps.alerting.deliver_alerts import deliver_alerts, drain
from flows.steps.tools import Sender, Tools
from sectorwatch.clock import system_clock
from sectorwatch.domain import Rule, Secret, TargetKind
from sectorwatch.net.client import ClientOptions, HttpClient
from sectorwatch.sandbox import Sandbox
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import AlertSettings
from storage import schema
from storage.alerting import outbox
from storage.engine import open_engine
from storage.reading import articles
from storage.secrets import Vault
from storage.subscribers import subscriptions
from storage.unit_of_work import Store

TARGETS = 32
HUNG = {TargetKind.WEBHOOK: 17, TargetKind.EMAIL: 17, TargetKind.APPRISE: 16}
LATE_S = 15.0  # how long the rolling drain is watched
GAP_S = 0.05  # between two alerts then
ASKED_A_SECOND, ASKED_LATE_S, ASKED_HUNG_S = 300, 3.0, 2.0


def receive(pipe: Any) -> None:
    """The receiver's process: /ok accepts and notes when, /hang does not answer; the second port never says a word."""
    accepted: dict[str, float] = {}

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/accepted":
            return web.json_response(accepted)
        await request.read()
        if request.path.startswith("/hang"):
            await asyncio.sleep(3600)
        accepted.setdefault(request.headers.get("webhook-id", ""), time.time())
        return web.Response(status=204)

    async def silent(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(3600)

    async def serve() -> None:
        runner = web.ServerRunner(web.Server(answer, access_log=None))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        mute = await asyncio.start_server(silent, "127.0.0.1", 0)
        pipe.send((runner.addresses[0][1], mute.sockets[0].getsockname()[1]))
        await asyncio.sleep(3600)

    asyncio.run(serve())


class Bench:
    """A store with one subscriber, and what sends from it."""

    def __init__(self, url: str, ports: tuple[int, int]) -> None:
        self.store = Store(open_engine(url))
        schema.ensure(self.store, migrate=True)
        self.http_port, self.mute_port = ports
        settings = Settings(alerts=AlertSettings(concurrency=TARGETS))
        self.tools = Tools(settings=settings, store=self.store, vault=Vault(), clock=system_clock, random=Random(1))
        with self.store.write() as work:
            self.person = subscriptions.put_subscriber(
                work, name="bench", zone="UTC", language="en", managed=False, now=system_clock()
            )
            work.commit()

    def targets(self, name: str, wanted: dict[TargetKind, int], path: str) -> list[int]:
        """A subscription with these targets; returns its number first, then theirs."""
        forms = {
            TargetKind.WEBHOOK: f"http://127.0.0.1:{self.http_port}/{path}/{{}}",
            TargetKind.EMAIL: "reader{}@example.org",
            TargetKind.APPRISE: f"json://127.0.0.1:{self.http_port}/{path}/{{}}",
        }
        now = system_clock()
        with self.store.write() as work:
            ids = [
                subscriptions.put_target(
                    work,
                    self.tools.vault,
                    subscriber_id=self.person,
                    label=f"{name}-{kind}-{number}",
                    kind=kind,
                    secret=Secret(forms[kind].format(number)),
                    signing_secret=Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") if kind == "webhook" else None,
                    now=now,
                )
                for kind, count in wanted.items()
                for number in range(count)
            ]
            found = subscriptions.put_subscription(
                work,
                subscriber_id=self.person,
                name=name,
                rule=Rule(),
                target_ids=ids,
                group_wait=timedelta(0),
                paused=False,
                managed=False,
                now=now,
            )
            work.commit()
        return [found, *ids]

    def alert(self, subscription: int, targets: list[int]) -> tuple[list[str], float]:
        """An alert to each of the targets, due now; their keys, and when they were committed."""
        now = datetime.now(UTC)
        with self.store.write() as work:
            story = articles.open_story(work, now=now)
            made = outbox.open_alert(
                work, subscription_id=subscription, sector="lyman", story_id=story, reason="x", now=now, flush_at=now
            )
            keys = [dedup_key(subscription, target, "lyman", story) for target in targets]
            for key, target in zip(keys, targets, strict=True):
                outbox.enqueue(
                    work,
                    subscription_id=subscription,
                    alert_id=made.id,
                    target_id=target,
                    dedup_key=key,
                    due_at=now,
                    held_for="",
                    now=now,
                )
            work.commit()
        return keys, time.time()

    async def sending(self, seconds: float | None) -> int:
        """Sends all that is due, or whatever comes due for so long; returns how many arrived."""
        relay = SmtpRelay(host="127.0.0.1", port=self.mute_port, sender="us@example.org", security=Security.NONE)
        with Sandbox(workers=4, preload=("alerts.apprise_call",)) as sandbox:
            async with HttpClient(ClientOptions(allow_networks=(ip_network("127.0.0.0/8"),))) as http:
                notifier = Dispatch(
                    {
                        TargetKind.WEBHOOK: WebhookNotifier(http, clock=system_clock),
                        TargetKind.EMAIL: MailNotifier(relay, clock=system_clock),
                        TargetKind.APPRISE: AppriseNotifier(sandbox),
                    }
                )
                sender = Sender(tools=self.tools, notifier=notifier)
                if seconds is None:
                    return (await deliver_alerts(sender)).sent
                task = asyncio.create_task(drain(sender, seconds=seconds))
                done, _ = await asyncio.wait({task}, timeout=seconds + 2)
                task.cancel()  # what hangs is not waited for
                await asyncio.gather(task, return_exceptions=True)
                return task.result().sent if done else 0

    async def accepted(self) -> dict[str, float]:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{self.http_port}/accepted") as answer,
        ):
            return dict(await answer.json())


async def raw(port: int, messages: int) -> float:
    """Posts a second by a bare loop, as many at once as we send."""
    body = json.dumps({"type": "sectorwatch.alert", "text": "x" * 600}).encode()
    left = iter(range(messages))

    async def posting(session: aiohttp.ClientSession) -> None:
        for number in left:
            async with session.post(
                f"http://127.0.0.1:{port}/ok/raw", data=body, headers={"webhook-id": f"raw-{number}"}
            ) as answer:
                await answer.read()

    began = time.perf_counter()
    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(posting(session) for _ in range(TARGETS)))
    return messages / (time.perf_counter() - began)


def throughput(bench: Bench, messages: int) -> None:
    subscription, *targets = bench.targets("many", {TargetKind.WEBHOOK: TARGETS}, "ok")
    for _ in range(messages // TARGETS):
        bench.alert(subscription, targets)
    wall, cpu = time.perf_counter(), time.process_time()
    sent = asyncio.run(bench.sending(None))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peer = asyncio.run(raw(bench.http_port, messages))
    print(f"webhooks to {TARGETS} targets: {sent / wall:.0f} a second ({ASKED_A_SECOND} asked), {sent} sent")
    print(f"  {cpu / sent * 1000:.2f} ms of CPU each; a core is busy {cpu / wall:.0%} of the time, the rest waits")
    print(f"  a bare aiohttp loop without a store: {peer:.0f} a second")


def lateness(bench: Bench, *, hung: bool) -> None:
    subscription, *targets = bench.targets("late", {TargetKind.WEBHOOK: 8}, "ok")
    if hung:
        stuck, *ids = bench.targets("hung", HUNG, "hang")
        for _ in range(3):
            bench.alert(stuck, ids)
    committed: dict[str, float] = {}
    random = Random(2)

    def feed() -> None:
        end = time.monotonic() + LATE_S
        while time.monotonic() < end:
            keys, at = bench.alert(subscription, [random.choice(targets)])
            committed.update(dict.fromkeys(keys, at))
            time.sleep(GAP_S)

    feeder = threading.Thread(target=feed)
    feeder.start()
    asyncio.run(bench.sending(LATE_S + 3))
    feeder.join()
    arrived = asyncio.run(bench.accepted())
    late = [max(arrived[key] - at, 0.0) for key, at in committed.items() if key in arrived]
    cuts = quantiles(late, n=20)
    what = f"beside {sum(HUNG.values())} targets that hang" if hung else "in quiet weather"
    asked = ASKED_HUNG_S if hung else ASKED_LATE_S
    print(f"due (at its commit) to accepted, {what}, {len(late)} of {len(committed)} alerts:")
    print(f"  p50 {cuts[9]:.2f} s, p95 {cuts[18]:.2f} s ({asked:.0f} s asked), worst {max(late):.2f} s")


def main(arguments: list[str] | None = None) -> int:
    """Runs the benchmark and prints its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", default="", help="address of an empty store (default: SQLite in a new folder)")
    parser.add_argument("--messages", type=int, default=2000)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sectorwatch-bench-") as folder, beside(receive) as ports:
        url = options.store or f"sqlite:///{Path(folder) / 'bench.db'}"
        print(f"deliveries: {url.partition(':')[0]}, {len(os.sched_getaffinity(0))} cores")
        bench = Bench(url, ports)
        throughput(bench, options.messages)
        lateness(bench, hung=False)
        lateness(bench, hung=True)
        bench.store.close()
    return 0
