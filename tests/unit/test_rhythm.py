"""When a feed is silent, by its own rhythm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sectorwatch.rhythm import LONGEST_QUIET, rhythm

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def every(gap: timedelta, count: int, start: datetime = MONDAY) -> list[datetime]:
    return [start + gap * number for number in range(count)]


def working_hours(days: int, *, weekends: bool) -> list[datetime]:
    """Every half hour from nine to six."""
    chosen = [MONDAY + DAY * day for day in range(days) if weekends or day % 7 < 5]
    return [time for day in chosen for time in every(30 * MINUTE, 19, day + 9 * HOUR)]


@pytest.mark.parametrize(
    ("times", "usual", "still", "silent"),
    [
        (every(40 * MINUTE, 500), 40 * MINUTE, 5 * HOUR, 9 * HOUR),
        (every(5 * MINUTE, 1000), 5 * MINUTE, 5 * HOUR, 7 * HOUR),
        (working_hours(14, weekends=True), 30 * MINUTE, 15 * HOUR, DAY),  # nights are a habit
        (working_hours(28, weekends=False), 30 * MINUTE, 63 * HOUR, 5 * DAY),  # so are weekends
        (working_hours(11, weekends=False), 30 * MINUTE, 63 * HOUR, 5 * DAY),  # also where only one was seen
        (every(5 * MINUTE, 20), 5 * MINUTE, 23 * HOUR, 25 * HOUR),  # a first poll of two hours has seen no night
        (every(7 * DAY, 12), 7 * DAY, 40 * DAY, 50 * DAY),
        (every(40 * DAY, 12), 40 * DAY, LONGEST_QUIET, LONGEST_QUIET + DAY),
        # Ten at a time, twice a day: a rhythm of batches.
        ([time + n * MINUTE / 60 for time in every(12 * HOUR, 30) for n in range(10)], 12 * HOUR, 2 * DAY, 4 * DAY),
        # A year ago it was fast; lately it posts once a day.
        (every(HOUR, 300, MONDAY - 365 * DAY) + every(DAY, 60), DAY, 5 * DAY, 7 * DAY),
    ],
)  # fmt: skip
def test_a_feed_is_silent_by_its_own_measure(
    times: list[datetime], usual: timedelta, still: timedelta, silent: timedelta
) -> None:
    """Usual gaps, nights and weekends are no silence; far more than them is."""
    found = rhythm(times[::-1])  # in any order
    assert found is not None
    assert found.usual == usual
    assert still <= found.quiet_after < silent


@pytest.mark.parametrize(
    "times",
    [[], every(HOUR, 9), [MONDAY] * 50, every(timedelta(seconds=5), 12), every(90 * DAY, 20)],
    ids=["none", "few", "one moment", "one minute", "once a quarter"],
)
def test_what_cannot_be_told_is_not_judged(times: list[datetime]) -> None:
    """Too few items, or too far apart, make no rhythm."""
    assert rhythm(times) is None
