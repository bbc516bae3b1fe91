"""Stores what feeds list: what is new, what changed, and what is still there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.steps.ask_feed import believed_dates
from flows.steps.identity import Sorted, addresses, candidate, maybe_rewritten, sort_out
from flows.steps.remembered import Item, packed, unpacked
from flows.steps.rereads import after_edit
from sectorwatch.domain import DateQuality, Feed, ParsedFeed
from sectorwatch.hints import reach_of
from sectorwatch.overlap import missed
from storage import articles as article_store
from storage import entries as entry_store
from storage import feed_rhythms
from storage.entries import Known
from storage.unit_of_work import Work


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What a feed lists at one poll."""

    feed: Feed
    parsed: ParsedFeed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What came of it."""

    found: Sorted
    baseline: bool  # it was the feed's first
    overlap_lost: bool
    missed: int | None  # about how many items came and went since the poll before; None: it cannot be told
    reach: timedelta | None  # see Feed
    remembered: bytes  # of its items, for the next poll
    kept: frozenset[int]  # entries that are listed as they were


def store_entries(work: Work, listings: Sequence[Listing]) -> dict[int, Listed | None]:
    """Stores the listings of some feeds; what came of each, by the feed's number.

    None, and nothing of it is stored: an item bears the guid of another one that was not read, as it was read before.
    Which is which can only be told when all of them are read.
    """
    ended = {listing.feed.id: _stored(work, listing) for listing in listings}
    still = [
        entry
        for listed in ended.values()
        if listed is not None
        for entry in (*listed.kept, *(one.id for one in listed.found.known))
    ]
    if still:
        entry_store.seen(work, still, now=max(listing.at for listing in listings))
    return ended


def recalled(work: Work, feed: int, parsed: ParsedFeed, *, language: str) -> list[Known]:
    """The entries of the feed that its items may be (see `sort_out`)."""
    listed = parsed.entries
    known = entry_store.known(work, feed, guids=[entry.guid for entry in listed], canonical_urls=addresses(listed))
    if maybe_rewritten(listed, known, kept=len(parsed.kept)):
        items = [candidate(entry, language=language) for entry in listed]
        titles = [item.title_day_key for item in items if item.title_day_key]
        known += entry_store.alike(work, feed, title_day_keys=titles, content_keys=[item.content_key for item in items])
    return known


def _stored(work: Work, listing: Listing) -> Listed | None:
    feed, parsed, now = listing.feed, listing.parsed, listing.at
    baseline = feed.baseline_at is None
    language = feed.language or parsed.language
    before = unpacked(feed.listed) if parsed.kept else {}
    kept = {digest: before[digest] for digest in parsed.kept}
    still = frozenset(item.entry for item in kept.values())
    known = recalled(work, feed.id, parsed, language=language)
    guids = {entry.guid for entry in parsed.entries}
    if any(entry.id in still and entry.guid in guids for entry in known):
        return None
    found = sort_out(
        parsed.entries, known, kept=still, language=language, news_since=feed.last_new_at or feed.baseline_at
    )
    lost = not baseline and bool(found.new) and not (found.known or found.changed or still)
    gap = _missed(work, feed, parsed) if lost else None
    for entry, guid in (*found.displaced.items(), *found.renamed.items()):
        entry_store.rename(work, entry, guid)
    added = entry_store.add(work, feed.id, found.new, baseline=baseline, now=now)
    added |= entry_store.add(work, feed.id, found.archive, baseline=True, now=now)
    _change(work, found, now)
    dates = [item.at for item in kept.values() if item.at is not None]
    return Listed(
        found=found,
        baseline=baseline,
        overlap_lost=lost,
        missed=gap,
        reach=reach_of([*dates, *believed_dates(parsed.entries)]),
        remembered=packed([*kept.items(), *_to_remember(parsed, {**found.entry_of, **added})]),
        kept=still,
    )


def _to_remember(parsed: ParsedFeed, entry_of: Mapping[str, int]) -> Iterator[tuple[bytes, Item]]:
    """The items that were read. One dated into the future is not remembered: some day it no longer will be."""
    for entry in parsed.entries:
        if entry.digest and entry.date_quality is not DateQuality.FUTURE:
            yield entry.digest, Item(entry=entry_of[entry.guid], at=entry.published_at)


def _change(work: Work, found: Sorted, now: datetime) -> None:
    read = [old.article_id for old, _ in found.changed if old.article_id is not None]
    live = article_store.live(work, read) if read else set()
    for old, item in found.changed:
        due_at = after_edit(
            since=min(old.published_at or old.first_seen_at, old.first_seen_at),
            last_tried_at=old.last_tried_at,
            was_read=old.article_id is not None,
            live=old.article_id in live,
            now=now,
        )
        entry_store.change(work, old, item, now=now, reread_at=due_at)


def _missed(work: Work, feed: Feed, parsed: ParsedFeed) -> int | None:
    """About how many items came and went between the last poll and this one, before its own are stored."""
    return missed(feed_rhythms.times(work, [feed.id]).get(feed.id, []), believed_dates(parsed.entries))
