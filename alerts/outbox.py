"""What becomes of a delivery after an attempt: states, back-off, time to live. Pure; storage carries it out.

At-least-once: a delivery is attempted until the receiver confirms or its time is up and it is visibly dead. A repeat
carries the same key, so that a receiver who keeps keys sees it once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from types import MappingProxyType

from sectorwatch.domain import DeliveryState, OnUnknown, Outcome, OutcomeKind, utc
from sectorwatch.plurals import counted

BACK_OFF_BASE = timedelta(seconds=5)
BACK_OFF_MAX = timedelta(minutes=30)
TIME_TO_LIVE = timedelta(hours=24)
"""From first due until a delivery that nobody confirmed is dead: yesterday's alert helps nobody."""

SEND_DEADLINE = timedelta(seconds=30)
"""The longest that one attempt may take, whatever the channel."""

LEASE_MARGIN = 1.5

LEASE = SEND_DEADLINE * LEASE_MARGIN
"""How long a claimed delivery is ours when all that were claimed together are sent at once. See `lease_for`."""

TRANSITIONS: Mapping[DeliveryState, frozenset[DeliveryState]] = MappingProxyType(
    {
        # A delivery that comes due is leased straight from where it waits; what is ended meanwhile is suppressed; what
        # a worker that lost its lease is told to have arrived is sent.
        DeliveryState.HELD: frozenset(
            {DeliveryState.PENDING, DeliveryState.LEASED, DeliveryState.SUPPRESSED, DeliveryState.SENT}
        ),
        DeliveryState.PENDING: frozenset(
            {DeliveryState.HELD, DeliveryState.LEASED, DeliveryState.SUPPRESSED, DeliveryState.SENT}
        ),
        DeliveryState.RETRY: frozenset(
            {DeliveryState.HELD, DeliveryState.LEASED, DeliveryState.SUPPRESSED, DeliveryState.SENT}
        ),
        DeliveryState.LEASED: frozenset(
            {
                DeliveryState.LEASED,  # the lease ran out: whoever claims it next
                DeliveryState.HELD,  # quiet hours, found at claim
                DeliveryState.SENT,
                DeliveryState.RETRY,
                DeliveryState.UNKNOWN,
                DeliveryState.DEAD,
                DeliveryState.SUPPRESSED,  # unsubscribed, silenced
            }
        ),
        DeliveryState.UNKNOWN: frozenset({DeliveryState.PENDING}),  # by an operator
        DeliveryState.DEAD: frozenset({DeliveryState.PENDING}),  # by an operator
        DeliveryState.SENT: frozenset(),
        DeliveryState.SUPPRESSED: frozenset(),
    }
)
"""From state to the states that may follow."""


@dataclass(frozen=True, kw_only=True)
class Transition:
    state: DeliveryState
    due_at: datetime | None  # of the next attempt; None: there is none
    reason: str  # plain words, no secrets


def after(
    outcome: Outcome,
    *,
    attempts: int,
    first_due: datetime,
    now: datetime,
    random: Random,
    on_unknown: OnUnknown = OnUnknown.RETRY,
) -> Transition:
    """What follows an attempt that ended with `outcome`; `attempts` counts it, so the first is 1.

    Retryable and unknown outcomes are tried again after a pause until the time to live is over. The last pause is cut
    short for one attempt at the very end, unless the receiver asked for more. Raises ValueError for a naive datetime.
    """
    now, expires = utc(now), utc(first_due) + TIME_TO_LIVE
    if outcome.kind is OutcomeKind.SENT:
        return Transition(state=DeliveryState.SENT, due_at=None, reason=outcome.detail)
    if outcome.kind is OutcomeKind.PERMANENT:
        return Transition(state=DeliveryState.DEAD, due_at=None, reason=outcome.detail)
    if outcome.kind is OutcomeKind.UNKNOWN and on_unknown is OnUnknown.HOLD:
        reason = f"{outcome.detail}; not repeated, as this target prefers"
        return Transition(state=DeliveryState.UNKNOWN, due_at=None, reason=reason)
    hours = TIME_TO_LIVE // timedelta(hours=1)
    if now >= expires:
        reason = f"given up after {hours} hours and {counted(attempts, 'attempt')}; the last: {outcome.detail}"
        return Transition(state=DeliveryState.DEAD, due_at=None, reason=reason)
    asked = max(outcome.retry_after or timedelta(0), timedelta(0))
    if asked > expires - now:
        reason = f"the receiver asked to wait beyond the {hours} hours of the delivery; the last: {outcome.detail}"
        return Transition(state=DeliveryState.DEAD, due_at=None, reason=reason)
    pause = max(asked, back_off(attempts, random))
    return Transition(state=DeliveryState.RETRY, due_at=min(now + pause, expires), reason=outcome.detail)


def back_off(attempts: int, random: Random) -> timedelta:
    """A pause after `attempts` failures: uniform in [0, min(30 min, 5 s x 2^(attempts - 1))].

    Full jitter spreads those who failed together better than any fixed curve; see Brooker, "Exponential Backoff And
    Jitter", AWS Architecture Blog, 2015.
    """
    doublings = min(max(attempts - 1, 0), 20)  # 2^20 is far beyond the cap; an unbounded power would overflow
    ceiling = min(BACK_OFF_MAX, BACK_OFF_BASE * 2**doublings)
    return timedelta(seconds=random.uniform(0.0, ceiling.total_seconds()))


def lease_for(one_after_another: int) -> timedelta:
    """The lease under which so many deliveries can be sent in turn before anybody else may claim the last of them."""
    return SEND_DEADLINE * LEASE_MARGIN * max(one_after_another, 1)


def dedup_key(subscription_id: int, target_id: int, sector: str, story_id: int, window: int = 0) -> str:
    """The identity of a delivery: 40 hexadecimal digits, the same for ever, shown to receivers.

    `window` numbers the alerts of one story and sector: the first is 0.
    """
    parts = json.dumps(["delivery", subscription_id, target_id, sector, story_id, *([window] if window else [])])
    return hashlib.sha256(parts.encode()).hexdigest()[:40]


def digest_key(subscription_id: int, target_id: int, period: str) -> str:
    """The identity of a digest, as `dedup_key` is that of an alert's delivery."""
    parts = json.dumps(["digest", subscription_id, target_id, period])
    return hashlib.sha256(parts.encode()).hexdigest()[:40]
