"""Pages that name nothing watched are skimmed; whatever names something is read in full and told; on both databases."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import func, select

from flows.steps.polling.poll_feeds import poll_feeds
from flows.steps.reading.read_articles import read_articles
from flows.steps.tools import Reader, Web
from sectorwatch.domain import SearchQuery, SearchTerm
from sectorwatch.net.client import Answer
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import FetchSettings, ReadSettings
from storage.search.full_text import latest
from storage.tables import articles, raw_pages, stories
from storage.unit_of_work import Store
from tests.builders import NOON, add_feed, add_subscription
from tests.conftest import FakeClock
from tests.one_feed import FEED, Item, OneFeed

PEACE = "The council met on Monday and talked about the budget of the library, the price of bread and the weather."
WAR = "Russian troops attacked near Kupiansk in Kharkiv oblast, and Ukrainian soldiers repelled them, the staff said."


class Site(OneFeed):
    """A feed whose pages are long, and read by what reads them in truth."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        super().__init__(store, clock)
        self.pages: dict[str, str] = {}

    async def get(self, url: str, **options: Any) -> Answer:
        if url == FEED:
            return await super().get(url, **options)
        lines = "".join(f"<p>{PEACE} Line {number}.</p>" for number in range(12))
        page = (
            f"<html lang='en'><title>News</title><body><article><p>{self.pages[url]}</p>{lines}</article></body></html>"
        )
        return Answer(url=url, status=200, headers={}, body=page.encode(), moved_to=None, ms=0)

    async def run(self, function: Callable[..., Any], *args: Any, timeout: float) -> Any:
        return function(*args)

    def publish(self, number: int, text: str, *, title: str = "") -> None:
        """A page, and the item that lists it, in place of what had its number before."""
        item = Item(number=number, at=NOON + timedelta(minutes=number), title=title)
        self.pages[f"https://news.example.org/{number}"] = text
        self.items = [item, *(other for other in self.items if other.number != number)]

    def methods(self) -> list[str]:
        with self.store.read() as work:
            return list(work.connection.execute(select(articles.c.method).order_by(articles.c.id)).scalars())


@pytest.fixture
def site(store: Store, clock: FakeClock) -> Site:
    clock.now = NOON
    add_subscription(store, "desk", sectors=("kupiansk",))
    add_feed(store, FEED)
    made = Site(store, clock)
    made.publish(0, PEACE)
    made.cycle()
    clock.advance(minutes=20)
    return made


def test_a_skimmed_page_is_kept_and_found_by_search(site: Site) -> None:
    site.publish(1, "A theatre opened in the old harbour.")
    assert site.cycle() == Counter()
    assert site.methods() == ["skimmed"] * 2
    with site.store.read() as work:
        words = SearchTerm(given="theatre", phrases=(("theatre",),))
        assert [one.id for one in latest(work, SearchQuery(terms=(words,)), limit=5)] == [2]
        assert work.connection.execute(select(func.count()).select_from(raw_pages)).scalar_one() == 2


def test_an_edit_that_names_a_sector_is_read_in_full_and_joins_the_story_of_its_copies(site: Site) -> None:
    site.publish(1, "A theatre opened in the old harbour.")
    site.publish(2, WAR)
    assert site.cycle() == Counter(desk=1)
    site.clock.advance(minutes=20)
    site.publish(1, WAR, title="News 1, updated")
    assert site.cycle() == Counter()
    assert site.methods() == ["skimmed", "fast", "fast"]
    with site.store.read() as work:
        told = work.connection.execute(select(articles.c.story_id).where(articles.c.id > 1).distinct()).scalars().all()
        assert len(told) == 1
        assert work.connection.execute(select(func.count()).select_from(stories)).scalar_one() == 2


def test_an_edit_that_names_a_sector_first_is_told(site: Site) -> None:
    site.publish(1, "A theatre opened in the old harbour.")
    assert site.cycle() == Counter()
    site.clock.advance(minutes=20)
    site.publish(1, WAR, title="News 1, updated")
    assert site.cycle() == Counter(desk=1)


def test_what_was_read_in_full_stays_so(site: Site) -> None:
    site.publish(1, WAR)
    site.cycle()
    site.clock.advance(minutes=20)
    site.publish(1, PEACE, title="News 1, updated")
    site.cycle()
    assert site.methods() == ["skimmed", "fast"]


def test_everything_is_read_in_full_where_that_is_wanted(site: Site) -> None:
    site.tools = replace(
        site.tools, settings=Settings(fetch=FetchSettings(robots=False), read=ReadSettings(everything=True))
    )
    site.publish(1, PEACE)
    site.cycle()
    assert site.methods() == ["skimmed", "fast"]


def test_what_comes_due_while_feeds_are_still_polled_is_read(site: Site) -> None:
    """Reading goes on as long as there may be more, and ends with it."""
    site.publish(1, WAR)

    async def looked(_seconds: float) -> None:
        await poll_feeds(reader, not_since=site.clock())

    web = cast("Any", site)
    reader = Reader(tools=replace(site.tools, sleep=looked), web=Web(http=web, robots=web), sandbox=web)
    summary = asyncio.run(read_articles(reader, more=lambda: len(site.methods()) == 1))
    assert (summary.read, site.methods()) == (1, ["skimmed", "fast"])
