"""What is known of the store while articles are filed together, so that it is not asked anew for each of them.

Most articles have an address, a text and bands that no stored one has. Which these are is asked once for all that are
filed together; what two of them share is left out, for the second one has to find the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sectorwatch.domain import Fingerprint
from storage.reading.gists import Shelf
from storage.tables import articles, story_bands
from storage.unit_of_work import Work
from storage.upkeep import past

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What an earlier article may have in common with a new one, so that it is the same or a copy."""

    addresses: frozenset[str]
    text: str  # its hash
    bands: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Known:
    """What need not be asked for. Without anything known, all is."""

    gists: Shelf = field(default_factory=Shelf)
    new_addresses: frozenset[str] = frozenset()  # of no article, stored or past, but one of those in hand
    new_texts: frozenset[str] = frozenset()
    new_bands: frozenset[int] = frozenset()

    def has_no_copy(self, text: Fingerprint) -> bool:
        """Whether no other article has this text, or a band of it."""
        return text.content_hash in self.new_texts and self.new_bands.issuperset(text.bands)


def known_of(work: Work, marks: Sequence[Marks], gists: Shelf) -> Known:
    """What is known of articles that are to be filed in one unit of work, which holds the locks on all of them."""
    addresses = _of_one(one.addresses for one in marks)
    texts, bands = _of_one([one.text] for one in marks), _of_one(one.bands for one in marks)
    return Known(
        gists=gists,
        new_addresses=frozenset(
            addresses - work.present(articles.c.canonical_url, addresses) - past.among(work, addresses)
        ),
        new_texts=frozenset(texts - work.present(articles.c.content_hash, texts)),
        new_bands=frozenset(bands - work.present(story_bands.c.band, bands)),
    )


def _of_one(keys: Iterable[Collection[K]]) -> set[K]:
    """Those that one alone has."""
    return {key for key, number in Counter(key for one in keys for key in set(one)).items() if number == 1}
