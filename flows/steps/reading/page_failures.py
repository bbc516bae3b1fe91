"""What a page that failed or refused means: its word, and when it is tried again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sectorwatch.domain import Entry, ReadState, moment
from sectorwatch.errors import (
    PASSING,
    FetchError,
    HostHeld,
    InputError,
    OwnNetworkDown,
    PageRefused,
    Refusal,
    RobotsRefused,
    SandboxError,
)
from sectorwatch.polling import EXCUSED_PAUSE

RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 480, 1440))
"""Of a page that did not come: outages pass."""

WALL_AFTER = tuple(timedelta(minutes=minutes) for minutes in (60, 360, 2520))
"""Of a page that refuses, the last after two days: few walls fall, and each try asks what its site does not want."""

ONCE_MORE = (timedelta(minutes=60),)
"""Of what is likely to stay so: a page may be listed before it is there."""

GIVE_UP_AFTER = timedelta(hours=48)  # since the entry was first seen: tries alone may have been asked for in one outage
GIVE_UP_HELD_AFTER = timedelta(days=7)  # a host that asks to wait, again and again
MOST_HOLD_S = 86_400  # of what a server may ask for
_OF_STATUS = {
    402: Refusal.PAYWALL,
    404: Refusal.MISSING,
    410: Refusal.MISSING,
    406: Refusal.NOT_HTML,
    408: Refusal.UNREACHED,
    425: Refusal.BUSY,
    429: Refusal.BUSY,
}
_FINAL = frozenset({Refusal.MISSING, Refusal.NOT_HTML})


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a page could not be read, and when to try again (None: never)."""

    words: str
    state: ReadState
    due_at: datetime | None
    refusal: Refusal
    hold_until: datetime | None = None
    killed: bool = False  # its process was stopped or died
    put_off: bool = False  # no try of it: its host or the page is to be left alone, or our own network is down


def failure_of(error: FetchError | InputError | SandboxError, entry: Entry, now: datetime) -> Failure:
    """Tried again at growing intervals that end, by what stands in the way; at once never."""
    words, refusal = str(error).removeprefix(f"{entry.url}: "), refusal_of(error)
    if isinstance(error, HostHeld) and now - entry.first_seen_at < GIVE_UP_HELD_AFTER:
        until = now + timedelta(seconds=error.retry_after or 0)
        return Failure(
            words=words, state=ReadState.RETRY, due_at=until, refusal=refusal, hold_until=until, put_off=True
        )
    if isinstance(error, OwnNetworkDown):
        later = now + EXCUSED_PAUSE
        return Failure(words=words, state=ReadState.RETRY, due_at=later, refusal=refusal, put_off=True)
    if isinstance(error, SandboxError):
        later = now + _step(RETRY_AFTER, entry.read_attempts)
        killed = error.kind in ("timeout", "memory", "crash")
        return Failure(words=words, state=ReadState.RETRY, due_at=later, refusal=refusal, killed=killed)
    hopeless = isinstance(error, FetchError) and error.permanent
    if hopeless or _spent(refusal, entry, now):
        return Failure(words=words, state=ReadState.FEED_TEXT, due_at=None, refusal=refusal)
    later = now + _step(_schedule(refusal), entry.read_attempts)
    hold = None if refusal in PASSING else later
    if isinstance(error, FetchError) and error.retry_after is not None:
        hold = max(hold or now, now + timedelta(seconds=min(error.retry_after, MOST_HOLD_S)))
        later = max(later, hold)
    return Failure(words=words, state=ReadState.RETRY, due_at=later, refusal=refusal, hold_until=hold)


def left_alone(entry: Entry, now: datetime) -> Failure | None:
    """What stands instead of asking for a page that is not to be asked for yet: its feed alone has something new."""
    if entry.hold_until is None or entry.hold_until <= now or entry.refusal in (None, Refusal.PAYWALL):
        return None  # of a locked page the beginning may be edited
    return Failure(
        words=f"{entry.refusal.value.replace('_', ' ')}: left alone until {moment(entry.hold_until)}",
        state=ReadState.RETRY,
        due_at=entry.hold_until,
        hold_until=entry.hold_until,
        refusal=entry.refusal,
        put_off=True,
    )


def refusal_of(error: FetchError | InputError | SandboxError) -> Refusal:
    """The one word for a failure."""
    if isinstance(error, PageRefused):
        return error.refusal
    if isinstance(error, HostHeld):
        return Refusal.BUSY
    if isinstance(error, RobotsRefused):
        return Refusal.ROBOTS
    if isinstance(error, FetchError):
        if error.status is None:
            return Refusal.UNREACHED
        if error.status >= 500:
            return Refusal.BUSY if error.retry_after is not None else Refusal.UNREACHED
        return _OF_STATUS.get(error.status, Refusal.FORBIDDEN if error.status >= 400 else Refusal.UNREACHED)
    return Refusal.TOO_COSTLY if isinstance(error, SandboxError) else Refusal.NO_TEXT


def _schedule(refusal: Refusal) -> tuple[timedelta, ...]:
    if refusal in _FINAL:
        return ONCE_MORE
    return RETRY_AFTER if refusal in PASSING else WALL_AFTER


def _spent(refusal: Refusal, entry: Entry, now: datetime) -> bool:
    """Whether it has been tried often enough, and for long enough where the tries may have been close together."""
    if refusal in _FINAL:
        return entry.refusal is refusal  # the second time in a row
    return entry.read_attempts >= len(_schedule(refusal)) and now - entry.first_seen_at >= GIVE_UP_AFTER


def _step(schedule: tuple[timedelta, ...], attempts: int) -> timedelta:
    return schedule[min(attempts, len(schedule) - 1)]
