"""Decides on an article of the archive as if it were read now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from alerts.news import news_of
from flows.steps.alerting.tell_subscribers import Subject, tell
from flows.steps.tools import Tools
from sectorwatch.domain import Context, Detection, Subscription
from storage.reading.detected import DetectedArticle, StoredMention
from storage.unit_of_work import Work


def decide_again(
    work: Work,
    tools: Tools,
    article: DetectedArticle,
    before: Sequence[StoredMention],
    found: Detection,
    subscriptions: Sequence[Subscription],
    now: datetime,
) -> Mapping[str, int]:
    """Decides on the sectors that the article newly has; returns how many alerts were opened, folded, suppressed."""
    had = {(mention.sector, mention.place) for mention in before if mention.context == Context.FRONT}
    subject = Subject(
        article_id=article.id,
        story_id=article.story_id,
        language=article.language,
        publisher=article.publisher,
        side=article.side,
        published_at=article.published_at,
        first_seen_at=article.first_seen_at,
        baseline=article.baseline,
        noticed_at=now,
        feed_id=article.feed_id,
    )
    news = news_of(found.sectors, found.mentions, decided=had)
    return tell(work, subject, news, subscriptions, now, tools.settings.guards)
