"""Read models: what lists and pages show. Each answers one question in one statement.

Of a list with pages the numbers alone are put in order, and only the rows of the page are read, be it page 500.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, func, select, true

from sectorwatch.domain import Circuit, ReadState, moment
from sectorwatch.plurals import counted
from storage import row_counts
from storage.alerting.delivery_filter import ANY, DeliveryFilter
from storage.alerting.suppressed import SuppressionFilter
from storage.reading.story_links import links_of
from storage.subscribers.target_health import WAITING
from storage.tables import (
    alerts,
    article_sectors,
    articles,
    deliveries,
    delivery_alerts,
    delivery_attempts,
    entries,
    feeds,
    mentions,
    stories,
    subscribers,
    subscriptions,
    suppressions,
    targets,
)
from storage.unit_of_work import Work

ALL_SUPPRESSIONS = SuppressionFilter()
_BATCH = 1000  # ids asked for at once
HARDLY = timedelta(seconds=5)  # so long a target may wait between two messages: nobody has to be told


@dataclass(frozen=True, kw_only=True)
class MentionRow:
    sector: str
    place: str
    kind: str
    surface: str
    zone: str
    context: str
    score: float
    sentence: str
    article_id: int
    title: str
    url: str | None
    publisher: str
    side: str
    language: str
    published_at: datetime | None
    first_seen_at: datetime
    story_id: int
    method: str
    refusal: str  # why the text is the feed's, or only a beginning; ""

    @property
    def at(self) -> datetime:
        """When it was published; when it was first seen, where that is not known or was still to come."""
        return min(self.published_at or self.first_seen_at, self.first_seen_at)


def mention_rows(
    work: Work,
    *,
    sector: str | None = None,
    language: str | None = None,
    since: datetime | None = None,
    limit: int,
    per_article: bool = True,
) -> list[MentionRow]:
    """Mentions, those of the newest article first (`MentionRow.at`), and from `since` on by the same moment.

    With `per_article` only the best one of each article and sector. The narrow rows beside the mentions are read in
    their order, which ends with the last row that is wanted.
    """
    said = article_sectors.c
    wanted: ColumnElement[bool] = true()
    if sector:
        wanted = wanted & (said.sector == sector)
    if language:
        wanted = wanted & (said.language == language)
    if since:
        wanted = wanted & (said.at >= since)
    columns = [
        (articles if name in articles.c and name not in mentions.c else mentions).c[name]
        for name in MentionRow.__dataclass_fields__
    ]
    these: ColumnElement[bool] = (mentions.c.article_id == said.article_id) & (mentions.c.sector == said.sector)
    if per_article:
        one = mentions.alias()
        best = select(one.c.id).where(one.c.article_id == said.article_id, one.c.sector == said.sector)
        these = mentions.c.id == best.order_by(one.c.score.desc(), one.c.id).limit(1).scalar_subquery()
    chosen = (
        select(*columns)
        .join_from(article_sectors, mentions, these)
        .join(articles, articles.c.id == said.article_id)
        .where(wanted)
        .order_by(said.at.desc(), said.article_id.desc(), said.sector, mentions.c.id)
        .limit(limit)
    )
    rows = work.connection.execute(chosen).mappings()
    return [MentionRow(**row) for row in rows]


@dataclass(frozen=True, kw_only=True)
class StoryRow:
    id: int
    title: str
    url: str | None
    language: str
    articles: int
    sources: int
    sectors: tuple[str, ...]
    links: tuple[int, ...]  # stories that tell of the same event in other languages
    first_seen_at: datetime
    last_seen_at: datetime


def story_rows(
    work: Work,
    *,
    sector: str | None = None,
    language: str | None = None,
    since: datetime | None = None,
    limit: int,
) -> list[StoryRow]:
    """Stories, the latest first, with the sectors that their articles mention."""
    told = select(articles.c.story_id).join(mentions)
    wanted: ColumnElement[bool] = true()
    if sector:
        wanted = wanted & stories.c.id.in_(told.where(mentions.c.sector == sector))
    if language:
        wanted = wanted & (articles.c.language == language)
    if since:
        wanted = wanted & (stories.c.last_seen_at >= since)
    lead = (articles.c.title, articles.c.url, articles.c.language)
    chosen = (
        select(stories, *lead)
        .join_from(stories, articles, articles.c.id == stories.c.lead_article_id)
        .where(wanted)
        .order_by(stories.c.last_seen_at.desc(), stories.c.id.desc())
        .limit(limit)
    )
    rows = work.connection.execute(chosen).mappings().all()
    found = select(articles.c.story_id, mentions.c.sector).join_from(mentions, articles).distinct()
    in_story: dict[int, list[str]] = {row["id"]: [] for row in rows}
    for story, name in work.connection.execute(found.where(work.among(articles.c.story_id, in_story))):
        in_story[story].append(name)
    linked: dict[int, list[int]] = {row["id"]: [] for row in rows}
    for link in links_of(work, list(linked)):
        linked[link.story_id].append(link.other_id)
    names = [name for name in StoryRow.__dataclass_fields__ if name not in ("sectors", "links")]
    return [
        StoryRow(
            **{name: row[name] for name in names},
            sectors=tuple(sorted(in_story[row["id"]])),
            links=tuple(linked[row["id"]]),
        )
        for row in rows
    ]


@dataclass(frozen=True, kw_only=True)
class ArticleRow:
    id: int
    title: str
    url: str | None
    publisher: str
    language: str
    published_at: datetime | None
    first_seen_at: datetime
    story_id: int
    text: str


def article_rows(work: Work, ids: Sequence[int]) -> list[ArticleRow]:
    """The articles of these ids, in their order."""
    columns = [articles.c[name] for name in ArticleRow.__dataclass_fields__]
    rows = work.connection.execute(select(*columns).where(work.among(articles.c.id, ids))).mappings().all()
    by_id = {row["id"]: ArticleRow(**row) for row in rows}
    return [by_id[article] for article in ids if article in by_id]


@dataclass(frozen=True, kw_only=True)
class DeliveryRow:
    id: int
    kind: str
    state: str
    sectors: tuple[str, ...]  # of its alerts, each once; none for a notice
    stories: tuple[int, ...]
    subscriber: str
    subscription: str | None
    target: str
    target_kind: str
    attempts: int
    due_at: datetime
    sent_at: datetime | None
    reason: str
    dedup_key: str
    target_waits_until: datetime | None  # of what waits: nothing goes to its target before; may be over
    target_failures: int  # in a row, for which the target waits; 0: its server asked for it

    def left_alone_until(self, now: datetime) -> datetime | None:
        """Until when this is kept back by its target; None where it is not, or waits for its own time first."""
        until = self.target_waits_until
        return until if until is not None and until > max(now + HARDLY, self.due_at) else None

    def waits_for_target(self, now: datetime) -> str:
        """Why a message whose time has come is not sent, for operators; "" where its target takes messages."""
        until = self.left_alone_until(now)
        if until is None:
            return ""
        if not self.target_failures:
            return f"the target asked us to wait until {moment(until)}"
        failures = counted(self.target_failures, "failure")
        return f"the target is left alone until {moment(until)}, after {failures} in a row"


def delivery_rows(
    work: Work,
    *,
    chosen: DeliveryFilter = ANY,
    limit: int,
    offset: int = 0,
    sort: str = "id",
    descending: bool = True,
) -> list[DeliveryRow]:
    """Deliveries, newest first, or in the order of another column of theirs."""
    own = ("id", "kind", "state", "attempts", "due_at", "sent_at", "reason", "dedup_key")
    order = [column.desc() if descending else column for column in (deliveries.c[sort], deliveries.c.id)]
    ids = select(deliveries.c.id).where(chosen.clause()).order_by(*order).limit(limit).offset(offset)
    listed = (
        select(
            *(deliveries.c[name] for name in (*own, "held_for")),
            subscribers.c.name.label("subscriber"),
            subscriptions.c.name.label("subscription"),
            targets.c.label.label("target"),
            targets.c.kind.label("target_kind"),
            *(
                targets.c[name]
                for name in ("breaker", "breaker_until", "next_allowed_at", "fail_streak", "refused_streak")
            ),
        )
        .join_from(deliveries, targets)
        .join(subscribers, subscribers.c.id == targets.c.subscriber_id)
        .outerjoin(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
        .where(deliveries.c.id.in_(ids.scalar_subquery()))
        .order_by(*order)
    )
    rows = work.connection.execute(listed).mappings().all()
    sectors, told = _told(work, [row["id"] for row in rows])
    return [
        DeliveryRow(
            **{name: row[name] for name in (*own, "subscriber", "subscription", "target", "target_kind")},
            sectors=tuple(sectors[row["id"]]),
            stories=tuple(told[row["id"]]),
            **_waits(row),
        )
        for row in rows
    ]


def _waits(row: RowMapping) -> dict[str, Any]:
    """For how long, and after how many failures, the target of a delivery that waits is left alone."""
    circuit = row["breaker_until"] if row["breaker"] != Circuit.CLOSED else None
    until = [at for at in (circuit, row["next_allowed_at"]) if at is not None]
    if row["state"] not in WAITING or row["held_for"] == "storm" or not until:
        return {"target_waits_until": None, "target_failures": 0}
    failures = row["fail_streak"] if circuit is not None else row["refused_streak"]
    return {"target_waits_until": max(until), "target_failures": failures}


def _told(work: Work, ids: Sequence[int]) -> tuple[dict[int, dict[str, None]], dict[int, dict[int, None]]]:
    """The sectors and the stories that each delivery tells of, in order."""
    sectors: dict[int, dict[str, None]] = {number: {} for number in ids}
    told: dict[int, dict[int, None]] = {number: {} for number in ids}
    for batch in (ids[at : at + _BATCH] for at in range(0, len(ids), _BATCH)):
        chosen = select(delivery_alerts.c.delivery_id, alerts.c.sector, alerts.c.story_id).join_from(
            delivery_alerts, alerts
        )
        in_order = chosen.where(work.among(delivery_alerts.c.delivery_id, batch)).order_by(alerts.c.id)
        for delivery, sector, story in work.connection.execute(in_order):
            sectors[delivery][sector] = None
            told[delivery][story] = None
    return sectors, told


@dataclass(frozen=True, kw_only=True)
class AttemptRow:
    n: int
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    status: int | None
    detail: str


def attempt_rows(work: Work, delivery_id: int) -> list[AttemptRow]:
    """Every attempt to send a delivery, the first one first."""
    columns = [delivery_attempts.c[name] for name in AttemptRow.__dataclass_fields__]
    chosen = select(*columns).where(delivery_attempts.c.delivery_id == delivery_id).order_by(delivery_attempts.c.n)
    return [AttemptRow(**row) for row in work.connection.execute(chosen).mappings()]


def frozen_message(work: Work, delivery_id: int) -> Mapping[str, Any] | None:
    """The message of a delivery as every attempt sends it; None before the first."""
    chosen = select(deliveries.c.payload).where(deliveries.c.id == delivery_id)
    payload: Mapping[str, Any] | None = work.connection.execute(chosen).scalar()
    return payload


@dataclass(frozen=True, kw_only=True)
class SuppressionRow:
    subscriber: str
    subscription: str
    sector: str
    code: str
    reason: str
    at: datetime
    title: str
    url: str | None
    story_id: int


def suppression_rows(
    work: Work,
    *,
    chosen: SuppressionFilter = ALL_SUPPRESSIONS,
    limit: int,
    offset: int = 0,
    descending: bool = True,
) -> list[SuppressionRow]:
    """Suppressions, newest first, or oldest."""
    order = suppressions.c.id.desc() if descending else suppressions.c.id
    ids = select(suppressions.c.id).where(chosen.clause()).order_by(order).limit(limit).offset(offset)
    rows = (
        select(
            *(suppressions.c[name] for name in ("sector", "code", "reason", "at")),
            subscribers.c.name.label("subscriber"),
            subscriptions.c.name.label("subscription"),
            articles.c.title,
            articles.c.url,
            articles.c.story_id,
        )
        .join_from(suppressions, subscriptions)
        .join(subscribers)
        .join(articles, articles.c.id == suppressions.c.article_id)
        .where(suppressions.c.id.in_(ids.scalar_subquery()))
        .order_by(order)
    )
    return [SuppressionRow(**row) for row in work.connection.execute(rows).mappings()]


def mention_counts(work: Work, *, since: datetime | None = None) -> dict[str, int]:
    """How many articles mention each sector, most first."""
    count = func.count(mentions.c.article_id.distinct())
    chosen = select(mentions.c.sector, count).group_by(mentions.c.sector).order_by(count.desc(), mentions.c.sector)
    if since:
        chosen = chosen.where(mentions.c.found_at >= since)
    return dict(work.connection.execute(chosen).tuples().all())


def totals(work: Work) -> dict[str, int]:
    """How much there is of everything, for `status`."""
    waiting = (ReadState.WAITING.value, ReadState.RETRY.value)
    again = (entries.c.read_state == ReadState.WAITING.value) & entries.c.article_id.is_not(None)
    questions = {
        "feeds": select(func.count()).select_from(feeds),
        "feeds_not_ok": select(func.count()).where(feeds.c.state != "ok"),
        "entries": select(func.coalesce(func.sum(feeds.c.entries), 0)),
        "entries_to_read": select(func.count()).where(
            entries.c.read_due_at.is_not(None), entries.c.read_state.in_(waiting)
        ),
        "entries_to_read_again": select(func.count()).where(entries.c.read_due_at.is_not(None), again),
        "deliveries_waiting": select(func.count()).where(
            deliveries.c.state.in_(("held", "pending", "leased", "retry", "unknown"))
        ),
        "deliveries_dead": select(func.count()).where(deliveries.c.state == "dead"),
        "deliveries_sent": select(func.count()).where(deliveries.c.state == "sent"),
    }
    found = {name: int(work.connection.execute(question).scalar_one()) for name, question in questions.items()}
    return found | {table.name: row_counts.count(work, table) for table in row_counts.COUNTED}
