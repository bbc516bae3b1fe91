"""Articles with their mentions."""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, Table, bindparam, delete, insert, select, update

from sectorwatch.domain import Context, DateQuality, Fingerprint, Mention, ReadArticle, Source
from sectorwatch.errors import Refusal
from storage import row_counts
from storage.reading import coverage
from storage.reading import gists as gist_store
from storage.reading import stories as story_store
from storage.reading.gists import Origin, Shelf
from storage.search.index import index_article
from storage.tables import articles, gists, mentions, raw_pages, revisions, stories, story_bands
from storage.tables.columns import Id
from storage.unit_of_work import OfMany, Work

FoundAt = Callable[[Mention], datetime | None]
"""When a mention was found before; None: it is new."""


@dataclass(frozen=True, kw_only=True)
class StoredArticle:
    """An article as far as deciding about it needs."""

    id: int
    story_id: int
    canonical_url: str | None
    title: str
    text: str
    method: str
    content_hash: str
    baseline: bool
    first_seen_at: datetime
    feed_id: int | None
    refusal: str  # why the text is not the page's, or not whole; ""
    live: bool
    read_at: datetime
    gazetteer_version: str


@dataclass(frozen=True, kw_only=True)
class KnownMention:
    """A mention as far as it tells what is new in another text of its article."""

    sector: str
    place: str
    sentence: str
    context: str
    found_at: datetime

    @property
    def front(self) -> bool:
        """Whether it is named for the front: what is named for a court alone was not told."""
        return self.context == Context.FRONT.value


@dataclass(frozen=True, kw_only=True)
class Lookalike:
    """An earlier article that shares a band with a new one."""

    article_id: int
    story_id: int
    fingerprint: Fingerprint
    at: datetime  # when it was published, as far as that is known


@dataclass(frozen=True, kw_only=True)
class NewArticle:
    """An article to be stored, as its entry and feed present it."""

    canonical_url: str | None
    url: str | None
    feed_id: int
    source: Source
    published_at: datetime | None
    date_quality: DateQuality
    first_seen_at: datetime
    baseline: bool
    read: ReadArticle
    raw: bytes | None  # the page as fetched, packed (`sectorwatch.packing`)
    charset: str = ""

    @property
    def at(self) -> datetime:
        """When it was published, as far as is known: never after it was seen."""
        return min(self.published_at or self.first_seen_at, self.first_seen_at)


@dataclass(frozen=True, kw_only=True)
class _First:
    """What the first text of an article comes with."""

    origin: Origin
    feed_id: int | None
    shelf: Shelf | None  # that its gist is put on


def _stored(row: RowMapping) -> StoredArticle:
    return StoredArticle(**{name: row[name] for name in StoredArticle.__dataclass_fields__})


_STORED = select(*(articles.c[name] for name in StoredArticle.__dataclass_fields__))
_NUMBERED = _STORED.where(articles.c.id == bindparam("article"))
_AT = _STORED.where(articles.c.canonical_url == bindparam("url"))


def _one(work: Work, wanted: Select[Any], by: Mapping[str, object]) -> StoredArticle | None:
    row = work.connection.execute(wanted, by).mappings().first()
    return None if row is None else _stored(row)


def get(work: Work, article_id: int) -> StoredArticle | None:
    return _one(work, _NUMBERED, {"article": article_id})


def find(work: Work, canonical_url: str) -> StoredArticle | None:
    """The article at this address, whichever feed listed it."""
    return _one(work, _AT, {"url": canonical_url})


def find_all(work: Work, canonical_urls: Collection[str]) -> dict[str, StoredArticle]:
    """The articles at these addresses, a few hundred at most, by address."""
    if not canonical_urls:
        return {}
    rows = work.connection.execute(_STORED.where(articles.c.canonical_url.in_(canonical_urls))).mappings()
    return {row["canonical_url"]: _stored(row) for row in rows}


def in_baseline(work: Work, feed_id: int, content_hash: str) -> bool:
    """Whether the first poll of a feed brought a text."""
    same = (articles.c.content_hash == content_hash) & (articles.c.feed_id == feed_id) & articles.c.baseline
    return work.connection.execute(select(articles.c.id).where(same).limit(1)).first() is not None


