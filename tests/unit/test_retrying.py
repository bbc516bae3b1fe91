"""What fails now is tried again: at once, later, or never, as makes sense."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from flows.steps.fetching import pause_before_retry
from flows.steps.read_articles import RETRY_AFTER, failure_of
from sectorwatch.domain import ReadState
from sectorwatch.errors import FetchError, InputError, SandboxError
from tests.builders import NOON


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (FetchError("reset"), True),
        (FetchError("x", status=500), True),
        (FetchError("x", status=503), True),
        (FetchError("x", status=429, retry_after=2), True),
        (FetchError("x", status=403), False),
        (FetchError("x", status=404), False),
        (FetchError("x", status=410), False),
        (FetchError("private address", permanent=True), False),
    ],
)
def test_passing_failures_are_tried_again_within_the_cycle(error: FetchError, again: bool) -> None:
    """Resets, 5xx and 429 pass; refusals do not."""
    assert (pause_before_retry(error, 1, Random(1)) is not None) is again


def test_the_server_s_wish_is_kept() -> None:
    """Retry-After is a floor."""
    pause = pause_before_retry(FetchError("x", status=429, retry_after=7), 1, Random(1))
    assert pause is not None
    assert pause >= 7


def test_there_is_an_end_to_trying() -> None:
    """The third failure in a row is the cycle's last."""
    assert pause_before_retry(FetchError("reset"), 3, Random(1)) is None


@pytest.mark.parametrize("status", [404, 410, 401, 451])
def test_a_page_that_is_gone_is_given_up(status: int) -> None:
    """The feed's own text stays, and nobody asks again."""
    failure = failure_of(FetchError("x", status=status), 0, NOON)
    assert failure.state is ReadState.FEED_TEXT
    assert failure.due_at is None


def test_a_page_that_refuses_is_tried_again_later() -> None:
    """403 may be a passing block: the intervals grow, then it is given up."""
    due = []
    for attempt in range(len(RETRY_AFTER) + 1):
        failure = failure_of(FetchError("x", status=403), attempt, NOON)
        due.append(None if failure.due_at is None else failure.due_at - NOON)
    assert due == [*RETRY_AFTER, None]


def test_a_page_is_left_alone_as_long_as_its_server_asks() -> None:
    """Retry-After holds even against "everything now"."""
    failure = failure_of(FetchError("x", status=429, retry_after=3600), 0, NOON)
    assert failure.hold_until == NOON + timedelta(hours=1)
    assert failure.due_at == failure.hold_until


def test_a_page_that_kills_its_process_twice_is_quarantined() -> None:
    """Poison gets a second chance and no third."""
    poison = SandboxError("took over 10 s", kind="timeout")
    assert failure_of(poison, 0, NOON).state is ReadState.RETRY
    assert failure_of(poison, 1, NOON).state is ReadState.QUARANTINED


def test_a_page_without_text_is_tried_again() -> None:
    """An empty body may be a passing fault of the site."""
    assert failure_of(InputError("empty"), 0, NOON).state is ReadState.RETRY
