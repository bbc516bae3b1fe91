"""What boards and lists count says what the detector said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from extractors.detection.mentions import sector_scores
from sectorwatch.domain import Context, DateQuality, SectorScore, Source, Zone
from storage.reading import articles, detected
from storage.reading.stories import open_story
from storage.tables import article_sectors
from storage.unit_of_work import Store, Work
from tests.builders import NOON, add_feed, mention, read_article

MENTIONS = (
    mention("kupiansk", zone=Zone.BODY, score=0.7),
    mention("kupiansk", zone=Zone.TITLE, score=0.95, context=Context.PLACE),
    mention("kupiansk", zone=Zone.LEAD, score=0.8),
    mention("lyman", zone=Zone.TITLE, score=0.6, context=Context.PLACE),
)


def said(work: Work, article: int) -> list[SectorScore]:
    columns = [article_sectors.c[name] for name in SectorScore.__dataclass_fields__]
    rows = work.connection.execute(select(*columns).where(article_sectors.c.article_id == article)).mappings()
    found = [SectorScore(**row) for row in rows]
    return sorted(found, key=lambda one: -one.score)


@pytest.mark.parametrize("published", [None, NOON - timedelta(hours=3), NOON + timedelta(days=2)])
def test_the_rows_follow_the_mentions(store: Store, published: object) -> None:
    """Stored, detected again for one sector and for all: always what the detector says of them."""
    new = articles.NewArticle(
        canonical_url=None,
        url=None,
        feed_id=add_feed(store),
        source=Source(),
        published_at=published,  # type: ignore[arg-type]
        date_quality=DateQuality.STATED,
        first_seen_at=NOON,
        baseline=False,
        read=replace(read_article(), detection=replace(read_article().detection, mentions=MENTIONS)),
        raw=None,
    )
    with store.write() as work:
        article = articles.add(work, new, story_id=open_story(work, now=NOON), story_reason="", now=NOON)
        assert said(work, article) == sector_scores(MENTIONS)
        at = work.connection.execute(select(article_sectors.c.at).distinct()).scalar_one()
        assert at == (NOON - timedelta(hours=3) if published == NOON - timedelta(hours=3) else NOON)
        before = detected.mentions_of(work, [article])[article]
        less = [one for one in before if one.sector == "kupiansk"]
        detected.put_mentions(work, article, less, MENTIONS[1:2], version="2", sector="kupiansk", now=NOON)
        assert said(work, article) == sector_scores(MENTIONS[1:2] + MENTIONS[3:])
        now = detected.mentions_of(work, [article])[article]
        detected.put_mentions(work, article, now, (), version="3", sector=None, now=NOON)
        assert said(work, article) == []
