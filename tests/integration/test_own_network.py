"""While our own network is down, pages are not tried one by one, and no try of theirs is counted; both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random
from typing import Any, cast

import pytest
from sqlalchemy import select

from flows.steps.reading.read_articles import ReadSummary, read_articles
from flows.steps.tools import Reader, Tools, Web
from sectorwatch.errors import Failure, FetchError
from sectorwatch.net.client import Answer
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import FetchSettings, ReadSettings
from storage.intake import network
from storage.intake.entries import NewEntry
from storage.secrets import Vault
from storage.tables import entries
from storage.unit_of_work import Store
from tests.builders import add_feed, add_new, new_entry, read_article
from tests.conftest import FakeClock

PAGES = 40  # of seven hosts


def entry_of(number: int) -> NewEntry:
    host = f"news{number % 7}.test"
    url = f"https://{host}/{number}"
    return new_entry(number, url=url, canonical_url=url, host=host)


class Reading:
    """Pages of seven hosts of one site each, as `down` says; the sandbox is not real."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.store, self.clock, self.down, self.asked = store, clock, set[int](), 0
        settings = Settings(fetch=FetchSettings(robots=False, patience_s=0), read=ReadSettings(in_flight=4))
        self.tools = Tools(settings=settings, store=store, vault=Vault(), clock=clock, random=Random(1))
        add_feed(store)
        with store.write() as work:
            add_new(work, 1, *map(entry_of, range(PAGES)), now=clock())
            work.commit()

    async def get(self, url: str, **_options: Any) -> Answer:
        self.asked += 1
        if int(url.partition("news")[2].partition(".")[0]) in self.down:
            raise FetchError("no way", failure=Failure.UNREACHED)
        return Answer(url=url, status=200, headers={}, body=f"Page {url}".encode(), moved_to=None, ms=0)

    async def run(self, _function: Callable[..., Any], *args: Any, timeout: float) -> Any:
        return read_article((args[0].html or args[0].feed.title.encode()).decode())

    def read(self) -> ReadSummary:
        web, self.asked = cast("Any", self), 0
        reader = Reader(tools=self.tools, web=Web(http=web, robots=web), sandbox=web)
        return asyncio.run(read_articles(reader))

    def tries(self) -> set[int]:
        with self.store.read() as work:
            return set(work.connection.execute(select(entries.c.read_attempts)).scalars())


@pytest.fixture
def reading(store: Store, clock: FakeClock) -> Reading:
    return Reading(store, clock)


def test_nothing_is_asked_during_an_outage_on_record(reading: Reading) -> None:
    """The feed's text stands in, once; when the network is back, all pages are read as if nothing had been."""
    with reading.store.write() as work:
        network.went_down(work, "no server answered", now=reading.clock())
        work.commit()
    for from_feed in (PAGES, 0):
        found = reading.read()
        assert (reading.asked, found.put_off, found.from_feed, found.failed) == (0, PAGES, from_feed, [])
        reading.clock.advance(minutes=5)
    with reading.store.write() as work:
        network.came_back(work)
        work.commit()
    assert reading.tries() == {0}
    assert reading.read().read == PAGES


def test_an_outage_that_begins_under_reading_is_seen(reading: Reading) -> None:
    """After some sites in a row that are not reached, the rest are not asked."""
    reading.down = set(range(7))
    found = reading.read()
    assert reading.asked < 10
    assert found.put_off >= PAGES - 10
    assert found.put_off + len(found.failed) == PAGES


def test_sites_that_are_down_are_no_outage(reading: Reading) -> None:
    """Some that answer show that it is theirs: their pages are tried, and fail."""
    reading.down = {1, 2, 3}
    found = reading.read()
    assert reading.asked == PAGES
    assert found.put_off == 0
    assert reading.tries() == {1}
