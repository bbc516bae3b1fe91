"""What fails now is tried again: at once, later, or never, as makes sense."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest

from flows.steps.fetching import pause_before_retry
from flows.steps.reading.page_failures import GIVE_UP_AFTER, ONCE_MORE, RETRY_AFTER, WALL_AFTER, failure_of
from sectorwatch.domain import DateQuality, Entry, ReadState
from sectorwatch.errors import FetchError, InputError, PageRefused, Refusal, RobotsRefused, SandboxError
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


def tries(error: FetchError | InputError) -> list[timedelta]:
    """When a page that fails so each time is asked for, after it was first seen, until it is given up."""
    entry, now = replace(ENTRY, first_seen_at=NOON), NOON
    asked = []
    while True:
        asked.append(now - NOON)
        failure = failure_of(error, entry, now)
        if failure.due_at is None:
            assert failure.state is ReadState.FEED_TEXT
            return asked
        assert failure.state is ReadState.RETRY
        entry, now = replace(entry, read_attempts=len(asked), refusal=failure.refusal), failure.due_at


@pytest.mark.parametrize(
    ("error", "refusal", "schedule"),
    [
        (FetchError("x"), "unreached", RETRY_AFTER),
        (FetchError("x", status=500), "unreached", RETRY_AFTER),
        (FetchError("x", status=429), "busy", RETRY_AFTER),
        (FetchError("x", status=503, retry_after=9), "busy", RETRY_AFTER),
        (PageRefused("x", Refusal.EMPTY), "empty", RETRY_AFTER),
        (FetchError("x", status=401), "forbidden", WALL_AFTER),
        (FetchError("x", status=403), "forbidden", WALL_AFTER),
        (FetchError("x", status=451), "forbidden", WALL_AFTER),
        (FetchError("x", status=402), "paywall", WALL_AFTER),
        (PageRefused("x", Refusal.CONSENT), "consent", WALL_AFTER),
        (PageRefused("x", Refusal.SCRIPTS), "scripts", WALL_AFTER),
        (InputError("x"), "no_text", WALL_AFTER),
        (FetchError("x", status=404), "missing", ONCE_MORE),
        (FetchError("x", status=410), "missing", ONCE_MORE),
        (PageRefused("x", Refusal.NOT_HTML), "not_html", ONCE_MORE),
        (FetchError("x", permanent=True), "unreached", ()),
        (RobotsRefused("x", permanent=True), "robots", ()),
    ],
    ids=str,
)
def test_a_page_is_asked_for_at_growing_intervals_that_end(
    error: FetchError | InputError, refusal: str, schedule: tuple[timedelta, ...]
) -> None:
    """Each kind of refusal has its word and its schedule: some pass, few walls fall."""
    assert failure_of(error, ENTRY, NOON).refusal == refusal
    asked = tries(error)
    gaps = [later - earlier for earlier, later in pairwise(asked)]
    assert gaps[: len(schedule)] == list(schedule)
    assert gaps == sorted(gaps)
    assert len(asked) <= len(schedule) + 2
    assert asked[-1] <= GIVE_UP_AFTER + RETRY_AFTER[-1]


def test_what_is_missing_after_an_outage_is_asked_for_once_more() -> None:
    """The tries before were of another kind."""
    busy = replace(ENTRY, read_attempts=4, refusal=Refusal.BUSY)
    assert failure_of(FetchError("x", status=404), busy, NOON).due_at == NOON + ONCE_MORE[0]


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
