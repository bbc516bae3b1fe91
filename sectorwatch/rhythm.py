"""When a feed is silent: judged by the times of its own items, as a pure decision.

No fixed limit does: a wire agency that is quiet for six hours has stopped, a monthly bulletin has not. Nights and
weekends are habits too: a pause that a feed has made thrice before is no silence.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

LEAST_TIMES = 10  # items at different times from which a rhythm can be told
TOGETHER = timedelta(minutes=1)  # items closer than this came at one time
RECENT = timedelta(days=28)  # of this the rhythm is taken, four weekends ...
RECENT_LEAST = 20  # ... where there is so much of it
TIMES_USUAL = 6  # quiet for longer than so many usual gaps ...
TIMES_LONG = 2  # ... and than so many times what 95 of 100 gaps do not exceed ...
TIMES_HABIT = 1.5  # ... and than so many times a pause that it makes now and then
HABIT = 3  # how often that is
WEEKENDS_SEEN = timedelta(days=22)  # in less, a weekend was not seen so often: then the longest pause counts
NIGHTS_SEEN = timedelta(days=3)
SHORTEST_QUIET = timedelta(hours=6)
SHORTEST_QUIET_NO_NIGHTS = timedelta(hours=24)  # where what was seen holds no nights
LONGEST_USUAL = timedelta(days=60)  # what posts less often is not judged
LONGEST_QUIET = timedelta(days=180)


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """How a feed posts."""

    usual: timedelta  # median time between two items
    quiet_after: timedelta  # without a new item for longer than this, it is silent


def rhythm(times: Collection[datetime]) -> Rhythm | None:
    """The rhythm of a feed with items of these times; None where they are too few, or too far apart, to tell."""
    apart = _apart(times)
    recent = [time for time in apart if time >= apart[-1] - RECENT]
    if len(recent) >= RECENT_LEAST:
        apart = recent
    if len(apart) < LEAST_TIMES:
        return None
    span = apart[-1] - apart[0]
    gaps = sorted(later - earlier for earlier, later in itertools.pairwise(apart))
    usual = gaps[len(gaps) // 2]
    if usual > LONGEST_USUAL:
        return None
    habit = gaps[-HABIT] if span >= WEEKENDS_SEEN else gaps[-1]
    floor = SHORTEST_QUIET if span >= NIGHTS_SEEN else SHORTEST_QUIET_NO_NIGHTS
    quiet = max(usual * TIMES_USUAL, gaps[int(len(gaps) * 0.95)] * TIMES_LONG, habit * TIMES_HABIT, floor)
    return Rhythm(usual=usual, quiet_after=min(quiet, LONGEST_QUIET))


def _apart(times: Collection[datetime]) -> list[datetime]:
    """The times in order, of those that are together the first."""
    apart: list[datetime] = []
    for time in sorted(times):
        if not apart or time - apart[-1] >= TOGETHER:
            apart.append(time)
    return apart
