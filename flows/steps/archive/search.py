"""Looks for articles: a query in words, what has it, the best of the latest first, with the sentence that matches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from extractors.gazetteer import Gazetteer, gazetteer_of
from extractors.search.excerpts import Excerpt, Looked
from extractors.search.query import FILTERS, understand
from flows.steps.archive.language import language_meant
from sectorwatch.domain import SearchQuery
from sectorwatch.errors import ConfigurationError
from sectorwatch.nearest import meant
from storage import sectors as sector_store
from storage.search import full_text
from storage.search.sources import has_source
from storage.unit_of_work import Store, Work
from storage.views import queries
from storage.views.feeds import feed_outlines

RANKED = 500  # of the latest matches: what is older is found with until:, and no search costs more than this


@dataclass(frozen=True, kw_only=True)
class Hit:
    """An article that has all of a query."""

    id: int
    title: str
    url: str | None
    publisher: str
    language: str
    published_at: datetime | None
    first_seen_at: datetime
    story_id: int
    sentence: str  # with the most of the query; the beginning of the text where only the title has it
    matches: tuple[tuple[int, int], ...]  # code points in the sentence, [start, end)
    text: str


@dataclass(frozen=True, kw_only=True)
class Hits:
    """What was found."""

    query: SearchQuery
    hits: tuple[Hit, ...]
    matching: int  # how many articles were ranked
    more: bool  # there are older ones, which were not


def gazetteer_in_force(store: Store) -> Gazetteer:
    """The shipped sectors with the operator's own."""
    with store.read() as work:
        return gazetteer_of(sector_store.own_definitions(work))


def search_archive(
    store: Store, gazetteer: Gazetteer, query: str, now: datetime, *, limit: int, newest: bool = False, offset: int = 0
) -> Hits:
    """The best matches: those with more of the query in their title first, of these the latest; or just the latest.

    `offset` of them are passed over, for a page after the first.
    Raises ConfigurationError for a query that cannot be used, and for one that finds nothing and names a language, a
    source or an operator that there is not.
    """
    asked = understand(query, gazetteer, now)
    looked = Looked(asked.terms)
    ranked = max(RANKED, offset + limit)
    with store.read() as work:
        matches = full_text.latest(work, asked, limit=ranked + 1)
        if not matches:
            _check_names(work, asked)
        more, matches = len(matches) > ranked, matches[:ranked]
        in_title = {} if newest else {match.id: looked.terms_in(match.title) for match in matches}
        matches.sort(key=lambda match: (in_title.get(match.id, 0), match.dated, match.id), reverse=True)
        hits = _hits(work, asked, looked, [match.id for match in matches[offset : offset + limit]])
    return Hits(query=asked, hits=hits, matching=len(matches), more=more)


def _check_names(work: Work, asked: SearchQuery) -> None:
    """That what found nothing names languages, sources and operators that there are. Raises ConfigurationError."""
    for language in asked.languages:
        language_meant(work, language)
    for source in asked.sources:
        if not has_source(work, source):
            publishers = {row.publisher for row in feed_outlines(work) if row.publisher}
            raise ConfigurationError(f"there is no source {source!r}; {meant(source, publishers)}")
    for name in asked.no_operators:
        known = ", ".join(f"{one}:" for one in FILTERS)
        raise ConfigurationError(f"nothing was found, and there is no operator '{name}:'; known: {known}")


def _hits(work: Work, asked: SearchQuery, looked: Looked, ids: list[int]) -> tuple[Hit, ...]:
    named = full_text.best_mentions(work, asked.terms, ids)
    hits = []
    for row in queries.article_rows(work, ids):
        excerpt = looked.excerpt(row.text)
        if excerpt is None and row.id in named:
            found = named[row.id]
            excerpt = Excerpt(sentence=found.sentence, matches=((found.start, found.end),))
        if excerpt is None:
            excerpt = looked.beginning(row.text)
        hits.append(Hit(**vars(row), sentence=excerpt.sentence, matches=excerpt.matches))
    return tuple(hits)
