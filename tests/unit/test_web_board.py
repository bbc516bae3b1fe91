"""Which sector comes first, what is unusual, and how it is drawn."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sectorwatch.web.board import Trend, chart, drawn, ranked

COORDINATES = st.tuples(st.floats(-80, 80), st.floats(-170, 170))


def trend(*counts: int) -> Trend:
    return Trend(counts=counts)


@pytest.mark.parametrize(
    ("counts", "times"),
    [
        ((4, 4, 4, 12), 3.0),
        ((4, 4, 4, 10), None),  # 4 + 3 * 2: within what chance brings
        ((1, 1, 1, 4), None),  # too few to speak of
        ((0, 0, 0, 50), None),  # nothing to compare with
        ((0, 0, 2, 20), 10.0),  # the archive begins with the third day
        ((9, 9, 9, 0), None),
    ],
)
def test_a_spike_is_far_above_the_usual(counts: tuple[int, ...], times: float | None) -> None:
    assert trend(*counts).times == times


def test_the_bars_show_the_counts() -> None:
    """The highest day fills the drawing, one article in a thousand is still seen, and no article draws nothing."""
    bars = trend(0, 1, 1000).bars
    width, height = trend(0, 1, 1000).drawing
    assert [bar.height for bar in bars] == [0, 1, height]
    assert all(bar.y + bar.height == height for bar in bars)
    assert bars[-1].x + bars[-1].width == width


def test_the_busiest_sector_comes_first() -> None:
    trends = {"a": trend(0, 1), "b": trend(0, 3), "c": trend(5, 1), "d": trend(0, 1)}
    assert ranked(trends) == ["b", "c", "a", "d"]
    assert ranked({}) == []


def test_the_map_has_the_sectors_where_they_lie() -> None:
    """North above south, west left of east, a busier one larger, and a line that goes on to the nearest."""
    places = {"south": (47.0, 35.0), "middle": (48.5, 37.5), "north": (50.0, 37.6)}
    found = drawn(places, {"north": 1, "middle": 9})
    assert found is not None
    dots = {dot.sector: dot for dot in found.dots}
    assert [dot.sector for dot in found.dots] == ["north", "middle", "south"]
    assert dots["north"].y < dots["middle"].y < dots["south"].y
    assert dots["south"].x < dots["middle"].x < dots["north"].x
    assert dots["south"].radius < dots["north"].radius < dots["middle"].radius
    assert drawn({"one": (50.0, 36.0)}, {}) is None


@given(st.dictionaries(st.text(min_size=1, max_size=5), COORDINATES, min_size=2, max_size=30))
def test_the_map_holds_whatever_is_drawn(places: dict[str, tuple[float, float]]) -> None:
    """Wherever sectors lie, also all at one point: each is within the map, once, and no name lies upon another."""
    found = drawn(places, {})
    assert found is not None
    assert sorted(dot.sector for dot in found.dots) == sorted(places)
    assert all(-1 < dot.x <= found.width + 1 and dot.label_y <= found.height + 1 for dot in found.dots)
    heights = sorted(dot.label_y for dot in found.dots)
    assert heights[0] >= 0
    assert all(below - above > 15.9 for above, below in pairwise(heights))
    assert all(dot.label_x > dot.x + dot.radius for dot in found.dots)


FRONT = {  # close to one another, as in the Donetsk region, and one that is alone
    "lyman": (48.99, 37.82),
    "sloviansk": (48.93, 37.95),
    "kramatorsk": (48.74, 37.85),
    "kostiantynivka": (48.70, 37.75),
    "dobropillia": (48.66, 37.47),
    "north": (51.5, 36.0),
    "south": (46.6, 33.0),
}


def test_names_that_would_lie_upon_dots_stand_in_a_column_beside_them() -> None:
    """In the order of their dots, with a line from each; a name that has room stands at its dot without one."""
    found = drawn(FRONT, {"kramatorsk": 9})
    assert found is not None
    dots = {dot.sector: dot for dot in found.dots}
    column = [dots[sector] for sector in FRONT if sector not in ("north", "south")]
    assert len({dot.label_x for dot in column}) == 1
    assert all(dot.label_x > other.x + other.radius for dot in column for other in column)
    assert [dot.label_y for dot in column] == sorted(dot.label_y for dot in column)
    middle = (column[0].label_y + column[-1].label_y) / 2
    assert abs(middle - sum(dot.y for dot in column) / len(column)) < 1
    assert [dot.apart for dot in column] == [True] * 5
    assert not dots["north"].apart
    assert dots["north"].label_y == dots["north"].y


def test_the_map_is_as_wide_as_its_names() -> None:
    """Cyrillic letters are wider; a name of hundreds of letters makes no map of hundreds of letters."""
    found = drawn({"one": (50.0, 36.0), "two": (48.0, 36.5)}, {})
    assert found is not None
    latin, cyrillic, long = (found.right({"one": "a", "two": name}) for name in ("b" * 20, "б" * 20, "b" * 200))
    assert found.dots[-1].label_x + 20 * 7 < latin < cyrillic < long < found.width + 400


def test_a_column_is_as_high_as_its_day() -> None:
    """The parts of a day stand on one another; the busiest day reaches the top."""
    first, second = chart({"ukrainian": [1, 4], "russian": [1, 4]})
    assert first == (2, [("ukrainian", 1, 0.0, 0.125), ("russian", 1, 0.125, 0.25)])
    assert second[1][-1][3] == 1.0
    assert chart({}) == []
    assert chart({"unknown": [0, 0]})[0] == (0, [("unknown", 0, 0.0, 0.0)])
