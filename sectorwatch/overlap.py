"""About how many items a poll has missed that found nothing it knew: a pure estimate from times."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from datetime import datetime, timedelta

TIMES_LEAST = 3  # from which a pace can be told
RECENT = timedelta(days=3)  # of what was known
MOST = 100_000  # nobody counts further


def missed(known: Collection[datetime], listed: Collection[datetime]) -> int | None:
    """About how many items were posted between the newest that was known and the oldest that is listed.

    By the slower of two paces, that of what was known lately (by its median) and that of what is listed (by its mean),
    so rather too few than too many. None where the times do not tell.
    """
    if not known or not listed:
        return None
    gap = min(listed) - max(known)
    paces = [pace for pace in (_median_gap(known), _mean_gap(listed)) if pace]
    if gap <= timedelta(0) or not paces:
        return None
    return min(max(round(gap / max(paces)) - 1, 0), MOST)


def missed_words(count: int | None) -> str:
    """That items may have been missed, and about how many."""
    if not count:
        return "may have missed items" if count is None else "may have missed items, few if any"
    return f"may have missed about {count:,} item{'s' * (count != 1)}"


def _median_gap(times: Collection[datetime]) -> timedelta | None:
    recent = sorted(time for time in times if time >= max(times) - RECENT)
    if len(recent) < TIMES_LEAST:
        return None
    gaps = sorted(later - earlier for earlier, later in itertools.pairwise(recent))
    return gaps[len(gaps) // 2]


def _mean_gap(times: Collection[datetime]) -> timedelta | None:
    return (max(times) - min(times)) / (len(times) - 1) if len(times) >= TIMES_LEAST else None
