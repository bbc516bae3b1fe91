"""What was read, in the order in which it was filed: to decide on it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
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
    wanted = select(articles.c.id, articles.c.first_seen_at).where(*_which(work, since, until))
    rows = work.connection.execute(wanted.order_by(articles.c.id.desc()).offset(most - 1).limit(2)).all()
    return (rows[0].id, rows[0].first_seen_at) if len(rows) == 2 else None


def past_articles(work: Work, *, since: datetime, until: datetime, first: int = 0) -> Iterator[PastArticle]:
    """Articles first seen from `since` to before `until` that name something; from number `first` on."""
    names = [name for name in PastArticle.__dataclass_fields__ if name not in ("rewritten", "filed_at", "mentions")]
    columns = (*(articles.c[name] for name in names), articles.c.read_at, feeds.c.baseline_at)
    chosen = select(*columns).outerjoin_from(articles, feeds, feeds.c.id == articles.c.feed_id)
    chosen = chosen.where(*_which(work, since, until)).order_by(articles.c.id).limit(_BATCH)
    while True:
        rows = work.connection.execute(chosen.where(articles.c.id >= first)).mappings().all()
        if not rows:
            return
        ids = [row["id"] for row in rows]
        found, edited = _mentions(work, ids), _edited(work, ids)
        for row in rows:
            values = {name: row[name] for name in names} | {"side": Side(row["side"])}
            filed_at = row["first_seen_at"] if row["id"] in edited else row["read_at"]
            first_poll = row["baseline_at"]
            values["rewritten"] = first_poll is not None and row["first_seen_at"] > first_poll
            yield PastArticle(**values, filed_at=filed_at, mentions=tuple(found[row["id"]]))
        first = ids[-1] + 1


def _which(work: Work, since: datetime, until: datetime) -> Sequence[ColumnElement[bool]]:
    """Numbers grow with the time: those before the first of the time are not looked at."""
    seen = (articles.c.first_seen_at >= since) & (articles.c.first_seen_at < until)
    # The sum keeps PostgreSQL from looking for the smallest number from the first article on.
    first = work.connection.execute(select(func.min(articles.c.id + 0)).where(seen)).scalar()
    return articles.c.id >= (first or 0), seen, _NAMES.exists()


def _edited(work: Work, ids: Collection[int]) -> set[int]:
    return set(work.connection.execute(select(revisions.c.article_id).where(revisions.c.article_id.in_(ids))).scalars())


def _mentions(work: Work, ids: Collection[int]) -> dict[int, list[Mention]]:
    found: dict[int, list[Mention]] = defaultdict(list)
    wanted = select(mentions).where(mentions.c.article_id.in_(ids)).order_by(mentions.c.id)
    for row in work.connection.execute(wanted).mappings():
        found[row["article_id"]].append(
            Mention(
                sector=row["sector"],
                place=row["place"],
                kind=row["kind"],
                surface=row["surface"],
                start=row["start"],
                end=row["end"],
                zone=Zone(row["zone"]),
                sentence=row["sentence"],
                sentence_start=row["sentence_start"],
                context=Context(row["context"]),
                score=row["score"],
                reasons=(),
            )
        )
    return found
