"""What a process under test does: the real steps on a real store, to a real webhook receiver.

Pages and the sandbox are left out, so that it starts at once.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from random import Random
from typing import Any, cast
from zlib import crc32

from alerts.webhook import WebhookNotifier
from extractors.reading import PageToRead
from flows.steps.alerting.deliver_alerts import deliver_alerts, drain
from flows.steps.polling.poll_feeds import poll_feeds
from flows.steps.reading.read_articles import read_articles
from flows.steps.tools import Reader, Sender, Tools, Web
from sectorwatch.clock import Clock
from sectorwatch.domain import ReadArticle
from sectorwatch.net.client import Answer, ClientOptions, HttpClient
from sectorwatch.packing import pack
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import AlertSettings, FetchSettings, PollSettings, ReadSettings
from storage.engine import open_engine
from storage.secrets import Vault
from storage.unit_of_work import Store
from tests.builders import read_article
from tests.crashes.fast_time import FastLoop, fast_clock
from tests.crashes.points import Points, SeenSending
from tests.crashes.press import Press

_HTTP = ClientOptions(allow_networks=(ip_network("127.0.0.0/8"),))


@dataclass(frozen=True, kw_only=True)
class Job:
    """What a child is to do."""

    store: str  # address of the store
    now: str  # when it begins, ISO
    role: str = "rounds"  # "rounds", "poll", "read" or "send"
    cycles: int = 2  # of polls
    fatal: str = ""  # the point at which it dies
    passage: int = 1  # at its so many-th passage
    concurrency: int = 1
    record: str = ""  # file for the points that were passed, with counts
    began: float = 0.0  # of a fast clock
    speed: float = 1.0
    seed: int = 1


class EveryPage:
    """A web where every page is there at once."""

    async def get(self, url: str, **_options: Any) -> Answer:
        return Answer(url=url, status=200, headers={}, body=b"page", moved_to=None, ms=0)


class Understanding:
    """A sandbox that finds news of Kupiansk, another on every page."""

    async def run(self, _function: Any, page: PageToRead, *, timeout: float) -> ReadArticle:
        read = read_article(f"News of Kupiansk from {page.url}.", bands=(crc32(page.url.encode()),))
        return replace(read, packed=pack(page.html or b""))


def live(job: Job) -> None:
    """Plays the role of the job; reading and sending go on until the process is killed."""
    {"rounds": _rounds, "poll": _poll, "read": _read, "send": _send}[job.role](job)


def _rounds(job: Job) -> None:
    """Two rounds of reading and delivering, an hour apart: what is held for a digest goes out in the second."""
    times = [datetime.fromisoformat(job.now)]
    # Claimed one by one, so that every step is passed often.
    tools = _tools(job, lambda: times[-1], ReadSettings(in_flight=1))
    points = Points(fatal=job.fatal, passage=job.passage)
    points.watch(tools.store.engine)

    async def rounds() -> None:
        async with HttpClient(_HTTP) as http:
            notifier = SeenSending(WebhookNotifier(http, clock=tools.clock), points)
            for _ in range(2):
                await read_articles(_reader(tools))
                await deliver_alerts(Sender(tools=tools, notifier=notifier))
                times.append(times[-1] + timedelta(hours=1))

    asyncio.run(rounds())
    if job.record:
        Path(job.record).write_text(json.dumps(points.counts), "utf-8")


def _poll(job: Job) -> None:
    """Cycles of polls an hour apart, by two feeds at once."""
    times = [datetime.fromisoformat(job.now)]
    tools = _tools(job, lambda: times[-1], ReadSettings(), PollSettings(batch=2))
    points = Points(fatal=job.fatal, passage=job.passage)
    points.watch(tools.store.engine)
    for _ in range(job.cycles):
        asyncio.run(poll_feeds(Press(tools.clock).reader(tools)))
        times.append(times[-1] + timedelta(hours=1))
    if job.record:
        Path(job.record).write_text(json.dumps(points.counts), "utf-8")


def _read(job: Job) -> None:
    """Files what is to be read, looking once in a second of its fast time."""
    tools = _fast_tools(job)

    async def reading() -> None:
        while True:
            await read_articles(_reader(tools))
            await asyncio.sleep(1)

    with asyncio.Runner(loop_factory=lambda: FastLoop(job.speed)) as runner:
        runner.run(reading())


def _send(job: Job) -> None:
    """Drains the outbox for ever, in fast time."""
    tools = _fast_tools(job)

    async def sending() -> None:
        async with HttpClient(_HTTP) as http:
            sender = Sender(tools=tools, notifier=WebhookNotifier(http, clock=tools.clock))
            while True:
                await drain(sender, seconds=285)

    with asyncio.Runner(loop_factory=lambda: FastLoop(job.speed)) as runner:
        runner.run(sending())


def _fast_tools(job: Job) -> Tools:
    return _tools(job, fast_clock(datetime.fromisoformat(job.now), began=job.began, speed=job.speed), ReadSettings())


def _tools(job: Job, clock: Clock, read: ReadSettings, poll: PollSettings | None = None) -> Tools:
    alerts = AlertSettings(concurrency=job.concurrency, feed_cap=0, storm_floor=0)
    settings = Settings(alerts=alerts, fetch=FetchSettings(robots=False), read=read, poll=poll or PollSettings())
    store = Store(open_engine(job.store))
    return Tools(settings=settings, store=store, vault=Vault(), clock=clock, random=Random(job.seed))


def _reader(tools: Tools) -> Reader:
    web = Web(http=cast("Any", EveryPage()), robots=cast("Any", None))
    return Reader(tools=tools, web=web, sandbox=cast("Any", Understanding()))
