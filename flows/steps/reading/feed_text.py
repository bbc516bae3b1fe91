"""What the feed says of an article, for its page to be read with."""

from __future__ import annotations

from sectorwatch.domain import Entry, FeedText
from storage.reading.detected import DetectedArticle


def feed_text(entry: Entry) -> FeedText:
    """The feed's own words; a last time that is no later than publication tells of no change."""
    published, stated = entry.published_at, entry.updated_at
    changed = published is not None and stated is not None and stated > published
    return FeedText(
        title=entry.title,
        summary=entry.summary,
        content=entry.content,
        language=entry.language,
        published_at=published,
        modified_at=stated if changed else None,
        author=entry.author,
        image_url=entry.image_url,
    )


def stored_words(article: DetectedArticle) -> FeedText:
    """What is stored in place of a feed that is no longer asked: the title was taken from it, and so it stays."""
    return FeedText(
        title=article.title,
        summary="",
        content=None,
        language=article.language,
        published_at=article.published_at,
    )
