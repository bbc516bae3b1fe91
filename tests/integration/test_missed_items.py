"""What a feed lists too briefly, or hides behind validators that lie, on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any, cast

import pytest

from alerts.notices import conditions
from flows.steps.polling import feed_words
from flows.steps.polling.feed_words import Condition
from flows.steps.polling.poll_feeds import poll_feeds
from flows.steps.tools import Reader, Web
from sectorwatch.domain import Hints
from sectorwatch.net.client import Answer
from sectorwatch.notice import Limits, NoticeKind
from storage.intake import feeds
from storage.running import watching
from storage.unit_of_work import Store
from storage.views import feeds as feed_views
from storage.views.feeds import FeedRow
from tests.builders import NOON, add_feed
from tests.conftest import FakeClock
from tests.one_feed import FEED, Item, OneFeed

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Agency(OneFeed):
    """Posts every ten minutes and lists the last `shown`; its server can hide that anything changed."""

    shown, lies = 12, False

    async def get(self, url: str, **options: Any) -> Answer:
        gone = int((self.clock() - NOON) / (10 * MINUTE))
        self.items = [Item(number=n, at=NOON + 10 * MINUTE * n) for n in range(gone, gone - self.shown, -1)]
        answer = await super().get(url, **options)
        if self.lies and options["validators"] is not None and options["validators"].etag:
            return Answer(url=url, status=304, headers={}, body=b"", moved_to=None, ms=0)
        hints = b"<channel><skipHours><hour>3</hour></skipHours><ttl>30</ttl>"
        headers = {"etag": '"always"', "content-type": "application/rss+xml"}
        body = answer.body.replace(b"<channel>", hints)
        return Answer(url=url, status=200, headers=headers, body=body, moved_to=None, ms=0)

    def poll(self, *, now: bool = True) -> int:
        """How many entries a poll brings; unless it is to be `now`, of what is due."""
        web = cast("Any", self)
        reader = Reader(tools=self.tools, web=Web(http=web, robots=web), sandbox=web)
        return asyncio.run(poll_feeds(reader, not_since=self.clock() if now else None)).new_entries

    def row(self) -> FeedRow:
        with self.store.read() as work:
            found = feed_views.feed_rows(work)[0]
        return found

    def told(self) -> list[NoticeKind]:
        with self.store.read() as work:
            facts = watching.facts(work, now=self.clock())
        return [one.kind for one in conditions(facts, Limits(cycle_overdue=timedelta(0)), now=self.clock())]


@pytest.fixture
def agency(store: Store, clock: FakeClock) -> Agency:
    clock.now = NOON
    add_feed(store, FEED, now=NOON)
    agency = Agency(store, clock)
    agency.poll()
    return agency


def test_a_poll_that_missed_items_says_so(agency: Agency, clock: FakeClock) -> None:
    """About how many, in the list and to operators, until twelve hours have gone well; polling is faster at once."""
    clock.now = NOON + HOUR
    agency.poll()
    before = agency.row()
    assert (before.missed_at, feed_words.condition(before), agency.told()) == (None, Condition.OK, [])
    clock.now = NOON + 6 * HOUR  # of 30 new ones, 12 are listed
    assert agency.poll() == 12
    after = agency.row()
    assert (after.missed_at, after.missed_items) == (clock.now, 18)
    assert feed_words.words(after, clock.now) == "may have missed about 18 items: none of those listed was known"
    assert after.interval_s < before.interval_s
    assert agency.told() == [NoticeKind.FEED_MISSED]
    with agency.store.read() as work:
        assert [one.missed_items for one in feed_views.poll_rows(work, after.id, limit=9)] == [18, None, None]
    clock.now += HOUR
    agency.poll()
    assert feed_words.words(agency.row(), clock.now) == "may have missed about 18 items at 18:00 UTC, none since"
    assert agency.told() == [NoticeKind.FEED_MISSED]
    for _ in range(11):
        clock.now += HOUR
        agency.poll()
    clock.now += MINUTE
    agency.poll()
    assert (feed_words.condition(agency.row()), agency.told()) == (Condition.OK, [])


def test_what_a_publisher_asks_for_is_kept_with_the_feed(agency: Agency, clock: FakeClock) -> None:
    """Also when nothing has changed since it was read."""
    agency.lies = True
    clock.now += MINUTE
    agency.poll()
    with agency.store.read() as work:
        (feed,) = feeds.every(work)
    assert feed.hints == Hints(every=30 * MINUTE, skip_hours=frozenset({3}))
    assert feed.reach == 2 * HOUR
    assert feed.interval >= 30 * MINUTE


def test_validators_that_lie_are_caught_within_a_day(agency: Agency, clock: FakeClock) -> None:
    """A server that always answers 304 is asked without them once a day, whatever the interval has become."""
    agency.lies, agency.shown = True, 400
    brought, since = 0, clock.now
    while not brought:
        clock.now = agency.row().next_poll_at
        brought = agency.poll(now=False)
        assert clock.now - since < timedelta(hours=24)
    assert brought >= 6 * 16
