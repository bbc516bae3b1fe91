"""Stories that retention lets go of, with their articles. What they were is remembered: none of it is news again.

Entries stay, without their texts: by them a feed's items are known for as long as the feed is watched. The addresses
of articles stay as 64-bit keys, for other feeds that list them later.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import LargeBinary, bindparam, cast, delete, func, literal, or_, select, text, tuple_, union, update

from storage import row_counts
from storage.tables import (
    alerts,
    article_sectors,
    articles,
    deliveries,
    delivery_alerts,
    entries,
    past_articles,
    stories,
)
from storage.unit_of_work import Work
from storage.upkeep.retention import OPEN

Place = tuple[datetime, int]
"""How far the stories have been looked through: when an article last joined, and the story's number."""


@dataclass(frozen=True, kw_only=True)
class Ages:
    """From when on stories go."""

    before: datetime  # those that mention nothing watched
    mentioning_before: datetime | None  # the others; None: they stay


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Some stories that were looked at, the oldest first."""

    old: tuple[int, ...]  # those that may go
    last: Place | None  # the next stretch begins after it; None: there are no more


def stretch(work: Work, ages: Ages, *, after: Place | None, now: datetime, limit: int) -> Stretch:
    """Which of the next stories may go: neither an open delivery nor a reader of pages needs them."""
    order = (stories.c.last_seen_at, stories.c.id)
    wanted = select(stories.c.id, stories.c.last_seen_at).where(stories.c.last_seen_at < ages.before)
    if after is not None:
        reached = (literal(after[0], order[0].type), literal(after[1], order[1].type))
        wanted = wanted.where(tuple_(*order) > tuple_(*reached))
    found = dict(work.connection.execute(wanted.order_by(*order).limit(limit)).tuples().all())
    spared = ages.mentioning_before
    may_mention = {number for number, at in found.items() if spared is not None and at < spared}
    needed = _needed(work, found, ages.before, now) | (_mentioning(work, found) - may_mention)
    last = max(((at, number) for number, at in found.items()), default=None)
    return Stretch(
        old=tuple(number for number in found if number not in needed), last=last if len(found) == limit else None
    )


def _mentioning(work: Work, ids: Collection[int]) -> set[int]:
    wanted = select(articles.c.story_id).join_from(article_sectors, articles).where(articles.c.story_id.in_(ids))
    return set(work.connection.execute(wanted).scalars())


def _needed(work: Work, ids: Collection[int], before: datetime, now: datetime) -> set[int]:
    lately_read = select(articles.c.story_id).where(articles.c.story_id.in_(ids), articles.c.read_at >= before)
    to_be_read = or_(entries.c.read_due_at.is_not(None), entries.c.lease_until > now)
    read = select(articles.c.story_id).join_from(articles, entries, entries.c.article_id == articles.c.id)
    told = select(alerts.c.story_id).join_from(alerts, delivery_alerts).join(deliveries)
    return set(
        work.connection.execute(
            union(
                lately_read,
                read.where(articles.c.story_id.in_(ids), to_be_read),
                told.where(alerts.c.story_id.in_(ids), deliveries.c.state.in_(OPEN)),
            )
        ).scalars()
    )


@dataclass(frozen=True, kw_only=True)
class Size:
    """What some stories are made of."""

    articles: int = 0
    text_bytes: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(articles=self.articles + other.articles, text_bytes=self.text_bytes + other.text_bytes)


def size(work: Work, ids: Sequence[int]) -> Size:
    """Of these stories."""
    in_bytes = (
        func.octet_length(articles.c.text) if work.postgresql else func.length(cast(articles.c.text, LargeBinary))
    )
    wanted = select(func.count(), func.coalesce(func.sum(in_bytes), 0)).where(articles.c.story_id.in_(ids))
    number, total = work.connection.execute(wanted).one()
    return Size(articles=number, text_bytes=int(total))


_REMEMBER = text("INSERT INTO past_articles (url_key) VALUES (:key) ON CONFLICT DO NOTHING")


def let_go(work: Work, ids: Sequence[int]) -> None:
    """Removes these stories with all that belongs to them, and remembers their articles."""
    row_counts.forget(work, articles, stories)
    theirs = select(articles.c.id).where(articles.c.story_id.in_(ids))
    addresses = select(articles.c.canonical_url).where(articles.c.story_id.in_(ids))
    known = work.connection.execute(addresses.where(articles.c.canonical_url.is_not(None))).scalars()
    if keys := [{"key": _key(address)} for address in known]:
        work.connection.execute(_REMEMBER, keys)
    emptied = {"summary": "", "content": None, "author": "", "image_url": "", "read_note": ""}
    work.connection.execute(update(entries).where(entries.c.article_id.in_(theirs)).values(**emptied, baseline=True))
    work.connection.execute(delete(articles).where(articles.c.story_id.in_(ids)))
    work.connection.execute(delete(stories).where(stories.c.id.in_(ids)))


_KNOWN = select(past_articles.c.url_key).where(past_articles.c.url_key == bindparam("key"))


def is_past(work: Work, canonical_url: str) -> bool:
    """Whether there was an article at this address that was let go of."""
    return work.connection.execute(_KNOWN, {"key": _key(canonical_url)}).first() is not None


def among(work: Work, addresses: Collection[str]) -> set[str]:
    """The same, of many."""
    keys = {_key(address): address for address in addresses}
    return {keys[key] for key in work.present(past_articles.c.url_key, keys)}


def _key(address: str) -> int:
    return int.from_bytes(blake2b(address.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)
