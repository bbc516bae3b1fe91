"""When a feed is asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from sectorwatch.domain import Feed, FeedState, Hints, PollOutcome, PollStatus, Source, Validators
from sectorwatch.errors import Failure, FetchError
from sectorwatch.polling import JITTER, LONGEST, SHORTEST, SLOWEST, PollPlan, network_is_down, next_poll

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=30)
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
HALF = HOUR / 2
FEED = Feed(
    id=1,
    url="https://example.org/feed",
    title="",
    language="",
    source=Source(),
    validators=Validators(),
    body_hash=None,
    interval=HALF,
    next_poll_at=NOW,
    state=FeedState.OK,
    state_since=LONG_AGO,
    reason="",
    failures=0,
    baseline_at=LONG_AGO,
    last_full_at=None,
    last_new_at=None,
    hold_until=None,
)


class Middle(Random):
    """Jitter of nothing: always the middle of what is asked for."""

    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


def plan(status: PollStatus, *, feed: Feed = FEED, ttl: timedelta | None = None, **found: Any) -> PollPlan:
    if ttl is not None:
        found["hints"] = Hints(every=ttl)
    outcome = PollOutcome(feed_id=1, at=NOW, status=status, **found)
    return next_poll(feed, outcome, now=NOW, random=Middle())


@pytest.mark.parametrize(
    ("status", "entries", "new", "interval"),
    [
        (PollStatus.NOT_MODIFIED, 0, 0, HALF + 10 * MINUTE),
        (PollStatus.UNCHANGED, 0, 0, HALF + 10 * MINUTE),
        (PollStatus.KNOWN, 30, 0, HALF + 10 * MINUTE),
        (PollStatus.KNOWN, 0, 0, HALF + 10 * MINUTE),  # valid, and empty
        (PollStatus.NEW, 30, 10, HALF + 10 * MINUTE),  # two thirds known
        (PollStatus.NEW, 30, 15, HALF),
        (PollStatus.NEW, 30, 20, HALF),  # a third known
        (PollStatus.NEW, 30, 21, HALF / 2),
        (PollStatus.NEW, 30, 30, HALF / 2),
    ],
)
def test_the_interval_follows_what_was_known(status: PollStatus, entries: int, new: int, interval: timedelta) -> None:
    """Mostly known items slow polling down, mostly new ones speed it up."""
    found = plan(status, entries=entries, new_entries=new)

    assert (found.interval, found.next_poll_at, found.state) == (interval, NOW + interval, FeedState.OK)


def test_the_first_poll_says_nothing_of_the_rhythm() -> None:
    """All items of a baseline are new; that must not make the feed look busy."""
    assert plan(PollStatus.NEW, feed=replace(FEED, baseline_at=None), entries=30, new_entries=30).interval == HALF


@pytest.mark.parametrize(
    ("start", "status", "new", "interval"),
    [
        (SLOWEST, PollStatus.NOT_MODIFIED, 0, SLOWEST),
        (LONGEST, PollStatus.NOT_MODIFIED, 0, SLOWEST),  # as an earlier release left it
        (SHORTEST, PollStatus.NEW, 9, SHORTEST),
    ],
)
def test_the_interval_stays_within_bounds(start: timedelta, status: PollStatus, new: int, interval: timedelta) -> None:
    """Neither a sleeping nor a busy feed leaves five minutes to an hour."""
    assert plan(status, feed=replace(FEED, interval=start), entries=9, new_entries=new).interval == interval


@pytest.mark.parametrize(
    ("ttl", "lost", "interval"),
    [
        (3 * HOUR, False, 3 * HOUR),
        (DAY, False, LONGEST),
        (MINUTE, False, HALF / 2),
        (-DAY, False, HALF / 2),
        (3 * HOUR, True, HALF / 2),  # the hint of a feed that loses items is not believed
    ],
)
def test_the_publishers_hint_only_slows_down(ttl: timedelta, lost: bool, interval: timedelta) -> None:
    """A ttl lengthens the interval within bounds, unless items are being missed."""
    assert plan(PollStatus.NEW, entries=9, new_entries=9, overlap_lost=lost, ttl=ttl).interval == interval


@pytest.mark.parametrize(
    ("found", "interval", "why"),
    [
        ({"fresh": DAY}, HOUR, "its server calls each answer fresh"),  # a cache's word counts up to an hour
        ({"fresh": DAY, "new_entries": 9}, HOUR, "its server calls each answer fresh"),
        ({"hints": Hints(every=DAY)}, LONGEST, "the longest there is: its publisher asks for more"),
        ({"hints": Hints(every=DAY), "reach": 4 * HOUR}, 2 * HOUR, "its list goes back 4 h only"),
        ({"hints": Hints(every=DAY), "reach": MINUTE}, HALF, "as before"),
        ({"overlap_lost": True, "new_entries": 9, "reach": 20 * MINUTE}, 10 * MINUTE, "items may have been missed"),
        ({"overlap_lost": True, "new_entries": 9, "reach": DAY}, HALF / 2, "items may have been missed"),
        ({"overlap_lost": True, "new_entries": 9, "reach": MINUTE}, SHORTEST, "items may have been missed"),
    ],
)
def test_why_an_interval_is_what_it_is(found: dict[str, Any], interval: timedelta, why: str) -> None:
    """Who asks for it, how far that is believed, and that nothing is worse than missing items."""
    made = plan(PollStatus.NEW, **{"entries": 9, "new_entries": 5, **found})

    assert made.interval == interval
    assert why in made.interval_why


@pytest.mark.parametrize(
    ("usual", "start", "status", "interval", "why"),
    [
        (20 * MINUTE, 20 * MINUTE, PollStatus.NEW, 20 * MINUTE, "as often as it posts: usually every 20 min"),
        (20 * MINUTE, 20 * MINUTE, PollStatus.NOT_MODIFIED, 20 * MINUTE, "as often as it posts"),
        (MINUTE, 20 * MINUTE, PollStatus.NEW, SHORTEST, "the shortest there is"),
        (20 * MINUTE, 5 * MINUTE, PollStatus.NEW, 15 * MINUTE, "slower"),
        (DAY, 55 * MINUTE, PollStatus.NEW, HOUR, "the longest there is"),
        (None, 20 * MINUTE, PollStatus.NEW, 30 * MINUTE, "slower"),
    ],
)
def test_a_feed_is_asked_as_often_as_it_posts(
    usual: timedelta | None, start: timedelta, status: PollStatus, interval: timedelta, why: str
) -> None:
    """Whatever share of a long list is known: an item waits for no poll longer than till the next one is posted."""
    made = plan(status, feed=replace(FEED, usual=usual, interval=start), entries=50, new_entries=1)

    assert made.interval == interval
    assert why in made.interval_why


def test_a_feed_that_has_gone_silent_is_asked_once_an_hour() -> None:
    silent = replace(FEED, usual=10 * MINUTE, state=FeedState.SILENT, interval=55 * MINUTE)

    assert plan(PollStatus.NOT_MODIFIED, feed=silent).interval == HOUR
    assert plan(PollStatus.NOT_MODIFIED, feed=replace(silent, hints=Hints(every=DAY))).interval == LONGEST


def test_hours_that_a_publisher_wants_left_out() -> None:
    """Kept after a success, a failure or a wait, as last read where nothing had changed; a loss goes before."""
    quiet = replace(FEED, interval=HOUR, hints=Hints(skip_hours=frozenset({13, 14})))

    kept = plan(PollStatus.NOT_MODIFIED, feed=quiet)
    lost = plan(PollStatus.NEW, feed=quiet, entries=9, new_entries=9, overlap_lost=True, reach=4 * HOUR)
    told = plan(PollStatus.NOT_MODIFIED, feed=quiet, retry_after=5 * HOUR)
    others = (
        plan(PollStatus.NOT_MODIFIED, feed=quiet, retry_after=1.5 * HOUR),
        plan(PollStatus.FAILED, feed=replace(quiet, failures=1), failure=Failure.HARD),
        plan(PollStatus.HELD, feed=quiet, excused=True, retry_after=1.5 * HOUR),
    )

    for one in (kept, *others):
        assert NOW + 3 * HOUR <= one.next_poll_at <= NOW + 3 * HOUR + 10 * MINUTE
    assert "its publisher wants no visits until then" in kept.interval_why
    assert lost.next_poll_at == NOW + HOUR / 2
    assert told.next_poll_at >= NOW + 5 * HOUR


@pytest.mark.parametrize(
    ("failures", "pause"),
    [(0, 15 * MINUTE), (1, 30 * MINUTE), (9, 150 * MINUTE), (95, DAY), (96, DAY), (10**6, DAY)],
)
def test_a_failing_feed_is_asked_at_growing_intervals_for_ever(failures: int, pause: timedelta) -> None:
    """Back-off grows to a day and no further, and the feed's own interval waits for its return."""
    found = plan(PollStatus.FAILED, feed=replace(FEED, failures=failures), error="answers 500")

    assert found.next_poll_at == NOW + pause
    assert (found.failures, found.state, found.reason) == (failures + 1, FeedState.FAILING, "answers 500")
    assert (found.interval, found.hold_until) == (HALF, None)


