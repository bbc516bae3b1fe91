"""When a page that was read is read again: the older it was at the last time, the later. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

REREAD_WITHIN = timedelta(hours=48)  # an edit of an older entry is not worth a request
LEAST_GAP = timedelta(minutes=5)
MOST_GAP = timedelta(hours=6)
LIVE_GAP = timedelta(minutes=15)  # of a live blog, whose news would be old otherwise


def after_edit(
    *, since: datetime, last_tried_at: datetime | None, was_read: bool, live: bool, now: datetime
) -> datetime | None:
    """When the page of an entry is due that its feed says was edited; None: it is too old.

    `since` is when it was published, or first seen. However often the feed says so, some fifteen times in two days;
    a live blog four times an hour.
    """
    if now - since > REREAD_WITHIN:
        return None
    if last_tried_at is None or not was_read:
        return now
    gap = min(max((last_tried_at - since) / 2, LEAST_GAP), LIVE_GAP if live else MOST_GAP)
    return max(now, last_tried_at + gap)


def live_again(*, since: datetime, grew_at: datetime, now: datetime) -> datetime | None:
    """When a live blog is read again, whatever its feed says: after as long as it has not grown; None: it is over."""
    due = now + min(max(now - grew_at, LIVE_GAP), MOST_GAP)
    return None if due - since > REREAD_WITHIN else due
