"""What was read, in the order in which it was filed: to decide on it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from sectorwatch.domain import Context, Mention, Side, Zone
from storage.tables import articles, feeds, mentions, revisions
from storage.unit_of_work import Work

_BATCH = 500  # articles in one statement
_NAMES = select(mentions.c.article_id).where(mentions.c.article_id == articles.c.id)


@dataclass(frozen=True, kw_only=True)
class PastArticle:
    """An article with what it names, as far as deciding whom to tell of it needs."""

    id: int
    story_id: int
    feed_id: int | None
    title: str
    url: str | None
    language: str
    publisher: str
    side: Side
    published_at: datetime | None
    first_seen_at: datetime
    baseline: bool
    rewritten: bool  # of a baseline: not the first poll of its feed, but a rewrite
    filed_at: datetime  # of one that was edited since, when it was first seen
    mentions: tuple[Mention, ...]


def newest(work: Work, most: int, *, since: datetime, until: datetime) -> tuple[int, datetime] | None:
    """The first of the newest `most` of `past_articles`, and when it was first seen; None where there are no more."""
    first = _first(work, since, until)
    if first is None:
        return None
    seen = select(articles.c.id, articles.c.first_seen_at).where(articles.c.id >= first, _seen(since, until))
    wanted = seen.where(_NAMES.exists())
    rows = work.connection.execute(wanted.order_by(articles.c.id.desc()).offset(most - 1).limit(2)).all()
    return (rows[0].id, rows[0].first_seen_at) if len(rows) == 2 else None


def past_articles(work: Work, *, since: datetime, until: datetime, first: int = 0) -> Iterator[PastArticle]:
    """Articles first seen from `since` to before `until` that name something; from number `first` on."""
    names = [name for name in PastArticle.__dataclass_fields__ if name not in ("rewritten", "filed_at", "mentions")]
    columns = (*(articles.c[name] for name in names), articles.c.read_at, feeds.c.baseline_at)
    chosen = select(*columns).outerjoin_from(articles, feeds, feeds.c.id == articles.c.feed_id).order_by(articles.c.id)
    named = select(mentions.c.article_id).distinct().order_by(mentions.c.article_id).limit(_BATCH)
    begin = _first(work, since, until)
    if begin is None:
        return
    seen, first = _seen(since, until), max(first, begin)
    while ids := work.connection.execute(named.where(mentions.c.article_id >= first)).scalars().all():
        rows = work.connection.execute(chosen.where(articles.c.id.in_(ids), seen)).mappings().all()
        first = ids[-1] + 1
        found, edited = _mentions(work, ids), _edited(work, ids)
        for row in rows:
            values = {name: row[name] for name in names} | {"side": Side(row["side"])}
            filed_at = row["first_seen_at"] if row["id"] in edited else row["read_at"]
            first_poll = row["baseline_at"]
            values["rewritten"] = first_poll is not None and row["first_seen_at"] > first_poll
            yield PastArticle(**values, filed_at=filed_at, mentions=tuple(found[row["id"]]))


def _seen(since: datetime, until: datetime) -> ColumnElement[bool]:
    return (articles.c.first_seen_at >= since) & (articles.c.first_seen_at < until)


def _first(work: Work, since: datetime, until: datetime) -> int | None:
    """The lowest number of the time: numbers grow with it, and those before are not looked at."""
    # The sum keeps PostgreSQL from looking for the smallest number from the first article on.
    return work.connection.execute(select(func.min(articles.c.id + 0)).where(_seen(since, until))).scalar()


def _edited(work: Work, ids: Collection[int]) -> set[int]:
    return set(work.connection.execute(select(revisions.c.article_id).where(revisions.c.article_id.in_(ids))).scalars())


def _mentions(work: Work, ids: Collection[int]) -> dict[int, list[Mention]]:
    found: dict[int, list[Mention]] = defaultdict(list)
    names = [name for name in Mention.__dataclass_fields__ if name != "reasons"]  # which nobody needs to decide
    wanted = select(mentions.c.article_id, *(mentions.c[name] for name in names)).where(mentions.c.article_id.in_(ids))
    for article, *values in work.connection.execute(wanted.order_by(mentions.c.id)):
        row = dict(zip(names, values, strict=True))
        row |= {"zone": Zone(row["zone"]), "context": Context(row["context"])}
        found[article].append(Mention(**row, reasons=()))
    return found
