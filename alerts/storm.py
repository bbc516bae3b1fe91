"""When alerts are a storm: far more stories in ten minutes than the last week leads to expect. Pure."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

WINDOW = timedelta(minutes=10)
USUAL_OVER = timedelta(days=7)
TIMES_USUAL = 10


def limit(floor: int, told_in_week: int) -> int:
    """How many stories may be told of in a window: ten times the usual number, and never fewer than `floor`."""
    return max(floor, ceil(TIMES_USUAL * told_in_week * (WINDOW / USUAL_OVER)))


def words(limit: int) -> str:
    """What set the brake off."""
    return f"more than {limit} stories to be told of in {WINDOW // timedelta(minutes=1)} minutes"
