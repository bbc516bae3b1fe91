"""What an alert says: gathered from its articles when it is rendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import LABEL_STYLE_TABLENAME_PLUS_COL, select

from sectorwatch.domain import (
    AlertView,
    Context,
    Evidence,
    Grounds,
    Reason,
    Salience,
    Side,
    StoryNews,
    Subscriber,
    Zone,
)
from storage.alerting.told import told_until
from storage.sectors import named, place_names
from storage.subscribers.subscriptions import rule_of
from storage.tables import alert_articles, alerts, articles, mentions, sectors, subscribers, subscriptions
from storage.unit_of_work import Work


def alert_view(work: Work, alert_id: int) -> AlertView:
    """The alert with its evidence: one sentence of each article, the earliest article first."""
    row = work.connection.execute(
        select(
            alerts,
            subscriptions.c.name.label("subscription"),
            subscribers.c.id.label("subscriber_id"),
            subscribers.c.name.label("subscriber"),
            subscribers.c.zone,
            subscribers.c.language,
            sectors.c.name.label("sector_name"),
            sectors.c.names.label("sector_names"),
        )
        .join_from(alerts, subscriptions)
        .join(subscribers)
        .outerjoin(sectors, sectors.c.id == alerts.c.sector)
        .where(alerts.c.id == alert_id)
    ).one()
    new_places, news = frozenset[str](), None
    if row.window:
        new_places, news = _news(work, alert_id, row.grounds, row.sector, row.language)
    return AlertView(
        alert_id=alert_id,
        sector=row.sector,
        sector_name=named(row.sector_names, row.language, row.sector_name or row.sector),
        story_id=row.story_id,
        subscription=row.subscription,
        subscriber=Subscriber(id=row.subscriber_id, name=row.subscriber, zone=row.zone, language=row.language),
        evidence=_evidence(work, alert_id, row.sector, new_places),
        why=row.reason,
        news=news,
        grounds=_grounds(work, row.grounds, row.sector, row.language),
    )


def _news(
    work: Work, alert_id: int, grounds: Mapping[str, Any], sector: str, language: str
) -> tuple[frozenset[str], StoryNews]:
    """What the articles of a follow-up say that those told before did not, as far as it was asked for.

    With the ids of the places. What opened it is on record, and told whatever another clock says of when it joined.
    """
    before, now = told_until(work, alert_id)
    opened, asked = grounds["news"], rule_of(grounds["rule"]).follow_up
    count = len(now.publishers)
    sources = count if asked.sources is not None and len(before.publishers) < asked.sources <= count else 0
    places = {*opened["places"], *(now.places - before.places)} if asked.new_place else set[str]()
    named = place_names(work, sorted(places), language, sector)
    joined = now.sides - before.sides - {Side.UNKNOWN} if asked.other_side else frozenset[Side]()
    sides = {Side(side) for side in opened["sides"]} | joined
    return frozenset(places), StoryNews(sides=tuple(sorted(sides)), places=tuple(named.values()), sources=sources)


def _grounds(work: Work, stored: Mapping[str, Any] | None, sector: str, language: str) -> Grounds | None:
    """As they were, with the names of places in the reader's language."""
    if stored is None:
        return None
    places = place_names(work, stored["places"], language, sector)
    return Grounds(rule=rule_of(stored["rule"]), places=tuple(places.values()))


def _evidence(work: Work, alert_id: int, sector: str, new_places: frozenset[str]) -> tuple[Evidence, ...]:
    """One sentence of each article: of one that names a new place, the sentence that does."""
    rows = work.connection.execute(
        select(articles, mentions)
        .join_from(alert_articles, articles, alert_articles.c.article_id == articles.c.id)
        .join(mentions, (mentions.c.article_id == articles.c.id) & (mentions.c.sector == sector))
        .where(alert_articles.c.alert_id == alert_id)
        .order_by(articles.c.first_seen_at, articles.c.id, mentions.c.context, mentions.c.score.desc(), mentions.c.id)
        .set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
    ).mappings()
    best: dict[int, Evidence] = {}
    salience: dict[int, Salience] = {}
    ranks: dict[int, tuple[bool, bool]] = {}
    for row in rows:
        article = row["articles_id"]
        here = Zone(row["mentions_zone"]).salience
        if article not in salience or list(Salience).index(here) < list(Salience).index(salience[article]):
            salience[article] = here
        # A sentence of the text says more than the headline, which the alert shows anyway.
        rank = (row["mentions_place"] not in new_places, here is Salience.HEADLINE)
        if article not in best or rank < ranks[article]:
            ranks[article] = rank
            best[article] = Evidence(
                article_id=article,
                sector=sector,
                title=row["articles_title"],
                url=row["articles_url"],
                publisher=row["articles_publisher"],
                side=Side(row["articles_side"]),
                language=row["articles_language"],
                published_at=row["articles_published_at"],
                first_seen_at=row["articles_first_seen_at"],
                sentence=row["mentions_sentence"],
                match_start=row["mentions_start"] - row["mentions_sentence_start"],
                match_end=row["mentions_end"] - row["mentions_sentence_start"],
                score=row["mentions_score"],
                salience=here,
                context=Context(row["mentions_context"]),
                reasons=tuple(Reason(**reason) for reason in row["mentions_reasons"]),
            )
    return tuple(replace(evidence, salience=salience[article]) for article, evidence in best.items())
