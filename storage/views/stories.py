"""What the public page of a story shows: its articles, what each says of which sector, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from sectorwatch.domain import DeliveryState, Reason, Side
from storage.reading.story_links import StoryLink, links_of
from storage.tables import alerts, articles, deliveries, delivery_alerts, mentions, stories, suppressions
from storage.unit_of_work import Work

MOST_ARTICLES = 100  # shown of one story
MOST_MENTIONS = 2000
MOST_LINKS = 20


@dataclass(frozen=True, kw_only=True)
class ShownMention:
    """A place of a sector in its sentence."""

    sector: str
    place: str
    kind: str
    zone: str
    context: str
    score: float
    reasons: tuple[Reason, ...]
    sentence: str
    start: int  # of the match, within the sentence
    end: int
    offset: int  # of the match, within the title or the text


@dataclass(frozen=True, kw_only=True)
class Member:
    """An article of a story."""

    id: int
    title: str
    url: str | None
    publisher: str
    side: Side
    language: str
    published_at: datetime | None
    first_seen_at: datetime
    story_reason: str  # why it belongs to the story
    mentions: tuple[ShownMention, ...]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a story for one sector."""

    sector: str
    alerts: int
    sent: int  # deliveries
    suppressed: Mapping[str, int]  # code of the reason -> how often


@dataclass(frozen=True, kw_only=True)
class StoryView:
    """A story with the articles that were seen first."""

    id: int
    lead: int  # id of an article
    articles: int  # all there are
    sources: int
    first_seen_at: datetime
    last_seen_at: datetime
    members: tuple[Member, ...]
    outcomes: tuple[Outcome, ...]
    links: tuple[StoryLink, ...]  # to stories of the same event in other languages


def story_view(work: Work, story_id: int) -> StoryView | None:
    """The story of that number, if there is one."""
    row = work.connection.execute(select(stories).where(stories.c.id == story_id)).mappings().first()
    if row is None or row["lead_article_id"] is None:
        return None
    return StoryView(
        id=story_id,
        lead=row["lead_article_id"],
        articles=row["articles"],
        sources=row["sources"],
        first_seen_at=row["first_seen_at"],
        last_seen_at=row["last_seen_at"],
        members=_members(work, story_id),
        outcomes=_outcomes(work, story_id),
        links=tuple(links_of(work, [story_id])[:MOST_LINKS]),
    )


def _members(work: Work, story_id: int) -> tuple[Member, ...]:
    names = [name for name in Member.__dataclass_fields__ if name != "mentions"]
    chosen = select(*(articles.c[name] for name in names)).where(articles.c.story_id == story_id)
    in_order = chosen.order_by(articles.c.first_seen_at, articles.c.id).limit(MOST_ARTICLES)
    rows = work.connection.execute(in_order).mappings().all()
    said = _mentions(work, [row["id"] for row in rows])
    return tuple(Member(**{**row, "side": Side(row["side"])}, mentions=tuple(said.get(row["id"], ()))) for row in rows)


def _mentions(work: Work, ids: Sequence[int]) -> dict[int, list[ShownMention]]:
    """Of each article, in the order of its text; the headline first."""
    chosen = select(mentions).where(work.among(mentions.c.article_id, ids)).order_by(mentions.c.id).limit(MOST_MENTIONS)
    found: dict[int, list[ShownMention]] = {}
    for row in work.connection.execute(chosen).mappings().all():
        found.setdefault(row["article_id"], []).append(
            ShownMention(
                **{name: row[name] for name in ("sector", "place", "kind", "zone", "context", "score", "sentence")},
                reasons=tuple(Reason(**reason) for reason in row["reasons"]),
                start=row["start"] - row["sentence_start"],
                end=row["end"] - row["sentence_start"],
                offset=row["start"],
            )
        )
    return found


def _outcomes(work: Work, story_id: int) -> tuple[Outcome, ...]:
    """By sector: how many alerts there were, how many messages arrived, and why others were not sent."""
    opened = dict[str, int]()
    arrived = dict[str, int]()
    kept = dict[str, dict[str, int]]()
    sent = deliveries.c.state == DeliveryState.SENT.value
    counted = (
        select(alerts.c.sector, func.count(alerts.c.id.distinct()), func.count(deliveries.c.id.distinct()).filter(sent))
        .select_from(alerts)
        .outerjoin(delivery_alerts, delivery_alerts.c.alert_id == alerts.c.id)
        .outerjoin(deliveries, deliveries.c.id == delivery_alerts.c.delivery_id)
        .where(alerts.c.story_id == story_id)
        .group_by(alerts.c.sector)
    )
    for sector, number, messages in work.connection.execute(counted):
        opened[sector], arrived[sector] = number, messages
    columns: tuple[Any, ...] = (suppressions.c.sector, suppressions.c.code)
    held = (
        select(*columns, func.count())
        .join_from(suppressions, articles, articles.c.id == suppressions.c.article_id)
        .where(articles.c.story_id == story_id)
        .group_by(*columns)
    )
    for sector, code, number in work.connection.execute(held):
        kept.setdefault(sector, {})[code] = number
    return tuple(
        Outcome(
            sector=sector,
            alerts=opened.get(sector, 0),
            sent=arrived.get(sector, 0),
            suppressed=kept.get(sector, {}),
        )
        for sector in sorted(opened.keys() | kept.keys())
    )