@pytest.mark.parametrize(
    ("failure", "step"),
    [
        (Failure.HARD, 30),
        (Failure.NO_NAME, 30),
        (Failure.SOFT, 15),
        (Failure.UNREACHED, 15),
        (Failure.TEMPORARY, 5),
    ],
)
def test_what_will_not_mend_itself_is_asked_less(failure: Failure, step: int) -> None:
    """The weight of a failure is the step of its back-off."""
    found = plan(PollStatus.FAILED, feed=replace(FEED, failures=3), failure=failure)
    assert found.next_poll_at == NOW + 4 * step * MINUTE


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (FetchError("", status=404), Failure.HARD),
        (FetchError("", status=403), Failure.HARD),
        (FetchError("", permanent=True), Failure.HARD),
        (FetchError("", status=500), Failure.SOFT),
        (FetchError(""), Failure.SOFT),
        (FetchError("", status=429), Failure.TEMPORARY),
        (FetchError("", status=503), Failure.TEMPORARY),
        (FetchError("", status=403, retry_after=60), Failure.TEMPORARY),
    ],
)
def test_a_failure_is_weighed_by_its_answer(error: FetchError, failure: Failure) -> None:
    """A client's error lasts, a server's passes, and who asks for patience is only busy."""
    assert error.failure is failure


