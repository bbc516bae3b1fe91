"""Feeds that come due together, on both databases."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from storage.intake import feeds as feed_store
from storage.tables import feeds
from storage.unit_of_work import Store
from tests.builders import NOON, add_feed

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LEASE = timedelta(seconds=45)


@pytest.fixture
def many(store: Store) -> Store:
    """Six hundred new feeds, a hundred of them of one host."""
    rows = [
        {
            "url": f"https://{'big' if n < 100 else n}.example.org/{n}",
            "interval_s": 900,
            "next_poll_at": NOON,
            "state_since": NOON,
            "added_at": NOON,
        }
        for n in range(600)
    ]
    with store.write() as work:
        work.connection.execute(insert(feeds), rows)
        work.commit()
    return store


def claimed(store: Store, *, after: timedelta = timedelta(0), limit: int = 1000, everything: bool = False) -> list[str]:
    now = NOON + after
    with store.write() as work:
        if not everything:
            feed_store.postpone(work, feed_store.backlog(work, now=now), now=now)
        _, batch = feed_store.claim_due(work, now=now, limit=limit, lease=LEASE, not_since=now if everything else None)
        work.connection.execute(
            update(feeds)
            .where(feeds.c.id.in_([feed.id for feed in batch]))
            .values(last_poll_at=now, next_poll_at=now + HOUR, lease_token=None, lease_until=None)
        )
        work.commit()
    return [feed.url for feed in batch]


def drained(store: Store, *, after: timedelta) -> list[str]:
    found: list[str] = []
    while batch := claimed(store, after=after):
        assert max(Counter(url.partition("//")[2].partition("/")[0] for url in batch).values()) <= 4
        found += batch
    return found


def test_many_new_feeds_come_over_ten_minutes_and_one_at_once(many: Store) -> None:
    """Each once and none later than half its interval; whoever adds another meanwhile waits for none of them."""
    found = drained(many, after=timedelta(0))
    assert len(found) == 200
    add_feed(many, "https://single.example.org/", now=NOON + 3 * MINUTE)
    assert "https://single.example.org/" in claimed(many, after=3 * MINUTE, limit=4)
    for minute in range(4, 9):
        came = drained(many, after=minute * MINUTE)
        assert len(came) < 250
        found += came
    with many.read() as work:
        assert sum(feed.next_poll_at < NOON + 8 * MINUTE for feed in feed_store.every(work)) == 0


def test_after_an_outage_feeds_are_spread_and_one_cycle_now_takes_all(many: Store) -> None:
    """What waited for hours comes over ten minutes; who asks for everything now gets it."""
    with many.write() as work:
        work.connection.execute(update(feeds).values(last_poll_at=NOON - HOUR))
        work.commit()
    assert len(drained(many, after=5 * HOUR)) == 200
    for minute in range(1, 9):
        drained(many, after=5 * HOUR + minute * MINUTE)
    with many.read() as work:
        assert all(feed.next_poll_at >= NOON + 6 * HOUR for feed in feed_store.every(work))
    everything = 0
    while batch := claimed(many, after=5 * HOUR + 9 * MINUTE, everything=True):
        everything += len(batch)
    assert everything == 600
