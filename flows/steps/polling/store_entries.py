"""Stores what feeds list: what is new, what changed, and what is still there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from flows.steps.polling.ask_feed import believed_dates
from flows.steps.polling.identity import Sorted, addresses, candidate, maybe_rewritten, sort_out
from flows.steps.polling.remembered import Item, packed, unpacked
from flows.steps.rereads import after_edit
from sectorwatch.domain import DateQuality, Feed, ParsedFeed
from sectorwatch.hints import reach_of
from sectorwatch.overlap import missed
from storage.intake import entries as entry_store
from storage.intake import feed_rhythms
from storage.intake.entries import Addition, Known
from storage.reading import articles as article_store
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
    kept: frozenset[int]  # entries that are listed as they were
    remembered: bytes = b""  # of its items, for the next poll


def store_entries(work: Work, listings: Sequence[Listing]) -> dict[int, Listed | None]:
    """Stores the listings of some feeds; what came of each, by the feed's number.

    None, and nothing of it is stored: an item bears the guid of another one that was not read, as it was read before.
    Which is which can only be told when all of them are read.
    """
    sorted_out = [(listing, _sorted_out(work, listing)) for listing in listings]
    told_apart = [(listing, listed) for listing, listed in sorted_out if listed is not None]
    added = entry_store.add(work, chain.from_iterable(_additions(*one) for one in told_apart))
    still = [entry for _, listed in told_apart for entry in (*listed.kept, *(one.id for one in listed.found.known))]
    if still:
        entry_store.seen(work, still, now=max(listing.at for listing in listings))
    ended: dict[int, Listed | None] = {listing.feed.id: None for listing in listings}
    for listing, listed in told_apart:
        ended[listing.feed.id] = replace(listed, remembered=_remembered(listing, listed, added))
    return ended


def _additions(listing: Listing, listed: Listed) -> Iterator[Addition]:
    for items, baseline in ((listed.found.new, listed.baseline), (listed.found.archive, True)):
        for item in items:
            yield Addition(feed_id=listing.feed.id, entry=item, baseline=baseline, at=listing.at)


def recalled(work: Work, feed: int, parsed: ParsedFeed, *, language: str) -> list[Known]:
    """The entries of the feed that its items may be (see `sort_out`)."""
    listed = parsed.entries
    known = entry_store.known(work, feed, guids=[entry.guid for entry in listed], canonical_urls=addresses(listed))
    if maybe_rewritten(listed, known, kept=len(parsed.kept)):
        items = [candidate(entry, language=language) for entry in listed]
        titles = [item.title_day_key for item in items if item.title_day_key]
        known += entry_store.alike(work, feed, title_day_keys=titles, content_keys=[item.content_key for item in items])
    return known


def _sorted_out(work: Work, listing: Listing) -> Listed | None:
    """What came of a listing; what was known is stored, what is new is not yet."""
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
    had = feed.last_new_at is not None  # where it has listed nothing before, there is nothing to know again
    lost = not baseline and had and bool(found.new) and not (found.known or found.changed or still)
    gap = _missed(work, feed, parsed) if lost else None
    for entry, guid in (*found.displaced.items(), *found.renamed.items()):
        entry_store.rename(work, entry, guid)
    _change(work, found, now)
    dates = [item.at for item in kept.values() if item.at is not None]
    return Listed(
        found=found,
        baseline=baseline,
        overlap_lost=lost,
        missed=gap,
        reach=reach_of([*dates, *believed_dates(parsed.entries)]),
        kept=still,
    )


def _remembered(listing: Listing, listed: Listed, added: Mapping[tuple[int, str], int]) -> bytes:
    """The items for the next poll. One dated into the future is not remembered: some day it no longer will be."""
    parsed, items = listing.parsed, list[tuple[bytes, Item]]()
    if parsed.kept:
        before = unpacked(listing.feed.listed)
        items += ((digest, before[digest]) for digest in parsed.kept)
    for entry in parsed.entries:
        if entry.digest and entry.date_quality is not DateQuality.FUTURE:
            number = listed.found.entry_of.get(entry.guid) or added[listing.feed.id, entry.guid]
            items.append((entry.digest, Item(entry=number, at=entry.published_at)))
    return packed(items)


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
