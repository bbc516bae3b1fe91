"""What is remembered of the items that a feed last listed: by it, those that come again as they were are not read."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

_ITEM = struct.Struct(">8sqq")  # digest, entry, seconds since 1970
_UNDATED = -(1 << 63)


@dataclass(frozen=True, kw_only=True)
class Item:
    """One of them."""

    entry: int  # its number in the store
    at: datetime | None  # as the feed dates it


def packed(items: Iterable[tuple[bytes, Item]]) -> bytes:
    """As it is stored with the feed; each item with its digest."""
    return b"".join(
        _ITEM.pack(digest, item.entry, _UNDATED if item.at is None else int(item.at.timestamp()))
        for digest, item in items
    )


def digests(stored: bytes) -> frozenset[bytes]:
    """Those of the items alone."""
    return frozenset(digest for digest, _entry, _seconds in _ITEM.iter_unpack(stored))


def unpacked(stored: bytes) -> Mapping[bytes, Item]:
    """The items by their digests."""
    return {
        digest: Item(entry=entry, at=None if seconds == _UNDATED else datetime.fromtimestamp(seconds, UTC))
        for digest, entry, seconds in _ITEM.iter_unpack(stored)
    }
