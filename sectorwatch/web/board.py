"""The board of sectors: which comes first, what is unusual, and how it is drawn. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SPIKE_FROM = 5  # articles a day: a second one where there is usually one is no news
_DEVIATIONS = 3  # of a Poisson count: one day in several hundred by chance
_BAR, _GAP, _HEIGHT = 6, 2, 28  # of a sparkline, in the units of its drawing
_KM = 111.2  # a degree of latitude
_LINE = 16.0  # least distance of two names on the map, in its units
_GAP_TO_NAME, _GAP_TO_COLUMN = 6.0, 16.0  # between a dot and its name, and between dots and a column of names
_LONGEST = 40  # letters of a name that the map makes room for
_BESIDE = 4.0  # so far off a name still stands beside its dot


@dataclass(frozen=True, kw_only=True)
class Bar:
    x: int
    y: int
    width: int
    height: int
    count: int


@dataclass(frozen=True, kw_only=True)
class Trend:
    """Articles in each of some days, the last one being today."""

    counts: tuple[int, ...]

    @property
    def today(self) -> int:
        return self.counts[-1]

    @property
    def usual(self) -> float:
        """The mean of the days before; of those since the first article, so that a new archive is not all spikes."""
        before = self.counts[:-1]
        first = next((at for at, count in enumerate(before) if count), len(before))
        return sum(before) / max(len(before) - first, 1)

    @property
    def times(self) -> float | None:
        """How many times the usual there is today, where that is far more than chance brings; else None."""
        usual = self.usual
        if not usual or self.today < SPIKE_FROM or self.today <= usual + _DEVIATIONS * math.sqrt(usual):
            return None
        return self.today / usual

    @property
    def bars(self) -> list[Bar]:
        """To draw, from the left, within `drawing`; a day with any article is to be seen."""
        most = max((1, *self.counts))
        heights = [max(round(count / most * _HEIGHT), 1 if count else 0) for count in self.counts]
        return [
            Bar(x=number * (_BAR + _GAP), y=_HEIGHT - height, width=_BAR, height=height, count=count)
            for number, (height, count) in enumerate(zip(heights, self.counts, strict=True))
        ]

    @property
    def drawing(self) -> tuple[int, int]:
        """Width and height of the bars together."""
        return len(self.counts) * (_BAR + _GAP) - _GAP, _HEIGHT


def ranked(trends: Mapping[str, Trend]) -> list[str]:
    """The sectors with the most articles today first; among equals those with the most in all days."""
    return sorted(trends, key=lambda sector: (-trends[sector].today, -sum(trends[sector].counts), sector))


@dataclass(frozen=True, kw_only=True)
class Dot:
    """A sector on the map, and where its name begins."""

    sector: str
    x: float
    y: float
    radius: float
    label_x: float
    label_y: float

    @property
    def apart(self) -> bool:
        """Whether the name stands off the dot, so that a line has to lead to it."""
        return abs(self.label_y - self.y) > _BESIDE or self.label_x > self.x + self.radius + _GAP_TO_NAME + _BESIDE


@dataclass(frozen=True, kw_only=True)
class Map:
    """Sectors as dots, as they lie; names to their right lie neither upon one another nor upon a dot."""

    width: float
    height: float
    dots: tuple[Dot, ...]

    @property
    def line(self) -> str:
        """From each dot to the next, as the points of a polyline."""
        return " ".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in self.dots)

    def right(self, names: Mapping[str, str]) -> float:
        """Where the last of these names ends, by the width that letters have at most."""
        return max(dot.label_x + sum(map(_breadth, names[dot.sector][:_LONGEST])) for dot in self.dots)


def drawn(places: Mapping[str, tuple[float, float]], counts: Mapping[str, int], *, size: float = 280.0) -> Map | None:
    """The map of sectors by (latitude, longitude), `size` high at most; a dot's area grows with its count.

    The dots come in the order of the line through them, which begins in the north. None for fewer than two places.
    """
    if len(places) < 2:
        return None
    north, south = max(lat for lat, _ in places.values()), min(lat for lat, _ in places.values())
    west, east = min(lon for _, lon in places.values()), max(lon for _, lon in places.values())
    shrink = math.cos(math.radians((north + south) / 2))
    scale = size / max((north - south) * _KM, (east - west) * shrink * _KM, 1)
    at = {
        sector: ((lon - west) * shrink * _KM * scale, (north - lat) * _KM * scale)
        for sector, (lat, lon) in places.items()
    }
    most = max((1, *counts.values()))
    radius = {sector: 4 + 10 * math.sqrt(counts.get(sector, 0) / most) for sector in at}
    labels: dict[str, tuple[float, float]] = {}
    for top, names in _columns({sector: y for sector, (_, y) in at.items()}):
        rows = (top, top + _LINE * (len(names) - 1))
        beside = max(x + radius[sector] for sector, (x, y) in at.items() if _reaches(y, radius[sector], rows))
        left = beside + (_GAP_TO_NAME if len(names) == 1 else _GAP_TO_COLUMN)
        labels |= {sector: (left, top + _LINE * row) for row, sector in enumerate(names)}
    dots = [
        Dot(sector=sector, x=x, y=y, radius=radius[sector], label_x=labels[sector][0], label_y=labels[sector][1])
        for sector, (x, y) in ((sector, at[sector]) for sector in _in_line(at))
    ]
    height = max(max(y for _, y in labels.values()), size * 0.2)
    return Map(width=max(x for x, _ in at.values()), height=height, dots=tuple(dots))


def _reaches(y: float, radius: float, rows: tuple[float, float]) -> bool:
    """Whether a dot is as high as one of the rows of names."""
    return rows[0] - _LINE / 2 < y + radius and y - radius < rows[1] + _LINE / 2


def _breadth(letter: str) -> float:
    return 7.4 if letter.isascii() else 8.8


def _in_line(at: Mapping[str, tuple[float, float]]) -> list[str]:
    """Each sector after its nearest neighbour, from the northernmost."""
    left = dict(at)
    line = [min(left, key=lambda sector: (left[sector][1], sector))]
    here = left.pop(line[0])
    while left:
        line.append(min(left, key=lambda sector: (math.dist(here, left[sector]), sector)))
        here = left.pop(line[-1])
    return line


def _columns(heights: Mapping[str, float]) -> list[tuple[float, list[str]]]:
    """Names from above, those that would lie upon one another as a column around the middle of their dots.

    Each column has the height of its first name, and a line between two.
    """
    columns: list[tuple[float, list[str]]] = []
    for sector in sorted(heights, key=lambda sector: (heights[sector], sector)):
        top, names = heights[sector], [sector]
        while columns and columns[-1][0] + _LINE * len(columns[-1][1]) > top:
            names = columns.pop()[1] + names
            off = sum(heights[name] - _LINE * row for row, name in enumerate(names))
            top = max(off / len(names), 0)
        columns.append((top, names))
    return columns


def chart(counts: Mapping[str, Sequence[int]]) -> list[tuple[int, list[tuple[str, int, float, float]]]]:
    """Stacked columns: of each day its sum, and its parts as (name, count, from, to) in shares of the highest."""
    days = list(zip(*counts.values(), strict=True))
    most = max((sum(day) for day in days), default=0) or 1
    columns = []
    for day in days:
        parts, height = [], 0
        for name, count in zip(counts, day, strict=True):
            parts.append((name, count, height / most, (height + count) / most))
            height += count
        columns.append((height, parts))
    return columns