@pytest.mark.parametrize(
    ("lost", "answered", "down"),
    [(1, 0, False), (2, 0, False), (3, 0, True), (3, 1, False), (9, 1, False), (10, 1, True), (200, 20, True)],
)
def test_our_network_is_down_where_hardly_any_site_is_reached(lost: int, answered: int, down: bool) -> None:
    """Three sites at least, and ten for each that answers: a server in the next room is no internet."""
    assert network_is_down([f"{number}.example" for number in range(lost)] * 2, answered=answered) is down


def test_nothing_is_held_against_a_feed_for_our_own_fault() -> None:
    """It stays what it was, and is asked again soon."""
    feed = replace(FEED, state=FeedState.FAILING, failures=3, reason="answers 500", hold_until=NOW)
    found = plan(PollStatus.FAILED, feed=feed, excused=True, error="no network")
    assert (found.state, found.failures, found.reason, found.state_since) == (
        FeedState.FAILING,
        3,
        "answers 500",
        LONG_AGO,
    )
    assert found.next_poll_at == NOW + 5 * MINUTE


def test_one_success_ends_a_failure() -> None:
    """A feed that answers again is at once what it was."""
    failing = replace(FEED, state=FeedState.FAILING, failures=40, reason="answers 500", hold_until=NOW)

    found = plan(PollStatus.NEW, feed=failing, entries=30, new_entries=15)

    assert (found.state, found.state_since, found.failures, found.reason) == (FeedState.OK, NOW, 0, "")
    assert (found.next_poll_at, found.hold_until) == (NOW + HALF, None)


@pytest.mark.parametrize(
    ("status", "before", "since"),
    [
        (PollStatus.FAILED, FeedState.FAILING, LONG_AGO),
        (PollStatus.FAILED, FeedState.OK, NOW),
        (PollStatus.GONE, FeedState.FAILING, NOW),
        (PollStatus.GONE, FeedState.GONE, LONG_AGO),
        (PollStatus.FAILED, FeedState.GONE, NOW),
        (PollStatus.KNOWN, FeedState.OK, LONG_AGO),
    ],
)
def test_a_state_keeps_the_time_it_began(status: PollStatus, before: FeedState, since: datetime) -> None:
    """`state_since` changes with the state and not with every poll."""
    assert plan(status, feed=replace(FEED, state=before)).state_since == since


def test_a_feed_that_is_gone_is_probed_weekly() -> None:
    """410 is believed, and asked again all the same: the first time after a day, in case it was a slip."""
    for before, pause in ((FeedState.OK, DAY), (FeedState.FAILING, DAY), (FeedState.GONE, 7 * DAY)):
        found = plan(PollStatus.GONE, feed=replace(FEED, state=before), error="answers 410 Gone")
        assert (found.state, found.next_poll_at) == (FeedState.GONE, NOW + pause)


@pytest.mark.parametrize(
    ("asked", "hold"),
    [(2 * HOUR, 2 * HOUR), (30 * DAY, DAY), (timedelta(0), timedelta(0)), (-HOUR, timedelta(0))],
)
def test_a_retry_after_is_kept(asked: timedelta, hold: timedelta) -> None:
    """A server that asks to stay away is left alone for so long, up to a day."""
    found = plan(PollStatus.FAILED, retry_after=asked, http_status=429)

    assert found.hold_until == NOW + hold
    assert found.next_poll_at >= NOW + max(hold, 15 * MINUTE)


@pytest.mark.parametrize("seed", range(20))
def test_jitter_never_comes_before_a_retry_after(seed: int) -> None:
    """Feeds of one host that were told the same come back spread out, and none too early."""
    outcome = PollOutcome(feed_id=1, at=NOW, status=PollStatus.FAILED, retry_after=2 * HOUR)

    found = next_poll(FEED, outcome, now=NOW, random=Random(seed))

    assert 2 * HOUR <= found.next_poll_at - NOW <= 2 * HOUR * (1 + JITTER)


def test_jitter_spreads_what_is_due() -> None:
    """Feeds polled together do not come together again, and stay within a tenth of their pause."""
    outcome = PollOutcome(feed_id=1, at=NOW, status=PollStatus.KNOWN, entries=3, new_entries=2)
    random = Random(1)

    pauses = [next_poll(FEED, outcome, now=NOW, random=random).next_poll_at - NOW for _ in range(50)]

    assert len(set(pauses)) == 50
    assert all(HALF * (1 - JITTER) <= pause <= HALF * (1 + JITTER) for pause in pauses)


def test_what_operators_should_know_is_said() -> None:
    """A successful poll that may have missed items, or that was sent elsewhere for good, says so."""
    found = plan(PollStatus.NEW, entries=9, new_entries=9, overlap_lost=True, moved_to="https://new.example/feed")

    assert "may have missed items" in found.reason
    assert "moved to https://new.example/feed" in found.reason
