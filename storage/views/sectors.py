"""What the public pages show of sectors and stories. Each function answers one question in one or two statements.

All of it reads by the narrow rows of `article_sectors`, so that it takes the same time whatever the archive holds.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, and_, func, literal, select, tuple_

from sectorwatch.domain import Context, Side, Zone
from storage.tables import article_sectors as told
from storage.tables import articles, mentions, stories
from storage.unit_of_work import Work

DAY = timedelta(days=1)
_MOST_AT_ONCE = 2_000  # rows
_FRONT = told.c.context == Context.FRONT.value
_OTHERS = ("at", "score", "story_id", "title", "url", "publisher", "language", "articles", "sources")
_SEEN = (
    select(told.c.article_id, told.c.sector, articles.c.side, told.c.at, told.c.score)
    .add_columns(*(articles.c[name] for name in ("story_id", "title", "url", "publisher", "language")))
    .add_columns(stories.c.articles, stories.c.sources)
    .join_from(told, articles)
    .join(stories, stories.c.id == articles.c.story_id)
)


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Which articles of a sector are meant."""

    side: Side | None = None
    language: str | None = None
    publisher: str | None = None
    since: datetime | None = None  # when an article counts, see docs/columns.md
    until: datetime | None = None
    town: bool = False  # also those that name the place for its court, club, history and the like


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """An article of a sector, with the sentence that says most of it."""

    article_id: int
    story_id: int
    sector: str
    at: datetime
    score: float
    title: str
    url: str | None
    publisher: str
    side: Side
    language: str
    sentence: str
    start: int  # of the match, within the sentence
    end: int
    articles: int  # of the story
    sources: int


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A place, a form of a name, a language or a publisher, and how many articles have it."""

    name: str
    articles: int


def by_day(work: Work, sectors: Collection[str], *, now: datetime, days: int) -> dict[str, list[int]]:
    """Articles of each sector in each of the last `days` times 24 hours, the oldest first."""
    wanted = told.c.sector.in_(sectors) & _FRONT
    found = _daily(work, told.c.sector, wanted, now=now, days=days)
    return {sector: found.get(sector, [0] * days) for sector in sectors}


def by_side(work: Work, sector: str, chosen: Chosen, *, now: datetime, days: int) -> dict[Side, list[int]]:
    """The same of one sector, for each side that has any."""
    found = _daily(work, told.c.side, and_(*_conditions(chosen, sector)), now=now, days=days)
    return {side: found[side] for side in Side if side in found}


def _daily(
    work: Work, key: Column[str], wanted: ColumnElement[bool], *, now: datetime, days: int
) -> dict[str, list[int]]:
    starts = [now - number * DAY for number in range(days, 0, -1)]
    counted = [func.count().filter(told.c.at > start, told.c.at <= start + DAY) for start in starts]
    rows = select(key, *counted).where(wanted, told.c.at > starts[0], told.c.at <= now).group_by(key)
    return {name: list(counts) for name, *counts in work.connection.execute(rows)}


def latest(work: Work, sectors: Collection[str]) -> dict[str, Sighting]:
    """The newest article of each sector that has any."""
    found: list[Row[Any]] = []
    for sector in sectors:
        newest = _SEEN.where(told.c.sector == sector, _FRONT).order_by(told.c.at.desc(), told.c.article_id.desc())
        found += work.connection.execute(newest.limit(1)).all()
    return {one.sector: one for one in _sightings(work, found)}


def page(
    work: Work, chosen: Chosen, *, sector: str | None = None, before: tuple[datetime, int] | None = None, size: int
) -> list[Sighting]:
    """The stories of a sector, or of all, that with the newest article first: each by its newest article that is meant.

    `before`: the (at, article_id) of the last one on the page before. The rows are read from there on until there are
    enough stories: whether each has a newer one in its story would take, in a story of thousands, thousands of looks.
    """
    found: dict[int, Row[Any]] = {}  # by story
    shown, reached, times = set[int](), before, 1
    rows = _SEEN.where(*_conditions(chosen, sector))
    rows = rows.order_by(told.c.at.desc(), told.c.article_id.desc(), told.c.sector.desc())
    while len(found) < size:
        missing = size - len(found)
        limit = min(times * (missing + min(missing // 2, 100)), _MOST_AT_ONCE)
        later = rows if reached is None else rows.where(_below(reached))
        batch = work.connection.execute(later.limit(limit)).all()
        if before is not None:
            shown |= _shown_before(work, {row.story_id for row in batch} - found.keys() - shown, chosen, sector, before)
        for row in batch:
            if row.story_id not in shown:
                found.setdefault(row.story_id, row)
        if len(batch) < limit:
            break
        reached, times = (batch[-1].at, batch[-1].article_id), 2 * times
    return _sightings(work, list(found.values())[:size])


def _shown_before(
    work: Work, ids: Collection[int], chosen: Chosen, sector: str | None, before: tuple[datetime, int]
) -> set[int]:
    """Those of the stories that are on an earlier page."""
    of_these = work.among(articles.c.story_id, ids)
    theirs = select(articles.c.id).where(of_these)  # or SQLite reads all that the sector has
    newer = select(articles.c.story_id).join_from(told, articles).where(told.c.article_id.in_(theirs))
    newer = newer.where(~_below(before), *_conditions(chosen, sector))
    return set(work.connection.execute(newer.distinct()).scalars())


def _below(place: tuple[datetime, int]) -> ColumnElement[bool]:
    last = (literal(place[0], told.c.at.type), literal(place[1]))
    return tuple_(told.c.at, told.c.article_id) < tuple_(*last)


def _sightings(work: Work, rows: Sequence[Row[Any]]) -> list[Sighting]:
    """These rows of `_SEEN` in their order; those whose mentions are gone meanwhile are left out."""
    said = _sentences(work, {row.article_id for row in rows})
    seen: list[Sighting] = []
    for article, sector, side, *others in rows:
        if (article, sector) in said:
            sentence, start, end = said[article, sector]
            facts = dict(zip(_OTHERS, others, strict=True)) | {"sentence": sentence, "start": start, "end": end}
            seen.append(Sighting(article_id=article, sector=sector, side=Side(side), **facts))
    return seen


def _sentences(work: Work, ids: Collection[int]) -> dict[tuple[int, str], tuple[str, int, int]]:
    """Of each (article, sector): the sentence of its best mention, and where in it the match is.

    One of the text says more than the headline, which is shown anyway.
    """
    key = (mentions.c.article_id, mentions.c.sector)
    best = (
        mentions.c.context != Context.FRONT.value,
        mentions.c.zone == Zone.TITLE.value,
        mentions.c.score.desc(),
        mentions.c.id,
    )
    columns = (
        mentions.c.sentence,
        (mentions.c.start - mentions.c.sentence_start).label("start"),
        (mentions.c.end - mentions.c.sentence_start).label("end"),
    )
    rank = func.row_number().over(partition_by=key, order_by=best).label("rank")
    ranked = select(*key, *columns, rank).where(work.among(mentions.c.article_id, ids)).subquery()
    rows = work.connection.execute(select(ranked).where(ranked.c.rank == 1)).all()
    return {(article, sector): (sentence, start, end) for article, sector, sentence, start, end, _ in rows}


def languages(work: Work, sector: str, *, since: datetime) -> list[Counted]:
    """The languages that articles of a sector have since then, that of most first."""
    number = func.count()
    wanted = select(told.c.language, number).where(told.c.sector == sector, told.c.at >= since, told.c.language != "")
    rows = wanted.group_by(told.c.language).order_by(number.desc(), told.c.language)
    return [Counted(name=name, articles=count) for name, count in work.connection.execute(rows)]


def publishers(work: Work, sector: str, *, since: datetime, limit: int) -> list[Counted]:
    """The publishers that most articles of a sector come from since then."""
    number = func.count()
    wanted = select(told.c.publisher, number)
    wanted = wanted.where(told.c.sector == sector, told.c.at >= since, told.c.publisher != "")
    rows = wanted.group_by(told.c.publisher).order_by(number.desc(), told.c.publisher).limit(limit)
    return [Counted(name=name, articles=count) for name, count in work.connection.execute(rows)]


def named_most(work: Work, sector: str, *, since: datetime, limit: int) -> list[Counted]:
    """The places of a sector that most articles name since then, its own name among them."""
    return _most(work, mentions.c.place, sector, since, limit)


def written_most(work: Work, sector: str, *, since: datetime, limit: int) -> list[Counted]:
    """The forms of its names that most articles have."""
    return _most(work, mentions.c.surface, sector, since, limit)


def _most(work: Work, what: Column[str], sector: str, since: datetime, limit: int) -> list[Counted]:
    number = func.count(mentions.c.article_id.distinct())
    wanted = select(what, number).where(mentions.c.sector == sector, mentions.c.found_at >= since)
    rows = work.connection.execute(wanted.group_by(what).order_by(number.desc(), what).limit(limit))
    return [Counted(name=name, articles=count) for name, count in rows]


def _conditions(chosen: Chosen, sector: str | None) -> list[ColumnElement[bool]]:
    """What `chosen` asks of a row."""
    found = told.c
    conditions: list[ColumnElement[bool]] = [] if chosen.town else [found.context == Context.FRONT.value]
    if sector is not None:
        conditions.append(found.sector == sector)
    if chosen.side is not None:
        conditions.append(found.side == chosen.side.value)
    if chosen.language is not None:
        conditions.append(found.language == chosen.language)
    if chosen.publisher is not None:
        conditions.append(found.publisher == chosen.publisher)
    if chosen.since is not None:
        conditions.append(found.at >= chosen.since)
    if chosen.until is not None:
        conditions.append(found.at < chosen.until)
    return conditions
