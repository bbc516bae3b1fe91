"""Articles in the store, as if they had been read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sectorwatch.domain import DateQuality, Source
from storage.reading import articles
from storage.reading.articles import NewArticle
from storage.reading.stories import open_story
from storage.unit_of_work import Store
from tests.builders import NOON, read_article


def add_article(
    store: Store,
    feed: int,
    text: str,
    *,
    title: str = "Title",
    language: str = "en",
    seen: datetime = NOON,
    sectors: tuple[str, ...] = (),
) -> int:
    """Stores an article of a story of its own, told from others by its text; returns its id."""
    read = read_article(text, sectors=sectors)
    address = f"https://news.example.org/{abs(hash((text, seen)))}"
    new = NewArticle(
        canonical_url=address,
        url=address,
        feed_id=feed,
        source=Source(publisher="News", country="UA"),
        published_at=None,
        date_quality=DateQuality.STATED,
        first_seen_at=seen,
        baseline=False,
        read=replace(
            read,
            article=replace(read.article, title=title),
            detection=replace(read.detection, language=language),
        ),
        raw=None,
    )
    with store.write() as work:
        story = open_story(work, now=seen)
        added = articles.add(work, new, story_id=story, story_reason="", now=seen)
        work.commit()
    return added
