"""The sources that a search is for, and the marks by which SQLite's index of words knows their articles.

Of a million articles that have a word, SQL has to look at each to find those of one source. FTS5 goes through the
articles of two words side by side, and steps over all that have one of them only. So each article is indexed with two
words more, that no text and no query has: of its feed and of its publisher. An article that was indexed by a release
before this one has none: it is found among those without, or, where they are many, as on PostgreSQL, by looking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from storage.tables import articles, feeds
from storage.unit_of_work import Work

_MARK = "\ue000"  # for private use: FTS5 takes it for a letter, and words of queries have none
_BYTES = 32  # of a publisher's name: two that begin so have one mark, and are told apart by their articles
_MOST = 50  # marks in one query: more sources than that have most of what there is


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What an article of the wanted sources has one of; empty where all are wanted."""

    either: Sequence[ColumnElement[bool]] = ()
    marks: Sequence[str] = ()  # of all of them; empty where they are too many


def marks_of(feed_id: int | None, publisher: str) -> str:
    """What an article of this source is indexed with."""
    of_publisher = _of_publisher(publisher)
    return of_publisher if feed_id is None else f"{_of_feed(feed_id)} {of_publisher}"


def sources_named(work: Work, names: Sequence[str]) -> Sources:
    """A source's name or a feed's name or address has one of these in it; the names of removed feeds, whole."""
    if not names:
        return Sources()
    ids = _feeds_called(work, names)
    marks = [*map(_of_feed, ids), *map(_of_publisher, names)]
    return Sources(
        either=(work.among(articles.c.feed_id, ids), articles.c.publisher.in_(names)),
        marks=marks if len(marks) <= _MOST else (),
    )


def has_source(work: Work, name: str) -> bool:
    """Whether a feed or an article is of a source that a query calls so."""
    if _feeds_called(work, [name]):
        return True
    of_it = select(articles.c.id).where(articles.c.publisher == name).limit(1)
    return work.connection.execute(of_it).first() is not None


def _feeds_called(work: Work, names: Sequence[str]) -> list[int]:
    parts = [name.casefold() for name in names]
    named = select(feeds.c.id, feeds.c.publisher + "\n" + feeds.c.title + "\n" + feeds.c.url)
    rows = work.connection.execute(named).all()
    return sorted(number for number, said in rows if any(part in said.casefold() for part in parts))


def _of_feed(feed_id: int) -> str:
    return f"{_MARK}f{feed_id}"


def _of_publisher(publisher: str) -> str:
    return f"{_MARK}p{publisher.encode(errors='replace')[:_BYTES].hex()}"
