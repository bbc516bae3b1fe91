"""When to ask a feed again: a pure decision from its state and the last outcome.

A feed is never given up: failures make the interval longer, up to a day, and success brings it back at once. The rule
of thirds (Media Cloud's rss-fetcher) keeps an overlap between polls, so that nothing is missed; alone it would poll a
feed that lists many items hours late, so a feed is also asked as often as it posts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from sectorwatch.clock import lasting
from sectorwatch.domain import Feed, FeedState, Move, PollOutcome, PollStatus
from sectorwatch.errors import Failure
from sectorwatch.hints import after_skipped, wish
from sectorwatch.overlap import missed_words

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=6)  # that a publisher can ask for
SLOWEST = timedelta(hours=1)  # that polling becomes by itself: news is to be told early, and most polls find nothing
SLOWER = timedelta(minutes=10)  # added when two thirds of what is listed were known
FASTER = 0.5  # factor when less than a third was known
FAILURE_STEP = {  # back-off grows by so much with each failure in a row ...
    Failure.HARD: timedelta(minutes=30),
    Failure.SOFT: timedelta(minutes=15),
    Failure.TEMPORARY: timedelta(minutes=5),
    Failure.NO_NAME: timedelta(minutes=30),
    Failure.UNREACHED: timedelta(minutes=15),
}
FAILURE_MOST = timedelta(days=1)  # ... up to a day
EXCUSED_PAUSE = timedelta(minutes=5)  # after a poll that failed for no fault of the feed's
MOVES_LEAST = 3  # polls in a row that a permanent redirect is seen by ...
MOVES_LASTING = timedelta(days=1)  # ... over so long, before its target takes the place of the address
SITES_LEAST = 3  # that were reached before and are not now: then it is our network ...
SITES_FACTOR = 10  # ... where at least so many times as many are not reached as answer
PROBE_GONE_FIRST = timedelta(days=1)  # in case the first 410 was a slip of the server ...
PROBE_GONE = timedelta(weeks=1)  # ... and then so
HOLD_MOST = timedelta(days=1)  # longest Retry-After that is believed
SKIP_SPREAD_MIN = 10.0  # after hours that a publisher wants left out, feeds come within so many minutes
JITTER = 0.1  # of every pause, so that feeds that failed together do not come together


@dataclass(frozen=True, kw_only=True)
class PollPlan:
    """A feed's state after a poll."""

    next_poll_at: datetime
    interval: timedelta
    state: FeedState
    state_since: datetime
    reason: str
    failures: int
    hold_until: datetime | None
    interval_why: str = ""  # in plain words; "": as before
    move: Move | None = None
    new_url: str | None = None  # the address from now on


def next_poll(feed: Feed, outcome: PollOutcome, *, now: datetime, random: Random) -> PollPlan:
    """The plan after `outcome`. What publishers ask for slows polling down, within the bounds."""
    if outcome.status in (PollStatus.FAILED, PollStatus.GONE, PollStatus.HELD):
        return _after_failure(feed, outcome, now, random)
    interval, why = _interval(feed, outcome)
    quiet = feed.state is FeedState.SILENT and outcome.status is not PollStatus.NEW  # it ends with a new item only
    due_at, hold = _not_before(now + _spread(interval, random), outcome, now, random)
    due_at, why = _outside_skipped(due_at, feed, outcome, why, now, random)
    reason = f"{missed_words(outcome.missed)}: none of those listed was known" if outcome.overlap_lost else ""
    if quiet:
        reason = "; ".join(filter(None, (feed.reason.partition("; ")[0], reason)))
    move = _moving(feed.move, outcome, now)
    arrived = move is not None and move.seen >= MOVES_LEAST and now - move.since >= MOVES_LASTING
    if move is not None:
        words = "that is its address from now on" if arrived else "taken over when it has said so thrice over a day"
        reason = f"{reason}; " * bool(reason) + f"moved to {move.to}: {words}"
    return PollPlan(
        next_poll_at=due_at,
        interval=interval,
        state=FeedState.SILENT if quiet else FeedState.OK,
        state_since=feed.state_since if quiet or feed.state is FeedState.OK else now,
        reason=reason,
        failures=0,
        hold_until=hold,
        interval_why=why,
        move=None if arrived else move,
        new_url=move.to if move is not None and arrived else None,
    )


def _moving(before: Move | None, outcome: PollOutcome, now: datetime) -> Move | None:
    """The redirect as seen so far. A poll that was not redirected, or elsewhere, begins anew."""
    if outcome.moved_to is None:
        return None
    if before is None or before.to != outcome.moved_to:
        return Move(to=outcome.moved_to, seen=1, since=now)
    return replace(before, seen=before.seen + 1)


def network_is_down(lost: Collection[str], *, answered: int) -> bool:
    """Whether our own network failed: (nearly) no site was reached in a cycle; `answered` is how many hosts were.

    `lost` are the sites of feeds that were well until now and were not reached. A feed that has failed before does not
    speak for it: many dead feeds that are asked together are no outage. Nor do one or two sites: they may be down.
    """
    sites = len(set(lost))
    return sites >= SITES_LEAST and sites >= SITES_FACTOR * answered


