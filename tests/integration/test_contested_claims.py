"""A worker whose claim meets another's at the same moment goes on with what is left (PostgreSQL skips locked rows)."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import cast

import pytest

from flows.steps.polling.poll_feeds import poll_feeds
from flows.steps.reading.read_articles import read_articles
from flows.steps.tools import Reader, Tools
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import FetchSettings
from storage.intake import entries, feeds
from storage.secrets import Vault
from storage.unit_of_work import Store, Work
from tests.builders import add_entries
from tests.conftest import FakeClock
from tests.crashes.press import Press

URLS = [f"https://paper{number}.test/feed" for number in range(3)]
LEASE = timedelta(seconds=45)


class Rival:
    """Another worker, in the middle of its claim until we wait; then its claim comes to nothing."""

    def __init__(self, store: Store) -> None:
        self.claim, self.waits = ExitStack(), 0
        self.work = cast("Work", self.claim.enter_context(store.write()))

    async def wait(self, _seconds: float) -> None:
        self.waits += 1
        self.claim.close()


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_cycle_of_polls_goes_on_after_a_lost_claim(store: Store, clock: FakeClock) -> None:
    """Nothing was free at that moment, and yet all is polled."""
    press, reader, rival = _scene(store, clock)
    assert len(feeds.claim_due(rival.work, now=clock(), limit=9, lease=LEASE)[1]) == 3
    assert asyncio.run(poll_feeds(reader)).polled == 3
    assert (rival.waits, sorted(press.asked)) == (1, URLS)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_reading_goes_on_after_a_lost_claim(store: Store, clock: FakeClock) -> None:
    """The same of pages."""
    _, reader, rival = _scene(store, clock, pages=5)
    assert len(entries.claim_unread(rival.work, now=clock(), limit=9, per_host=9, lease=LEASE)[1]) == 5
    asyncio.run(read_articles(reader))
    assert rival.waits == 1
    with store.read() as work:
        assert not entries.is_any_unread(work, now=clock())


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_rows_that_stay_locked_end_a_cycle_all_the_same(store: Store, clock: FakeClock) -> None:
    """Somebody may hold them for hours."""
    _, reader, rival = _scene(store, clock)
    feeds.claim_due(rival.work, now=clock(), limit=9, lease=LEASE)
    waits = 0

    async def wait(_seconds: float) -> None:
        nonlocal waits
        waits += 1

    stuck = replace(reader, tools=replace(reader.tools, sleep=wait))
    assert asyncio.run(poll_feeds(stuck)).polled == 0
    assert 10 < waits < 100
    rival.claim.close()


def _scene(store: Store, clock: FakeClock, *, pages: int = 0) -> tuple[Press, Reader, Rival]:
    press = Press(clock)
    press.subscribe(store, *URLS)
    if pages:
        add_entries(store, 1, *range(pages))
    rival = Rival(store)
    settings = Settings(fetch=FetchSettings(robots=False))
    tools = Tools(settings=settings, store=store, vault=Vault(), clock=clock, random=Random(1), sleep=rival.wait)
    return press, press.reader(tools), rival
