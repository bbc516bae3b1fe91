"""Which feeds come first, and how a backlog is spread."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from sectorwatch.spreading import AT_ONCE, PER_HOST, WINDOW, Due, spread, turns

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def due(
    number: int, *, host: str = "", waits: timedelta = MINUTE, interval: timedelta = HOUR, new: bool = False
) -> Due:
    return Due(id=number, host=host or f"h{number}", due_at=NOW - waits, interval=interval, new=new)


@pytest.mark.parametrize(
    ("feeds", "limit", "chosen"),
    [
        ([], 4, []),
        ([due(1), due(2, waits=HOUR), due(3, waits=2 * MINUTE)], 2, [2, 3]),  # who has waited longest
        ([due(1, waits=HOUR, interval=6 * HOUR), due(2, waits=20 * MINUTE, interval=5 * MINUTE)], 1, [2]),
        ([*(due(n, waits=HOUR) for n in range(1, 9)), due(99, waits=0 * HOUR, new=True)], 4, [99, 1, 2, 3]),
        ([*(due(n, new=True) for n in range(1, 9)), due(50, waits=HOUR)], 4, [8, 50, 1, 2]),
        ([*(due(n, host="a", waits=HOUR) for n in range(1, 9)), due(50)], 9, [1, 2, 3, 4, 50]),
        ([due(n, host="a") for n in range(1, 9)], 2, [1, 2]),
        ([due(1, interval=timedelta(0))], 1, [1]),
        ([due(1, waits=-HOUR)], 1, [1]),  # not due yet, and wanted all the same
    ],
)  # fmt: skip
def test_whose_turn_it_is(feeds: list[Due], limit: int, chosen: list[int]) -> None:
    """Nobody waits for a backlog or a host that is not his."""
    assert turns(feeds, limit=limit, now=NOW) == ([chosen] if chosen else [])


def test_whose_turn_it_is_in_the_next_batches() -> None:
    """Each is in one of them, new feeds and hosts counted anew in each."""
    feeds = [*(due(n, host="a", waits=HOUR) for n in range(1, 9)), due(9, waits=2 * HOUR), due(10, new=True)]
    assert turns(feeds, limit=6, batches=2, now=NOW) == [[10, 9, 1, 2, 3, 4], [5, 6, 7, 8]]


def test_a_backlog_is_spread() -> None:
    """Over ten minutes, the same way each time, each within half of its interval, hosts far from one another."""
    intervals = [5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR]
    backlog = [due(n, host=f"h{n // 100}", interval=intervals[n % 4], waits=3 * HOUR) for n in range(5000)]

    later = spread(backlog, now=NOW)

    assert later == spread(backlog[::-1], now=NOW)
    assert len(later) == 5000 - AT_ONCE
    assert all(NOW < later[one.id] <= NOW + min(WINDOW, one.interval / 2) for one in backlog if one.id in later)
    minutes = Counter(int((time - NOW) / MINUTE) for time in later.values())
    assert max(minutes.values()) <= 2 * (5000 / 10)
    first = [one for one in backlog if one.id not in later]
    assert {one.interval for one in first} == {5 * MINUTE}
    assert max(Counter(one.host for one in first).values()) < 5 * PER_HOST


def test_a_few_feeds_are_not_spread() -> None:
    """What can come at once does."""
    assert spread([due(n) for n in range(AT_ONCE)], now=NOW) == {}
