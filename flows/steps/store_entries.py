"""Stores what feeds list: what is new, what changed, and what is still there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.steps.ask_feed import believed_dates
from flows.steps.identity import Sorted, addresses, candidate, maybe_rewritten, sort_out
from sectorwatch.domain import Feed, ParsedFeed
from sectorwatch.overlap import missed
from storage import entries as entry_store
from storage import feed_rhythms
from storage.entries import Known
from storage.unit_of_work import Work

REREAD_WITHIN = timedelta(hours=48)  # an edit of an older entry is not worth a request


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


def store_entries(work: Work, listings: Sequence[Listing]) -> dict[int, Listed]:
    """Stores the listings of some feeds; what came of each, by the feed's number."""
    ended = {listing.feed.id: _stored(work, listing) for listing in listings}
    still = [entry.id for listed in ended.values() for entry in listed.found.known]
    if still:
        entry_store.seen(work, still, now=max(listing.at for listing in listings))
    return ended


def recalled(work: Work, feed: int, parsed: ParsedFeed, *, language: str) -> list[Known]:
    """The entries of the feed that its items may be (see `sort_out`)."""
    listed = parsed.entries
    known = entry_store.known(work, feed, guids=[entry.guid for entry in listed], canonical_urls=addresses(listed))
    if maybe_rewritten(listed, known):
        items = [candidate(entry, language=language) for entry in listed]
        titles = [item.title_day_key for item in items if item.title_day_key]
        known += entry_store.alike(work, feed, title_day_keys=titles, content_keys=[item.content_key for item in items])
    return known


def _stored(work: Work, listing: Listing) -> Listed:
    feed, parsed, now = listing.feed, listing.parsed, listing.at
    baseline = feed.baseline_at is None
    language = feed.language or parsed.language
    known = recalled(work, feed.id, parsed, language=language)
    found = sort_out(parsed.entries, known, language=language, news_since=feed.last_new_at or feed.baseline_at)
    lost = not baseline and bool(found.new) and not found.known and not found.changed
    gap = _missed(work, feed, parsed) if lost else None
    for entry, guid in (*found.displaced.items(), *found.renamed.items()):
        entry_store.rename(work, entry, guid)
    entry_store.add(work, feed.id, found.new, baseline=baseline, now=now)
    entry_store.add(work, feed.id, found.archive, baseline=True, now=now)
    for old, item in found.changed:
        recent = now - (item.published_at or old.first_seen_at) <= REREAD_WITHIN
        entry_store.change(work, old.id, item, now=now, reread=recent)
    return Listed(found=found, baseline=baseline, overlap_lost=lost, missed=gap)


def _missed(work: Work, feed: Feed, parsed: ParsedFeed) -> int | None:
    """About how many items came and went between the last poll and this one, before its own are stored."""
    return missed(feed_rhythms.times(work, [feed.id]).get(feed.id, []), believed_dates(parsed))
