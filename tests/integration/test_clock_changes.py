"""Nights in which the reader's clock is changed, and clocks that jump: from news to message, on both databases."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from flows.steps.leasing import LEASE
from sectorwatch.domain import Mode, Schedule, TargetKind
from storage.leases import claim
from storage.tables import feeds
from storage.unit_of_work import Store
from tests.builders import add_feed, add_subscription
from tests.conftest import FakeClock
from tests.one_feed import FEED, Item, OneFeed

KYIV, ST_JOHNS = "Europe/Kyiv", "America/St_Johns"
QUIET = Schedule(quiet=(time(23), time(7)))
HALF_PAST_THREE = Schedule(mode=Mode.DIGEST, digest_at=time(3, 30))
HALF_PAST_ONE = Schedule(mode=Mode.DIGEST, digest_at=time(1, 30))
SECOND = timedelta(seconds=1)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of 2026, in UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "schedule", "news", "told", "next_day"),
    [
        # Kyiv goes from 03:00 to 04:00 on 29 March: half past three comes an hour later, and only in that night.
        (KYIV, HALF_PAST_THREE, at(3, 28, 22), at(3, 29, 1, 30), at(3, 30, 0, 30)),
        # It goes back from 04:00 to 03:00 on 25 October: of two half past three the first counts.
        (KYIV, HALF_PAST_THREE, at(10, 24, 22), at(10, 25, 0, 30), at(10, 26, 1, 30)),
        (KYIV, QUIET, at(3, 28, 21), at(3, 29, 4), at(3, 30, 4)),  # a night of seven hours
        (KYIV, QUIET, at(10, 24, 20), at(10, 25, 5), at(10, 26, 5)),  # of nine
        # St. John's, half an hour off, changes at 02:00 on 8 March and on 1 November.
        (ST_JOHNS, QUIET, at(3, 8, 2, 30), at(3, 8, 9, 30), at(3, 9, 9, 30)),
        (ST_JOHNS, HALF_PAST_ONE, at(11, 1, 2), at(11, 1, 4), at(11, 2, 5)),
    ],
)
def test_what_waits_comes_at_the_readers_hour_and_once(
    store: Store,
    clock: FakeClock,
    zone: str,
    schedule: Schedule,
    news: datetime,
    told: datetime,
    next_day: datetime,
) -> None:
    """News of the night are told when the reader's clock says so, not a second before, and once if it says so twice."""
    clock.now = news - timedelta(hours=1)
    kind = TargetKind.WEBHOOK
    add_subscription(store, "desk", kind=kind, sectors=("kupiansk",), schedule=schedule, zone=zone, now=clock())
    add_feed(store, FEED, now=clock())
    site = OneFeed(store, clock)
    assert site.cycle() == Counter()

    def publish(number: int, moment: datetime) -> Counter[str]:
        clock.now = moment
        site.items = [Item(number=number, at=moment - timedelta(minutes=5)), *site.items]
        return site.cycle()

    def cycle(moment: datetime) -> Counter[str]:
        clock.now = moment
        return site.cycle()

    once = Counter(desk=1)
    assert publish(1, news) == Counter()
    assert publish(2, told - timedelta(minutes=10)) == Counter()
    assert cycle(told - SECOND) == Counter()
    assert cycle(told) == once
    assert cycle(told + timedelta(hours=1)) == Counter()
    assert publish(3, next_day - timedelta(minutes=10)) == Counter()
    assert cycle(next_day - SECOND) == Counter()
    assert cycle(next_day) == once
    assert [(message.payload or {}).get("alerts_total", 1) for _, message in site.sent] == [2, 1]


@pytest.mark.parametrize("hours", [1, 30])
def test_a_clock_that_jumps_loses_nothing_and_tells_nothing_twice(
    store: Store, clock: FakeClock, hours: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Forward, and back again: news of before, of meanwhile and of after is told once, by the next scheduled cycle.

    What a process had claimed that died with the clock ahead comes free within a minute of the right time.
    """
    kind = TargetKind.WEBHOOK
    wait = timedelta(minutes=1)
    add_subscription(store, "desk", kind=kind, sectors=("kupiansk",), group_wait=wait, now=clock())
    add_feed(store, FEED, now=clock())
    site, told = OneFeed(store, clock), list[int]()
    site.cycle()

    def publish(number: int) -> None:
        site.items = [Item(number=number, at=clock() - timedelta(minutes=1)), *site.items]

    def cycles(*, minutes: int) -> None:
        """As they are scheduled, for so long."""
        for _ in range(minutes // 5):
            clock.advance(minutes=5)
            site.cycle(scheduled=True)
        told.append(len(site.sent))

    clock.advance(minutes=30)
    publish(1)
    cycles(minutes=20)
    clock.advance(hours=hours)
    publish(2)
    cycles(minutes=20)
    publish(3)
    clock.advance(minutes=20)
    site.cycle(scheduled=True)  # its alert waits for the end of its group window, by the wrong clock
    with store.write() as work:
        claimed = claim(work, feeds, select(feeds.c.id), now=clock(), lease=LEASE)
        work.commit()
    clock.advance(hours=-hours)
    publish(4)
    cycles(minutes=20)
    assert claimed
    assert told == [1, 2, 4]
    assert "the clock was" in caplog.text
    cycles(minutes=60)
    assert len(site.sent) == len(site.items) == 4
