"""Moments as people write them in options and searches: 24h, 7d, 2026-03-01."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import overload

from sectorwatch.errors import ConfigurationError

_UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}  # seconds


@overload
def moment(text: str, now: datetime, name: str) -> datetime: ...
@overload
def moment(text: str | None, now: datetime, name: str) -> datetime | None: ...
def moment(text: str | None, now: datetime, name: str) -> datetime | None:
    """The moment that is meant: "24h" or "7d" before `now`, or an ISO date, in UTC where it has no zone.

    Raises ConfigurationError that names the option or filter.
    """
    if text is None:
        return None
    try:
        if (long := span(text)) is not None:
            return now - long
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise ConfigurationError(f"{name} {text!r}: give 30m, 24h, 7d, 2w, or a date such as 2025-12-12") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def span(text: str) -> timedelta | None:
    """How long "30m", "24h", "7d" or "2w" is; None for anything else. Raises OverflowError."""
    if text[-1:] in _UNITS and text[:-1].isdecimal():
        return timedelta(seconds=int(text[:-1]) * _UNITS[text[-1]])
    return None
