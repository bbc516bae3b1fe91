"""What is asked of the store again and again, each through the function that asks it: one list, for times and plans."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, event

from benchmarks.year_store import SECTORS, Year
from flows.steps.reading.known import Marks, known_of
from sectorwatch.domain import Fingerprint, SearchQuery, SearchTerm
from storage.alerting import outbox, storms, told
from storage.intake import entries, feeds
from storage.reading import articles, gists, history
from storage.running import cycles, journal, levels, notices, overview, watching
from storage.search import full_text
from storage.secrets import Vault
from storage.unit_of_work import Work
from storage.upkeep import past, retention
from storage.upkeep.past import Ages
from storage.views import feeds as feed_views
from storage.views import queries
from storage.views import sectors as sector_views
from storage.views.sectors import Chosen
from storage.views.stories import story_view

WAR = SearchTerm(given="війна", phrases=(("війна",),))
FORMS = SearchTerm(given="x", phrases=(*WAR.phrases, *((f"form{number}",) for number in range(700))))
LEASE = timedelta(seconds=45)
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Hot:
    """One of them. What it writes is undone."""

    name: str
    ask: Callable[[Work, Year], object]
    writes: bool = False


def _known(work: Work, year: Year) -> object:
    numbers = range(year.articles - 50 * 500 + 7, year.articles, 500) if year.articles > 25_500 else range(7, 57)
    urls = [f"https://news{number % 500}.example.org/{number}" for number in numbers]
    return entries.known(work, 8, guids=[f"guid-{number}" for number in numbers], canonical_urls=urls)


def _alike(work: Work, _: Year) -> object:
    keys = [f"{number:032x}" for number in range(50)]
    return entries.alike(work, 8, title_day_keys=keys, content_keys=keys)


def _lookalikes(work: Work, year: Year) -> object:
    bands = tuple(number * 7919 for number in range(16))
    fingerprint = Fingerprint(content_hash="0" * 32, sketch=(), bands=bands)
    return articles.lookalikes(work, fingerprint, since=year.now - 7 * DAY)


def _claim_feeds(work: Work, year: Year) -> object:
    turns = feeds.next_batches(work, now=year.now, size=100, batches=8)
    return feeds.claim_due(work, now=year.now, limit=100, lease=LEASE, among=turns[0])


def _search(*terms: SearchTerm, **filters: str | timedelta) -> Callable[[Work, Year], object]:
    def ask(work: Work, year: Year) -> object:
        given: dict[str, Any] = {
            key: year.now - value if isinstance(value, timedelta) else (value,) for key, value in filters.items()
        }
        return full_text.latest(work, SearchQuery(terms=terms, **given), limit=500)

    return ask


def _journal(work: Work, year: Year) -> object:
    subjects = (
        journal.POLLS,
        journal.ARTICLES,
        journal.MENTIONS,
        journal.ALERTS,
        journal.SUPPRESSIONS,
        journal.ATTEMPTS,
    )
    ends = [(one, journal.newest(work, one)) for one in subjects]
    found = [journal.rows_after(work, one, max(0, end - 100), now=year.now) for one, end in ends]
    return [*found, journal.cycles_after(work, year.now - timedelta(minutes=10), now=year.now)]


def _status(work: Work, year: Year) -> object:
    return (
        queries.totals(work),
        feeds.counts_by_state(work),
        overview.queue(work, now=year.now),
        overview.waiting(work),
        watching.dead_since(work, year.now - DAY),
        notices.current(work),
        cycles.last_finished(work),
        overview.refusals(work, since=year.now - 7 * DAY),
    )


def _stretch(work: Work, year: Year) -> object:
    ages = Ages(before=year.now - 30 * DAY, mentioning_before=None)
    return past.stretch(work, ages, after=None, now=year.now, limit=100)


def _let_go(work: Work, year: Year) -> object:
    ages = Ages(before=year.now - 30 * DAY, mentioning_before=None)
    old = past.stretch(work, ages, after=None, now=year.now, limit=100).old
    return past.let_go(work, old)


def _previewed(*, settlements: bool) -> Callable[[Work, Year], object]:
    def ask(work: Work, year: Year) -> object:
        since, until = year.now - 3 * DAY, year.now
        stretch = history.stretch(work, since=since, until=until, most=2_000)
        assert stretch is not None
        before = told.told_before(work, 1, before=stretch.since, first=stretch.first)
        return before, list(history.past_articles(work, stretch, settlements=settlements))

    return ask


def _feeds(work: Work, _: Year) -> object:
    """As the operators' page has them; `feeds list` reads all of them in full, but is no question of every minute."""
    found = feed_views.feed_outlines(work, "next_poll_at")
    return feed_views.feed_rows_of(work, [feed.id for feed in found[:51]])


