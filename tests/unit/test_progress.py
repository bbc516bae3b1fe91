"""The progress line says how fast it goes and how long it will take."""

from __future__ import annotations

import pytest

from sectorwatch.cli.progress import line


@pytest.mark.parametrize(
    ("done", "total", "seconds", "words"),
    [
        (0, 5_000, 3.0, "feeds: 0 of 5000"),
        (1, 5_000, 0.0, "feeds: 1 of 5000"),
        (500, 5_000, 10.0, "feeds: 500 of 5000, 50/s, 90 s left"),
        (500, 5_000, 40.0, "feeds: 500 of 5000, 12/s, 6 min left"),
        (10, 5_000, 100.0, "feeds: 10 of 5000, 0.1/s, 13 h 52 min left"),
        (5_000, 5_000, 60.0, "feeds: 5000 of 5000, 83/s"),
    ],
)
def test_rate_and_remaining_time(done: int, total: int, seconds: float, words: str) -> None:
    """From what was done so far; slow rates have a digit more, long times are rounded."""
    assert line("feeds", done, total, seconds) == words
