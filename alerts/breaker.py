"""When a target is left alone: failures in a row, a wait that it asked for, answers that it is gone. Pure.

One failing target must cost neither attempts nor time of its own messages, and a receiver that comes back must not be
met by all that waited at once: one message is sent as a probe. See Nygard, "Release It!", 2018, ch. 5, on breakers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from alerts.outbox import TIME_TO_LIVE
from sectorwatch.domain import Circuit, Outcome, OutcomeKind, TargetHealth, utc

FAILURES = 5
"""In a row that open a circuit: one less would be met by any receiver that restarts."""

FIRST_PAUSE = timedelta(seconds=60)
LONGEST_PAUSE = timedelta(minutes=30)

REFUSALS = 3
"""Answers in a row that a target is gone, or shut to us, after which it is left alone for BURST, then tried once."""

BURST = timedelta(minutes=10)
"""So long a fault of ours (a key, a proxy) has to show at other targets too, before one is disabled for it."""

LOOKED_BACK = 2 * BURST  # from the try that disables it: the time in which it refused first, and the wait
_BURST_TARGETS = 5


def after_answer(health: TargetHealth, outcome: Outcome, *, now: datetime) -> TargetHealth:
    """How the target is after a message ended with `outcome`.

    Success closes the circuit. So does a permanent answer: it is about one message, or says that the target is gone,
    but somebody answered. Anything else is a failure; a probe that fails opens the circuit for twice as long.
    """
    now = utc(now)
    allowed_at = _later(health.allowed_at, outcome.retry_after, now)
    if outcome.kind is OutcomeKind.SENT:
        return TargetHealth(allowed_at=allowed_at)
    if outcome.kind is OutcomeKind.PERMANENT:
        if not outcome.refused:
            return replace(_closed(health), allowed_at=allowed_at)
        refusals = health.refusals + 1
        wait = BURST if refusals >= REFUSALS else None
        again_at = _later(allowed_at, wait, now)
        return replace(_closed(health), allowed_at=again_at, refusals=refusals, refused_at=now)
    failures = health.failures + 1
    if failures < FAILURES:
        return replace(health, failures=failures, allowed_at=allowed_at)
    return replace(
        health,
        circuit=Circuit.OPEN,
        until=now + pause(failures),
        since=health.since or now,
        failures=failures,
        allowed_at=allowed_at,
    )


def pause(failures: int) -> timedelta:
    """How long a circuit stays open after so many failures in a row: 60 s, doubled with each probe, at most 30 min."""
    doublings = min(max(failures - FAILURES, 0), 10)
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << doublings))


def is_gone(health: TargetHealth) -> bool:
    """Whether a target has said often enough, and again after a wait, that nothing will ever be taken there."""
    return health.refusals > REFUSALS


def ours_to_blame(refusing: int, tried: int) -> bool:
    """Whether so many of the targets tried of late refuse that the fault is likely ours: a key, a proxy."""
    return refusing >= _BURST_TARGETS and refusing * 2 > tried


def _closed(health: TargetHealth) -> TargetHealth:
    return TargetHealth(refusals=health.refusals, refused_at=health.refused_at)


def _later(allowed_at: datetime | None, asked: timedelta | None, now: datetime) -> datetime | None:
    """One answer's Retry-After holds for the whole target, at most for a day: then it may be asked again."""
    if asked is None or asked <= timedelta(0):
        return allowed_at
    return max(allowed_at or now, now + min(asked, TIME_TO_LIVE))
