"""What operators see of feeds and say of them, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from flows.steps.polling import feed_words
from flows.steps.polling.feed_words import Condition
from sectorwatch.domain import FeedState, PollOutcome, PollStatus
from sectorwatch.errors import ConfigurationError
from sectorwatch.polling import next_poll
from storage.intake import feeds
from storage.intake.feeds import FinishedPoll
from storage.unit_of_work import Store
from storage.views import feeds as feed_views
from storage.views.feeds import FeedRow
from tests.builders import NOON, add_entries, add_feed
from tests.plugins.commands import Run

LEASE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def polled(store: Store, feed: int, status: PollStatus, at: datetime = NOON, **what: Any) -> FeedRow:
    """The feed after a poll that ended so."""
    with store.write() as work:
        token, claimed = feeds.claim_due(work, now=at, limit=9, lease=LEASE, not_since=at)
        (found,) = [one for one in claimed if one.id == feed]
        outcome = PollOutcome(feed_id=feed, at=at, status=status, **what)
        plan = next_poll(found, outcome, now=at, random=Random(1))
        first = found.baseline_at is None and status is not PollStatus.FAILED
        feeds.finish_polls(work, token, [FinishedPoll(feed=found, outcome=outcome, plan=plan, baseline=first)])
        feeds.release(work, token)
        work.commit()
    return row(store, feed)


def row(store: Store, feed: int) -> FeedRow:
    with store.read() as work:
        found = feed_views.feed_row(work, feed)
    assert found is not None
    return found


SINCE = "since 2026-03-01 12:00"
PAGE = "an HTML page instead of a feed: check the address, the page may name the feed it has"


@pytest.mark.parametrize(
    ("status", "what", "condition", "words"),
    [
        (PollStatus.FAILED, {"error": "answers 404"}, "failing", f"failing {SINCE}, once: answers 404"),
        (PollStatus.FAILED, {"error": PAGE}, "html", f"answers HTML {SINCE}, once: {PAGE}"),
        (PollStatus.GONE, {"error": "answers 410"}, "gone", f"gone {SINCE}: answers 410; asked again once a week"),
        (PollStatus.NEW, {"entries": 3, "new_entries": 3, "overlap_lost": True}, "missed", "may have missed items"),
        (PollStatus.KNOWN, {"entries": 3, "moved_to": "https://new.example/"}, "moved", "moved to https://new.example/"),
        (PollStatus.KNOWN, {"entries": 3}, "ok", "ok"),
    ],
)  # fmt: skip
def test_a_feed_says_how_it_is(
    store: Store, run: Run, status: PollStatus, what: Any, condition: str, words: str
) -> None:
    """Each outcome is told in plain words, can be listed by its name alone, and no other list shows the feed."""
    feed = add_feed(store, now=NOON - HOUR)
    found = polled(store, feed, status, **what)

    assert feed_words.words(found, NOON).startswith(words)
    for name in Condition:
        shown = [one["id"] for one in run("feeds", "list", "--state", name, "--json")]
        assert shown == ([feed] if name == condition or (name, condition) == ("failing", "html") else []), name


def test_a_failure_counts_and_a_success_forgets(store: Store) -> None:
    """Since when is of the first failure of the row."""
    feed = add_feed(store, now=NOON)
    for hour in range(3):
        found = polled(store, feed, PollStatus.FAILED, NOON + hour * HOUR, error="no connection")
    assert feed_words.words(found, NOON) == "failing since 2026-03-01 12:00, 3 times in a row: no connection"

    found = polled(store, feed, PollStatus.KNOWN, NOON + 4 * HOUR, entries=2)
    assert (feed_words.words(found, NOON), found.failures) == ("ok", 0)
    assert found.interval_why == "a new feed's, until its rhythm is known"
    found = polled(store, feed, PollStatus.NOT_MODIFIED, NOON + 5 * HOUR)
    assert feed_words.pace(found) == "every 25 min (slower: nothing had changed)"


def test_a_pause_has_an_author_and_an_end(store: Store, run: Run) -> None:
    """It is polled again by itself when the time is over, and a poll on its way does not undo the pause."""
    feed = add_feed(store, now=NOON)
    with store.write() as work:
        token, (found,) = feeds.claim_due(work, now=NOON, limit=9, lease=LEASE)
        work.commit()
    assert "paused until 20" in run("feeds", "pause", str(feed), "--for", "6h", "--reason", "they asked us to")
    with store.read() as work:
        assert feeds.holding(work, token, [found.id]) == set()
    (listed,) = run("feeds", "list", "--state", "paused", "--json")
    assert listed["paused_by"]
    until = datetime.fromisoformat(listed["paused_until"])
    assert until == datetime.fromisoformat(listed["state_since"]) + 6 * HOUR
    words = feed_words.words(row(store, feed), datetime.now(UTC))
    assert words.endswith(f" by {listed['paused_by']} until {until:%Y-%m-%d %H:%M}: they asked us to")

    for early, due in ((1, []), (0, [feed])):
        at = until - early * timedelta(seconds=1)
        with store.write() as work:
            assert [one.id for one in feeds.claim_due(work, now=at, limit=9, lease=LEASE, not_since=at)[1]] == due
    found = polled(store, feed, PollStatus.KNOWN, until, entries=1)
    assert (found.state, found.paused_by, found.paused_until) == ("ok", "", None)

    run("feeds", "pause", str(feed))
    assert "when resumed" in run("feeds", "list")
    run("feeds", "resume", row(store, feed).url)
    assert run("feeds", "list", "--state", "paused", "--json") == []


@pytest.mark.parametrize("long", ["", "6", "6x", "0h", "9999999999999w", "54w"])
def test_a_pause_of_no_known_length_is_refused(store: Store, run: Run, long: str) -> None:
    """And nothing is paused."""
    feed = add_feed(store)
    with pytest.raises(ConfigurationError, match="--for"):
        run("feeds", "pause", str(feed), "--for", long)
    assert row(store, feed).state == "ok"


def test_what_is_said_of_a_source_can_be_changed_and_listed(store: Store, run: Run) -> None:
    """What is not named stays; a wrong side is refused with the right ones; a feed of the file is changed there."""
    feed = add_feed(store)
    run("feeds", "set", str(feed), "--side", "official", "--publisher", "Міністерство оборони")
    run("feeds", "set", str(feed), "--language", "uk", "--country", "ua")
    (listed,) = run("feeds", "list", "--publisher", "міністерство ОБОРОНИ", "--side", "official", "--json")
    assert [listed[name] for name in ("title", "language", "country")] == ["News", "uk", "UA"]
    assert run("feeds", "list", "--side", "russian", "--json") == []
    run("feeds", "set", str(feed), "--publisher", "", "--side", "unknown")
    assert (row(store, feed).publisher, row(store, feed).side) == ("", "unknown")

    for words in (["--side", "left"], ["--country", "Ukraine"], []):
        with pytest.raises(ConfigurationError):
            run("feeds", "set", str(feed), *words)
    with store.write() as work:
        (stored,) = feeds.every(work)
        feeds.describe(work, feed, title="News", language="uk", source=stored.source, managed=True)
        work.commit()
    with pytest.raises(ConfigurationError, match="comes from the configuration file"):
        run("feeds", "set", str(feed), "--side", "official")


def test_a_feed_is_shown_with_its_polls(store: Store, run: Run) -> None:
    """Newest first, with what each brought and why it failed."""
    feed = add_feed(store, url="https://news.example.org/feed", now=NOON)
    polled(store, feed, PollStatus.NEW, NOON, entries=3, new_entries=3, http_status=200, bytes=5000, ms=120)
    polled(store, feed, PollStatus.FAILED, NOON + HOUR, http_status=503, error="answers 503 \x1b[31mBusy")
    add_entries(store, feed, 1, 2, 3)
    shown = run("feeds", "show", str(feed))
    assert "once: answers 503  [31mBusy" in shown
    assert shown.index("503") < shown.index("5,000")
    got = run("feeds", "show", "https://news.example.org/feed", "--polls", "1", "--json")
    assert [poll["status"] for poll in got["polls"]] == ["failed"]
    assert (got["feed"]["entries"], got["host"]) == (3, None)
    with pytest.raises(ConfigurationError, match="no feed '77'"):
        run("feeds", "show", "77")


def test_a_silent_feed_stays_silent_until_something_new_comes(store: Store) -> None:
    """A poll without news is no end of the silence; words tell its rhythm."""
    feed = replace(row(store, add_feed(store)), state="silent", state_since=NOON - 9 * HOUR)
    feed = replace(feed, reason="usually posts every 40 min")
    assert feed_words.words(feed, NOON) == "silent: usually posts every 40 min and has been quiet for 9 h"
    with store.read() as work:
        (stored,) = feeds.every(work)
    stored = replace(stored, state=FeedState.SILENT, state_since=NOON - 9 * HOUR, reason="usually posts every 40 min")
    for status, state, since in (
        (PollStatus.NOT_MODIFIED, FeedState.SILENT, NOON - 9 * HOUR),
        (PollStatus.KNOWN, FeedState.SILENT, NOON - 9 * HOUR),
        (PollStatus.NEW, FeedState.OK, NOON),
        (PollStatus.FAILED, FeedState.FAILING, NOON),
    ):
        plan = next_poll(stored, PollOutcome(feed_id=1, at=NOON, status=status), now=NOON, random=Random(1))
        assert (plan.state, plan.state_since) == (state, since)
        assert plan.reason == stored.reason * (state is FeedState.SILENT)
    moved = PollOutcome(feed_id=1, at=NOON, status=PollStatus.KNOWN, moved_to="https://new.example")
    plan = next_poll(stored, moved, now=NOON, random=Random(1))
    plan = next_poll(replace(stored, reason=plan.reason), moved, now=NOON, random=Random(1))
    words = feed_words.words(replace(feed, reason=plan.reason), NOON)
    assert words.startswith(
        "silent: usually posts every 40 min and has been quiet for 9 h; moved to https://new.example"
    )
    assert words.count("moved to") == 1
