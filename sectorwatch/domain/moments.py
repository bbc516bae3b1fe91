"""Moments: every one is UTC."""

from __future__ import annotations

from datetime import UTC, datetime


def utc(moment: datetime) -> datetime:
    """`moment` in UTC. Raises ValueError for a naive datetime: it names no moment."""
    if moment.tzinfo is None:
        raise ValueError(f"a datetime without time zone names no moment: {moment.isoformat()}")
    return moment.astimezone(UTC)


def moment(at: datetime) -> str:
    """A moment in words for operators: to the minute, in UTC."""
    return f"{utc(at):%Y-%m-%d %H:%M} UTC"
