"""The time as a parameter, so that tests can turn it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Gives the present moment, aware and in UTC."""


def system_clock() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def lasting(time: timedelta) -> str:
    """How long that is, in its largest unit."""
    seconds = int(time.total_seconds())
    units = ((86400, "d"), (3600, "h"), (60, "min"))
    return next((f"{seconds // unit} {name}" for unit, name in units if seconds >= unit), f"{seconds} s")


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago, or in how long, in one word or two."""
    if moment is None:
        return "never"
    size = lasting(abs(now - moment))
    return f"{size} ago" if now >= moment else f"in {size}"