_LIKE = (
    articles.c.id,
    articles.c.story_id,
    articles.c.content_hash,
    articles.c.sketch,
    articles.c.published_at,
    articles.c.first_seen_at,
)
_SAME_TEXT = (
    select(*_LIKE)
    .where(articles.c.content_hash == bindparam("hash"), articles.c.first_seen_at >= bindparam("since"))
    .order_by(articles.c.id)
    .limit(200)
)
_SAME_BAND = (
    select(*_LIKE)
    .join(story_bands, story_bands.c.article_id == articles.c.id)
    .where(story_bands.c.band.in_(bindparam("bands", expanding=True)), story_bands.c.seen_at >= bindparam("since"))
    .order_by(articles.c.id)
    .limit(200)
)


def lookalikes(work: Work, fingerprint: Fingerprint, *, since: datetime) -> list[Lookalike]:
    """Articles stored since then that may be copies: they share a band, or the whole text."""
    work.settle(_KEEP_BANDS.on(work))
    rows = [*work.connection.execute(_SAME_TEXT, {"hash": fingerprint.content_hash, "since": since})]
    if fingerprint.bands:
        rows += work.connection.execute(_SAME_BAND, {"bands": fingerprint.bands, "since": since})
    found: dict[int, Lookalike] = {}
    for number, story, content_hash, sketch, published, seen in rows:
        theirs = Fingerprint(content_hash=content_hash, sketch=_unpacked(sketch), bands=())
        at = min(published or seen, seen)
        found[number] = Lookalike(article_id=number, story_id=story, fingerprint=theirs, at=at)
    return list(found.values())


_ADD = insert(articles).returning(articles.c.id)
_KEEP_PAGE, _KEEP_MENTIONS = insert(raw_pages), insert(mentions)
_KEEP_BANDS = OfMany(
    lambda band: insert(story_bands).from_select(
        ["band", "article_id", "seen_at"],
        select(band, bindparam("article", type_=Id), bindparam("at", type_=story_bands.c.seen_at.type)),
    )
)


def add(
    work: Work, new: NewArticle, *, story_id: int, story_reason: str, now: datetime, gists: Shelf | None = None
) -> int:
    """Stores an article with its mentions as part of a story; returns its id. Some of it is written later."""
    article_id = _add(work, new, story_id, story_reason, now, gists)
    story_store.refresh(work, story_id, article_id, now)
    return article_id


def add_alone(
    work: Work, new: NewArticle, *, story_reason: str, now: datetime, gists: Shelf | None = None
) -> tuple[int, int]:
    """Stores an article with its mentions as a story of its own; the ids of both. Some of it is written later."""
    story_id = story_store.open_alone(work, first_seen_at=new.first_seen_at, now=now)
    article_id = _add(work, new, story_id, story_reason, now, gists)
    work.later(story_store.LED_BY, {"story": story_id, "article": article_id})
    return article_id, story_id


def _add(work: Work, new: NewArticle, story_id: int, story_reason: str, now: datetime, shelf: Shelf | None) -> int:
    values = _values(new, now) | {
        "canonical_url": new.canonical_url,
        "url": new.url,
        "feed_id": new.feed_id,
        "story_id": story_id,
        "story_reason": story_reason,
        "publisher": new.source.publisher,
        "side": new.source.side.value,
        "first_seen_at": new.first_seen_at,
        "baseline": new.baseline,
    }
    article_id = int(work.connection.execute(_ADD, values).scalar_one())
    language, publisher = new.read.detection.language[:8], new.source.publisher
    origin = Origin(story_id=story_id, language=language, publisher=publisher, at=new.at)
    _write_contents(work, article_id, new, now, first=_First(origin=origin, feed_id=new.feed_id, shelf=shelf))
    return article_id


