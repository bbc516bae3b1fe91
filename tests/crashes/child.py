"""What a process under test does: the real steps on a real store, to a real webhook receiver.

Pages and the sandbox are left out, so that it starts and ends in a tenth of a second.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from random import Random
from typing import Any, cast
from zlib import crc32

from alerts.webhook import WebhookNotifier
from extractors.reading import PageToRead
from flows.steps.deliver_alerts import deliver_alerts
from flows.steps.read_articles import read_articles
from flows.steps.tools import Reader, Sender, Tools, Web
from sectorwatch.domain import ReadArticle
from sectorwatch.net.client import Answer, ClientOptions, HttpClient
from sectorwatch.settings import AlertSettings, FetchSettings, ReadSettings, Settings
from storage.engine import open_engine
from storage.secrets import Vault
from storage.unit_of_work import Store
from tests.builders import read_article
from tests.crashes.points import Points, SeenSending

LOOPBACK = ip_network("127.0.0.0/8")


@dataclass(frozen=True, kw_only=True)
class Job:
    """What a child is to do."""

    store: str  # address of the store
    now: str  # when it begins, ISO
    fatal: str = ""  # the point at which it dies
    passage: int = 1  # at its so many-th passage
    concurrency: int = 1
    record: str = ""  # file for the points that were passed, with counts


class EveryPage:
    """A web where every page is there at once."""

    async def get(self, url: str, **_options: Any) -> Answer:
        return Answer(url=url, status=200, headers={}, body=b"page", moved_to=None, ms=0)

    @asynccontextmanager
    async def turn(self, _host: str) -> AsyncIterator[None]:
        yield


class Understanding:
    """A sandbox that finds news of Kupiansk, another on every page."""

    async def run(self, _function: Any, page: PageToRead, *, timeout: float) -> ReadArticle:
        return read_article(f"News of Kupiansk from {page.url}.", bands=(crc32(page.url.encode()),))


def reader_of(tools: Tools) -> Reader:
    web = Web(http=cast("Any", EveryPage()), gate=cast("Any", EveryPage()), robots=cast("Any", None))
    return Reader(tools=tools, web=web, sandbox=cast("Any", Understanding()))


def live(job: Job) -> None:
    """Two rounds of reading and delivering, an hour apart: what is held for a digest goes out in the second."""
    store = Store(open_engine(job.store))
    points = Points(fatal=job.fatal, passage=job.passage)
    points.watch(store.engine)
    times = [datetime.fromisoformat(job.now)]
    settings = Settings(
        alerts=AlertSettings(concurrency=job.concurrency),
        fetch=FetchSettings(robots=False),
        read=ReadSettings(in_flight=1),  # claimed one by one: every step is passed often
    )
    tools = Tools(settings=settings, store=store, vault=Vault(), clock=lambda: times[-1], random=Random(1))

    async def rounds() -> None:
        async with HttpClient(ClientOptions(allow_networks=(LOOPBACK,))) as http:
            notifier = SeenSending(WebhookNotifier(http, clock=tools.clock), points)
            for _ in range(2):
                await read_articles(reader_of(tools))
                await deliver_alerts(Sender(tools=tools, notifier=notifier))
                times.append(times[-1] + timedelta(hours=1))

    asyncio.run(rounds())
    if job.record:
        Path(job.record).write_text(json.dumps(points.counts), "utf-8")
