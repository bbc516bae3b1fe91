"""Feeds made to hurt, in the real sandbox: read, refused in words or ended, and what is kept of them is harmless."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from extractors.feeds.feed import MOST_ENTRIES, MOST_GUID, MOST_SUMMARY, MOST_TITLE
from extractors.reading import PRELOAD
from flows.steps.polling.ask_feed import PARSE_S
from sectorwatch.domain import ParsedEntry
from sectorwatch.errors import FeedError, SandboxError
from sectorwatch.sandbox import DEFAULT_MEMORY, Sandbox
from tests.hostile_feeds import FEEDS, read_measured

BUSY = 4  # times as long on a machine that does other things: then the seconds of CPU are what counts
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
SCRIPT = re.compile(r"<(?:script|iframe|svg|object|form)|javascript:|\son\w+=", re.IGNORECASE)
READ = [name for name, feed in FEEDS.items() if not feed.killed]
KILLED = [name for name, feed in FEEDS.items() if feed.killed]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(workers=1, preload=PRELOAD) as made:
        yield made


def test_there_are_enough_of_them() -> None:
    """At least sixty feeds, ten of them refused and four ended from outside."""
    assert len(FEEDS) >= 60
    assert sum(bool(feed.refused) for feed in FEEDS.values()) >= 10
    assert len(KILLED) >= 4


@pytest.mark.parametrize("name", READ)
def test_a_hostile_feed_is_read_or_refused(sandbox: Sandbox, name: str) -> None:
    """Within the limits of time and memory, and nothing that is kept of it hurts anybody later."""
    case = FEEDS[name]
    if case.refused:
        with pytest.raises(FeedError, match=case.refused) as caught:
            sandbox.call(read_measured, case.body(), case.content_type, timeout=BUSY * PARSE_S)
        assert len(str(caught.value)) < 300
        return

    feed, seconds, memory = sandbox.call(read_measured, case.body(), case.content_type, timeout=BUSY * PARSE_S)

    assert seconds < PARSE_S
    assert memory < DEFAULT_MEMORY
    assert case.entries in (None, len(feed.entries))
    assert len(feed.entries) <= MOST_ENTRIES
    assert len({entry.guid for entry in feed.entries}) == len(feed.entries)
    for entry in feed.entries:
        assert harmless(entry)
    for field, value in case.first.items():
        assert getattr(feed.entries[0], field) == value
    assert all(len(problem) < 400 and problem.isprintable() for problem in feed.problems)


@pytest.mark.full
@pytest.mark.parametrize("name", KILLED)
def test_a_feed_that_costs_too_much_is_ended(sandbox: Sandbox, name: str) -> None:
    """A call that takes too long or too much is over at its limit, and the next one finds a process."""
    case = FEEDS[name]

    with pytest.raises(SandboxError) as caught:
        sandbox.call(read_measured, case.body(), "", timeout=PARSE_S)

    assert caught.value.kind in case.killed.split("|")
    assert len(sandbox.call(read_measured, FEEDS["half a feed"].body(), "", timeout=PARSE_S)[0].entries) == 1


def harmless(entry: ParsedEntry) -> bool:
    """Whether every database takes the entry, and no reader is hurt by it."""
    shown = (entry.guid, entry.title, entry.summary, entry.content or "", entry.author, entry.language)
    links = [link for link in (entry.url, entry.canonical_url) if link is not None]
    return (
        not any(UNFIT.search(text) for text in (*shown, *links))
        and not SCRIPT.search(entry.content or "")
        and all(re.match(r"https?://[^/@\s]+(?:/\S*|\?\S*)?$", link) for link in links)
        and len(entry.title) <= MOST_TITLE
        and len(entry.summary) <= MOST_SUMMARY
        and len(entry.guid) <= MOST_GUID + 40
        and "\n" not in entry.title
        and (entry.published_at is None or 1990 <= entry.published_at.year <= 9999)
    )
