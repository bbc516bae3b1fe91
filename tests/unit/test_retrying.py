"""What fails now is tried again: at once, later, or never, as makes sense."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from flows.steps.fetching import pause_before_retry
from flows.steps.read_articles import RETRY_AFTER, failure_of
from sectorwatch.domain import DateQuality, Entry, ReadState
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


ENTRY = Entry(
    id=1,
    feed_id=1,
    guid="guid",
    url="https://example.org/1",
    canonical_url="https://example.org/1",
    title="Title",
    summary="",
    content=None,
    language="en",
    published_at=None,
    date_quality=DateQuality.MISSING,
    first_seen_at=NOON - timedelta(days=3),
    baseline=False,
    host="example.org",
    read_state=ReadState.WAITING,
    read_attempts=0,
    article_id=None,
)


def tried(times: int) -> Entry:
    return replace(ENTRY, read_attempts=times)


@pytest.mark.parametrize("status", [404, 410, 401, 451])
def test_a_page_that_is_gone_is_given_up(status: int) -> None:
    """The feed's own text stays, and nobody asks again."""
    failure = failure_of(FetchError("x", status=status), ENTRY, NOON)
    assert failure.state is ReadState.FEED_TEXT
    assert failure.due_at is None


def test_a_page_that_refuses_is_tried_again_later() -> None:
    """403 may be a passing block: the intervals grow, then it is given up."""
    due = []
    for attempt in range(len(RETRY_AFTER) + 1):
        failure = failure_of(FetchError("x", status=403), tried(attempt), NOON)
        due.append(None if failure.due_at is None else failure.due_at - NOON)
    assert due == [*RETRY_AFTER, None]


def test_many_tries_in_a_short_outage_do_not_use_a_page_up() -> None:
    """Somebody who runs cycle after cycle by hand loses no page by it."""
    fresh = replace(ENTRY, read_attempts=50, first_seen_at=NOON - timedelta(hours=1))
    failure = failure_of(FetchError("x"), fresh, NOON)
    assert failure.state is ReadState.RETRY
    assert failure.due_at is not None


def test_a_page_is_left_alone_as_long_as_its_server_asks() -> None:
    """Retry-After holds even against "everything now"."""
    failure = failure_of(FetchError("x", status=429, retry_after=3600), ENTRY, NOON)
    assert failure.hold_until == NOON + timedelta(hours=1)
    assert failure.due_at == failure.hold_until


@pytest.mark.parametrize(("kind", "killed"), [("timeout", True), ("memory", True), ("crash", True), ("setup", False)])
def test_only_what_killed_its_process_counts_as_poison(kind: str, killed: bool) -> None:
    """A sandbox that could not start is no fault of the page."""
    failure = failure_of(SandboxError("took over 10 s", kind=kind), ENTRY, NOON)
    assert failure.state is ReadState.RETRY
    assert failure.killed is killed


def test_a_page_without_text_is_tried_again() -> None:
    """An empty body may be a passing fault of the site."""
    assert failure_of(InputError("empty"), ENTRY, NOON).state is ReadState.RETRY