def _after_failure(feed: Feed, outcome: PollOutcome, now: datetime, random: Random) -> PollPlan:
    if outcome.excused:
        pause = EXCUSED_PAUSE if outcome.retry_after is None else timedelta(0)
        due_at, hold = _not_before(now + _spread(pause, random), outcome, now, random)
        return PollPlan(
            next_poll_at=_outside_skipped(due_at, feed, outcome, "", now, random)[0],
            interval=feed.interval,
            state=FeedState.OK if feed.state is FeedState.PAUSED else feed.state,
            state_since=feed.state_since,
            reason=feed.reason,
            failures=feed.failures,
            hold_until=hold or feed.hold_until,
            move=feed.move,
        )
    failures = feed.failures + 1
    gone = outcome.status is PollStatus.GONE
    state = FeedState.GONE if gone else FeedState.FAILING
    pause = min(FAILURE_STEP[outcome.failure] * min(failures, 1000), FAILURE_MOST)
    if gone:
        pause = PROBE_GONE if feed.state is FeedState.GONE else PROBE_GONE_FIRST
    due_at, hold = _not_before(now + _spread(pause, random), outcome, now, random)
    return PollPlan(
        next_poll_at=_outside_skipped(due_at, feed, outcome, "", now, random)[0],
        interval=feed.interval,
        state=state,
        state_since=feed.state_since if feed.state is state else now,
        reason=outcome.error,
        failures=failures,
        hold_until=hold,
        move=feed.move,
    )


def _not_before(
    due_at: datetime, outcome: PollOutcome, now: datetime, random: Random
) -> tuple[datetime, datetime | None]:
    """When the feed is due, and until when its server asks to stay away: never before, nor all feeds of it at once."""
    if outcome.retry_after is None:
        return due_at, None
    asked = min(max(outcome.retry_after, timedelta(0)), HOLD_MOST)
    return max(due_at, now + asked + asked * random.uniform(0, JITTER)), now + asked


def _outside_skipped(
    due_at: datetime, feed: Feed, outcome: PollOutcome, why: str, now: datetime, random: Random
) -> tuple[datetime, str]:
    """When it is due for a publisher who wants some hours left out, and why; the feeds of one hour come spread."""
    if outcome.overlap_lost:
        return due_at, why
    later = after_skipped(due_at, outcome.hints or feed.hints, outcome.reach or feed.reach, now=now)
    if later == due_at:
        return due_at, why
    later += timedelta(minutes=random.uniform(0, SKIP_SPREAD_MIN))
    return later, f"{why}; not before {later:%a %H:%M} GMT: its publisher wants no visits until then"


def _interval(feed: Feed, outcome: PollOutcome) -> tuple[timedelta, str]:
    """The interval from now on, and why."""
    interval, why = feed.interval, "as before: between one and two thirds of what it listed was known"
    if outcome.status in (PollStatus.NOT_MODIFIED, PollStatus.UNCHANGED):
        interval, why = interval + SLOWER, "slower: nothing had changed"
    elif outcome.overlap_lost:
        half = (outcome.reach or interval) / 2  # of what is listed now
        interval, why = min(interval * FASTER, half), "faster: items may have been missed"
    elif feed.baseline_at is None:
        why = "a new feed's, until its rhythm is known"
    else:
        known = 1 - outcome.new_entries / outcome.entries if outcome.entries else 1  # an empty feed has nothing new
        if known >= 2 / 3:
            interval, why = interval + SLOWER, "slower: two thirds or more of what it listed was known"
        elif known < 1 / 3:
            interval, why = interval * FASTER, "faster: less than a third of what it listed was known"
    interval, why = _no_slower(interval, why, feed)
    asked, who = wish(outcome.hints or feed.hints, outcome.fresh, outcome.reach or feed.reach)
    if asked > interval and not outcome.overlap_lost:
        interval, why = asked, who
        if interval > LONGEST:
            return LONGEST, "the longest there is: its publisher asks for more"
    if interval < SHORTEST:
        return SHORTEST, "the shortest there is: " + (
            "items may have been missed" if outcome.overlap_lost else "much of what it lists is new"
        )
    return interval, why


def _no_slower(interval: timedelta, why: str, feed: Feed) -> tuple[timedelta, str]:
    """Not slower than a feed posts, while it does, nor than once an hour."""
    own = feed.usual if feed.usual is not None and feed.state is not FeedState.SILENT else SLOWEST
    if interval <= min(own, SLOWEST):
        return interval, why
    if own < SLOWEST:
        return own, f"as often as it posts: usually every {lasting(own)}"
    return SLOWEST, "the longest there is without a publisher's wish: hardly anything new comes"


def _spread(pause: timedelta, random: Random) -> timedelta:
    return pause * random.uniform(1 - JITTER, 1 + JITTER)
