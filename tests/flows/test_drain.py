"""When the rolling drain ends: the next run is taken ten seconds before it is due, and needs the slot."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flows.deliver import DRAIN_S, over_at
from flows.deployments import DRAIN_EVERY_S
from tests.builders import NOON

PREFETCH_S = 10  # of Prefect's workers


@pytest.mark.parametrize(
    ("late", "lasts"),
    [
        *((0, DRAIN_S), (7, DRAIN_S - 7), (200, DRAIN_S - 200), (DRAIN_S, DRAIN_S)),
        *((86_400, DRAIN_S), (86_500, DRAIN_S - 100), (DRAIN_EVERY_S + 40, DRAIN_S - 40), (-86_400, DRAIN_S)),
    ],
)
def test_a_drain_that_began_late_ends_in_time_for_the_next(late: float, lasts: float) -> None:
    """Otherwise the next would end as Cancelled, and for five minutes nobody would send. With a clock that is wrong by
    more than a drain it lasts as long as any; after some that nobody took, until the next is due."""
    now = NOON + timedelta(seconds=late)
    assert over_at(NOON, now, seconds=DRAIN_S) - now == timedelta(seconds=lasts)
    assert DRAIN_S < DRAIN_EVERY_S - PREFETCH_S
