"""Which items of a feed are new, changed or known: pure decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from extractors.urls import host_of
from sectorwatch.domain import ParsedEntry
from storage.entries import Known, NewEntry

REWRITE_NEW_IDS = 0.8  # so many new guids ...
REWRITE_KNOWN_URLS = 0.5  # ... while so many addresses are known: the feed was rewritten, nothing is new


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """The items of one poll, told apart."""

    new: tuple[NewEntry, ...]
    changed: tuple[tuple[Known, NewEntry], ...]
    known: tuple[Known, ...]
    rewritten: bool  # the feed gave its items new guids


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
    )


def sort_out(parsed: Sequence[ParsedEntry], known: Sequence[Known], *, language: str) -> Sorted:
    """Tells the items of a poll apart by guid, then by address: a new guid for a known address is no new item."""
    by_guid = {entry.guid: entry for entry in known}
    by_url = {entry.canonical_url: entry for entry in known if entry.canonical_url}
    new: list[NewEntry] = []
    changed: list[tuple[Known, NewEntry]] = []
    seen: list[Known] = []
    renamed = 0
    listed = {entry.guid for entry in parsed}
    for entry in parsed:
        item = candidate(entry, language=language)
        old = by_guid.get(entry.guid)
        if old is None and entry.canonical_url in by_url:
            # Two listed items may share an address (a live blog); only a guid that is gone was replaced.
            twin = by_url[entry.canonical_url]
            if twin.guid not in listed:
                old = twin
                renamed += 1
        if old is None:
            new.append(item)
        elif old.content_key != item.content_key:
            changed.append((old, item))
        else:
            seen.append(old)
    total = len(parsed)
    fresh = len(new) + renamed
    rewritten = total > 0 and fresh >= REWRITE_NEW_IDS * total and renamed >= REWRITE_KNOWN_URLS * total
    return Sorted(new=tuple(new), changed=tuple(changed), known=tuple(seen), rewritten=rewritten)


def _key(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
