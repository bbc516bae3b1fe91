"""A host that asks to wait is left alone as a whole, by every worker and for no longer, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any, cast

import pytest
from sqlalchemy import select

from extractors.reading import read_feed
from flows.steps.polling import feed_words
from flows.steps.polling.poll_feeds import poll_feeds
from flows.steps.polling.sharing_hosts import StoredBoard
from flows.steps.polling.store_polls import PollSummary
from flows.steps.reading.read_articles import ReadSummary, read_articles
from flows.steps.tools import Reader, Tools, Web
from sectorwatch.net.client import ClientOptions, HttpClient
from sectorwatch.net.politeness import HostGate
from sectorwatch.net.robots import Robots
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import FetchSettings
from storage.secrets import Vault
from storage.tables import entries
from storage.unit_of_work import Store
from storage.views import feeds as feed_views
from storage.views.feeds import FeedRow
from tests.builders import add_feed, read_article
from tests.conftest import FakeClock
from tests.plugins.commands import Run
from tests.raw_web import LOOPBACK, Request, answer, raw_web

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
BUSY = "429 Too Many Requests"
HOSTS = ("a.test", "b.test")


def rss(host: str) -> bytes:
    item = f"<item><title>News of Kupiansk</title><link>http://{host}/page</link><guid>1</guid></item>"
    return answer(f"<rss version='2.0'><channel><title>T</title>{item}</channel></rss>".encode())


class Desk:
    """The steps with real servers a.test and b.test: each call is a worker of its own, with its own gate."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.store, self.clock = store, clock
        self.pages = {f"{host}/{name}": rss(host) for host in HOSTS for name in "123"}
        self.pages |= {f"{host}/page": answer(b"A page of Kupiansk") for host in HOSTS}
        self.asked: list[str] = []
        settings = Settings(fetch=FetchSettings(robots=False, page_gap_s=0))
        self.tools = Tools(
            settings=settings, store=store, vault=Vault(), clock=clock, random=Random(1), sleep=self.sleep
        )

    async def sleep(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)

    async def run(self, function: Callable[..., Any], *args: Any, timeout: float) -> Any:
        if function is read_feed:
            return read_feed(*args)
        return read_article((args[0].html or args[0].feed.title.encode()).decode())

    async def answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self.asked.append(request.headers["host"].partition(":")[0] + request.path)
        writer.write(self.pages.get(self.asked[-1], answer(status="404 No")))
        await writer.drain()

    def feeds(self, *urls: str) -> None:
        for url in urls:
            add_feed(self.store, f"http://{url}", now=self.clock())

    def poll(self) -> PollSummary:
        """Every feed that may be asked."""
        return cast("PollSummary", self._by_a_worker(lambda reader: poll_feeds(reader, not_since=self.clock())))

    def read(self) -> ReadSummary:
        """Every page that may be asked for."""
        return cast("ReadSummary", self._by_a_worker(lambda reader: read_articles(reader, retry_before=self.clock())))

    def _by_a_worker(self, step: Callable[[Reader], Any]) -> Any:
        async def scene() -> Any:
            async with raw_web(self.answer) as web:
                hosts = dict.fromkeys(HOSTS, f"127.0.0.1:{web.port}")
                options = ClientOptions(allow_networks=LOOPBACK, hosts=hosts, timeout=5)
                async with (
                    HostGate(gap=0, board=StoredBoard(self.tools), clock=self.clock) as gate,
                    HttpClient(options, turn=gate.turn, clock=self.clock) as http,
                ):
                    web_tools = Web(http=http, robots=Robots(http, gate=gate))
                    return await step(Reader(tools=self.tools, web=web_tools, sandbox=cast("Any", self)))

        self.asked.clear()
        return asyncio.run(scene())

    def rows(self) -> dict[str, FeedRow]:
        with self.store.read() as work:
            return {row.url.removeprefix("http://"): row for row in feed_views.feed_rows(work)}


@pytest.fixture
def desk(store: Store, clock: FakeClock) -> Desk:
    return Desk(store, clock)


