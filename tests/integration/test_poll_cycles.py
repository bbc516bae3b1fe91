"""A cycle of polls has an end and says how far it is, on both databases: only the web and the sandbox are not real."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random
from typing import Any, cast

from flows.steps.polling.poll_feeds import poll_feeds
from flows.steps.tools import Tools
from sectorwatch.errors import FetchError
from sectorwatch.net.client import Answer
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import PollSettings
from storage.intake import feeds
from storage.secrets import Vault
from storage.unit_of_work import Store
from storage.views import feeds as feed_views
from tests.conftest import FakeClock
from tests.crashes.press import Press

URLS = [f"https://paper{number}.test/feed" for number in range(3)]


class SlowPress(Press):
    """Each answer takes an hour: longer than any feed's interval."""

    async def get(self, url: str, **options: Any) -> Answer:
        assert len(self.asked) < 9, "the cycle goes on and on"
        answer = await super().get(url, **options)
        cast("FakeClock", self.clock).advance(hours=1)
        return answer


def test_a_cycle_ends_however_slow_it_is(store: Store, clock: FakeClock) -> None:
    """What comes due meanwhile waits for the next cycle; the progress counts what was due at the beginning."""
    press, told = SlowPress(clock), list[tuple[int, int]]()
    press.subscribe(store, *URLS)
    settings = Settings(poll=PollSettings(batch=1))

    def progress(step: str, done: int, total: int) -> None:
        assert step == "feeds"
        told.append((done, total))

    tools = Tools(settings=settings, store=store, vault=Vault(), clock=clock, random=Random(1), progress=progress)
    summary = asyncio.run(poll_feeds(press.reader(tools)))
    assert (summary.due, summary.polled) == (3, 3)
    assert told == [(1, 3), (2, 3), (3, 3)]
    with store.read() as work:
        assert feeds.count_due(work, now=clock()) >= 2  # of the next cycle


def test_an_address_that_is_none_holds_up_no_other_feed(store: Store, clock: FakeClock) -> None:
    """One that an earlier release took from the file: it fails by itself, and every list shows it."""
    odd = "http://[::1/feed"

    class Strict(Press):
        async def get(self, url: str, **options: Any) -> Answer:
            if url == odd:
                raise FetchError("is no web address", permanent=True)  # as the client says
            return await super().get(url, **options)

    press = Strict(clock)
    press.subscribe(store, odd, URLS[0])
    tools = Tools(settings=Settings(), store=store, vault=Vault(), clock=clock, random=Random(1))
    summary = asyncio.run(poll_feeds(press.reader(tools)))
    assert summary.failed == [(odd, "is no web address")]
    assert press.stored(store) == press.expected(URLS[:1], editions=1)
    with store.read() as work:
        assert {row.url for row in feed_views.feed_rows(work)} == {odd, URLS[0]}


def test_a_poll_that_lost_its_lease_stores_nothing(store: Store, clock: FakeClock) -> None:
    """Another process took the feed over and stored what it found: the late one adds no item and no poll to it."""
    press = Press(clock)
    press.subscribe(store, URLS[0])
    tools = Tools(settings=Settings(), store=store, vault=Vault(), clock=clock, random=Random(1))
    other = press.reader(tools)

    class Stalled(Press):
        async def get(self, url: str, **options: Any) -> Answer:
            answer = await super().get(url, **options)
            clock.advance(seconds=46)  # the process was stopped: nobody renewed the lease
            assert (await poll_feeds(other)).polled == 1
            return answer

    summary = asyncio.run(poll_feeds(Stalled(clock).reader(tools)))
    assert (summary.due, summary.polled, summary.new_entries) == (1, 0, 0)
    assert press.stored(store) == press.expected(URLS[:1], editions=1)
    assert press.polls(store) == {URLS[0]: ["new"]}
    with store.read() as work:
        (feed,) = feeds.every(work)
    assert feed.next_poll_at > clock() + timedelta(minutes=5)
