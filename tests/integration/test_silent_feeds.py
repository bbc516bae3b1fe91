"""Silent feeds are found by the times of their own items, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import update

from flows.steps.polling import feed_words
from flows.steps.polling.find_silent import find_silent
from flows.steps.tools import Tools
from sectorwatch.domain import DateQuality
from sectorwatch.settings import Settings
from storage.intake import feeds
from storage.secrets import Vault
from storage.tables import feeds as feeds_table
from storage.unit_of_work import Store
from storage.views import feeds as feed_views
from tests.builders import NOON, add_feed, add_new, new_entry
from tests.conftest import FakeClock

GAP = timedelta(minutes=40)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def tools(store: Store, clock: FakeClock) -> Tools:
    return Tools(settings=Settings(), store=store, vault=Vault(), clock=clock, random=Random(1))


def posted(store: Store, feed: int, times: list[datetime], *, baseline: bool, dated: bool = True) -> None:
    """Items that a feed has posted: all of them seen at once, or each when it was posted."""
    with store.write() as work:
        for number, time in enumerate(times):
            quality = DateQuality.STATED if dated else DateQuality.MISSING
            item = new_entry(number, published_at=time if dated else None, date_quality=quality)
            add_new(work, feed, item, baseline=baseline, now=times[-1] if baseline else time)
        work.commit()
    polled(store, feed, last_new_at=times[-1], baseline_at=times[-1] if baseline else times[0], last_poll_at=times[-1])


def polled(store: Store, feed: int, **columns: datetime | str) -> None:
    with store.write() as work:
        work.connection.execute(update(feeds_table).where(feeds_table.c.id == feed).values(**columns))
        work.commit()


def how(store: Store, feed: int, now: datetime) -> str:
    with store.read() as work:
        row = feed_views.feed_row(work, feed)
    assert row is not None
    return feed_words.words(row, now)


@pytest.mark.parametrize("dated", [True, False])
def test_a_feed_that_falls_silent_is_found(store: Store, tools: Tools, clock: FakeClock, dated: bool) -> None:
    """Nine hours of nothing are too much for a feed of every forty minutes, five are not; only polls can tell."""
    feed = add_feed(store, now=NOON - 9 * DAY)
    posted(store, feed, [NOON - GAP * number for number in range(300, -1, -1)], baseline=False, dated=dated)
    other = add_feed(store, url="https://slow.example.org", now=NOON - 9 * DAY)
    posted(store, other, [NOON - 8 * HOUR - DAY * number for number in range(20, -1, -1)], baseline=False)
    assert find_silent(tools) == 0
    for hours, found in ((5, 0), (9, 1)):
        clock.now = NOON + hours * HOUR
        for one in (feed, other):
            polled(store, one, last_poll_at=clock.now)
        assert find_silent(tools) == found
    assert how(store, feed, clock.now) == "silent: usually posts every 40 min and has been quiet for 9 h"
    assert how(store, other, clock.now) == "ok"
    assert find_silent(tools) == 0  # said once


def test_a_machine_that_was_off_makes_no_feed_silent(store: Store, tools: Tools, clock: FakeClock) -> None:
    """What counts is the time up to the last poll; a feed that fails or is paused keeps its own words."""
    feed = add_feed(store, now=NOON - 9 * DAY)
    posted(store, feed, [NOON - GAP * number for number in range(300, -1, -1)], baseline=False)
    clock.now = NOON + 3 * DAY
    assert find_silent(tools) == 0
    polled(store, feed, last_poll_at=clock.now, state="failing", reason="answers 500")
    assert find_silent(tools) == 0
    polled(store, feed, state="ok")
    assert find_silent(tools) == 1


def test_a_feed_that_was_dead_when_it_was_added_is_found(store: Store, tools: Tools, clock: FakeClock) -> None:
    """Its first poll brings items of years ago: their dates tell. Without dates nothing can be told."""
    times = [NOON - 900 * DAY - 3 * HOUR * number for number in range(30, -1, -1)]
    feed = add_feed(store, now=NOON)
    undated = add_feed(store, url="https://undated.example.org", now=NOON)
    for one, dated in ((feed, True), (undated, False)):
        posted(store, one, times, baseline=True, dated=dated)
        polled(store, one, last_new_at=NOON, baseline_at=NOON, last_poll_at=NOON)
    find_silent(tools)
    clock.now = NOON + 7 * HOUR
    for one in (feed, undated):
        polled(store, one, last_poll_at=clock.now)
    assert find_silent(tools) == 1
    assert how(store, feed, clock.now) == "silent: usually posts every 3 h and has been quiet for 900 d"
    with store.read() as work:
        assert [one.state for one in feeds.every(work)] == ["silent", "ok"]


def test_the_rhythm_is_taken_again_when_there_is_news(store: Store, tools: Tools, clock: FakeClock) -> None:
    """Once a day, and not of feeds without news; what a feed dates into the future counts as seen now."""
    feed = add_feed(store, now=NOON - 20 * DAY)
    posted(store, feed, [NOON - DAY * number for number in range(15, -1, -1)], baseline=False)
    find_silent(tools)
    with store.write() as work:
        for number in range(100):
            seen = NOON + HOUR * number
            item = new_entry(500 + number, published_at=seen + 999 * DAY, date_quality=DateQuality.FUTURE)
            add_new(work, feed, item, now=seen)
        work.commit()

    def gap() -> int | None:
        with store.read() as work:
            row = feed_views.feed_row(work, feed)
        assert row is not None
        return row.item_gap_s

    for later, expected in ((2 * HOUR, 86400), (5 * DAY, 3600)):
        clock.now = NOON + later
        polled(store, feed, last_new_at=clock.now, last_poll_at=clock.now)
        find_silent(tools)
        assert gap() == expected
