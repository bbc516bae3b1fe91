"""What each article says of each sector, in one narrow row: what boards and lists count, sort and page by.

The rows say what the mentions of their articles say and are made of them, in the same transaction.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Insert, Integer, and_, bindparam, case, delete, func, insert, literal, select

from sectorwatch.domain import Context, Zone
from storage.tables import article_sectors, articles, mentions
from storage.unit_of_work import Work

_FRONT = mentions.c.context == Context.FRONT.value
_ZONES = tuple(Zone)


def _at() -> ColumnElement[object]:
    """When an article counts: at its publication, and when it was first seen if that is unknown or still to come."""
    earlier = and_(articles.c.published_at.is_not(None), articles.c.published_at < articles.c.first_seen_at)
    return case((earlier, articles.c.published_at), else_=articles.c.first_seen_at)


def _said() -> Insert:
    rank = case({zone.value: literal(rank, Integer) for rank, zone in enumerate(_ZONES)}, value=mentions.c.zone)
    best = func.coalesce(func.min(rank).filter(_FRONT), func.min(rank))
    said = {
        "article_id": mentions.c.article_id,
        "sector": mentions.c.sector,
        "at": _at(),
        "side": articles.c.side,
        "language": articles.c.language,
        "score": func.coalesce(func.max(mentions.c.score).filter(_FRONT), func.max(mentions.c.score)),
        "salience": case({rank: zone.salience.value for rank, zone in enumerate(_ZONES)}, value=best),
        "context": case((func.count().filter(_FRONT) > 0, Context.FRONT.value), else_=Context.PLACE.value),
        "count": func.count(),
        "publisher": articles.c.publisher,
    }
    chosen = (
        select(*said.values())
        .join_from(mentions, articles)
        .where(mentions.c.article_id == bindparam("article"))
        .group_by(articles.c.id, mentions.c.article_id, mentions.c.sector)
    )
    return insert(article_sectors).from_select(list(said), chosen)


# Made once: each article that names something needs them, and making them costs as much as what they do.
_UNSAY = delete(article_sectors).where(article_sectors.c.article_id == bindparam("article"))
_SAY = _said()


def refresh(work: Work, article_id: int) -> None:
    """Makes the rows of an article say what its mentions say now (`extractors.detection.mentions`).

    Of a sector that is named for the front, what is said of its peaceful life counts for nothing but the count.
    """
    work.connection.execute(_UNSAY, {"article": article_id})
    work.connection.execute(_SAY, {"article": article_id})
