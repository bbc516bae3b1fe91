"""What was read, in the order in which it was filed: to decide on it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from sectorwatch.domain import SETTLEMENTS, Context, Naming, Salience, SectorScore, Side, Zone
from storage.tables import article_sectors, articles, feeds, mentions, revisions
from storage.unit_of_work import Work

_BATCH = 2_000  # articles in one statement: as many as a page looks at
_ZONES = {zone.value: zone for zone in Zone}
_CONTEXTS = {context.value: context for context in Context}
_SALIENCES = {salience.value: salience for salience in Salience}
_SIDES = {side.value: side for side in Side}
_COLUMNS = (
    *(articles.c[name] for name in ("id", "story_id", "feed_id", "title", "url", "language", "publisher", "side")),
    *(articles.c[name] for name in ("published_at", "first_seen_at", "baseline", "read_at")),
    feeds.c.baseline_at,
)


@dataclass(frozen=True, kw_only=True)
class PastArticle:
    """An article with the sectors that it names, as far as deciding whom to tell of it needs."""

    id: int
    story_id: int
    feed_id: int | None
    title: str
    url: str | None
    language: str
    publisher: str
    side: Side
    published_at: datetime | None
    first_seen_at: datetime
    baseline: bool
    rewritten: bool  # of a baseline: not the first poll of its feed, but a rewrite
    filed_at: datetime  # of one that was edited since, when it was first seen
    sectors: tuple[SectorScore, ...]  # that it names
    namings: tuple[Naming, ...]  # of the places that were asked for


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """From which of the articles of a time on they are looked at."""

    first: int  # number of an article
    since: datetime  # when that was first seen; where none is left out, the beginning of the time
    until: datetime
    cut: bool  # whether there are older ones of that time


def stretch(work: Work, *, since: datetime, until: datetime, most: int | None = None) -> Stretch | None:
    """The articles first seen from `since` to before `until`, the newest `most` that name something; None: no one."""
    first = _first(work, since, until)
    if first is None:
        return None
    whole = Stretch(first=first, since=since, until=until, cut=False)
    if most is None:
        return whole
    named = select(article_sectors.c.article_id).where(article_sectors.c.article_id >= first).distinct()
    named = named.order_by(article_sectors.c.article_id.desc())
    if len(work.connection.execute(named.offset(most - 1).limit(2)).all()) < 2:
        return whole  # of that time are no more than there are with such numbers
    those = named.order_by(None).subquery()
    seen = select(articles.c.id, articles.c.first_seen_at).join(those, those.c.article_id == articles.c.id)
    newest = seen.where(_seen(since, until)).order_by(articles.c.id.desc())
    rows = work.connection.execute(newest.offset(most - 1).limit(2)).all()
    if len(rows) < 2:
        return whole
    return Stretch(first=rows[0].id, since=rows[0].first_seen_at, until=until, cut=True)


def past_articles(
    work: Work, wanted: Stretch, *, places: Collection[str] = (), settlements: bool = False
) -> Iterator[PastArticle]:
    """Those of them that name something, with how they name these `places`, and `settlements` for the front."""
    named = select(article_sectors.c.article_id).distinct().order_by(article_sectors.c.article_id).limit(_BATCH)
    chosen = select(*_COLUMNS).outerjoin_from(articles, feeds, feeds.c.id == articles.c.feed_id)
    chosen = chosen.where(_seen(wanted.since, wanted.until)).order_by(articles.c.id)
    first = wanted.first
    while ids := work.connection.execute(named.where(article_sectors.c.article_id >= first)).scalars().all():
        first = ids[-1] + 1
        rows = work.connection.execute(chosen.where(work.among(articles.c.id, ids))).all()
        spoken, edited = _sectors(work, ids), _edited(work, ids)
        found = _namings(work, ids, places, settlements) if places or settlements else {}
        for number, story, feed, title, url, language, publisher, side, published, seen, baseline, read, polled in rows:
            yield PastArticle(
                id=number,
                story_id=story,
                feed_id=feed,
                title=title,
                url=url,
                language=language,
                publisher=publisher,
                side=_SIDES[side],
                published_at=published,
                first_seen_at=seen,
                baseline=baseline,
                rewritten=polled is not None and seen > polled,
                filed_at=seen if number in edited else read,
                sectors=tuple(spoken[number]),
                namings=tuple(found.get(number, ())),
            )


def _seen(since: datetime, until: datetime) -> ColumnElement[bool]:
    return (articles.c.first_seen_at >= since) & (articles.c.first_seen_at < until)


def _first(work: Work, since: datetime, until: datetime) -> int | None:
    """The lowest number of the time: numbers grow with it, and those before are not looked at."""
    # The sum keeps PostgreSQL from looking for the smallest number from the first article on.
    return work.connection.execute(select(func.min(articles.c.id + 0)).where(_seen(since, until))).scalar()


def _edited(work: Work, ids: Collection[int]) -> set[int]:
    wanted = select(revisions.c.article_id).where(work.among(revisions.c.article_id, ids))
    return set(work.connection.execute(wanted).scalars())


def _sectors(work: Work, ids: Collection[int]) -> dict[int, list[SectorScore]]:
    """What each article says of each sector."""
    its = article_sectors.c
    wanted = select(its.article_id, its.sector, its.score, its.salience, its.context, its.count)
    found: dict[int, list[SectorScore]] = defaultdict(list)
    for article, sector, score, salience, context, count in work.connection.execute(
        wanted.where(work.among(its.article_id, ids))
    ).all():
        said = SectorScore(
            sector=sector, score=score, salience=_SALIENCES[salience], context=_CONTEXTS[context], count=count
        )
        found[article].append(said)
    return found


def _namings(work: Work, ids: Collection[int], places: Collection[str], settlements: bool) -> dict[int, list[Naming]]:
    """By article, in the order in which it names them."""
    its = mentions.c
    of_front = its.kind.in_(SETTLEMENTS) & (its.context == Context.FRONT.value)
    asked = or_(its.place.in_(places), of_front) if settlements else its.place.in_(places)
    wanted = select(its.article_id, its.sector, its.place, its.kind, its.zone, its.context, its.score)
    rows = work.connection.execute(wanted.where(work.among(its.article_id, ids), asked).order_by(its.id)).all()
    found: dict[int, list[Naming]] = defaultdict(list)
    for article, sector, place, kind, zone, context, score in rows:
        found[article].append(Naming(sector, place, kind, _ZONES[zone], _CONTEXTS[context], score))
    return found
