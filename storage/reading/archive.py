"""The archive read from end to end, a page at a time: for what looks at every article there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select, tuple_

from storage.tables import articles
from storage.unit_of_work import Store, Work

PAGE = 200  # articles: about a megabyte of text


@dataclass(frozen=True, kw_only=True)
class ArchivedArticle:
    """An article as far as reading it again needs."""

    id: int
    url: str | None
    title: str
    text: str
    language: str
    published_at: datetime | None
    first_seen_at: datetime


def count(work: Work, *, since: datetime | None = None) -> int:
    """How many articles there are, or have been seen since then."""
    wanted = select(func.count()).select_from(articles)
    if since is not None:
        wanted = wanted.where(articles.c.first_seen_at >= since)
    return int(work.connection.execute(wanted).scalar_one())


def has_language(work: Work, language: str) -> bool:
    """Whether there is an article in that language."""
    of_it = select(articles.c.id).where(articles.c.language == language).limit(1)
    return work.connection.execute(of_it).first() is not None


def page(
    work: Work, *, before: ArchivedArticle | None = None, since: datetime | None = None, size: int = PAGE
) -> list[ArchivedArticle]:
    """The next articles, those seen last first, after `before` (the last one of the page before)."""
    order = (articles.c.first_seen_at, articles.c.id)
    wanted = select(*(articles.c[name] for name in ArchivedArticle.__dataclass_fields__))
    if since is not None:
        wanted = wanted.where(articles.c.first_seen_at >= since)
    if before is not None:
        reached = (literal(before.first_seen_at, order[0].type), literal(before.id, order[1].type))
        wanted = wanted.where(tuple_(*order) < tuple_(*reached))
    rows = work.connection.execute(wanted.order_by(*(column.desc() for column in order)).limit(size)).mappings()
    return [ArchivedArticle(**row) for row in rows]


def newest_first(store: Store, *, since: datetime | None = None, size: int = PAGE) -> Iterator[ArchivedArticle]:
    """Every article, those seen last first. Holds one page in memory, and no transaction between two pages.

    An article that arrives meanwhile is not among them; none that was there comes twice.
    """
    last: ArchivedArticle | None = None
    while True:
        with store.read() as work:
            found = page(work, before=last, since=since, size=size)
        yield from found
        if len(found) < size:
            return
        last = found[-1]
