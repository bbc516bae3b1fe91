"""The delivery policy: what follows each outcome, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from alerts.outbox import (
    LEASE,
    SEND_DEADLINE,
    TIME_TO_LIVE,
    TRANSITIONS,
    Transition,
    after,
    back_off,
    dedup_key,
    lease_for,
)
from sectorwatch.domain import DeliveryState, OnUnknown, Outcome, OutcomeKind

DUE = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Longest(Random):
    """Always the longest pause."""

    def uniform(self, a: float, b: float) -> float:
        return b


def transition(
    kind: OutcomeKind,
    *,
    attempts: int = 1,
    age: timedelta = timedelta(0),
    wait: timedelta | None = None,
    on_unknown: OnUnknown = OnUnknown.RETRY,
) -> Transition:
    outcome = Outcome(kind=kind, detail="HTTP 503", retry_after=wait)
    return after(outcome, attempts=attempts, first_due=DUE, now=DUE + age, random=Longest(), on_unknown=on_unknown)


S, M, H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("kind", "options", "state", "pause"),
    [
        (OutcomeKind.SENT, {}, DeliveryState.SENT, None),
        (OutcomeKind.PERMANENT, {}, DeliveryState.DEAD, None),
        (OutcomeKind.RETRYABLE, {}, DeliveryState.RETRY, 5 * S),
        (OutcomeKind.RETRYABLE, {"attempts": 2}, DeliveryState.RETRY, 10 * S),
        (OutcomeKind.RETRYABLE, {"attempts": 9}, DeliveryState.RETRY, 1280 * S),
        (OutcomeKind.RETRYABLE, {"attempts": 10}, DeliveryState.RETRY, 30 * M),
        (OutcomeKind.RETRYABLE, {"attempts": 100_000}, DeliveryState.RETRY, 30 * M),
        (OutcomeKind.RETRYABLE, {"wait": 7 * M}, DeliveryState.RETRY, 7 * M),
        (OutcomeKind.RETRYABLE, {"wait": 1 * S, "attempts": 4}, DeliveryState.RETRY, 40 * S),
        (OutcomeKind.RETRYABLE, {"wait": -1 * H}, DeliveryState.RETRY, 5 * S),
        (OutcomeKind.RETRYABLE, {"wait": 25 * H}, DeliveryState.DEAD, None),
        (OutcomeKind.RETRYABLE, {"age": 24 * H - 10 * S, "attempts": 50}, DeliveryState.RETRY, 10 * S),
        (OutcomeKind.RETRYABLE, {"age": 24 * H}, DeliveryState.DEAD, None),
        (OutcomeKind.UNKNOWN, {}, DeliveryState.RETRY, 5 * S),
        (OutcomeKind.UNKNOWN, {"age": 24 * H}, DeliveryState.DEAD, None),
        (OutcomeKind.UNKNOWN, {"on_unknown": OnUnknown.HOLD}, DeliveryState.UNKNOWN, None),
        (OutcomeKind.SENT, {"age": 30 * H}, DeliveryState.SENT, None),
    ],
)
def test_what_follows_an_attempt(
    kind: OutcomeKind, options: dict[str, timedelta], state: DeliveryState, pause: timedelta | None
) -> None:
    """One table states the next state and the longest pause for every outcome."""
    result = transition(kind, **options)  # type: ignore[arg-type]  # a table of keyword arguments
    now = DUE + options.get("age", timedelta(0))
    assert result.state is state
    assert result.due_at == (None if pause is None else now + pause)
    assert "HTTP 503" in result.reason


def test_every_transition_is_in_the_table() -> None:
    """The policy never asks for a step that the state table does not allow."""
    assert set(TRANSITIONS) == set(DeliveryState)
    for kind in OutcomeKind:
        for on_unknown in OnUnknown:
            for age in (timedelta(0), TIME_TO_LIVE):
                result = transition(kind, age=age, on_unknown=on_unknown)
                assert result.state in TRANSITIONS[DeliveryState.LEASED]


def test_nothing_follows_an_end_but_by_hand() -> None:
    """Sent and suppressed are final; dead and unknown go back to the queue only."""
    for state in (DeliveryState.SENT, DeliveryState.SUPPRESSED):
        assert not TRANSITIONS[state]
    for state in (DeliveryState.DEAD, DeliveryState.UNKNOWN):
        assert TRANSITIONS[state] == {DeliveryState.PENDING}


def test_the_reason_of_a_dead_delivery_names_time_and_attempts() -> None:
    """Ops can read how long and how often a dead delivery was tried."""
    assert "24 hours and 41 attempts" in transition(OutcomeKind.RETRYABLE, age=24 * H, attempts=41).reason


def test_jitter_is_full() -> None:
    """Pauses spread over the whole range from none to the ceiling, so that failures do not return together."""
    random = Random(7)
    pauses = [back_off(4, random) for _ in range(500)]
    assert min(pauses) < 2 * S
    assert 38 * S < max(pauses) <= 40 * S


def test_a_lease_outlives_the_sends_it_covers() -> None:
    """Nobody else may claim a delivery while its send can still be running."""
    assert LEASE == lease_for(1) == 45 * S
    assert lease_for(10) > 10 * SEND_DEADLINE


def test_the_key_of_a_delivery_is_stable_and_its_own() -> None:
    """The same delivery has the same key for ever; any other has another, however its parts run together."""
    assert dedup_key(1, 2, "kupiansk", 3) == "fac0ac8c24961bfd13d79cd8e10c867596669e1b"
    keys = {dedup_key(*parts) for parts in [(1, 2, "k", 3), (2, 1, "k", 3), (1, 2, "k", 4), (12, 2, "k", 3)]}
    assert len(keys) == 4
    assert dedup_key(1, 1, 'a", 1', 1) != dedup_key(1, 1, "a", 1)
    assert dedup_key(1, 2, "k", 3, 0) == dedup_key(1, 2, "k", 3)  # a follow-up alone has another
    assert len({dedup_key(1, 2, "k", 3, window) for window in range(3)}) == 3


def test_a_naive_time_is_refused_by_the_policy() -> None:
    """A time without a zone is an error, never a guess."""
    outcome = Outcome(kind=OutcomeKind.RETRYABLE, detail="x")
    with pytest.raises(ValueError, match="without time zone"):
        after(outcome, attempts=1, first_due=DUE, now=DUE.replace(tzinfo=None), random=Random(1))
