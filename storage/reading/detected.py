"""Stored articles with what was found in them, in the order of their numbers: for finding it anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select, update

from sectorwatch.domain import Mention, Side
from sectorwatch.packing import unpack
from storage.reading.articles import write_mentions
from storage.tables import articles, mentions, raw_pages
from storage.unit_of_work import Work


@dataclass(frozen=True, kw_only=True)
class Range:
    """Which articles are meant."""

    since: datetime | None = None  # when they were first seen
    language: str | None = None
    not_version: str | None = None  # only those whose mentions another gazetteer than this one found
    kept: bool = False  # only those whose page is kept, and was not just skimmed
    not_extraction: str | None = None  # only those whose text another version of extraction than this one made


@dataclass(frozen=True, kw_only=True)
class DetectedArticle:
    """An article as far as detecting and deciding about it again needs."""

    id: int
    story_id: int
    title: str
    text: str
    language: str
    publisher: str
    side: Side
    published_at: datetime | None
    first_seen_at: datetime
    baseline: bool
    content_hash: str
    method: str
    read_at: datetime
    feed_id: int | None = None  # NULL: the feed was removed
    url: str | None = None

    @property
    def stamp(self) -> tuple[object, ...]:
        """Changes with every text that takes the place of this one."""
        return self.content_hash, self.title, self.method, self.read_at


@dataclass(frozen=True, kw_only=True)
class RawPage:
    """A page as it was fetched."""

    body: bytes
    charset: str  # of the HTTP answer, or ""


@dataclass(frozen=True, kw_only=True)
class StoredMention:
    """A mention as far as comparing and showing it needs."""

    sector: str
    place: str
    zone: str
    start: int
    end: int
    context: str
    score: float
    sentence: str
    found_at: datetime

    def same_as(self, other: Mention) -> bool:
        """Whether a new mention says what this one says."""
        mine = (self.sector, self.place, self.zone, self.start, self.end, self.context, self.score)
        theirs = (other.sector, other.place, other.zone.value, other.start, other.end, other.context.value, other.score)
        return mine == theirs


def count(work: Work, wanted: Range, *, after: int = 0) -> int:
    """How many articles are meant, of those numbered higher than `after`."""
    return int(work.connection.execute(_meant(select(func.count()).select_from(articles), wanted, after)).scalar_one())


def page(work: Work, wanted: Range, *, after: int, size: int) -> list[DetectedArticle]:
    """The next articles by number."""
    columns = [articles.c[name] for name in DetectedArticle.__dataclass_fields__]
    rows = work.connection.execute(_meant(select(*columns), wanted, after).order_by(articles.c.id).limit(size))
    return [DetectedArticle(**{**row, "side": Side(row["side"])}) for row in rows.mappings()]


def mentions_of(work: Work, ids: Collection[int]) -> dict[int, list[StoredMention]]:
    """What was found in these articles, by article."""
    columns = [mentions.c[name] for name in StoredMention.__dataclass_fields__]
    wanted = select(mentions.c.article_id, *columns).where(mentions.c.article_id.in_(ids)).order_by(mentions.c.id)
    found: dict[int, list[StoredMention]] = defaultdict(list)
    for row in work.connection.execute(wanted).mappings():
        found[row["article_id"]].append(StoredMention(**{key: row[key] for key in StoredMention.__dataclass_fields__}))
    return found


def raw_pages_of(work: Work, ids: Collection[int]) -> dict[int, RawPage]:
    """The pages of these articles, as far as they are kept; one that is damaged is as good as none."""
    wanted = select(raw_pages.c.article_id, raw_pages.c.charset, raw_pages.c.body)
    rows = work.connection.execute(wanted.where(raw_pages.c.article_id.in_(ids)))
    pages = {row.article_id: (unpack(row.body), row.charset) for row in rows}
    return {
        number: RawPage(body=body, charset=charset) for number, (body, charset) in pages.items() if body is not None
    }


def unchanged(work: Work, read: Sequence[DetectedArticle]) -> set[int]:
    """Which of these articles still have the text that was read; they keep it until this unit of work ends."""
    columns = (articles.c.id, articles.c.content_hash, articles.c.title, articles.c.method, articles.c.read_at)
    wanted = select(*columns).where(articles.c.id.in_([one.id for one in read])).order_by(articles.c.id)
    if work.postgresql:
        wanted = wanted.with_for_update(key_share=True)  # in the order of numbers; entries may refer to them meanwhile
    now = {row.id: (row.content_hash, row.title, row.method, row.read_at) for row in work.connection.execute(wanted)}
    return {one.id for one in read if now.get(one.id) == one.stamp}


def put_mentions(
    work: Work,
    article_id: int,
    before: Sequence[StoredMention],
    found: Sequence[Mention],
    *,
    version: str,
    sector: str | None,
    now: datetime,
) -> None:
    """Puts new mentions in place of those before, of one sector or of all.

    Only with all of them does the article count as read with this version. When a sector was first found stays.
    """
    known: dict[str, datetime] = {}
    for one in before:
        known[one.sector] = min(one.found_at, known.get(one.sector, one.found_at))
    if before:
        stale = delete(mentions).where(mentions.c.article_id == article_id)
        work.connection.execute(stale if sector is None else stale.where(mentions.c.sector == sector))
    write_mentions(work, article_id, found, version=version, now=now, found_at=lambda one: known.get(one.sector))
    if sector is None:
        work.connection.execute(update(articles).where(articles.c.id == article_id).values(gazetteer_version=version))


def _meant(wanted: Select[Any], which: Range, after: int) -> Select[Any]:
    if after:
        wanted = wanted.where(articles.c.id > after)
    if which.since is not None:
        wanted = wanted.where(articles.c.first_seen_at >= which.since)
    if which.language is not None:
        wanted = wanted.where(articles.c.language == which.language)
    if which.not_version is not None:
        wanted = wanted.where(articles.c.gazetteer_version != which.not_version)
    if which.kept:
        wanted = wanted.where(articles.c.id.in_(select(raw_pages.c.article_id)), articles.c.method != "skimmed")
    if which.not_extraction is not None:
        wanted = wanted.where(articles.c.extraction != which.not_extraction)
    return wanted
