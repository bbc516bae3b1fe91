"""Which story an article tells: that of a copy, of another rewrite of the same news, or one of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from extractors.rewrites import WINDOW, same_news
from extractors.stories import same_story
from sectorwatch.domain import ReadArticle
from storage import articles as article_store
from storage.articles import StoredArticle
from storage.gists import neighbours, term_key
from storage.unit_of_work import Work

STORY_WINDOW = timedelta(days=7)  # copies come within days; a report of last week with the same template is another


def story_of(work: Work, read: ReadArticle, *, at: datetime, publisher: str, now: datetime) -> tuple[int, str]:
    """The story that an article belongs to, opened if need be, and why."""
    like = _like(work, read, at=at, publisher=publisher, now=now)
    return like or (article_store.open_story(work, now=now), "no earlier article is like it")


def join_story(
    work: Work, old: StoredArticle, read: ReadArticle, *, at: datetime, publisher: str, now: datetime
) -> int:
    """Has a skimmed article that is read in full join the story that its text tells, if there is one; its story."""
    like = _like(work, read, at=at, publisher=publisher, now=now)
    if like is None:
        return old.story_id
    story, reason = like
    article_store.move(work, old, story_id=story, story_reason=reason, now=now)
    return story


def story_locks(read: ReadArticle) -> list[int]:
    """What two articles that may be one story have in common: to be locked before the story is decided."""
    return [*read.fingerprint.bands, *map(term_key, read.gist.terms)]


def _like(work: Work, read: ReadArticle, *, at: datetime, publisher: str, now: datetime) -> tuple[int, str] | None:
    """The story of an earlier article that is like it, and why; None where there is none."""
    for earlier in article_store.lookalikes(work, read.fingerprint, since=now - STORY_WINDOW):
        verdict = same_story(read.fingerprint, earlier.fingerprint)
        if verdict.same:
            return earlier.story_id, f"like article {earlier.article_id}: {verdict.reason}"
    near = neighbours(work, read.gist.terms, since=now - WINDOW)
    for candidate in near.candidates:
        if candidate.language != read.detection.language:
            continue
        verdict = same_news(
            read.gist,
            candidate.gist,
            rarity=near.rarity,
            apart=abs(at - candidate.at),
            one_source=publisher == candidate.publisher,
        )
        if verdict.same:
            return candidate.story_id, f"tells the news of article {candidate.article_id}: {verdict.reason}"
    return None
