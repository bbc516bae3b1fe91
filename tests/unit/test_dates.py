"""Dates of feeds and pages: the moment, and how far it can be trusted."""

from __future__ import annotations

from datetime import UTC, datetime
from time import gmtime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.dates import dated, read_date
from sectorwatch.domain import DateQuality

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

STATED = [
    ("Sat, 28 Feb 2026 10:00:00 +0200", "2026-02-28T08:00"),
    ("Sat, 28 Feb 2026 10:00:00 +02:00", "2026-02-28T08:00"),
    ("Sat, 28 Feb 2026 10:00:00 +0200 (EET)", "2026-02-28T08:00"),
    ("28 Feb 26 10:00 GMT", "2026-02-28T10:00"),
    ("Sat, 28 Feb 2026 10:00:00 EET", "2026-02-28T08:00"),
    ("Sat, 28 Feb 2026 10:00:00 MSK", "2026-02-28T07:00"),
    ("Sat, 28 Feb 2026 10:00:00 EST", "2026-02-28T15:00"),
    ("Sat, 28 Feb 2026 24:00:00 +0000", "2026-03-01T00:00"),
    ("Сб, 28 февраля 2026 10:00:00 +0300", "2026-02-28T07:00"),
    ("28 лютого 2026 10:00 +0200", "2026-02-28T08:00"),
    ("28 мая 2025 10:00 +0300", "2025-05-28T07:00"),
    ("February 28, 2026 5:30 PM GMT", "2026-02-28T17:30"),
    ("February 28, 2026 12:05 a.m. GMT", "2026-02-28T00:05"),
    ("2026-02-28T10:00:00Z", "2026-02-28T10:00"),
    ("2026-02-28T10:00:00.123+02:00", "2026-02-28T08:00"),
    ("2026-02-28T10:00:00-0530", "2026-02-28T15:30"),
    ("2026-02-28 10:00:00 +02", "2026-02-28T08:00"),
    ("20260228T100000Z", "2026-02-28T10:00"),
    ("2025-12-31T23:59:60Z", "2025-12-31T23:59"),  # a leap second
]

NAIVE = [
    ("Sat, 28 Feb 2026 10:00:00", "2026-02-28T10:00"),
    ("Sat, 28 Feb 2026 10:00:00 -0000", "2026-02-28T10:00"),
    ("Sat, 28 Feb 2026 10:00:00 XYZ", "2026-02-28T10:00"),  # a zone that nobody knows
    ("Sat, 28 Feb 2026 10:00:00 +9900", "2026-02-28T10:00"),
    ("28 Feb 2026", "2026-02-28T00:00"),
    ("2026-02-28T10:00:00", "2026-02-28T10:00"),
    ("2026-02-28T10:00:00-00:00", "2026-02-28T10:00"),
    ("2026-02-28", "2026-02-28T00:00"),
]

MISSING = [
    "",
    "   ",
    "yesterday",
    "31 Nov 2025 10:00 +0000",
    "2026-13-45",
    "2026-02-28T99:99:99Z",
    "1970-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "Sat, 01 Jan 0000 00:00:00 GMT",
    "Sat, 01 Jan 0001 00:00:00 GMT",
    "99999-12-31T00:00:00Z",
    "NaN",
    "9999-12-31T23:59:59-12:00",
    "Thu, 01 Jan 1970 00:00:00 +0000",
    "x" * 100_000,
]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("text", "expected"), STATED)
def test_a_stated_zone_is_kept(text: str, expected: str) -> None:
    """A time with a zone is that moment in UTC, and counts as stated."""
    moment, quality = dated(text, now=NOW)

    assert moment is not None
    assert moment.replace(second=0, microsecond=0) == at(expected)
    assert quality is DateQuality.STATED


@pytest.mark.parametrize(("text", "expected"), NAIVE)
def test_a_time_without_zone_is_marked(text: str, expected: str) -> None:
    """A time without a zone, or with one nobody knows, is taken as UTC and marked naive."""
    assert dated(text, now=NOW) == (at(expected), DateQuality.NAIVE)


@pytest.mark.parametrize("text", MISSING)
def test_what_is_no_date_is_missing(text: str) -> None:
    """What cannot be read, does not exist or is a default value gives no moment, and no exception."""
    assert dated(text, now=NOW) == (None, DateQuality.MISSING)


def test_the_future_begins_an_hour_from_now() -> None:
    """A date that is later than now by over an hour keeps its value and is marked."""
    assert dated("2026-03-01T13:00:00Z", now=NOW) == (at("2026-03-01T13:00"), DateQuality.STATED)
    assert dated("2026-03-01T13:00:01Z", now=NOW)[1] is DateQuality.FUTURE
    assert dated("2026-03-01T14:00:00", now=NOW) == (at("2026-03-01T14:00"), DateQuality.FUTURE)


@pytest.mark.parametrize(
    ("text", "year"),
    [("99999-12-31T00:00:00Z", 9999), ("-99999999999999", 2099), ("20260228", 2006), ("12 28 10", 2026), ("1", 2001)],
)
def test_a_year_that_nobody_wrote_is_no_date(text: str, year: int) -> None:
    """feedparser finds a date in nearly any digits: without its year among the numbers there is none."""
    made_up = gmtime(datetime(year, 11, 1, tzinfo=UTC).timestamp())

    assert dated(f"on {text}", now=NOW, fallback=made_up) == (None, DateQuality.MISSING)


def test_what_only_feedparser_reads_is_taken_from_it() -> None:
    """A date in a form of its own is taken as the parser of the feed understood it, naive unless it ends in a zone."""
    parsed = gmtime(at("2026-02-28T10:00").timestamp())

    assert dated("2026. febr. 28. 10 óra", now=NOW, fallback=parsed) == (at("2026-02-28T10:00"), DateQuality.NAIVE)
    assert dated("2026. febr. 28. 10 óra +0100", now=NOW, fallback=parsed)[1] is DateQuality.STATED


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    """Whatever stands in place of a date, the answer is a moment with zone or none."""
    found = read_date(text)

    assert found is None or found[0].tzinfo is UTC
