"""Which items of a feed are new, changed or known: pure decisions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from extractors.urls import host_of
from sectorwatch.domain import DateQuality, ParsedEntry
from storage.intake.entries import Known, NewEntry

REWRITE_NEW_IDS = 0.8  # share of unknown guids from which a feed may have been rewritten ...
REWRITE_LEAST = 5  # ... if it lists at least so many items
REDATED = 0.5  # share of items with a later date and nothing else new from which the dates are those of the feed ...
REDATED_LEAST = 5  # ... if they are so many
REWRITE_KNOWN = 0.5  # share of items known by something else from which it was: then nothing it lists is news


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """The items of one poll, told apart."""

    new: tuple[NewEntry, ...]
    changed: tuple[tuple[Known, NewEntry], ...]
    known: tuple[Known, ...]
    renamed: Mapping[int, str]  # id of a known entry -> the guid that the feed gives it now
    displaced: Mapping[int, str]  # the same, where the feed gave its guid to another: to be done before
    archive: tuple[NewEntry, ...] = ()  # of a rewritten feed: not known, and no news
    entry_of: Mapping[str, int] = field(default_factory=dict)  # listed guid -> id of the entry that it was known to be


def candidate(entry: ParsedEntry, *, language: str) -> NewEntry:
    """A parsed item as it would be stored."""
    said = "\x1f".join((entry.title, entry.summary, entry.content or ""))
    day = "" if entry.published_at is None else entry.published_at.date().isoformat()
    return NewEntry(
        guid=entry.guid,
        url=entry.url,
        canonical_url=entry.canonical_url,
        title=entry.title,
        summary=entry.summary,
        content=entry.content,
        author=entry.author,
        language=entry.language or language,
        published_at=entry.published_at,
        date_quality=entry.date_quality,
        title_day_key=_key(f"{entry.title.casefold().strip()}\x1f{day}") if entry.title and day else None,
        content_key=_key(said),
        host=host_of(entry.url or ""),
        updated_at=_stated(entry),
        image_url=entry.image_url,
    )


def sort_out(
    parsed: Sequence[ParsedEntry],
    known: Sequence[Known],
    *,
    kept: Collection[int] = (),
    language: str,
    news_since: datetime | None = None,
) -> Sorted:
    """Tells the items of a poll apart by guid, then by address: a new guid for a known address is no new item.

    `known` are entries that bear the guids or `addresses` of the items, and where the feed is `maybe_rewritten`, their
    titles of a day or texts: then such a text or title is no new item either; and where most items are known, the feed
    was rewritten: then only what it dates after `news_since` is news. `kept` are the entries that the feed lists as it
    did last time, beside the items.
    """
    by_guid = {entry.guid: entry for entry in known}
    listed = {entry.guid for entry in parsed}
    displaced = {old.id: f"{old.guid}#was-{old.id}" for old in _displaced(parsed, known)}
    # Two listed items may share an address (a live blog): only an entry whose guid is gone can have a new one.
    lost = [entry for entry in known if (entry.guid not in listed or entry.id in displaced) and entry.id not in kept]
    by_place = {_place(entry.canonical_url): entry for entry in lost if entry.canonical_url}
    suspect = maybe_rewritten(parsed, known, kept=len(kept))
    by_title = {entry.title_day_key: entry for entry in lost if suspect and entry.title_day_key}
    by_content = {entry.content_key: entry for entry in lost if suspect}
    new: list[NewEntry] = []
    changed: list[tuple[Known, NewEntry]] = []
    redated: list[tuple[Known, NewEntry]] = []
    seen: list[Known] = []
    renamed: dict[int, str] = {}
    entry_of: dict[str, int] = {}
    for entry in parsed:
        item = candidate(entry, language=language)
        old = by_guid.get(entry.guid)
        if old is not None and old.id in displaced:
            old = None
        if old is None:
            twin = by_place.get(_place(item.canonical_url or "")) or by_title.get(item.title_day_key or "")
            twin = twin or (by_content.get(item.content_key) if item.title else None)
            if twin is not None and twin.id not in renamed:
                old = twin
                renamed[twin.id] = entry.guid
        if old is None:
            new.append(item)
            continue
        entry_of[entry.guid] = old.id
        if old.content_key != item.content_key or (item.canonical_url and old.canonical_url != item.canonical_url):
            changed.append((old, item))
        elif _later(old, item):
            redated.append((old, item))
        else:
            seen.append(old)
    if len(redated) >= REDATED_LEAST and len(redated) >= REDATED * (len(parsed) + len(kept)):
        seen += [old for old, _ in redated]  # the feed dates all it lists when it is made: nothing was edited
    else:
        changed += redated
    rewritten = suspect and len(changed) + len(seen) + len(kept) >= REWRITE_KNOWN * (len(parsed) + len(kept))
    archive = [item for item in new if rewritten and not _after(item, news_since)]
    return Sorted(
        new=tuple(item for item in new if item not in archive),
        changed=tuple(changed),
        known=tuple(seen),
        renamed=renamed,
        displaced=displaced,
        archive=tuple(archive),
        entry_of=entry_of,
    )


def maybe_rewritten(parsed: Sequence[ParsedEntry], known: Sequence[Known], *, kept: int) -> bool:
    """Whether nearly all guids are new: the feed may have been rewritten. `kept` more are listed as they were."""
    guids = {entry.guid for entry in known}
    strangers = sum(entry.guid not in guids for entry in parsed)
    listed = len(parsed) + kept
    return listed >= REWRITE_LEAST and strangers >= REWRITE_NEW_IDS * listed


def addresses(parsed: Sequence[ParsedEntry]) -> list[str]:
    """The addresses under which the listed items may be known: a site that moves to https moves all its items."""
    places = {_place(entry.canonical_url) for entry in parsed if entry.canonical_url}
    return [f"{scheme}://{place}" for scheme in ("http", "https") for place in sorted(places)]


def _place(url: str) -> str:
    """An address without its scheme."""
    return url.partition("://")[2]


def _displaced(parsed: Sequence[ParsedEntry], known: Sequence[Known]) -> list[Known]:
    """The entries whose guids stand for other items now: in feeds with one guid for whatever is latest, or with places
    in the list for guids.

    Address and title differ, and the item is dated later or known by its address: an editor may change headline and
    address at once, but then the date stays.
    """
    by_guid = {entry.guid: entry for entry in known}
    places = {_place(entry.canonical_url) for entry in known if entry.canonical_url}
    found = []
    for item in parsed:
        old, here = by_guid.get(item.guid), _place(item.canonical_url or "")
        if old is None or not here or not old.canonical_url or _place(old.canonical_url) == here:
            continue
        later = old.published_at is None or item.published_at is None or item.published_at > old.published_at
        if old.title != item.title and (later or here in places):
            found.append(old)
    return found


def _after(item: NewEntry, moment: datetime | None) -> bool:
    return moment is not None and item.published_at is not None and item.published_at > moment


def _stated(entry: ParsedEntry) -> datetime | None:
    """The last time that a feed states for an item: some move the date of publication at an edit."""
    published = None if entry.date_quality is DateQuality.FUTURE else entry.published_at
    return max((at for at in (published, entry.updated_at) if at is not None), default=None)


def _later(old: Known, item: NewEntry) -> bool:
    """Whether the feed states a later time than before; where it stated none, than when the item was seen."""
    before = old.updated_at or max(old.published_at or old.first_seen_at, old.first_seen_at)
    return item.updated_at is not None and item.updated_at > before


def _key(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
