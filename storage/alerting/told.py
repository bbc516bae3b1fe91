"""What subscriptions were told of stories so far: what another article of them may be news to."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select, union

from sectorwatch.domain import SETTLEMENTS, Context, DeliveryState, Side, Told
from storage.subscribers.target_health import WAITING
from storage.tables import alert_articles, alerts, articles, deliveries, delivery_alerts, mentions, suppressions
from storage.unit_of_work import Work

Key = tuple[int, str, int]
"""Subscription, sector, story."""

_FIELDS = (alerts.c.subscription_id, alerts.c.sector, alerts.c.story_id)
_TO_BE_SENT = (*WAITING, DeliveryState.LEASED.value)
_WAITS = exists().where(
    delivery_alerts.c.alert_id == alerts.c.id,
    deliveries.c.id == delivery_alerts.c.delivery_id,
    deliveries.c.state.in_(_TO_BE_SENT),
)
_IN_WORDS = or_(alerts.c.closed_at.is_(None), alert_articles.c.decided_at <= alerts.c.closed_at)


def told_of(work: Work, story_id: int, *, in_full: bool) -> dict[tuple[int, str], Told]:
    """By (subscription, sector), what was told of a story; without `in_full` only that it was, and when.

    With `in_full`, nobody puts an alert of the story into words before this unit of work ends: what joins one that
    waits is told with it.
    """
    of_story = alerts.c.story_id == story_id
    if in_full:
        waiting = select(alerts.c.id).where(of_story, alerts.c.closed_at.is_(None)).order_by(alerts.c.id)
        work.connection.execute(waiting.with_for_update(key_share=True))
    found = _told(work, of_story)
    if in_full:
        found = _in_full(work, found, of_story)
    return {(subscription, sector): told for (subscription, sector, _), told in found.items()}


def decided_on(work: Work, article_id: int) -> set[str]:
    """The sectors of an article that a decision is on record of, to tell or not to."""
    told = select(alerts.c.sector).join_from(alert_articles, alerts).where(alert_articles.c.article_id == article_id)
    kept_back = select(suppressions.c.sector).where(suppressions.c.article_id == article_id)
    return set(work.connection.execute(union(told, kept_back)).scalars())


def told_before(work: Work, subscription_id: int, *, before: datetime, first: int) -> dict[tuple[str, int], Told]:
    """By (sector, story), what a subscription was told by then of stories that have articles from number `first` on."""
    goes_on = select(articles.c.id).where(articles.c.story_id == alerts.c.story_id, articles.c.id >= first)
    mine = (alerts.c.subscription_id == subscription_id) & goes_on.exists()
    opened = mine & (alerts.c.opened_at < before)
    by_then = opened & (alert_articles.c.decided_at < before)
    found = _in_full(work, _told(work, opened), by_then)
    return {(sector, story): told for (_, sector, story), told in found.items()}


def told_until(work: Work, alert_id: int) -> tuple[Told, Told]:
    """What was told of an alert's story before it, and with it."""
    row = work.connection.execute(select(*_FIELDS, alerts.c.window).where(alerts.c.id == alert_id)).one()
    *values, window = row
    key = _key(values)
    of_story = and_(*(field == value for field, value in zip(_FIELDS, key, strict=True)))
    before, after = (
        _in_full(work, {key: Told()}, of_story & (alerts.c.window <= last))[key] for last in (window - 1, window)
    )
    return before, after


def _told(work: Work, which: ColumnElement[bool]) -> dict[Key, Told]:
    last: dict[Key, Told] = {}
    columns = (*_FIELDS, alerts.c.window, alerts.c.closed_at, alerts.c.flush_at, _WAITS.label("waits"))
    for *key, window, closed_at, flush_at, waits in work.connection.execute(
        select(*columns).where(which).order_by(alerts.c.window)
    ):
        # What was dropped unsent, as in a storm, is not waited for.
        over = closed_at or (None if waits else flush_at)
        last[_key(key)] = Told(window=window, closed_at=over)
    return last


def _in_full(work: Work, last: dict[Key, Told], which: ColumnElement[bool]) -> dict[Key, Told]:
    if not last:
        return last
    sides: dict[Key, set[Side]] = defaultdict(set)
    places: dict[Key, set[str]] = defaultdict(set)
    publishers: dict[Key, set[str]] = defaultdict(set)
    columns = (*_FIELDS, articles.c.side, articles.c.publisher, alert_articles.c.places, _IN_WORDS)
    joined = select(*columns).join_from(alert_articles, alerts).join(articles)
    for *key, side, publisher, named, in_words in work.connection.execute(joined.where(which)):
        publishers[_key(key)].add(publisher)
        places[_key(key)].update(named or ())
        if in_words:
            sides[_key(key)].add(Side(side))
    # Of what an earlier release told, the texts say it as they are now. The sum keeps SQLite from reading all mentions
    # of the sector by its index.
    of_sector = and_(
        alert_articles.c.places.is_(None),
        mentions.c.article_id == alert_articles.c.article_id,
        mentions.c.sector + "" == alerts.c.sector,
        mentions.c.context == Context.FRONT.value,
        mentions.c.kind.in_(SETTLEMENTS),
    )
    unrecorded = select(*_FIELDS, mentions.c.place).join_from(alert_articles, alerts).join(mentions, of_sector)
    for *key, place in work.connection.execute(unrecorded.where(which, _IN_WORDS).distinct()):
        places[_key(key)].add(place)
    return {
        key: Told(
            window=told.window,
            closed_at=told.closed_at,
            sides=frozenset(sides[key]),
            places=frozenset(places[key]),
            publishers=frozenset(publishers[key] - {""}),
        )
        for key, told in last.items()
    }


def _key(values: list[object]) -> Key:
    subscription, sector, story = values
    return int(str(subscription)), str(sector), int(str(story))
