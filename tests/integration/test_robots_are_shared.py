"""A robots.txt is asked for once a day, by one worker for all, and outlives an outage of its site (both databases)."""

from __future__ import annotations

import asyncio

import pytest

from flows.steps.polling.sharing_hosts import StoredBoard, StoredRules
from flows.steps.tools import Tools
from sectorwatch.errors import FetchError
from sectorwatch.net import politeness
from sectorwatch.net.client import ClientOptions, HttpClient
from sectorwatch.net.politeness import HostGate
from sectorwatch.net.robots import Robots
from sectorwatch.settings import Settings
from storage.intake import robots
from storage.unit_of_work import Store
from storage.views import feeds as feed_views
from tests.conftest import FakeClock
from tests.raw_web import LOOPBACK, Request, answer, raw_web

PAGES = ("http://a.test/news", "http://a.test/private")
RULES = answer(b"User-agent: *\nDisallow: /private\nCrawl-delay: 7\n")
NO_NAME = "there is no such host name"


class Site:
    """a.test with one robots.txt; each worker has a gate and a memory of its own."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.store, self.clock, self.page, self.count = store, clock, RULES, 0
        self.known = True  # to the name server
        self.tools = Tools(settings=Settings(), store=store, vault=None, clock=clock, random=None)  # type: ignore[arg-type]  # not used

    async def answer(self, _request: Request, writer: asyncio.StreamWriter) -> None:
        self.count += 1
        writer.write(self.page)
        await writer.drain()

    def ask(self, *, workers: int = 1) -> list[bool | str]:
        """What each page may, as the first worker hears it; and all of them hear the same."""

        async def scene() -> list[list[bool | str]]:
            async with raw_web(self.answer) as web, asyncio.timeout(30):
                hosts = {"a.test": f"127.0.0.1:{web.port}"} if self.known else {}
                options = ClientOptions(allow_networks=LOOPBACK, hosts=hosts, timeout=5)
                return await asyncio.gather(*(self._worker(options) for _ in range(workers)))

        first, *others = asyncio.run(scene())
        assert all(other == first for other in others)
        return first

    async def _worker(self, options: ClientOptions) -> list[bool | str]:
        async with (
            HostGate(gap=0, board=StoredBoard(self.tools), clock=self.clock) as gate,
            HttpClient(options, turn=gate.turn, clock=self.clock) as http,
        ):
            known = Robots(http, gate=gate, shelf=StoredRules(self.tools), clock=self.clock)

            async def one(url: str) -> bool | str:
                try:
                    return await known.allows(url)
                except FetchError as error:
                    return str(error)

            return await asyncio.gather(*map(one, PAGES))

    @property
    def crawl_delay(self) -> float | None:
        """As the next worker that claims the host hears it."""
        with self.store.read() as work:
            return robots.crawl_delays(work, ["a.test"]).get("a.test")


@pytest.fixture
def site(store: Store, clock: FakeClock) -> Site:
    return Site(store, clock)


@pytest.mark.parametrize("store", [pytest.param("sqlite", marks=pytest.mark.full), "postgresql"], indirect=True)
def test_workers_and_batches_ask_once_a_day(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that come together, and all that come within a day, know what one was told."""
    for name in ("_TICK_S", "_RENEW_S", "_IDLE_S", "_AGAIN_S", "_GIVE_WAY_S"):
        monkeypatch.setattr(politeness, name, getattr(politeness, name) / 8)
    assert site.ask(workers=2) == [True, False]
    site.clock.advance(hours=23)
    assert site.ask(workers=2) == [True, False]
    assert site.count == 1
    site.clock.advance(hours=1)
    assert site.ask() == [True, False]
    assert site.count == 2


def test_a_crawl_delay_is_shared_and_goes_when_it_goes(site: Site) -> None:
    """With the next answer that has none, or that there are no rules."""
    site.ask()
    assert site.crawl_delay == 7
    for page, delay in ((answer(b"User-agent: *"), None), (RULES, 7), (answer(status="404 No"), None)):
        site.page = page
        site.clock.advance(hours=24)
        site.ask()
        assert site.crawl_delay == delay


def test_the_last_word_of_a_site_holds_while_it_cannot_say(site: Site) -> None:
    """A server error takes nothing away, for 30 days; every worker hears the same, and asks again at its time only."""
    site.ask()
    site.page = answer(status="503 No")
    site.clock.advance(hours=24)
    assert site.ask() == site.ask() == [True, False]
    assert (site.count, site.crawl_delay) == (2, 7)
    with site.store.read() as work:
        assert feed_views.host_row(work, "a.test").robots[0].status == 503  # type: ignore[union-attr]  # it is there
    site.clock.advance(days=30)
    assert site.ask() == [True, True]
    site.page = RULES
    site.clock.advance(days=1)
    assert site.ask() == [True, False]


def test_a_site_that_never_said_is_left_alone(site: Site) -> None:
    """By every worker, and the words say why."""
    site.page = answer(status="500 No")
    assert "answers 500 No" in str(site.ask()[0])
    assert "answers 500 No" in str(site.ask()[0])
    assert site.count == 1


def test_an_outage_of_our_own_says_nothing_of_a_site(site: Site) -> None:
    """Where no server is reached, nothing is kept: the next worker asks."""
    site.known = False
    assert NO_NAME in str(site.ask()[0])
    site.known = True
    assert site.ask() == [True, False]


def test_a_held_host_is_not_asked_for_its_rules(site: Site) -> None:
    """429 with Retry-After holds the host, and nothing is kept of its rules but that they are not known."""
    site.page = answer(status="429 Slow", Retry_After="3600")
    assert "answers 429" in str(site.ask()[0])
    site.clock.advance(minutes=30)
    assert "asked to wait until" in str(site.ask()[0])
    assert site.count == 1
