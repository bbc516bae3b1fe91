"""How many stories are a storm."""

from __future__ import annotations

import pytest

from alerts.storm import limit


@pytest.mark.parametrize(
    ("floor", "told_in_week", "stories"),
    [(50, 0, 50), (50, 5_040, 50), (50, 5_041, 51), (50, 10_080, 100), (1, 1, 1)],
)
def test_ten_times_the_usual_and_never_less_than_the_floor(floor: int, told_in_week: int, stories: int) -> None:
    """A week has 1,008 windows of ten minutes."""
    assert limit(floor, told_in_week) == stories