def replace(work: Work, old: StoredArticle, new: NewArticle, *, now: datetime, found_at: FoundAt | None = None) -> None:
    """Puts a new text in place of the old one, which becomes a revision; the story stays."""
    kept = {"title": old.title, "text": old.text, "method": old.method, "content_hash": old.content_hash}
    work.connection.execute(insert(revisions).values(article_id=old.id, replaced_at=now, **kept))
    work.connection.execute(update(articles).where(articles.c.id == old.id).values(**_values(new, now)))
    _clear(work, old.id, mentions, story_bands, gists, raw_pages)
    _write_contents(work, old.id, new, now, found_at)
    lead = story_store.lead_of(work, old.story_id, old.id)
    work.connection.execute(update(stories).where(stories.c.id == old.story_id).values(lead_article_id=lead))


def read_in_full(work: Work, article_id: int, read: ReadArticle, *, now: datetime) -> None:
    """Puts the article in place of what had been skimmed of its page, which stays as it was fetched."""
    article = read.article
    values = {"language": read.detection.language[:8], "text": article.text, "method": article.method, "read_at": now}
    values |= {"content_hash": read.fingerprint.content_hash, "sketch": _packed(read.fingerprint.sketch)}
    values |= {"gazetteer_version": read.detection.gazetteer_version, "refusal": article.refusal or ""}
    values |= {"extraction": article.extraction}
    work.connection.execute(update(articles).where(articles.c.id == article_id).values(**values))
    _clear(work, article_id, mentions, story_bands, gists)
    _write_text(work, article_id, read, now)


def put_again(work: Work, article_id: int, read: ReadArticle, *, now: datetime, found_at: FoundAt) -> None:
    """Puts another extraction of the same page in place of a text, which becomes a revision.

    The page and the story stay. The article is no younger for it: nothing that comes now is a copy of it for that.
    """
    old = get(work, article_id)
    if old is None:  # pragma: no cover - the caller holds it
        return
    kept = {"title": old.title, "text": old.text, "method": old.method, "content_hash": old.content_hash}
    work.connection.execute(insert(revisions).values(article_id=old.id, replaced_at=now, **kept))
    values = {"title": read.article.title, "text": read.article.text, "read_at": now}
    values |= {"content_hash": read.fingerprint.content_hash, "sketch": _packed(read.fingerprint.sketch)}
    values |= {"gazetteer_version": read.detection.gazetteer_version}
    work.connection.execute(update(articles).where(articles.c.id == old.id).values(**values))
    _clear(work, old.id, mentions, story_bands, gists)
    _write_text(work, old.id, read, now, found_at, seen_at=old.first_seen_at)


def move(work: Work, old: StoredArticle, *, story_id: int, story_reason: str, now: datetime) -> None:
    """Makes an article, alone in its story until now, part of another one."""
    values = {"story_id": story_id, "story_reason": story_reason}
    work.connection.execute(update(articles).where(articles.c.id == old.id).values(**values))
    others = select(articles.c.id).where(articles.c.story_id == old.story_id).exists()
    if work.connection.execute(delete(stories).where(stories.c.id == old.story_id, ~others)).rowcount:
        row_counts.removed(work, stories, old.story_id)
    story_store.refresh(work, story_id, old.id, now)


def end_baseline(work: Work, article_id: int) -> None:
    """The article is news after all: a feed that is watched for longer has brought it too."""
    work.connection.execute(update(articles).where(articles.c.id == article_id).values(baseline=False))


def refused(work: Work, article_id: int, refusal: Refusal | None) -> None:
    """The page keeps the article to itself for another reason now."""
    work.connection.execute(update(articles).where(articles.c.id == article_id).values(refusal=refusal or ""))


def known_mentions(work: Work, article_id: int) -> list[KnownMention]:
    """What an article mentions, as it was stored."""
    columns = [mentions.c[name] for name in KnownMention.__dataclass_fields__]
    rows = work.connection.execute(select(*columns).where(mentions.c.article_id == article_id)).mappings()
    return [KnownMention(**row) for row in rows]


def earlier_texts(work: Work, article_id: int, *, limit: int = 50) -> list[str]:
    """What the article said before its present text, the latest first."""
    wanted = select(revisions.c.text).where(revisions.c.article_id == article_id)
    return list(work.connection.execute(wanted.order_by(revisions.c.id.desc()).limit(limit)).scalars())


