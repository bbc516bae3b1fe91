"""When something was published, and how far that can be trusted.

Feeds and pages write dates in RFC 822, in ISO 8601 and in their own languages, with zones, without, or with zones that
only their country knows. A time without zone is taken as UTC and marked so.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from time import struct_time

from sectorwatch.domain import DateQuality

FUTURE_AFTER = timedelta(hours=1)  # clocks differ by less
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the web: a default value, and no date

# Zones by name, in hours: those of RFC 822 and those of Europe; ambiguous ones (IST) are left out.
_ZONES = {
    "EET": 2, "EEST": 3, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "WET": 0, "WEST": 1, "BST": 1, "MSK": 3, "MSD": 4,
    "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "TRT": 3, "UTC": 0, "GMT": 0, "UT": 0, "Z": 0,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
# First letters of the months in Ukrainian, Russian, German, Polish, French, Spanish and Italian, in any form and
# abbreviation, where they are not those of English.
_MONTHS = {
    "січ": 1, "лют": 2, "бер": 3, "кві": 4, "тра": 5, "чер": 6, "лип": 7, "сер": 8, "вер": 9, "жов": 10, "лис": 11,
    "гру": 12, "янв": 1, "фев": 2, "мар": 3, "апр": 4, "мая": 5, "май": 5, "июн": 6, "июл": 7, "авг": 8, "сен": 9,
    "окт": 10, "ноя": 11, "дек": 12, "mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12, "sty": 1, "lut": 2, "kwi": 4,
    "maj": 5, "cze": 6, "lip": 7, "sie": 8, "wrz": 9, "paź": 10, "lis": 11, "gru": 12, "fév": 2, "avr": 4, "aoû": 8,
    "déc": 12, "ene": 1, "abr": 4, "dic": 12, "gen": 1, "mag": 5, "giu": 6, "lug": 7, "ott": 10,
}  # fmt: skip
_LONGER = {"juin": 6, "juil": 7, "juni": 6, "juli": 7, "agos": 8, "sett": 9}
_ENGLISH = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[T ]+(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(Z|[+-]\d\d(?::?\d\d)?|[A-Z]{2,4})?)?",
    re.IGNORECASE,
)
_ZONE = re.compile(r"\s?(?:([+-]\d\d:?\d\d)|\b([A-Z]{1,5}))\s*(?:\([^)]{0,40}\))?$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")
_HALF_DAY = re.compile(r"\b(\d\d?):(\d\d(?::\d\d)?)\s*([ap])\.?m\b\.?", re.IGNORECASE)
_NUMERIC = re.compile(r"([+-])(\d\d):?(\d\d)?")
_YEAR_NONE = re.compile(r"\b0{3,}\d\b")
_MOST_OFFSET = timedelta(hours=15)  # no clock on earth is farther from UTC


def dated(text: str, *, now: datetime, fallback: struct_time | None = None) -> tuple[datetime | None, DateQuality]:
    """The moment that `text` names, in UTC, and its quality.

    `fallback` is feedparser's reading (UTC), for what only it understands. Later than `now` by over an hour is FUTURE.
    """
    found = read_date(text)
    if found is None and fallback is not None and _names_year(text, fallback.tm_year):
        found = _of_struct(fallback, _ZONE.search(text.strip()) is not None)
    if found is None:
        return None, DateQuality.MISSING
    moment, has_zone = found
    if moment < EARLIEST:
        return None, DateQuality.MISSING
    if moment > now + FUTURE_AFTER:
        return moment, DateQuality.FUTURE
    return moment, DateQuality.STATED if has_zone else DateQuality.NAIVE


def read_date(text: str) -> tuple[datetime, bool] | None:
    """The moment in UTC and whether a zone was stated; None where no date can be read."""
    text = " ".join(text.split())[:100]
    if not text:
        return None
    try:
        return _iso(text) or _rfc822(text)
    except (ValueError, OverflowError):
        return None


def _iso(text: str) -> tuple[datetime, bool] | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    return _moment(year, month, day, hour, minute, second, _offset(match[7] or ""))


def _rfc822(text: str) -> tuple[datetime, bool] | None:
    words = _HALF_DAY.sub(_full_day, _WORD.sub(_english_month, text))
    zone = _ZONE.search(words)
    offset = _offset(zone[1] or zone[2]) if zone else None
    if zone:
        words = words[: zone.start()]  # what parsedate_tz does not know it would take for UTC
    parsed = parsedate_tz(words if ":" in words else f"{words} 00:00")
    if parsed is None or _YEAR_NONE.search(words):  # to be read as 2000
        return None
    return _moment(*parsed[:6], offset)


def _moment(
    year: int, month: int, day: int, hour: int, minute: int, second: int, offset: timedelta | None
) -> tuple[datetime, bool]:
    """Raises ValueError or OverflowError for what no calendar has. 24:00 is the end of the day."""
    days, hour = divmod(hour, 24)
    moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC) + timedelta(days=days)
    return (moment, False) if offset is None else (moment - offset, True)


def _full_day(match: re.Match[str]) -> str:
    hour = int(match[1]) % 12 + (12 if match[3].lower() == "p" else 0)
    return f"{hour}:{match[2]}"


def _english_month(match: re.Match[str]) -> str:
    word = match[0].lower()
    number = _MONTHS.get(word[:3]) or _LONGER.get(word[:4])
    return _ENGLISH[number] if number else match[0]


def _offset(zone: str) -> timedelta | None:
    """The offset of a zone from UTC; None where it is unknown or not stated."""
    match = _NUMERIC.fullmatch(zone)
    if match is None:
        hours = _ZONES.get(zone.upper())
        return None if hours is None else timedelta(hours=hours)
    if zone in ("-00:00", "-0000"):
        return None  # RFC 3339: the offset is unknown
    size = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if size > _MOST_OFFSET:
        return None
    return size if match[1] == "+" else -size


def _names_year(text: str, year: int) -> bool:
    """Whether a number of the text begins with the year: feedparser makes dates of any digits."""
    return re.search(rf"(?<!\d)(?:{year:04}(?:\d{{3,4}})?|{year % 100:02})(?!\d)", text[:100]) is not None


def _of_struct(parsed: struct_time, has_zone: bool) -> tuple[datetime, bool] | None:
    try:
        return datetime(*parsed[:5], min(parsed[5], 59), tzinfo=UTC), has_zone
    except (ValueError, OverflowError, TypeError):
        return None
