"""A poll reads only what a feed lists otherwise than at the last one, and comes to the same, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from extractors.reading import read_feed
from sectorwatch.domain import ParsedFeed
from storage.intake import feeds as feed_store
from storage.tables import polls
from storage.unit_of_work import Store
from tests.builders import NOON, add_feed, add_subscription
from tests.conftest import FakeClock
from tests.one_feed import FEED, Item, OneFeed


class Watched(OneFeed):
    """Counts the items that are read."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        super().__init__(store, clock)
        self.read: list[int] = []

    async def run(self, function: Callable[..., Any], *args: Any, timeout: float) -> Any:
        result = await super().run(function, *args, timeout=timeout)
        if function is read_feed and isinstance(result, ParsedFeed):
            self.read.append(len(result.entries))
        return result

    def lists(self, *items: Item, hours: float = 0.5) -> tuple[list[int], int]:
        """How many items were read each time the feed was, and how many messages came of it."""
        self.items, self.read = list(items), []
        self.clock.advance(hours=hours)
        told = self.cycle()["one"]
        return self.read, told


@pytest.fixture
def site(store: Store, clock: FakeClock) -> Watched:
    """A feed that has been polled once, with five items."""
    clock.now = NOON
    add_subscription(store, "one", sectors=("kupiansk",))
    add_feed(store, FEED)
    made = Watched(store, clock)
    made.lists(*map(news, range(5)))
    return made


def news(number: int) -> Item:
    return Item(number=number, at=NOON + timedelta(minutes=number))


def test_only_what_is_new_or_edited_is_read(site: Watched) -> None:
    """A new item, then an edited one: each is read alone, told or not as ever; the poll's figures count all items."""
    first = list(map(news, range(5)))
    assert site.lists(news(5), *first) == ([1], 1)
    assert site.lists(replace(news(5), title="Edited"), *first) == ([1], 0)
    assert site.titles()[0] == "Edited"

    with site.store.read() as work:
        listed = work.connection.execute(select(polls.c.entries, polls.c.overlap_lost).order_by(polls.c.id)).all()
        [feed] = feed_store.every(work)
    assert listed == [(5, False), (6, False), (6, False)]
    assert feed.reach == timedelta(minutes=6)  # of all six, read or not


def test_a_feed_that_listed_nothing_before_has_missed_nothing(store: Store, clock: FakeClock) -> None:
    """Its first items are news, and no sign that others came and went; what follows is judged as ever."""
    clock.now = NOON
    add_feed(store, FEED)
    made = Watched(store, clock)
    for items in ((), (1, 2), (3, 4)):
        made.lists(*map(news, items))
    with store.read() as work:
        lost = work.connection.execute(select(polls.c.entries, polls.c.overlap_lost).order_by(polls.c.id)).all()
    assert lost == [(0, False), (2, False), (2, True)]


def test_a_day_later_all_are_read(site: Watched) -> None:
    """In case anything else than an item's text decides how it is read."""
    assert site.lists(*map(news, range(6)), hours=12) == ([1], 1)
    assert site.lists(*map(news, range(7)), hours=12) == ([7], 1)


def test_a_guid_that_comes_twice_has_all_read(site: Watched) -> None:
    """A new item bears the guid of one that is listed as it was: all are read, and both are what they are."""
    same = replace(news(9), guid="id-3")
    assert site.lists(same, *map(news, range(5))) == ([1, 6], 1)
    assert site.lists(same, *map(news, range(5)), news(10)) == ([7], 1)
    assert site.totals()["entries"] == 7


def test_what_is_dated_into_the_future_is_read_each_time(site: Watched) -> None:
    """How far a list goes back does not count it yet; one day it does."""
    tomorrow = replace(news(7), at=NOON + timedelta(hours=20))
    site.lists(tomorrow, *map(news, range(5)))
    assert site.lists(tomorrow, *map(news, range(6))) == ([2], 1)
