"""What publishers and their servers say of when to come: believed within bounds, and never at the price of items.

Nothing here reads a feed or sends a request: the hints come with a poll, and `polling` asks what they mean.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sectorwatch.clock import lasting
from sectorwatch.domain import Hints

FRESH_MOST = timedelta(hours=1)  # a cache's lifetime is often set for a whole site, news or not
SKIP_MOST = timedelta(days=3)  # a long weekend
OF_REACH = 0.5  # of the time over which a list goes back, a pause that is asked for may take so much ...
OF_REACH_SKIPPED = 0.75  # ... and one for skipped hours so much: they are hours without news
REACH_LEAST = 4  # dated items from which it can be told how far a list goes back
_HOUR = timedelta(hours=1)


def reach_of(times: Collection[datetime]) -> timedelta | None:
    """How far a list of items of these times goes back; None where they do not tell.

    Twice the middle half of them: a pinned item of last year, or one dated into the future, does not count.
    """
    order = sorted(times)
    if len(order) < REACH_LEAST:
        return None
    middle = order[(len(order) * 3) // 4] - order[len(order) // 4]
    return middle * 2 if middle else None


def wish(hints: Hints, fresh: timedelta | None, reach: timedelta | None) -> tuple[timedelta, str]:
    """The pause that is asked for, as far as it is believed, and who asks; zero: nobody does."""
    asked, who = hints.every or timedelta(0), "its publisher asks for it"
    if fresh is not None and min(fresh, FRESH_MOST) > asked:
        asked, who = min(fresh, FRESH_MOST), "its server calls each answer fresh for so long"
    if reach is not None and asked > reach * OF_REACH:
        asked = reach * OF_REACH
        who = f"longer is asked for, but its list goes back {lasting(reach)} only"
    return max(asked, timedelta(0)), who


def after_skipped(due: datetime, hints: Hints, reach: timedelta | None, *, now: datetime) -> datetime:
    """When a feed that is due then is asked, by the hours and days that its publisher wants left out (GMT).

    `due` itself where they leave nothing else, where waiting would lose items, or where it is not in them.
    """
    hours, days = hints.skip_hours, hints.skip_days
    if len(hours) >= 24 or len(days) >= 7:
        return due
    latest = now + (SKIP_MOST if reach is None else min(SKIP_MOST, reach * OF_REACH_SKIPPED))
    moment = due.astimezone(UTC)
    while moment.hour in hours or moment.weekday() in days:
        moment = moment.replace(minute=0, second=0, microsecond=0) + _HOUR
        if moment > latest:
            return max(due, latest)
    return moment
