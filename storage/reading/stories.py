"""Stories as the articles in them make them: how many there are, which of them leads, what they name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update

from sectorwatch.domain import Context
from storage.tables import alerts, articles, mentions, stories
from storage.unit_of_work import Work

_WHOLE_TEXT = 1_000  # characters that make an article, however long others are

_FRONT = mentions.c.context == Context.FRONT.value
_OPEN = insert(stories).returning(stories.c.id)
LED_BY = update(stories).where(stories.c.id == bindparam("story")).values(lead_article_id=bindparam("article"))
_OF_STORY = articles.c.story_id == bindparam("story")
_COUNTS = select(func.count(), func.count(articles.c.publisher.distinct()), func.min(articles.c.first_seen_at)).where(
    _OF_STORY
)
LEAD = select(stories.c.lead_article_id).where(stories.c.id == bindparam("story")).scalar_subquery()
_BOTH = select(articles.c.id, articles.c.first_seen_at, func.length(articles.c.text).label("length")).where(
    (articles.c.id == bindparam("article")) | (articles.c.id == LEAD)
)
_TELLS = update(stories).where(stories.c.id == bindparam("story"))


def open_story(work: Work, *, now: datetime) -> int:
    """A new story, without articles yet."""
    row = {"first_seen_at": now, "last_seen_at": now, "articles": 0, "sources": 0}
    return int(work.connection.execute(_OPEN, row).scalar_one())


def open_alone(work: Work, *, first_seen_at: datetime, now: datetime) -> int:
    """A new story of one article, which is to be named as its lead once it is stored (`LED_BY`)."""
    row = {"first_seen_at": first_seen_at, "last_seen_at": now, "articles": 1, "sources": 1}
    return int(work.connection.execute(_OPEN, row).scalar_one())


def is_alone(work: Work, story_id: int) -> bool:
    """Whether a story has one article and nobody was told of it: it may still become part of another one."""
    wanted = select(stories.c.id).where(stories.c.id == story_id, stories.c.articles == 1)
    told = select(alerts.c.id).where(alerts.c.story_id == story_id).exists()
    return work.connection.execute(wanted.where(~told)).first() is not None


def named_by(work: Work, story_id: int) -> set[tuple[str, str]]:
    """The sectors and places that a story names for the front: what is named for a court alone was not told."""
    wanted = select(mentions.c.sector, mentions.c.place).join(articles).where(articles.c.story_id == story_id, _FRONT)
    return set(work.connection.execute(wanted.distinct()).tuples())


def refresh(work: Work, story_id: int, article_id: int, now: datetime) -> None:
    """Counts a story's articles and sources after `article_id` joined, and chooses its lead."""
    story = {"story": story_id}
    articles_count, sources, first = work.connection.execute(_COUNTS, story).one()
    lead = article_id if articles_count == 1 else lead_of(work, story_id, article_id)
    values = {"articles": articles_count, "sources": sources, "first_seen_at": first, "lead_article_id": lead}
    work.connection.execute(_TELLS, story | values | {"last_seen_at": now})


def lead_of(work: Work, story_id: int, article_id: int) -> int:
    """The article that stands for a story now that `article_id` is new or other in it: the earliest that is no stub.

    A headline, or a first paragraph with a link, gives way to the first copy that has the text.
    """
    work.settle(LED_BY)
    rows = {row.id: row for row in work.connection.execute(_BOTH, {"story": story_id, "article": article_id})}
    new = rows.pop(article_id)
    if not rows:
        return article_id
    (lead,) = rows.values()
    if _is_stub(lead.length, beside=new.length):
        return article_id
    is_earlier = (new.first_seen_at, new.id) < (lead.first_seen_at, lead.id)
    return article_id if is_earlier and not _is_stub(new.length, beside=lead.length) else int(lead.id)


def _is_stub(length: int, *, beside: int) -> bool:
    return length < min(_WHOLE_TEXT, beside / 2)
