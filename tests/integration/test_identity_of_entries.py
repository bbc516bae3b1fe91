"""What a feed's item is known by, through polls, reading and sending on both databases: told once, and never lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from flows.steps.running.prune import prune
from storage.unit_of_work import Store
from tests.builders import NOON, add_feed, add_subscription
from tests.conftest import FakeClock
from tests.one_feed import FEED, Item, OneFeed
from tests.plugins.databases import LONG_ON_POSTGRESQL

pytestmark = LONG_ON_POSTGRESQL

Change = Callable[[Item], Item]
HTTPS = "https://news.example.org/"


@pytest.fixture
def site(store: Store, clock: FakeClock) -> OneFeed:
    """A feed that has been polled once, empty of news."""
    clock.now = NOON
    add_subscription(store, "one", sectors=("kupiansk",))
    add_feed(store, FEED)
    made = OneFeed(store, clock)
    lists(made, news(0))
    return made


def news(number: int) -> Item:
    return Item(number=number, at=NOON + timedelta(minutes=number))


def lists(site: OneFeed, *items: Item, days: float = 0) -> tuple[int, int]:
    """How many entries and how many messages come of it, when the feed lists these half an hour or some days later."""
    site.items = list(items)
    site.clock.advance(days=days, minutes=30)
    before = site.totals()["entries"]
    told = site.cycle()["one"]
    return site.totals()["entries"] - before, told


# ---------------------------------------------------------------------------------------------- what is news, is told


def test_one_guid_for_all_items_hides_none(site: OneFeed) -> None:
    """Three of one guid are three, as is the fourth that takes the place of the first; none is told again."""
    first, second, third, fourth = (replace(news(number), guid="same") for number in range(1, 5))

    assert lists(site, first, second, third) == (3, 3)
    assert lists(site, third, second, first) == (0, 0)
    assert lists(site, second, third, fourth) == (1, 1)


def test_one_guid_for_whatever_is_latest_hides_none(site: OneFeed) -> None:
    """A feed that lists its latest item alone, always under one guid: each one is told, and one that returns is not."""
    first, second, third = (replace(news(number), guid="latest") for number in range(1, 4))

    assert [lists(site, item) for item in (first, second, third)] == [(1, 1)] * 3
    assert lists(site, second) == (0, 0)
    assert lists(site, third) == (0, 0)
    assert lists(site, third, first) == (0, 0)
    assert lists(site, replace(news(4), guid="latest")) == (1, 1)


def test_guids_that_are_places_in_the_list_hide_none(site: OneFeed) -> None:
    """An item that moves down takes the next guid and stays the same; one that is taken out moves others up."""

    def placed(*numbers: int) -> list[Item]:
        return [replace(news(number), guid=f"place-{place}") for place, number in enumerate(numbers)]

    assert lists(site, *placed(2, 1)) == (2, 2)
    assert lists(site, *placed(3, 2, 1)) == (1, 1)
    assert lists(site, *placed(5, 4, 3)) == (2, 2)
    assert lists(site, *placed(4, 3)) == (0, 0)
    assert lists(site, *placed(6, 4, 3)) == (1, 1)


def test_an_undated_item_under_a_known_guid_is_told(site: OneFeed) -> None:
    """Without dates another address and another title make another item."""
    site.undated = True

    assert lists(site, replace(news(1), guid="latest")) == (1, 1)
    assert lists(site, replace(news(2), guid="latest")) == (1, 1)


# --------------------------------------------------------------------------------------- what is known, is not told

RENAMED: dict[str, Change] = {
    "guid": lambda item: replace(item, guid=f"new-{item.number}"),
    "guid with the headline": lambda item: replace(item, guid=f"edited-{item.number}", title=f"Edited {item.number}"),
    "tracking parameters": lambda item: replace(
        item, guid=f"{HTTPS}{item.number}?utm_source=x", url=f"{HTTPS}{item.number}?utm_campaign=rss&fbclid=7"
    ),
    "http": lambda item: replace(
        item, guid=f"http://news.example.org/{item.number}", url=f"http://news.example.org/{item.number}"
    ),
    "headline and address": lambda item: replace(
        item, title=f"Edited {item.number}", url=f"{HTTPS}edited/{item.number}"
    ),
    "date": lambda item: replace(item, at=item.at + timedelta(days=2)),
    "headline and date": lambda item: replace(item, title=f"Edited {item.number}", at=item.at + timedelta(days=2)),
    "address and date": lambda item: replace(item, url=f"{HTTPS}x/{item.number}", at=item.at + timedelta(days=2)),
}


@pytest.mark.parametrize("what", RENAMED)
@pytest.mark.parametrize("of_three", [1, 3])
def test_a_changed_item_is_the_same_item(site: OneFeed, what: str, of_three: int) -> None:
    """One of three items changes what it is known by, or all do: no entry more, no message more, and back again."""
    plain = [news(1), news(2), news(3)]
    changed = [RENAMED[what](item) if item.number <= of_three else item for item in plain]

    assert lists(site, *plain) == (3, 3)
    assert lists(site, *changed) == (0, 0)
    assert lists(site, *plain) == (0, 0)
    assert lists(site, *changed, news(4)) == (1, 1)


def test_all_guids_and_addresses_changed_at_once_are_known_by_title_and_day(site: OneFeed) -> None:
    """A site that moves to another system keeps its titles and dates: nothing of it is news."""
    plain = [news(number) for number in range(1, 7)]
    moved = [replace(item, guid=f"m-{item.number}", url=f"https://m.example.org/{item.number}") for item in plain]

    assert lists(site, *plain) == (6, 6)
    assert lists(site, *moved) == (0, 0)
    assert lists(site, news(7), *moved) == (1, 1)


def test_an_edit_is_stored_and_not_told(site: OneFeed) -> None:
    """The entry bears its new title; the message was sent once."""
    assert lists(site, news(1)) == (1, 1)
    assert lists(site, replace(news(1), title="Another headline")) == (0, 0)

    assert site.titles() == ["Another headline", "News 0"]


# ----------------------------------------------------------------------------------------------- what is remembered


@pytest.mark.parametrize("away", [0.1, 40, 400])
def test_an_item_that_leaves_and_comes_back_is_known(site: OneFeed, away: float) -> None:
    """Whether it was gone for hours, weeks or over a year, with retention at work meanwhile."""
    assert lists(site, news(1), news(2)) == (2, 2)
    assert lists(site, news(2)) == (0, 0)
    site.clock.advance(days=away)
    prune(site.tools)

    assert lists(site, news(1), news(2)) == (0, 0)


def test_what_a_feed_has_listed_for_years_is_never_news(site: OneFeed) -> None:
    """A static feed over three years, pruned every quarter: the same items stay known, and a new one is told."""
    items = [news(number) for number in range(1, 4)]
    assert lists(site, *items) == (3, 3)

    for quarter in range(12):
        assert lists(site, *(items if quarter % 2 else reversed(items)), days=91) == (0, 0)
        prune(site.tools)

    fresh = Item(number=9, at=site.clock())
    assert lists(site, fresh, *items) == (1, 1)
