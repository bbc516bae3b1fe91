"""Lets go of what is old, and of what there is no room for; gives its room back.

In batches, each a transaction of its own with a pause after it as long as it took: whoever writes comes in between. A
run that is killed has done what it did, and the next goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from extractors.stories.rewrites import WINDOW
from flows.steps.reading.story_of import STORY_WINDOW
from flows.steps.tools import Tools
from sectorwatch.settings.tables import LEAST_KEPT_DAYS
from storage import row_counts
from storage.unit_of_work import Work
from storage.upkeep import past, retention, room
from storage.upkeep.past import Ages, Place, Size, Stretch

T = TypeVar("T")
CYCLES_KEPT = timedelta(days=90)
NOTICES_KEPT = timedelta(days=90)  # after they were over
GISTS_KEPT = WINDOW + timedelta(days=1)  # no rewrite comes later
BANDS_KEPT = STORY_WINDOW + timedelta(days=1)  # no copy comes later
HOSTS_KEPT = timedelta(days=30)  # after they were last asked
BATCH = 2_000  # narrow rows a transaction
PAGES = 200  # raw pages a transaction
STORIES = 100  # a transaction: each goes with its articles, their texts and what search keeps of them
_TEXT_WEIGHT = 2  # an article takes so many times its text: search keeps its words once more
_WRITERS_TURN = 0.005  # seconds, at least


def prune(tools: Tools, expected: Mapping[str, int] | None = None) -> dict[str, int]:
    """Removes what is past its time, then what there is no room for; returns how many rows of what.

    `expected` is how many rows of what are past their time, for the progress alone.
    """
    now = tools.clock()

    def told(kind: str) -> Callable[[int], None]:
        return lambda done: tools.progress(kind.replace("_", " "), done, max(done, (expected or {}).get(kind, 0)))

    removed = {"raw_pages": 0, "stories": 0, "articles": 0}
    for kind, before in _until(tools, now).items():
        removed[kind] = _all(tools, _rows(kind, before), told(kind))
    unused = now - HOSTS_KEPT
    removed["hosts"] = _all(
        tools, lambda work: retention.prune_hosts(work, before=unused, now=now, limit=BATCH), told("hosts")
    )
    removed["story_bands"] = _bands(tools, now - BANDS_KEPT, told("story_bands"))
    if not _is_archive_in_use(tools, now):
        removed["raw_pages"] = _all(
            tools, _rows("raw_pages", _raw_pages_from(tools, now), PAGES), told("raw_pages"), PAGES
        )
        if ages := _ages(tools, now):
            removed["stories"], gone = _let_go(tools, ages, now, told("stories"))
            removed["articles"] = gone.articles
        _make_room(tools, now, removed)
    _batch(tools, row_counts.keep)
    while _batch(tools, room.give_back):
        pass
    return removed


def planned(tools: Tools) -> dict[str, int]:
    """How many rows of what `prune` would remove for their age now; nothing is changed, and nobody waits."""
    now = tools.clock()
    until = _until(tools, now) | {"raw_pages": _raw_pages_from(tools, now)}
    with tools.store.read() as work:
        counts = {kind: retention.count(work, kind, before=before) for kind, before in until.items()}
        counts["hosts"] = retention.count_hosts(work, before=now - HOSTS_KEPT, now=now)
        counts["story_bands"] = retention.count_bands(work, before=now - BANDS_KEPT)
    counts |= {"stories": 0, "articles": 0}
    ages = _ages(tools, now)
    for found, _ in _stretches(tools, ages, now) if ages else ():
        counts["stories"] += len(found.old)
        with tools.store.read() as work:
            counts["articles"] += past.size(work, found.old).articles
    return counts


def over_room(tools: Tools) -> int:
    """By how many bytes the store takes more than `keep.database_mb`; 0: it does not."""
    most = tools.settings.keep.database_mb * 1_000_000
    if not most:
        return 0
    with tools.store.read() as work:
        return room.over(work, most)


def _until(tools: Tools, now: datetime) -> dict[str, datetime]:
    """Of narrow rows: what is older than that goes."""
    keep = tools.settings.keep
    days = {"polls": keep.polls_days, "deliveries": keep.deliveries_days, "suppressions": keep.suppressions_days}
    return {
        **{kind: now - timedelta(days=age) for kind, age in days.items() if age},
        "cycles": now - CYCLES_KEPT,
        "notices": now - NOTICES_KEPT,
        "gists": now - GISTS_KEPT,
        "robots": now - HOSTS_KEPT,
    }


def _ages(tools: Tools, now: datetime) -> Ages | None:
    """Of stories; None: all of them stay."""
    keep = tools.settings.keep
    if not keep.articles_days:
        return None
    mentioning = now - timedelta(days=keep.mentioning_days) if keep.mentioning_days else None
    return Ages(before=now - timedelta(days=keep.articles_days), mentioning_before=mentioning)


def _raw_pages_from(tools: Tools, now: datetime) -> datetime:
    """Since when pages are kept: by their age, and by the room that they may take together."""
    settings = tools.settings.read
    oldest = now - timedelta(days=settings.keep_raw_days)
    if not settings.keep_raw_mb:
        return oldest
    with tools.store.read() as work:
        over = retention.no_room_since(work, most_bytes=settings.keep_raw_mb * 1_000_000)
    return oldest if over is None else max(oldest, over + timedelta(microseconds=1))


def _is_archive_in_use(tools: Tools, now: datetime) -> bool:
    with tools.store.read() as work:
        return retention.is_archive_in_use(work, now=now)


def _make_room(tools: Tools, now: datetime, removed: dict[str, int]) -> None:
    """Removes the oldest raw pages, then the oldest stories that mention nothing, until all fits into its room."""
    over = over_room(tools)
    if not over:
        return
    count = PAGES
    while over > 0 and count == PAGES:
        count, freed = _batch(tools, lambda work: retention.prune_oldest_raw_pages(work, limit=PAGES))
        removed["raw_pages"] += count
        over -= freed
    if over > 0:
        least = Ages(before=now - timedelta(days=LEAST_KEPT_DAYS), mentioning_before=None)
        stories, gone = _let_go(tools, least, now, lambda _: None, enough=over)
        removed["stories"] += stories
        removed["articles"] += gone.articles
    _batch(tools, lambda work: room.made(work, now=now))


def _let_go(
    tools: Tools, ages: Ages, now: datetime, told: Callable[[int], None], *, enough: int | None = None
) -> tuple[int, Size]:
    """Lets go of stories, at most until they have freed `enough` bytes; how many, and what they were made of."""
    stories, gone = 0, Size()
    for found, after in _stretches(tools, ages, now):
        if enough is not None and gone.text_bytes * _TEXT_WEIGHT >= enough:
            break
        if found.old:
            ids, sized = _batch(tools, partial(_let_go_of_stretch, ages=ages, after=after, now=now))
            stories, gone = stories + ids, gone + sized
            told(stories)
    return stories, gone


def _let_go_of_stretch(work: Work, *, ages: Ages, after: Place | None, now: datetime) -> tuple[int, Size]:
    old = past.stretch(work, ages, after=after, now=now, limit=STORIES).old  # as it is now that nobody else writes
    sized = past.size(work, old)
    past.let_go(work, old)
    return len(old), sized


def _stretches(tools: Tools, ages: Ages, now: datetime) -> Iterator[tuple[Stretch, Place | None]]:
    """The stories that are old enough to be looked at, a few at once; each with where it begins."""
    after: Place | None = None
    while True:
        with tools.store.read() as work:
            found = past.stretch(work, ages, after=after, now=now, limit=STORIES)
        yield found, after
        after = found.last
        if after is None:
            return


def _bands(tools: Tools, before: datetime, told: Callable[[int], None]) -> int:
    removed = 0
    after: int | None = 0
    while after is not None:
        count, after = _batch(tools, partial(retention.prune_bands, before=before, after=after, limit=BATCH))
        removed += count
        told(removed)
    return removed


def _rows(kind: str, before: datetime, limit: int = BATCH) -> Callable[[Work], int]:
    return lambda work: retention.prune(work, kind, before=before, limit=limit)


def _all(tools: Tools, remove: Callable[[Work], int], told: Callable[[int], None], limit: int = BATCH) -> int:
    removed = 0
    while True:
        count = _batch(tools, remove)
        removed += count
        told(removed)
        if count < limit:
            return removed


def _batch(tools: Tools, change: Callable[[Work], T]) -> T:
    began = time.monotonic()
    with tools.store.write() as work:
        done = change(work)
        work.commit()
    time.sleep(max(_WRITERS_TURN, time.monotonic() - began))
    return done
