"""What was read, in the order in which it was filed: to decide on it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from sectorwatch.domain import Context, Mention, Side, Zone
from storage.tables import articles, feeds, mentions, revisions
from storage.unit_of_work import Work

_BATCH = 500  # articles in one statement
_ZONES = {zone.value: zone for zone in Zone}
_CONTEXTS = {context.value: context for context in Context}


@dataclass(frozen=True, kw_only=True)
class PastArticle:
    """An article with what it names, as far as deciding whom to tell of it needs."""

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
    mentions: tuple[Mention, ...]


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
    named = select(mentions.c.article_id).where(mentions.c.article_id >= first).distinct()
    named = named.order_by(mentions.c.article_id.desc())
    if len(work.connection.execute(named.offset(most - 1).limit(2)).all()) < 2:
        return whole  # of that time are no more than there are with such numbers
    those = named.order_by(None).subquery()
    seen = select(articles.c.id, articles.c.first_seen_at).join(those, those.c.article_id == articles.c.id)
    newest = seen.where(_seen(since, until)).order_by(articles.c.id.desc())
    rows = work.connection.execute(newest.offset(most - 1).limit(2)).all()
    if len(rows) < 2:
        return whole
    return Stretch(first=rows[0].id, since=rows[0].first_seen_at, until=until, cut=True)


def past_articles(work: Work, wanted: Stretch) -> Iterator[PastArticle]:
    """Those of them that name something."""
    own = ("side", "rewritten", "filed_at", "mentions")
    names = [name for name in PastArticle.__dataclass_fields__ if name not in own]
    columns = (articles.c.read_at, feeds.c.baseline_at, articles.c.side, *(articles.c[name] for name in names))
    chosen = select(*columns).outerjoin_from(articles, feeds, feeds.c.id == articles.c.feed_id).order_by(articles.c.id)
    chosen = chosen.where(_seen(wanted.since, wanted.until))
    named = select(mentions.c.article_id).distinct().order_by(mentions.c.article_id).limit(_BATCH)
    first = wanted.first
    while ids := work.connection.execute(named.where(mentions.c.article_id >= first)).scalars().all():
        first = ids[-1] + 1
        rows = work.connection.execute(chosen.where(work.among(articles.c.id, ids))).all()
        found, edited = _mentions(work, ids), _edited(work, ids)
        for read_at, first_poll, side, *others in rows:
            values = dict(zip(names, others, strict=True))
            seen_at = values["first_seen_at"]
            yield PastArticle(
                **values,
                side=Side(side),
                rewritten=first_poll is not None and seen_at > first_poll,
                filed_at=seen_at if values["id"] in edited else read_at,
                mentions=tuple(found[values["id"]]),
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


def _mentions(work: Work, ids: Collection[int]) -> dict[int, list[Mention]]:
    found: dict[int, list[Mention]] = defaultdict(list)
    names = (
        *("article_id", "sector", "place", "kind", "surface", "start", "end"),
        *("zone", "sentence", "sentence_start", "context", "score"),  # reasons nobody needs to decide
    )
    wanted = select(*(mentions.c[name] for name in names)).where(work.among(mentions.c.article_id, ids))
    rows = work.connection.execute(wanted.order_by(mentions.c.id)).all()
    for article, sector, place, kind, surface, start, end, zone, sentence, sentence_start, context, score in rows:
        mention = Mention(
            sector=sector,
            place=place,
            kind=kind,
            surface=surface,
            start=start,
            end=end,
            zone=_ZONES[zone],
            sentence=sentence,
            sentence_start=sentence_start,
            context=_CONTEXTS[context],
            score=score,
            reasons=(),
        )
        found[article].append(mention)
    return found