@pytest.mark.parametrize("status", [BUSY, "503 Service Unavailable"])
def test_one_answer_holds_the_feeds_of_a_host_for_every_worker(desk: Desk, run: Run, status: str) -> None:
    """Others of the host are put off unasked, and none of it is their failure; another host is asked as ever."""
    desk.feeds("a.test/1", "a.test/2", "b.test/1")
    desk.pages["a.test/1"] = answer(status=status, Retry_After="3600")
    first = desk.poll()
    assert desk.asked == ["a.test/1", "b.test/1"]
    assert first.by_status == {"failed": 1, "held": 1, "new": 1}
    assert [url for url, _ in first.failed] == ["http://a.test/1"]
    desk.feeds("a.test/3")
    desk.clock.advance(minutes=1)
    assert desk.poll().by_status == {"held": 1, "unchanged": 1}  # by another worker
    assert desk.asked == ["b.test/1"]
    rows, until = desk.rows(), desk.clock() + 59 * MINUTE
    assert [rows[f"a.test/{name}"].hold_until for name in "123"] == [until] * 3
    assert [rows[f"a.test/{name}"].failures for name in "123"] == [1, 0, 0]
    assert [feed_words.words(rows[f"a.test/{name}"], desk.clock()) for name in "23"] == ["new: not polled yet"] * 2
    assert "as its server asked for patience" in feed_words.next_poll(rows["a.test/3"], desk.clock())
    assert f"asked to wait until 2026-03-01 13:00 UTC ({status[:3]})" in run("feeds", "show", "http://a.test/3")


def test_a_hold_ends_at_the_time_given(desk: Desk) -> None:
    """Not a second before, and then all of the host are asked."""
    desk.feeds("a.test/1", "a.test/2")
    desk.pages["a.test/1"] = answer(status=BUSY, Retry_After="3600")
    desk.poll()
    desk.pages["a.test/1"] = rss("a.test")
    desk.clock.advance(seconds=3599)
    desk.poll()
    assert desk.asked == []
    desk.clock.advance(seconds=1)
    assert desk.poll().by_status == {"new": 2}
    assert [row.next_poll_at > desk.clock() and row.hold_until <= desk.clock() for row in desk.rows().values()]


def test_a_feed_is_due_when_its_hosts_hold_is_over(desk: Desk) -> None:
    """By itself, without anybody who wants a cycle now; a hold is believed for a day at most."""
    desk.feeds("a.test/1", "a.test/2")
    desk.pages["a.test/1"] = answer(status=BUSY, Retry_After=str(30 * 86_400))
    desk.poll()
    (due,) = [row.next_poll_at for url, row in desk.rows().items() if url == "a.test/2"]
    assert DAY <= due - desk.clock() <= DAY * 1.1


def test_pages_of_a_held_host_wait_and_the_feeds_text_stands_in(desk: Desk) -> None:
    """No try is counted; another host's page is read at once, and the held one when the time is over."""
    desk.feeds("a.test/1", "b.test/1", "a.test/2")
    desk.poll()
    desk.feeds("a.test/3")
    desk.pages["a.test/3"] = answer(status=BUSY, Retry_After="3600")
    desk.poll()
    found = desk.read()
    assert desk.asked == ["b.test/page"]
    assert (found.put_off, found.failed, found.read) == (2, [], 1)
    desk.clock.advance(minutes=59)
    assert desk.read().put_off == 0  # nor are they looked at
    with desk.store.read() as work:
        wanted = select(entries.c.read_attempts, entries.c.read_note).where(entries.c.host == "a.test")
        noted = set(work.connection.execute(wanted).tuples())
    assert noted == {(0, "a.test: asked to wait until 2026-03-01 13:00 UTC (429)")}
    desk.clock.advance(minutes=1)
    assert desk.read().put_off == 0
    assert set(desk.asked) == {"a.test/page"}


def test_a_page_that_is_told_to_wait_holds_its_host(desk: Desk) -> None:
    """Its feeds are put off, too."""
    desk.feeds("a.test/1")
    desk.poll()
    desk.pages["a.test/page"] = answer(status=BUSY, Retry_After="3600")
    assert len(desk.read().failed) == 1
    desk.clock.advance(minutes=30)
    assert desk.poll().by_status == {"held": 1}
    assert desk.asked == []


@pytest.mark.parametrize(("status", "patience"), [("404 No", "3600"), ("200 OK", "3600"), (BUSY, "0"), (BUSY, "soon")])
def test_other_answers_hold_nobody_else(desk: Desk, status: str, patience: str) -> None:
    """A Retry-After means the host only where the host is busy."""
    desk.feeds("a.test/1", "a.test/2")
    desk.pages["a.test/1"] = answer(status=status, Retry_After=patience)
    desk.poll()
    assert "a.test/2" in desk.asked


def test_a_short_hold_is_waited_for_within_the_cycle(desk: Desk) -> None:
    """Three seconds are no reason to put anybody off: the others of the host wait, and then all are asked."""
    desk.feeds("a.test/1", "a.test/2")
    desk.pages["a.test/1"] = answer(status=BUSY, Retry_After="3")

    async def recover(seconds: float) -> None:
        desk.pages["a.test/1"] = rss("a.test")
        desk.clock.advance(seconds=seconds)

    desk.tools = replace(desk.tools, sleep=recover)
    assert desk.poll().by_status == {"new": 2}
