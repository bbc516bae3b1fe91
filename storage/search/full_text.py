"""Full-text search over normalised text, the same on both databases.

What is searched is what `index` has stored. A query comes as words and phrases (`SearchQuery`), never as the
operators of FTS5 or tsquery.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    Text,
    and_,
    cast,
    column,
    except_,
    func,
    intersect,
    literal,
    literal_column,
    or_,
    select,
    table,
    union,
    union_all,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from sectorwatch.domain import SearchQuery, SearchTerm
from storage.search.sources import Sources, sources_named
from storage.tables import articles, mentions
from storage.unit_of_work import Work

_SQLITE = table("article_search", column("rowid"))
_POSTGRESQL = table("article_search", column("article_id"), column("document"))
_NARROW = {name: column(name, articles.c[name].type) for name in ("id", "published_at", "first_seen_at")}
_IN_ORDER = sql("articles INDEXED BY ix_articles_in_order")  # SQLite would rather read the rows, which are wide
_LAST = 8_000  # articles: as many as most searches have to look through
_MOST = 100_000  # and as many more at most, by what those had
_LAST_AT_ONCE = 64_000  # of SQLite, for a name in hundreds of forms, each of which it looks up each time
_FEW = 400  # forms of words that each is looked through for
_SOME = 50  # forms of a word that are asked for as they are
_LATE = 500  # articles that are looked at each by itself
_MUCH = 20_000  # articles of a source, that mostly has what is looked for among its last
_STATISTICS = table("pg_stats", *map(column, ("schemaname", "tablename", "attname", "most_common_elems")))
_FREQUENT = select(func.unnest(cast(cast(_STATISTICS.c.most_common_elems, Text), ARRAY(Text)))).where(
    _STATISTICS.c.schemaname == func.current_schema(),
    _STATISTICS.c.tablename == _POSTGRESQL.name,
    _STATISTICS.c.attname == "document",
)
Its = Mapping[str, ColumnElement[Any]] | ReadOnlyColumnCollection[str, Any]
_DATED = func.coalesce(articles.c.published_at, articles.c.first_seen_at)


@dataclass(frozen=True, kw_only=True)
class Match:
    """An article that has all of a query, as far as putting it in order needs."""

    id: int
    title: str
    dated: datetime  # when it was published, or first seen where that is not known


def latest(work: Work, query: SearchQuery, *, limit: int) -> list[Match]:
    """The articles that have all of the query, the last stored first."""
    sources, chosen = sources_named(work, query.sources), list[int]()
    marked = _marked(work, query, sources)
    if work.postgresql:
        # It takes each of a name's hundreds of forms for one that many articles have, and would rather read them all.
        work.connection.execute(sql("SET LOCAL enable_seqscan = off"))
        query = replace(query, terms=tuple(_that_there_are(work, term) for term in query.terms))
    for among in _stretches(work, query, chosen, limit=limit, at_once=marked is not None):
        ids = _all_of(work, _parts(work, query, sources, marked, among))
        chosen += work.connection.execute(ids.limit(limit - len(chosen))).scalars().all()
        if len(chosen) == limit:
            break
    rows = select(articles.c.id, articles.c.title, _DATED.label("dated")).where(work.among(articles.c.id, chosen))
    found = work.connection.execute(rows.order_by(articles.c.id.desc()))
    return [Match(id=number, title=title, dated=dated) for number, title, dated in found.all()]


def _that_there_are(work: Work, term: SearchTerm) -> SearchTerm:
    """A term in the forms that articles have: PostgreSQL weighs all that it is given for each article that has one.

    The words that very many have are in its statistics: to see that one is there takes it long, as it gathers all who
    have it first. One that is there no more finds nothing.
    """
    if len(term.phrases) <= _SOME:
        return term
    given = {_phrase(phrase): phrase for phrase in term.phrases}
    form = func.unnest(func.string_to_array(",".join(given), ",")).column_valued("form")
    has_it = select(_POSTGRESQL.c.article_id).where(_POSTGRESQL.c.document.op("@@")(cast(form, TSQUERY)))
    frequent = func.btrim(form, "'").in_(_FREQUENT)
    found = work.connection.execute(select(form).where(or_(frequent, has_it.exists()))).scalars().all()
    return replace(term, phrases=tuple(sorted(given[one] for one in found)) or term.phrases[:1])


def _all_of(work: Work, parts: Sequence[Select[tuple[int]]]) -> Select[tuple[int]] | CompoundSelect[tuple[int]]:
    """The ids that are in each of these sets, the highest first."""
    first, *others = parts
    ids = first.subquery().c.id
    if work.postgresql:  # the sum keeps it from going through all articles from the last one on
        return select(ids).where(*(ids.in_(other) for other in others)).order_by((ids + 0).desc())
    # SQLite goes through all of them side by side, each in its order, for as long as it has to: to look for each number
    # of one in the next takes three times as long.
    return intersect(*parts).order_by(sql("1 DESC")) if others else select(ids).order_by(ids.desc())


@dataclass(frozen=True, kw_only=True)
class _Stretch:
    """Some of the articles by their numbers: those above one, those up to one, or just these."""

    above: int = 0
    to: int | None = None
    just: Sequence[int] = ()
    in_order: bool = True  # by an index of numbers, where there is one

    @property
    def short(self) -> bool:
        """Whether each of them can be looked at."""
        return self.to is None or self.above > 0

    def has(self, number: ColumnElement[int]) -> ColumnElement[bool]:
        if self.just:
            return number.in_(self.just)
        above = number > self.above
        if self.to is None:
            return above
        up_to = (number if self.in_order else number + 0) <= self.to
        return above & up_to if self.above else up_to


def _stretches(
    work: Work, query: SearchQuery, chosen: Sequence[int], *, limit: int, at_once: bool
) -> Iterator[_Stretch]:
    """What is looked through one after the other, by how many were `chosen` of those before.

    Mostly the last articles have enough that match, or they tell how many more are likely to; PostgreSQL reads each of
    them, and the sets that SQLite has to make of them are small. For all others the index of words is read, which takes
    PostgreSQL long for a word that many have, as hundreds of forms of a name take it for each article.

    The last ones of a time that is over are those seen before its end, and before them the few that were seen later.
    `at_once` are all of them where no time is named.
    """
    if at_once and query.since is None and query.until is None:
        yield _Stretch()
        return
    last = _LAST
    if sum(len(term.phrases) for term in query.terms) > _FEW:
        last = 0 if work.postgresql else _LAST_AT_ONCE
    newest = work.connection.execute(select(func.max(articles.c.id))).scalar() or 0
    late, top = _seen_late(work, query, newest)
    if late:
        yield _Stretch(just=late)
    to, before = None if top == newest else top, len(chosen)
    if last and top > last:
        yield _Stretch(above=top - last, to=to)
        to, found = top - last, len(chosen) - before
        more = (limit - len(chosen)) * last // found * 5 // 4 if found else top
        if more <= _MOST:
            yield _Stretch(above=to - more, to=to)
            to -= more
    if to is None or to > 0:
        yield _Stretch(to=to, in_order=to is None or not work.postgresql)


def _seen_late(work: Work, query: SearchQuery, newest: int) -> tuple[Sequence[int], int]:
    """The articles of the time of a query that have higher numbers than the last one seen in it, and its number.

    None, and the newest of all, where there are many: then all are looked through.
    """
    if query.until is None:
        return (), newest
    seen = select(articles.c.id).where(articles.c.first_seen_at < query.until)
    top = work.connection.execute(seen.order_by(articles.c.first_seen_at.desc()).limit(1)).scalar() or 0
    after = _Stretch(above=top)
    by_number = newest - top < top  # or by their dates: whatever are fewer
    wanted = _dated_in_order(work, query, after) if by_number else _by_dates(query, after)
    late = work.connection.execute(wanted.limit(_LATE + 1)).scalars().all()
    return (late, top) if len(late) <= _LATE else ((), newest)


@dataclass(frozen=True, kw_only=True)
class _Marked:
    """How the articles of the wanted sources are known in the index of words."""

    by: Sequence[str]
    without: Sequence[int]  # a few of them that have no mark


def _marked(work: Work, query: SearchQuery, sources: Sources) -> _Marked | None:
    """None where nothing is gained by it: of sources that have much, or of articles without marks."""
    if work.postgresql or not sources.marks or not any(term.phrases for term in query.terms):
        return None
    all_of_them = _of(sources, _Stretch())
    if len(work.connection.execute(all_of_them.offset(_MUCH).limit(1)).all()):
        return None
    unmarked = except_(all_of_them, _matching(_any_of(sources.marks), _Stretch())).limit(_LATE + 1)
    without = work.connection.execute(unmarked).scalars().all()
    return _Marked(by=sources.marks, without=without) if len(without) <= _LATE else None


def _parts(
    work: Work, query: SearchQuery, sources: Sources, marked: _Marked | None, among: _Stretch
) -> list[Select[tuple[int]]]:
    """What has each part of a query; each is answered by an index alone."""
    plain = [term for term in query.terms if not term.mentions]
    named = sorted((term for term in query.terms if term.mentions), key=lambda term: len(term.phrases))
    parts = [_having(work, term, among, marked) for term in named]
    if plain and work.postgresql and among.short and named and not named[0].phrases:
        parts[0] = _of_those(parts[0], plain)
    elif plain:
        parts.insert(0, _by_words(work, plain, among, marked))
    id_, dated = articles.c.id, query.since is not None or query.until is not None
    if work.postgresql:
        wanted = [or_(*sources.either)] if sources.either else []
        wanted += [articles.c.language.in_(query.languages)] if query.languages else []
        wanted += [_dated_between(query.since, query.until, articles.c)] if dated else []
        return [*parts, select(id_).where(*wanted, among.has(id_))] if wanted else parts
    if sources.either:
        parts.append(_of(sources, among))
    if query.languages:
        parts.append(select(id_).where(articles.c.language.in_(query.languages), among.has(id_)))
    if dated:
        parts.append(_dated_in_order(work, query, among) if among.short else _by_dates(query, among))
    return parts


def _of(sources: Sources, among: _Stretch) -> Select[tuple[int]]:
    """The articles of the wanted sources."""
    id_ = articles.c.id
    return select(union(*(select(id_).where(one, among.has(id_)) for one in sources.either)).subquery().c.id)


def _dated_in_order(work: Work, query: SearchQuery, among: _Stretch) -> Select[tuple[int]]:
    """Those of the time of a query, by their numbers."""
    between = _dated_between(query.since, query.until, _NARROW)
    in_order = articles if work.postgresql else _IN_ORDER
    return select(_NARROW["id"]).select_from(in_order).where(between, among.has(_NARROW["id"]))


def _by_dates(query: SearchQuery, among: _Stretch) -> Select[tuple[int]]:
    """The same by their dates: the sums keep a database from reading the rows in the order of their numbers."""
    ranges = _ranges(query.since, query.until, articles.c)
    either = union_all(*(select(articles.c.id).where(one, among.has(articles.c.id + 0)) for one in ranges))
    return select((either.subquery().c.id + 0).label("id"))


def _dated_between(since: datetime | None, until: datetime | None, its: Its) -> ColumnElement[bool]:
    return or_(*_ranges(since, until, its))


def _ranges(
    since: datetime | None, until: datetime | None, its: Its
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """What `_DATED` says, in two ranges of the index: of a date worked out for each row there is none."""

    def within(moment: ColumnElement[Any]) -> ColumnElement[bool]:
        bounds = [moment.is_not(None)] if since is None else [moment >= since]
        return and_(*bounds, *([] if until is None else [moment < until]))

    return within(its["published_at"]), its["published_at"].is_(None) & within(its["first_seen_at"])


@dataclass(frozen=True, kw_only=True)
class Found:
    """The best mention that an article has of what was looked for."""

    sentence: str
    start: int  # code points in the sentence
    end: int


def best_mentions(work: Work, terms: Sequence[SearchTerm], ids: Collection[int]) -> dict[int, Found]:
    """For those of the articles that have one."""
    pairs = [pair for term in terms for pair in term.mentions]
    if not pairs or not ids:
        return {}
    columns = [mentions.c[name] for name in ("article_id", "sentence", "sentence_start", "start", "end")]
    wanted = select(*columns).where(work.among(mentions.c.article_id, ids), _mentioned(pairs))
    best: dict[int, Found] = {}
    for article, sentence, first, start, end in work.connection.execute(
        wanted.order_by(mentions.c.article_id, mentions.c.score.desc(), mentions.c.id)
    ):
        best.setdefault(article, Found(sentence=sentence, start=start - first, end=end - first))
    return best


def _having(work: Work, term: SearchTerm, among: _Stretch, marked: _Marked | None) -> Select[tuple[int]]:
    """The ids of the articles that have one term, in their words or as a mention."""
    found = select(mentions.c.article_id.label("id")).where(_mentioned(term.mentions), among.has(mentions.c.article_id))
    if not term.phrases:
        return found.distinct()
    return select(union(_by_words(work, [term], among, marked), found).subquery().c.id)


def _mentioned(pairs: Iterable[tuple[str, str]]) -> ColumnElement[bool]:
    """Whether a mention is of one of these sectors and places."""
    by_sector: dict[str, set[str]] = {}
    for sector, place in pairs:
        by_sector.setdefault(sector, set()).add(place)
    either = []
    for sector, places in sorted(by_sector.items()):
        of_sector = mentions.c.sector == sector
        either.append(of_sector if "" in places else of_sector & mentions.c.place.in_(places))
    return or_(*either)


def _of_those(those: Select[tuple[int]], terms: Sequence[SearchTerm]) -> Select[tuple[int]]:
    """Those of few articles whose words have all of the terms.

    The offset makes PostgreSQL look at each: it would rather read all articles of a stretch, a hundred times as many.
    """
    ids = those.subquery().c.id
    its_words = select(_POSTGRESQL.c.article_id).where(_POSTGRESQL.c.article_id == ids, _holds(terms)).offset(0)
    return select(ids).where(its_words.exists())


def _holds(terms: Sequence[SearchTerm]) -> ColumnElement[bool]:
    match = " & ".join(f"({' | '.join(_phrase(one, term.prefix) for one in term.phrases)})" for term in terms)
    return _POSTGRESQL.c.document.op("@@")(cast(literal(match), TSQUERY))


def _by_words(work: Work, terms: Sequence[SearchTerm], among: _Stretch, marked: _Marked | None) -> Select[tuple[int]]:
    """The ids of the articles whose words have all of the terms."""
    if work.postgresql:
        return select(_POSTGRESQL.c.article_id.label("id")).where(_holds(terms), among.has(_POSTGRESQL.c.article_id))
    match = " AND ".join(f"({' OR '.join(_sqlite_phrase(one, term.prefix) for one in term.phrases)})" for term in terms)
    if marked is None:
        return _matching(match, among)
    of_sources = _matching(f"{match} AND ({_any_of(marked.by)})", among)
    if not marked.without:
        return of_sources
    return select(union(of_sources, _matching(match, _Stretch(just=marked.without))).subquery().c.id)


def _matching(match: str, among: _Stretch) -> Select[tuple[int]]:
    """By an expression in the language of FTS5."""
    matches = literal_column("article_search").op("MATCH")(match)
    return select(_SQLITE.c.rowid.label("id")).where(matches, among.has(_SQLITE.c.rowid))


def _any_of(marks: Sequence[str]) -> str:
    return " OR ".join(f'"{mark}"' for mark in marks)


def _phrase(words: Sequence[str], prefix: bool = False) -> str:
    """Words in the language of PostgreSQL. They are letters and digits alone: nothing in them is an operator."""
    return " <-> ".join(f"'{word}'{':*' * prefix}" for word in words)


def _sqlite_phrase(words: Sequence[str], prefix: bool) -> str:
    return " + ".join(f'"{word}"{" *" * prefix}' for word in words)
