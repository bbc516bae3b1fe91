"""A feed that says the same again tells nobody anything, however it says it; the real steps, on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from storage.unit_of_work import Store
from tests.builders import NOON, add_feed, add_subscription
from tests.conftest import FakeClock
from tests.one_feed import FEED, Item, OneFeed


@pytest.fixture
def site(store: Store, clock: FakeClock) -> OneFeed:
    """A feed that was added after its two subscribers' targets began to listen."""
    clock.now = NOON
    add_subscription(store, "one", "two", sectors=("kupiansk",))
    add_feed(store, FEED)
    return OneFeed(store, clock)


def later(site: OneFeed) -> Counter[str]:
    """A cycle twenty minutes after the last."""
    site.clock.advance(minutes=20)
    return site.cycle()


def again(items: list[Item], number: int) -> list[Item]:
    """The same news as a site brings them after a rebuild: the so many-th way."""
    later = timedelta(hours=number)
    ways: list[Callable[[Item], Item]] = [
        lambda item: item,
        lambda item: replace(item, guid=f"new-{number}-{item.number}"),
        lambda item: replace(item, at=item.at + timedelta(minutes=number)),
        lambda item: replace(item, at=item.at + later, guid=f"new-{number}-{item.number}"),
        lambda item: replace(item, url=f"https://news.example.org/{item.number}?utm_source=rss{number}"),
        lambda item: replace(item, url=f"https://www.example.org/moved/{item.number}"),
        lambda item: replace(item, url=f"https://m.example.org/{item.number}", guid=f"m-{item.number}"),
        lambda item: replace(
            item, url=f"https://m.example.org/a/{item.number}", guid=f"a-{item.number}", at=NOON + later
        ),
        lambda item: replace(item, title=f"Updated: News {item.number}"),
        lambda item: Item(
            number=item.number,
            at=NOON + timedelta(days=1),
            guid=f"x-{item.number}",
            url=f"https://x.example.org/{item.number}",
            title=f"Once more {item.number}",
        ),
    ]
    found = [ways[number](item) for item in items]
    return found[::-1] if number % 2 else found


def test_the_same_news_ten_times_over_is_told_once(site: OneFeed) -> None:
    """New guids, dates, addresses, titles or another order of what is known add no delivery and no suppression."""
    old = [Item(number=number, at=NOON - timedelta(hours=1)) for number in range(5)]
    news = [Item(number=number, at=NOON + timedelta(minutes=30)) for number in range(5, 15)]
    site.items = old
    assert later(site) == Counter()
    site.items = [*news, *old]
    assert later(site) == Counter(one=10, two=10)
    before = site.totals()
    for number in range(10):
        site.items = again([*news, *old], number)
        assert later(site) == Counter(), f"the {number}. way of saying it again"
    after = site.totals()
    same = ("stories", "deliveries_sent", "deliveries_waiting", "deliveries_dead")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert len({message.id for _, message in site.sent}) == len(site.sent) == 20


@pytest.mark.full
def test_the_import_of_a_long_feed_tells_nobody_and_what_follows_is_told(site: OneFeed) -> None:
    """Five hundred old items, all about the sector, are no alert; the next new one is one."""
    site.items = [Item(number=number, at=NOON - timedelta(minutes=number)) for number in range(500)]
    assert later(site) == Counter()
    assert site.totals()["articles"] == 500
    site.items = [Item(number=500, at=NOON + timedelta(minutes=25)), *site.items]
    assert later(site) == Counter(one=1, two=1)
    assert later(site) == Counter()
