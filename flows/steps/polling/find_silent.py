"""Takes the rhythm of feeds from their items, and says which feeds have gone silent."""

from __future__ import annotations

from datetime import timedelta

from flows.steps.tools import Tools
from sectorwatch.clock import lasting
from sectorwatch.rhythm import SHORTEST_QUIET, rhythm
from storage.intake import feed_rhythms

RETAKEN = timedelta(hours=20)  # a rhythm changes slowly
FEEDS = 300  # whose rhythm is taken in one cycle


def find_silent(tools: Tools) -> int:
    """Returns how many feeds have gone silent. Feeds that nobody could poll lately are not judged."""
    now = tools.clock()
    with tools.store.read() as work:
        due = feed_rhythms.due(work, taken_before=now - RETAKEN, limit=FEEDS)
        times = feed_rhythms.times(work, due)
    found = {
        number: (rhythm(times[number]), max(times[number])) if times.get(number) else (None, None) for number in due
    }
    with tools.store.write() as work:
        feed_rhythms.put(work, found, now=now)
        work.commit()
    with tools.store.read() as work:
        quiet = feed_rhythms.quiet(work, before=now - SHORTEST_QUIET)
    silent = [feed for feed in quiet if feed.until - feed.since > feed.quiet_after]
    if silent:
        with tools.store.write() as work:
            for feed in silent:
                reason = f"usually posts every {lasting(feed.usual)}"
                feed_rhythms.silence(work, feed.id, since=feed.since, reason=reason)
            work.commit()
    return len(silent)
