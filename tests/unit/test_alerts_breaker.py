"""When a target is left alone, and how far apart its messages are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alerts.breaker import BURST, FAILURES, after_answer, is_gone, pause
from alerts.channels import _BY_SCHEME, _SHORT_BY_SCHEME, MAIL, WEBHOOK
from alerts.pace import GAPS, gap_of
from sectorwatch.domain import Circuit, Outcome, OutcomeKind, Secret, Target, TargetHealth, TargetKind
from tests.builders import NOON

SENT = Outcome(kind=OutcomeKind.SENT, detail="accepted")
BUSY = Outcome(kind=OutcomeKind.RETRYABLE, detail="busy", status=503)
LOST = Outcome(kind=OutcomeKind.UNKNOWN, detail="no answer")
BAD = Outcome(kind=OutcomeKind.PERMANENT, detail="bad request", status=400)
GONE = Outcome(kind=OutcomeKind.PERMANENT, detail="gone", status=410, refused=True)


def after_all(*outcomes: Outcome, health: TargetHealth = TargetHealth()) -> TargetHealth:  # noqa: B008 - frozen
    for outcome in outcomes:
        health = after_answer(health, outcome, now=NOON)
    return health


def test_failures_in_a_row_open_the_circuit_for_longer_and_longer() -> None:
    """Five of either kind do; each probe that fails doubles the pause, up to half an hour; success closes it."""
    assert after_all(*[BUSY, LOST] * 2).circuit is Circuit.CLOSED
    opened = after_all(*[BUSY, LOST] * 2, BUSY)
    assert (opened.circuit, opened.until, opened.since) == (Circuit.OPEN, NOON + timedelta(seconds=60), NOON)
    assert opened.waits(NOON)
    assert not opened.waits(NOON + timedelta(seconds=60))
    later = after_answer(opened, LOST, now=NOON + timedelta(minutes=1))
    assert (later.until, later.since) == (NOON + timedelta(minutes=3), NOON)
    assert after_all(SENT, health=later) == TargetHealth()
    minutes = [pause(failures) / timedelta(minutes=1) for failures in (5, 6, 7, 8, 9, 10, 11, 99, 10**9)]
    assert minutes == [1, 2, 4, 8, 16, 30, 30, 30, 30]


def test_what_is_wrong_with_one_message_is_no_outage() -> None:
    """A permanent answer is an answer: it ends a row of failures, and closes the circuit."""
    assert after_all(*[BUSY] * 4, BAD, *[BUSY] * 4).circuit is Circuit.CLOSED
    assert after_all(*[BUSY] * FAILURES, BAD) == TargetHealth()


def test_a_wait_holds_for_the_whole_target_and_is_never_shortened() -> None:
    """The longest Retry-After counts, at most a day; success does not take it back."""
    busy = [Outcome(kind=OutcomeKind.RETRYABLE, detail="", retry_after=timedelta(minutes=m)) for m in (9, 3, 0)]
    assert after_all(*busy, SENT).allowed_at == NOON + timedelta(minutes=9)
    month = Outcome(kind=OutcomeKind.RETRYABLE, detail="", retry_after=timedelta(days=30))
    assert after_all(month).allowed_at == NOON + timedelta(days=1)


def test_answers_that_a_target_is_gone_are_counted_until_it_takes_a_message() -> None:
    """Failures and other permanent answers between them change nothing."""
    assert after_all(GONE, BUSY, BAD, GONE).refusals == 2
    assert after_all(GONE, GONE, SENT).refusals == 0


def test_the_third_such_answer_leaves_it_alone_until_a_burst_would_show() -> None:
    """Two say nothing; after three it waits, and only what it says then makes it gone."""
    assert not after_all(GONE, GONE).waits(NOON)
    third = after_all(GONE, GONE, GONE)
    assert (is_gone(third), third.allowed_at) == (False, NOON + BURST)
    assert is_gone(after_all(GONE, GONE, GONE, GONE))


@pytest.mark.parametrize(
    ("health", "words"),
    [
        (TargetHealth(), "ok"),
        (TargetHealth(failures=2), "ok, 2 failures in a row"),
        (after_all(*[BUSY] * 6), "open until 2026-03-01 12:02 UTC, 6 failures in a row"),
        (
            TargetHealth(circuit=Circuit.OPEN, until=NOON, failures=6),
            "open and tried with the next message, 6 failures in a row",
        ),
        (TargetHealth(circuit=Circuit.HALF, until=NOON, failures=6), "being tried after 6 failures in a row"),
        (TargetHealth(allowed_at=NOON + timedelta(hours=1)), "asked us to wait until 2026-03-01 13:00 UTC"),
        (TargetHealth(allowed_at=NOON + timedelta(seconds=1)), "ok"),
    ],
)
def test_the_state_of_a_target_is_said_in_words(health: TargetHealth, words: str) -> None:
    """For `targets list`."""
    assert health.words(NOON) == words


def test_every_channel_has_its_gap() -> None:
    """Also one that is added; operators' own figure comes first."""
    channels = {MAIL, WEBHOOK, *_BY_SCHEME.values(), *_SHORT_BY_SCHEME.values()}
    assert {channel.name for channel in channels} | {"other"} == set(GAPS)
    target = Target(id=1, subscriber_id=1, kind=TargetKind.APPRISE, label="x", secret=Secret("tgram://token/1"))
    assert gap_of(target, {}) == timedelta(seconds=1)
    assert gap_of(target, {"telegram": 3, "mail": 9}) == timedelta(seconds=3)
