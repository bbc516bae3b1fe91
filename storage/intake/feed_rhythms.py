"""The rhythms of feeds: the times of their items, and which of them have gone silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, union_all, update

from sectorwatch.domain import DateQuality, FeedState
from sectorwatch.rhythm import Rhythm
from storage.tables import entries, feeds
from storage.unit_of_work import Work

_ITEMS = 1_000  # the latest of a feed
_FEEDS = 100  # in one statement
_LATE = timedelta(days=2)  # what is seen so long after its date was not posted then


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """A feed without anything new for a while."""

    id: int
    since: datetime
    until: datetime  # its last poll, which found nothing new either
    usual: timedelta
    quiet_after: timedelta


def due(work: Work, *, taken_before: datetime, limit: int) -> list[int]:
    """Feeds that had something new since their rhythm was taken, if that was before then."""
    stale = or_(feeds.c.rhythm_at.is_(None), feeds.c.rhythm_at < taken_before)
    news = feeds.c.last_new_at >= func.coalesce(feeds.c.rhythm_at, feeds.c.added_at)
    wanted = select(feeds.c.id).where(stale, news).order_by(feeds.c.rhythm_at, feeds.c.id).limit(limit)
    return list(work.connection.execute(wanted).scalars())


def times(work: Work, feed_ids: Sequence[int]) -> dict[int, list[datetime]]:
    """When the latest items of these feeds were posted: their date where it can be true, else when they were seen.

    What came with the first poll has no time but its date.
    """
    found: dict[int, list[datetime]] = defaultdict(list)
    columns = [entries.c[name] for name in ("feed_id", "published_at", "date_quality", "first_seen_at", "baseline")]
    for start in range(0, len(feed_ids), _FEEDS):
        latest = [
            select(
                select(*columns)
                .where(entries.c.feed_id == number)
                .order_by(entries.c.first_seen_at.desc())
                .limit(_ITEMS)
                .subquery()
            )
            for number in feed_ids[start : start + _FEEDS]
        ]
        for number, dated, quality, seen, baseline in work.connection.execute(union_all(*latest)):
            believed = dated is not None and quality != DateQuality.FUTURE and dated <= seen
            if believed and (baseline or dated >= seen - _LATE):
                found[number].append(dated)
            elif not baseline:
                found[number].append(seen)
    return found


def put(work: Work, found: Mapping[int, tuple[Rhythm | None, datetime | None]], *, now: datetime) -> None:
    """Keeps the rhythms of feeds, with the time of the newest item of each."""
    for number, (rhythm, newest) in found.items():
        usual = None if rhythm is None else int(rhythm.usual.total_seconds())
        quiet = None if rhythm is None else int(rhythm.quiet_after.total_seconds())
        values = {"item_gap_s": usual, "quiet_after_s": quiet, "newest_at": newest, "rhythm_at": now}
        work.connection.execute(update(feeds).where(feeds.c.id == number).values(**values))


def quiet(work: Work, *, before: datetime) -> list[Quiet]:
    """Feeds that are well, have a rhythm, and have had nothing new since before then."""
    wanted = select(feeds).where(
        feeds.c.state == FeedState.OK.value, feeds.c.quiet_after_s.is_not(None), feeds.c.last_new_at < before
    )
    return [
        Quiet(
            id=row["id"],
            # What came with the first poll may have been old already.
            since=row["newest_at"] if row["last_new_at"] == row["baseline_at"] else row["last_new_at"],
            until=row["last_poll_at"],
            usual=timedelta(seconds=row["item_gap_s"]),
            quiet_after=timedelta(seconds=row["quiet_after_s"]),
        )
        for row in work.connection.execute(wanted.order_by(feeds.c.id)).mappings()
    ]


def silence(work: Work, feed_id: int, *, since: datetime, reason: str) -> None:
    """The feed is silent since then, unless something else is the matter with it by now."""
    mine = (feeds.c.id == feed_id) & (feeds.c.state == FeedState.OK.value)
    values = {"state": FeedState.SILENT.value, "state_since": since, "reason": reason}
    work.connection.execute(update(feeds).where(mine).values(**values))