def _pruned(kind: str, days: int, limit: int = 2_000) -> Callable[[Work, Year], object]:
    return lambda work, year: retention.prune(work, kind, before=year.now - days * DAY, limit=limit)


def _known_marks(work: Work, _: Year) -> None:
    marks = [
        Marks(
            addresses=frozenset({f"https://news{n % 500}.example.org/{n}", f"https://new.example.org/{n}"}),
            text=f"{n:040x}",
            bands=frozenset(range(16 * n, 16 * n + 16)),
        )
        for n in range(1, 33)
    ]
    known_of(work, marks, gists.Shelf())


HOT: tuple[Hot, ...] = (
    Hot(name="feeds: whose turn it is, and the claim", ask=_claim_feeds, writes=True),
    Hot(name="feeds: how many are due", ask=lambda work, year: feeds.count_due(work, now=year.now)),
    Hot(name="entries: known by guid or address", ask=_known),
    Hot(name="entries: known by title or text", ask=_alike),
    Hot(name="entries: still listed", ask=lambda w, y: entries.seen(w, range(1, 101), now=y.now), writes=True),
    Hot(
        name="entries: the claim of pages to read",
        ask=lambda w, y: entries.claim_unread(w, now=y.now, limit=64, per_host=4, lease=LEASE),
        writes=True,
    ),
    Hot(
        name="articles: at these addresses",
        ask=lambda w, _: articles.find_all(w, [f"https://news{n % 500}.example.org/{n}" for n in range(1, 101)]),
    ),
    Hot(name="articles: let go of before", ask=lambda w, _: past.is_past(w, "https://news1.example.org/1")),
    Hot(name="stories: near-copies", ask=_lookalikes),
    Hot(
        name="stories: who shares names",
        ask=lambda w, y: gists.neighbours(w, [f"n:{n}" for n in range(20)], since=y.now - 7 * DAY, shelf=gists.Shelf()),
    ),
    Hot(name="articles: which marks of 32 are new", ask=_known_marks),
    Hot(name="stories: what was told", ask=lambda w, _: told.told_of(w, 100, in_full=True), writes=True),
    Hot(
        name="deliveries: the claim of what is due",
        ask=lambda w, y: outbox.claim_due(w, Vault(), now=y.now, limit=32, lease=LEASE),
        writes=True,
    ),
    Hot(name="deliveries: when the next is due", ask=lambda w, _: outbox.next_due(w)),
    Hot(name="alerts: stories told in ten minutes", ask=lambda w, y: storms.stories_told(w, since=y.now - DAY / 144)),
    Hot(name="what is wrong", ask=lambda w, y: watching.facts(w, now=y.now)),
    Hot(name="status", ask=_status),
    Hot(name="metrics: levels", ask=lambda w, y: levels.levels(w, now=y.now)),
    Hot(name="metrics: what has happened", ask=_journal),
    Hot(name="board: articles by day", ask=lambda w, y: sector_views.by_day(w, SECTORS, now=y.now, days=14)),
    Hot(name="board: the latest of each", ask=lambda w, _: sector_views.latest(w, SECTORS)),
    Hot(name="sector: its stories", ask=lambda w, _: sector_views.page(w, Chosen(), sector="huliaipole", size=31)),
    Hot(
        name="sector: its stories of months ago",
        ask=lambda w, y: sector_views.page(w, Chosen(), sector="huliaipole", before=(y.now - 90 * DAY, 0), size=31),
    ),
    Hot(
        name="sector: its stories of a publisher",
        ask=lambda w, _: sector_views.page(w, Chosen(publisher="News 10"), sector="huliaipole", size=31),
    ),
    Hot(name="sector: by side", ask=lambda w, y: sector_views.by_side(w, "huliaipole", Chosen(), now=y.now, days=30)),
    Hot(
        name="sector: places named most",
        ask=lambda w, y: sector_views.named_most(w, "huliaipole", since=y.now - 30 * DAY, limit=9),
    ),
    Hot(
        name="sector: forms written most",
        ask=lambda w, y: sector_views.written_most(w, "huliaipole", since=y.now - 30 * DAY, limit=9),
    ),
    Hot(name="sector: languages", ask=lambda w, y: sector_views.languages(w, "huliaipole", since=y.now - 30 * DAY)),
    Hot(
        name="sector: publishers",
        ask=lambda w, y: sector_views.publishers(w, "huliaipole", since=y.now - 30 * DAY, limit=9),
    ),
    Hot(name="stories of all sectors", ask=lambda w, _: sector_views.page(w, Chosen(), size=31)),
    Hot(name="a story's page", ask=lambda w, _: story_view(w, 100)),
    Hot(name="search: two rare words", ask=_search(*(SearchTerm(given=w, phrases=((w,),)) for w in ("w7", "w11")))),
    Hot(
        name="search: a place of a sector",
        ask=_search(SearchTerm(given="huliaipole", mentions=(("huliaipole", "huliaipole-1"),))),
    ),
    Hot(
        name="search: a place in its forms, or of its sector",
        ask=_search(SearchTerm(given="x", phrases=(("w7",), ("w11",)), mentions=(("huliaipole", ""),))),
    ),
    Hot(name="search: a word of months ago", ask=_search(WAR, until=300 * DAY)),
    Hot(name="search: a word of a source", ask=_search(WAR, sources="News 77")),
    Hot(name="search: a name in 700 forms, of a source", ask=_search(FORMS, sources="News 77")),
    Hot(name="search: a language of none", ask=_search(languages="fi")),
    Hot(name="search: all of a day", ask=_search(since=DAY)),
    Hot(name="preview: the articles of three days", ask=_previewed(settlements=False)),
    Hot(name="preview: with the settlements that they name", ask=_previewed(settlements=True)),
    Hot(name="list: deliveries", ask=lambda w, _: queries.delivery_rows(w, limit=50)),
    Hot(name="list: suppressions", ask=lambda w, _: queries.suppression_rows(w, limit=50)),
    Hot(name="list: mentions", ask=lambda w, _: queries.mention_rows(w, limit=50)),
    Hot(name="list: mentions of a sector", ask=lambda w, _: queries.mention_rows(w, sector="huliaipole", limit=50)),
    Hot(
        name="list: all mentions of a sector and day",
        ask=lambda w, y: queries.mention_rows(w, sector="huliaipole", since=y.now - DAY, limit=50, per_article=False),
    ),
    Hot(name="list: stories", ask=lambda w, _: queries.story_rows(w, limit=50)),
    Hot(name="list: feeds", ask=_feeds),
    Hot(name="list: polls of a feed", ask=lambda w, _: feed_views.poll_rows(w, 8, limit=50)),
    Hot(name="retention: 2,000 polls", ask=_pruned("polls", 30), writes=True),
    Hot(name="retention: deliveries", ask=_pruned("deliveries", 30, 200), writes=True),
    Hot(name="retention: suppressions", ask=_pruned("suppressions", 180, 200), writes=True),
    Hot(name="retention: gists", ask=_pruned("gists", 7, 200), writes=True),
    Hot(name="retention: raw pages", ask=_pruned("raw_pages", 7, 200), writes=True),
    Hot(name="retention: which stories may go", ask=_stretch),
    Hot(name="retention: 100 stories go", ask=_let_go, writes=True),
)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What one question was put to the database as."""

    sql: str
    parameters: Any


@contextmanager
def noted(engine: Engine) -> Iterator[list[Statement]]:
    """The statements that are carried out meanwhile."""
    seen: list[Statement] = []

    def note(
        _connection: object, _cursor: object, statement: str, parameters: Any, _context: object, many: bool
    ) -> None:
        seen.append(Statement(sql=statement, parameters=parameters[0] if many else parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def plan(work: Work, asked: Statement) -> list[str]:
    """How the database would answer: a line a step."""
    if not asked.sql.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "(SELECT")):
        return []
    explain = "EXPLAIN " if work.postgresql else "EXPLAIN QUERY PLAN "
    rows = work.connection.exec_driver_sql(explain + asked.sql, asked.parameters)
    return [str(row[-1]) for row in rows]