def live(work: Work, ids: Sequence[int]) -> set[int]:
    """Which of these articles are live blogs."""
    return set(work.connection.execute(select(articles.c.id).where(articles.c.id.in_(ids), articles.c.live)).scalars())


def _values(new: NewArticle, now: datetime) -> dict[str, Any]:
    article = new.read.article
    return {
        "language": new.read.detection.language[:8],
        "title": article.title,
        "text": article.text,
        "author": article.author,
        "published_at": new.published_at,
        "date_quality": new.date_quality.value,
        "read_at": now,
        "method": article.method,
        "content_hash": new.read.fingerprint.content_hash,
        "sketch": _packed(new.read.fingerprint.sketch),
        "gazetteer_version": new.read.detection.gazetteer_version,
        "modified_at": article.modified_at,
        "image_url": article.image_url,
        "extraction": article.extraction,
        "refusal": article.refusal or "",
        "live": article.live,
    }


def _clear(work: Work, article_id: int, *tables: Table) -> None:
    """Removes what belongs to a text; what was put off first, for it may be of this article."""
    work.settle()
    for table in tables:
        work.connection.execute(delete(table).where(table.c.article_id == article_id))


def _write_contents(
    work: Work,
    article_id: int,
    new: NewArticle,
    now: datetime,
    found_at: FoundAt | None = None,
    *,
    first: _First | None = None,
) -> None:
    """Stores what belongs to a text, as the `first` one of an article or in place of one whose rows are gone."""
    if new.raw is not None:
        page = {"article_id": article_id, "fetched_at": now, "charset": new.charset[:32], "body": new.raw}
        work.later(_KEEP_PAGE, page)
    _write_text(work, article_id, new.read, now, found_at, first=first)


def _write_text(
    work: Work,
    article_id: int,
    read: ReadArticle,
    now: datetime,
    found_at: FoundAt | None = None,
    *,
    seen_at: datetime | None = None,
    first: _First | None = None,
) -> None:
    """Stores what a text says."""
    version = read.detection.gazetteer_version
    if read.detection.mentions or first is None:
        write_mentions(work, article_id, read.detection.mentions, version=version, now=now, found_at=found_at)
    if bands := sorted(set(read.fingerprint.bands)):
        of = {"article": article_id, "at": seen_at or now}
        work.later(_KEEP_BANDS.on(work), of | OfMany.numbers(work, bands))
    if read.gist.terms:
        origin, shelf = (None, None) if first is None else (first.origin, first.shelf)
        gist_store.keep(work, article_id, read.gist, now=seen_at or now, origin=origin, shelf=shelf)
    source = None if first is None else (first.feed_id, first.origin.publisher)
    index_article(work, article_id, title=read.search_title, text=read.search_text, source=source)


def write_mentions(
    work: Work,
    article_id: int,
    found: Iterable[Mention],
    *,
    version: str,
    now: datetime,
    found_at: FoundAt | None = None,
) -> None:
    """Stores the mentions of an article, with the version of the gazetteer that found them.

    `found_at` tells of those that were found before, and when.
    """
    rows = [
        {
            "article_id": article_id,
            "sector": mention.sector,
            "place": mention.place,
            "kind": mention.kind,
            "surface": mention.surface,
            "start": mention.start,
            "end": mention.end,
            "zone": mention.zone.value,
            "sentence": mention.sentence,
            "sentence_start": mention.sentence_start,
            "context": mention.context.value,
            "score": mention.score,
            "reasons": [asdict(reason) for reason in mention.reasons],
            "gazetteer_version": version,
            "found_at": (found_at and found_at(mention)) or now,
        }
        for mention in found
    ]
    if rows:
        work.connection.execute(_KEEP_MENTIONS, rows)
    coverage.refresh(work, article_id)


def _packed(sketch: tuple[int, ...]) -> bytes:
    return struct.pack(f"<{len(sketch)}Q", *sketch)


def _unpacked(sketch: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(sketch) // 8}Q", sketch)
