"""What publishers ask for, and how far they are believed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import pytest

from extractors.feeds.feed import parse_feed
from sectorwatch.domain import Hints
from sectorwatch.hints import SKIP_MOST, after_skipped, reach_of, wish
from sectorwatch.net.headers import fresh_for
from sectorwatch.overlap import MOST, missed, missed_words

FRIDAY = datetime(2026, 3, 6, 12, 20, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "hours", "days", "reach", "asked"),
    [
        (at(6, 12, 20), {3}, (), None, at(6, 12, 20)),
        (at(6, 12, 20), {12}, (), None, at(6, 13)),
        (at(6, 22, 59), {22, 23, 0, 1}, (), None, at(7, 2)),  # past midnight
        (at(7, 9), (), {5, 6}, None, at(9, 0)),  # a weekend
        (at(6, 23, 30), {23}, {5, 6}, None, at(9, 0)),  # an hour, then days
        (at(6, 14), set(range(24)), (), None, at(6, 14)),  # who skips everything is not believed
        (at(6, 14), (), set(range(7)), None, at(6, 14)),
        (at(6, 14), (), {4, 5, 6, 0}, None, FRIDAY + SKIP_MOST),  # nor who skips for longer than a long weekend
        (at(6, 14), {14, 15, 16}, (), 4 * HOUR, at(6, 15, 20)),  # what is listed would be gone: three quarters of it
        (at(6, 14), {14, 15, 16}, (), HOUR, at(6, 14)),  # by then it is gone already
        (at(6, 14), {14, 15, 16}, (), DAY, at(6, 17)),
        (at(6, 14), {-1, 99}, {-3, 12}, None, at(6, 14)),
    ],
)
def test_skipped_hours_and_days_are_kept_unless_items_would_be_lost(
    due: datetime, hours: Collection[int], days: Collection[int], reach: timedelta | None, asked: datetime
) -> None:
    """The hours are GMT; the time over which a list goes back is the bound."""
    hints = Hints(skip_hours=frozenset(hours), skip_days=frozenset(days))
    assert after_skipped(due, hints, reach, now=FRIDAY) == asked


@pytest.mark.parametrize(
    ("every", "fresh", "reach", "pause"),
    [
        (None, None, None, timedelta(0)),
        (3 * HOUR, None, None, 3 * HOUR),
        (3 * HOUR, None, 2 * HOUR, HOUR),  # half of what is listed would go by
        (None, 10 * MINUTE, None, 10 * MINUTE),
        (None, 365 * DAY, None, HOUR),
        (HOUR, 10 * MINUTE, None, HOUR),
        (-HOUR, -HOUR, None, timedelta(0)),
    ],
)
def test_a_wish_counts_as_far_as_nothing_is_lost(
    every: timedelta | None, fresh: timedelta | None, reach: timedelta | None, pause: timedelta
) -> None:
    """A cache's lifetime counts up to an hour, a publisher's ttl up to half of its list."""
    assert wish(Hints(every=every), fresh, reach)[0] == pause


@pytest.mark.parametrize(
    ("times", "reach"),
    [
        ([FRIDAY - HOUR * number for number in range(21)], 20 * HOUR),
        ([FRIDAY - HOUR * number for number in range(20)] + [FRIDAY - 900 * DAY], 20 * HOUR),  # pinned
        ([FRIDAY] * 9, None),
        ([FRIDAY, FRIDAY - DAY], None),
        ([], None),
    ],
)
def test_how_far_a_list_goes_back(times: list[datetime], reach: timedelta | None) -> None:
    """By the middle half of its dates; odd ones at the ends do not count."""
    assert reach_of(times) == reach


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "public, max-age=600"}, 600),
        ({"cache-control": "MAX-AGE = 600, max-age=60"}, 60),
        ({"cache-control": 'max-age="600"', "age": "100"}, 500),
        ({"cache-control": "max-age=600", "age": "900"}, None),
        ({"cache-control": "max-age=600", "age": "-5"}, 600),
        ({"cache-control": "s-maxage=600"}, None),  # for shared caches
        ({"cache-control": "no-cache, max-age=600"}, None),
        ({"cache-control": "max-age=-600"}, None),
        ({"cache-control": "max-age=NaN", "expires": "Fri, 06 Mar 2026 13:20:00 GMT"}, None),
        ({"cache-control": "max-age=" + "9" * 5000}, 999_999_999),
        ({"expires": "Fri, 06 Mar 2026 13:20:00 GMT"}, 3600),
        ({"expires": "Fri, 06 Mar 2020 13:20:00 GMT"}, None),
        ({"expires": "3600"}, None),  # no date: it has expired (RFC 9111, 5.3)
        ({"expires": "0"}, None),
        ({"expires": "never"}, None),
    ],
)
def test_how_long_an_answer_is_fresh(headers: dict[str, str], seconds: float | None) -> None:
    """RFC 9111, and nothing for nonsense."""
    assert fresh_for(headers, lambda: FRIDAY) == seconds


@pytest.mark.parametrize(
    ("channel", "hours", "days"),
    [
        ("<skipHours><hour>0</hour><hour> 23 </hour><hour>0</hour></skipHours>", {0, 23}, ()),
        ("<skipHours><hour>24</hour><hour>25</hour><hour>-1</hour><hour>NaN</hour><hour>²</hour></skipHours>", {0}, ()),
        ("<skipDays><day>Saturday</day><day>sunday</day><day>Caturday</day></skipDays>", (), {5, 6}),
        ("<skipHours>" * 1000, (), ()),
        ("<skipHours><hour>3</hour>" + "<hour>99999999999999999999999</hour>" * 9, {3}, ()),
        ("", (), ()),
    ],
)  # fmt: skip
def test_hours_and_days_are_read(channel: str, hours: Collection[int], days: Collection[int]) -> None:
    """From RSS, each once; nonsense says nothing."""
    text = f"<rss version='2.0'><channel><title>A</title>{channel}<item><title>B</title></item></channel></rss>"
    hints = parse_feed(text.encode(), now=FRIDAY).hints
    assert (hints.skip_hours, hints.skip_days) == (frozenset(hours), frozenset(days))


def every(gap: timedelta, count: int, start: datetime) -> list[datetime]:
    return [start + gap * number for number in range(count)]


@pytest.mark.parametrize(
    ("known", "listed", "about"),
    [
        # Every ten minutes up to noon; then from two to five: eleven came between.
        (every(10 * MINUTE, 30, at(6, 7, 10)), every(10 * MINUTE, 19, at(6, 14)), 11),
        (every(10 * MINUTE, 30, at(6, 7, 10)), every(10 * MINUTE, 19, at(6, 12, 10)), 0),  # the next one
        (every(10 * MINUTE, 30, at(6, 7, 10)), every(MINUTE, 19, at(6, 14)), 11),  # the slower pace
        (every(MINUTE, 90, at(6, 10, 31)), every(10 * MINUTE, 19, at(6, 14)), 11),
        ([at(6, 12)], every(10 * MINUTE, 9, at(6, 14)), 11),
        ([at(6, 12)], [at(6, 14)], None),
        ([], every(MINUTE, 9, at(6, 14)), None),
        (every(MINUTE, 9, at(6, 14)), [], None),
        (every(MINUTE, 9, at(6, 14)), every(MINUTE, 9, at(6, 12)), None),  # older than what is known
        ([FRIDAY] * 9, [FRIDAY + DAY] * 9, None),
        (every(timedelta(microseconds=1), 9, at(6, 0)), every(timedelta(microseconds=1), 9, at(9, 0)), MOST),
    ],
)
def test_about_how_many_items_were_missed(known: list[datetime], listed: list[datetime], about: int | None) -> None:
    """By the gap and the slower of the paces on both sides; where times do not tell, no number."""
    assert missed(known, listed) == about


def test_what_is_said_of_missed_items() -> None:
    """Never more than is known."""
    assert [missed_words(count) for count in (None, 0, 1, 1200)] == [
        "may have missed items",
        "may have missed items, few if any",
        "may have missed about 1 item",
        "may have missed about 1,200 items",
    ]
