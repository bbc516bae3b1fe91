"""A day of many feeds, some failing at any time: every item is stored once, nobody is pressed, memory stays flat."""

from __future__ import annotations

import asyncio
import gc
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest
from sqlalchemy import func, select

from extractors.reading import PRELOAD, read_feed
from flows.steps.polling.find_silent import find_silent
from flows.steps.polling.poll_feeds import poll_feeds
from flows.steps.polling.sharing_hosts import StoredBoard, StoredRules
from flows.steps.reading.read_articles import read_articles
from flows.steps.running.watch import watch
from flows.steps.tools import Reader, Tools, Web
from sectorwatch.net.client import ClientOptions, HttpClient
from sectorwatch.net.politeness import HostGate
from sectorwatch.net.robots import Robots
from sectorwatch.sandbox import Sandbox
from sectorwatch.settings import Settings
from storage.secrets import Vault
from storage.tables import articles, entries, feeds, polls
from storage.unit_of_work import Store
from tests.builders import NOON, add_feed, read_article
from tests.raw_web import LOOPBACK
from tests.soak.press import Paper, Press
from tests.soak.simulated_time import SimulatedLoop

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FAULTS = 0.1
GAP_S = 1.0
SHORTEST_GAP_MIN, LONGEST_GAP_MIN = 30, 360  # between two items of a feed: its list goes back six hours at least


class Soak:
    """The real steps against the press, a cycle a minute; hosts are shared, and feeds are parsed in the sandbox."""

    def __init__(self, store: Store, loop: SimulatedLoop, *, papers: int, pages: int) -> None:
        random = Random(1)
        self.papers = [
            Paper(
                host=f"h{number * 4 // 5}.example.org",  # some hosts have two feeds
                path=f"/feed{number}",
                gap=timedelta(minutes=random.randint(SHORTEST_GAP_MIN, LONGEST_GAP_MIN)),
                pages=number < pages,
            )
            for number in range(papers)
        ]
        self.store, self.loop = store, loop
        self.sandbox = Sandbox(workers=2, preload=PRELOAD, patience=4)
        self.clock = loop.clock(NOON)
        self.press = Press(self.papers, clock=self.clock, seed=2, faults=FAULTS, gap_s=GAP_S)
        self.tools = Tools(settings=Settings(), store=store, vault=Vault(), clock=self.clock, random=Random(3))
        self.memory: list[float] = []  # MB, at the end of each hour
        for paper in self.papers:
            add_feed(store, paper.url, now=NOON)

    async def run(self, function: Any, *args: Any, timeout: float) -> Any:
        """Feeds are parsed in a process of their own, which takes no simulated time; pages need no reading."""
        if function is read_feed:
            with self.loop.on_its_way():
                return await self.sandbox.run(function, *args, timeout=timeout)
        page = args[0]
        return read_article(page.feed.summary if page.html is None else page.html.decode())

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[Reader]:
        runner = await self.press.start()
        address = f"127.0.0.1:{runner.addresses[0][1]}"
        options = ClientOptions(allow_networks=LOOPBACK, hosts={paper.host: address for paper in self.papers})
        gate = HostGate(gap=GAP_S, board=StoredBoard(self.tools), clock=self.clock, now=self.loop.time)

        @asynccontextmanager
        async def turn(host: str) -> AsyncIterator[None]:
            """The wait takes simulated time, the request takes none."""
            async with gate.turn(host):
                with self.loop.on_its_way():
                    yield

        async with gate, HttpClient(options, turn=turn, clock=self.clock) as http:
            robots = Robots(http, gate=gate, shelf=StoredRules(self.tools), clock=self.clock)
            yield Reader(tools=self.tools, web=Web(http=http, robots=robots), sandbox=cast("Any", self))
        await runner.cleanup()

    async def last(self, hours: int) -> None:
        """A cycle a minute for so long; then no faults and no news, until all is in."""
        async with self.reader() as reader:
            for hour in range(hours):
                watch(self.tools)
                while self.clock() < NOON + HOUR * (hour + 1):
                    await self.cycle(reader)
                    await asyncio.sleep(60 - self.loop.time() % 60)
                self.memory.append(_memory_mb())
            self.press.end, self.press.faults = self.clock(), 0
            for _ in range(3):
                await asyncio.sleep(3600)  # every Retry-After is over
                await poll_feeds(reader, not_since=self.clock())
                await read_articles(reader, retry_before=self.clock())

    async def cycle(self, reader: Reader) -> None:
        await poll_feeds(reader)
        find_silent(self.tools)
        await read_articles(reader)


def _memory_mb() -> float:
    """Resident memory of this process."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def soak(store: Store, *, papers: int, pages: int, hours: int) -> Soak:
    began = time.monotonic()
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        found = Soak(store, cast("SimulatedLoop", runner.get_loop()), papers=papers, pages=pages)
        with found.sandbox:
            runner.run(found.last(hours))
    with store.read() as work:
        statuses = dict(work.connection.execute(select(polls.c.status, func.count()).group_by(polls.c.status)).all())
        stored = work.connection.execute(select(func.count()).select_from(entries)).scalar_one()
    print(f"\n{hours} h of {papers} feeds in {time.monotonic() - began:.0f} s: {stored} entries, polls {statuses}")
    print(f"answers {dict(found.press.answers)}; MB by hour {[round(one) for one in found.memory]}")
    return found


def holds(found: Soak) -> None:
    """Everything posted is stored once and read once, and nothing went against good manners."""
    assert found.press.rude == []
    with found.store.read() as work:
        rows = work.connection.execute(select(feeds.c.url, entries.c.guid).join_from(entries, feeds)).all()
        unread = work.connection.execute(
            select(entries.c.read_state, entries.c.read_note, func.count())
            .where(entries.c.article_id.is_(None))
            .group_by(entries.c.read_state, entries.c.read_note)
        ).all()
        kept = work.connection.execute(select(func.count()).select_from(articles)).scalar_one()
        lost = work.connection.execute(select(feeds.c.url, feeds.c.missed_at).where(feeds.c.missed_at.is_not(None)))
        suspected = [
            (url, at) for url, at in lost if not any(at <= cut <= at + HOUR / 6 for cut in found.press.cut[url])
        ]
    stored = Counter((url, int(guid)) for url, guid in rows)
    posted = {(paper.url, number) for paper in found.papers for number in range(1, found.press.posted(paper) + 1)}
    assert posted - set(stored) == set(), "lost"
    assert [one for one, count in stored.items() if count > 1] == [], "stored twice"
    assert suspected == [], "nothing was lost, and only a list that breaks off half-way may look like it"
    assert (unread, kept) == ([], len(stored))


@pytest.mark.full
def test_some_hours_of_some_feeds(store: Store) -> None:
    """What the long one shows, in small."""
    holds(soak(store, papers=30, pages=3, hours=3))


@pytest.mark.full
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_day_of_five_hundred_feeds(store: Store) -> None:
    """A day: nothing lost, nothing twice, polite, and no more memory after the fourth hour than a little."""
    found = soak(store, papers=500, pages=25, hours=24)
    holds(found)
    assert max(found.memory[4:]) - found.memory[3] < 40
