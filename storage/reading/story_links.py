"""Stories that tell of one event in different languages: related, and told each to whoever reads its language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, union_all

from storage.tables import articles, stories, story_links
from storage.unit_of_work import Work


@dataclass(frozen=True, kw_only=True)
class StoryLink:
    """That another story tells of the same event."""

    story_id: int
    other_id: int
    language: str  # of the other one's lead article
    title: str
    reason: str  # in words
    made_at: datetime


def link(work: Work, story_id: int, other_id: int, *, reason: str, now: datetime) -> None:
    """Puts it on record that two stories tell of one event, if it is not."""
    one, other = sorted((story_id, other_id))
    known = select(story_links.c.story_id).where(story_links.c.story_id == one, story_links.c.other_id == other)
    if one != other and work.connection.execute(known).first() is None:
        row = {"story_id": one, "other_id": other, "reason": reason, "made_at": now}
        work.connection.execute(insert(story_links).values(**row))


def links_of(work: Work, ids: Sequence[int]) -> list[StoryLink]:
    """The links of these stories, those made first first."""
    of, to = story_links.c.story_id, story_links.c.other_id
    both = union_all(
        *(
            select(mine.label("story_id"), its.label("other_id"), story_links.c.reason, story_links.c.made_at).where(
                mine.in_(ids)
            )
            for mine, its in ((of, to), (to, of))
        )
    ).subquery()
    shown = (
        select(both, articles.c.language, articles.c.title)
        .join(stories, stories.c.id == both.c.other_id)
        .join(articles, articles.c.id == stories.c.lead_article_id)
        .order_by(both.c.made_at, both.c.other_id)
    )
    return [StoryLink(**row) for row in work.connection.execute(shown).mappings()]
