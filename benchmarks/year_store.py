"""A store as it is after a year, made by a few large statements instead of by a year of work.

The shares are those of a newsroom of 500 feeds: an article in ten names something watched, one in four joins a story,
one in fifty is told. What retention lets go of is not there; the polls of the year are, for it to let go of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import func, insert, select, text

from flows.steps.roster.apply import apply_roster
from flows.steps.tools import Tools
from sectorwatch.domain import Rule, Secret, TargetKind
from sectorwatch.settings import Settings
from storage import row_counts
from storage.reading.gists import term_key
from storage.secrets import Vault
from storage.subscribers import subscriptions
from storage.tables import articles, feeds, gist_terms
from storage.unit_of_work import Store

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
FEEDS, READERS = 500, 20
SECTORS = (
    "dobropillia", "huliaipole", "kostiantynivka", "kramatorsk", "kupiansk", "lyman", "oleksandrivka", "orikhiv",
    "pokrovsk", "prydniprovske", "sloviansk", "south-slobozhanskyi",
)  # fmt: skip
POLLS = 5  # for each article
_YEAR = 365 * 86_400
_AT_ONCE = 200_000  # rows a transaction
_WORDS = " || ' ' || ".join(f"'w' || ((i * {prime}) % 4999)" for prime in (7, 11, 13, 17, 19, 23, 29, 31, 37, 41) * 3)
_FREQUENT = {"купянську": 40, "війна": 2, "обстріл": 10, "дрони": 100}  # each article in so many has the word
_WORDS += "".join(f" || CASE WHEN i % {each} = 0 THEN ' {word}' ELSE '' END" for word, each in _FREQUENT.items())
_TERMS = 12
_VERSION = "bench"  # of no gazetteer


@dataclass(frozen=True, kw_only=True)
class Year:
    """What was built, as far as asking about it needs."""

    articles: int
    feeds: int = FEEDS
    now: datetime = NOW

    @property
    def week(self) -> int:
        """Number of the first article of the last eight days."""
        return max(1, self.articles - self.articles * 8 // 365)


@dataclass(frozen=True)
class _Words:
    """What the two databases say differently. `i` is the number of a row, `seconds` an expression."""

    at: Callable[[str], str]
    key: str  # 32 hexadecimal digits
    blob: Callable[[int], str]
    padding: str
    json: Callable[[str], str]
    series: Callable[[int, int], str]


def _sqlite_at(seconds: str) -> str:
    start = NOW - timedelta(seconds=_YEAR)
    return f"strftime('%Y-%m-%d %H:%M:%S.000000', {int(start.timestamp())} + CAST({seconds} AS INTEGER), 'unixepoch')"


_SQLITE = _Words(
    at=_sqlite_at,
    key="lower(hex(randomblob(16)))",
    blob=lambda size: f"randomblob({size})",
    padding="hex(randomblob(700))",
    json=lambda value: value,
    series=lambda first, last: (
        f"(WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last}) SELECT i FROM n)"
    ),
)
_POSTGRESQL = _Words(
    at=lambda seconds: f"to_timestamp({int(NOW.timestamp()) - _YEAR} + floor({seconds}))",
    key="md5(random()::text)",
    blob=lambda size: f"decode(repeat(md5(random()::text), {max(1, size // 16)}), 'hex')",
    padding="repeat(md5(random()::text), 44)",
    json=lambda value: f"CAST({value} AS jsonb)",
    series=lambda first, last: f"generate_series({first}::bigint, {last}) AS n(i)",
)


def build(store: Store, size: int, *, sources: int = FEEDS, say: Callable[[str], None] = lambda _: None) -> Year:
    """Fills an empty store of this release with the year of so many articles."""
    year = Year(articles=size, feeds=sources)
    apply_roster(Tools(settings=Settings(), store=store, vault=Vault(), clock=lambda: NOW, random=Random(1)))
    _readers(store)
    words = _POSTGRESQL if store.engine.dialect.name == "postgresql" else _SQLITE
    for table, columns, first, last in _tables(words, year):
        for start in range(first, last + 1, _AT_ONCE):
            chosen = words.series(start, min(start + _AT_ONCE - 1, last))
            names, values = ", ".join(f'"{name}"' for name in columns), ", ".join(columns.values())
            with store.write() as work:
                work.connection.execute(text(f"INSERT INTO {table} ({names}) SELECT {values} FROM {chosen}"))
                work.commit()
        say(f"{table}: {max(0, last - first + 1)}")
    _terms(store, year)
    with store.write() as work:
        row_counts.keep(work)  # as retention does each night
        work.commit()
    if words is _POSTGRESQL:
        _let_numbers_go_on(store)
    return year


def built(store: Store) -> Year | None:
    """The year that a store was filled with; None where it is empty. Raises ValueError for a store that is in use."""
    with store.read() as work:
        newest = select(articles.c.id, articles.c.gazetteer_version).order_by(articles.c.id.desc()).limit(1)
        article = work.connection.execute(newest).first()
        number = work.connection.execute(select(func.count()).select_from(feeds)).scalar_one()
    if article is None and not number:
        return None
    if article is None or article.gazetteer_version != _VERSION:
        raise ValueError("this store was not made by a benchmark: name an empty one")
    return Year(articles=article.id, feeds=number)


def _readers(store: Store) -> None:
    now, vault = NOW - timedelta(seconds=_YEAR), Vault()
    with store.write() as work:
        for number in range(READERS):
            person = subscriptions.put_subscriber(
                work, name=f"reader {number}", zone="UTC", language="en", managed=False, now=now
            )
            target = subscriptions.put_target(
                work,
                vault,
                subscriber_id=person,
                label="mail",
                kind=TargetKind.EMAIL,
                secret=Secret(f"reader{number}@example.org"),
                signing_secret=None,
                now=now,
            )
            subscriptions.put_subscription(
                work,
                subscriber_id=person,
                name="default",
                rule=Rule(),
                target_ids=[target],
                group_wait=timedelta(0),
                paused=False,
                managed=False,
                now=now,
            )
        work.commit()


Rows = tuple[str, dict[str, str], int, int]


def _tables(words: _Words, year: Year) -> Iterator[Rows]:
    """Each table with an expression for each column, and the numbers of its first and last row."""
    count, at, key, blob = year.articles, words.at, words.key, words.blob
    seen = at(f"i * {_YEAR / count}")
    json = words.json
    story = "(i - CASE WHEN i % 4 = 3 THEN 1 ELSE 0 END)"
    sector, feed, reader = _sector("i"), f"1 + i % {year.feeds}", f"1 + i % {READERS}"
    url = "'https://news' || (i % 500) || '.example.org/' || i"
    yield (
        "feeds",
        {
            "id": "i",
            "url": "'https://news' || i || '.example.org/rss'",
            "interval_s": "900",
            "next_poll_at": at(f"{_YEAR} - 60 + (i % 30) * 30"),
            "last_poll_at": at(f"{_YEAR} - 900"),
            "baseline_at": at("0"),
            "state_since": at("0"),
            "added_at": at("0"),
            "entries": f"{count // year.feeds}",
        },
        1,
        year.feeds,
    )
    yield ("stories", {"id": "i", "lead_article_id": "i", "first_seen_at": seen, "last_seen_at": seen}, 1, count)
    yield (
        "articles",
        {
            "id": "i",
            "canonical_url": url,
            "url": url,
            "feed_id": feed,
            "story_id": story,
            "publisher": "'News ' || (i % 500)",
            "language": "CASE WHEN i % 3 = 0 THEN 'uk' ELSE 'ru' END",
            "title": "'Title of ' || i",
            "text": f"{_WORDS} || {words.padding}",
            "published_at": seen,
            "date_quality": "'stated'",
            "first_seen_at": seen,
            "baseline": "false",
            "read_at": seen,
            "method": "'fast'",
            "content_hash": key,
            "sketch": blob(512),
            "gazetteer_version": f"'{_VERSION}'",
        },
        1,
        count,
    )
    mark = "' ' || char(57344) ||"  # of `storage.search.sources`
    marks = f"{mark} 'f' || ({feed}) || {mark} 'p' || lower(hex('News ' || (i % 500)))"
    indexed = {"rowid": "i", "title": "'title of ' || i", "body": f"{_WORDS} || {marks}"}
    if words is _POSTGRESQL:
        indexed = {"article_id": "i", "document": f"to_tsvector('simple', {_WORDS})"}
    yield ("article_search", indexed, 1, count)
    yield (
        "entries",
        {
            "id": "i",
            "feed_id": feed,
            "guid": "'guid-' || i",
            "url": url,
            "canonical_url": url,
            "title": "'Title of ' || i",
            "summary": key,
            "date_quality": "'stated'",
            "first_seen_at": seen,
            "last_seen_at": seen,
            "baseline": "false",
            "title_day_key": key,
            "content_key": key,
            "host": "'news' || (i % 500) || '.example.org'",
            "read_state": f"CASE WHEN i > {count - 300} THEN 'waiting' ELSE 'read' END",
            "read_due_at": f"CASE WHEN i > {count - 300} THEN {seen} END",
            "article_id": f"CASE WHEN i > {count - 300} THEN NULL ELSE i END",
            "refusal": "CASE WHEN i % 40 = 0 THEN 'forbidden' ELSE '' END",
        },
        1,
        count,
    )
    mentioned = at(f"(i / 3) * 10 * {_YEAR / count}")
    yield (
        "mentions",
        {
            "id": "i + 1",
            "article_id": "(i / 3) * 10 + 10",
            "sector": _sector("i / 3"),
            "place": f"{_sector('i / 3')} || '-' || (i % 3)",
            "kind": "'city'",
            "surface": "'Name ' || (i % 7)",
            "start": "0",
            "end": "4",
            "zone": "CASE WHEN i % 3 = 0 THEN 'title' ELSE 'body' END",
            "sentence": "'Troops held the town of ' || i || ' overnight, the General Staff said in the morning.'",
            "sentence_start": "0",
            "score": "0.9",
            "reasons": json("'[]'"),
            "gazetteer_version": f"'{_VERSION}'",
            "found_at": mentioned,
        },
        0,
        count // 10 * 3 - 1,
    )
    yield (
        "article_sectors",
        {
            "article_id": "i * 10",
            "sector": _sector("i - 1"),
            "at": at(f"i * 10 * {_YEAR / count}"),
            "side": "'unknown'",
            "language": "'uk'",
            "score": "0.9",
            "salience": "'headline'",
            "context": "'front'",
            "count": "3",
            "publisher": "'News ' || (i * 10 % 500)",
        },
        1,
        count // 10,
    )
    page = {"article_id": "i", "fetched_at": seen, "body": blob(8_000)}
    yield ("raw_pages", page, year.week, count)
    band = {
        "band": "i * 7919",
        "article_id": f"{year.week} + i / 16",
        "seen_at": at(f"({year.week} + i / 16) * {_YEAR / count}"),
    }
    yield ("story_bands", band, 0, (count - year.week + 1) * 16 - 1)
    gist = {"id": "i", "article_id": "i", "story_id": story, "language": "'uk'", "publisher": "'News'", "at": seen}
    gist |= {"seen_at": seen, "names": "''", "perhaps": "''", "numbers": "''", "days": "''", "words": blob(64)}
    yield ("gists", gist, year.week, count)
    when = at(f"i * 50 * {_YEAR / count}")
    told = count // 50
    alert = {
        "id": "i",
        "subscription_id": reader,
        "sector": sector,
        "story_id": "i * 50 - (i * 50) % 4",
        "opened_at": when,
    }
    yield ("alerts", alert | {"flush_at": when, "closed_at": when, "reason": "'x'"}, 1, told)
    yield (
        "alert_articles",
        {"alert_id": "i", "article_id": "i * 50", "decision": "'alert'", "reason": "'x'", "decided_at": when},
        1,
        told,
    )
    yield (
        "deliveries",
        {
            "id": "i",
            "target_id": reader,
            "subscription_id": reader,
            "dedup_key": "'key-' || i",
            "state": f"CASE WHEN i > {told - 100} THEN 'pending' ELSE 'sent' END",
            "due_at": when,
            "first_due_at": when,
            "created_at": when,
            "sent_at": when,
            "payload": json(f'\'{{"title": "News", "text": "\' || {words.padding} || \'"}}\''),
        },
        1,
        told,
    )
    yield ("delivery_alerts", {"delivery_id": "i", "alert_id": "i"}, 1, told)
    attempt = {"id": "i", "delivery_id": "i", "n": "1", "lease_token": "'x'", "started_at": when, "ended_at": when}
    yield ("delivery_attempts", attempt | {"outcome": "'sent'"}, 1, told - 100)
    kept_back = {"id": "i", "subscription_id": reader, "article_id": "i * 20", "sector": sector, "code": "'edit'"}
    yield ("suppressions", kept_back | {"reason": "'x'", "at": at(f"i * 20 * {_YEAR / count}")}, 1, count // 20)
    polled = {
        "id": "i",
        "feed_id": feed,
        "at": at(f"i * {_YEAR / count / POLLS}"),
        "status": "'known'",
        "entries": "30",
    }
    yield ("polls", polled, 1, count * POLLS)
    begun = {"id": "i", "started_at": at(f"{_YEAR} - i * 300"), "finished_at": at(f"{_YEAR} - i * 300 + 60")}
    yield ("cycles", begun | {"summary": json("'{}'")}, 1, 25_000)
    yield ("past_articles", {"url_key": "i * 1000003"}, 1, count)


def _sector(number: str) -> str:
    """The id of a sector by the number of a row."""
    names = " ".join(f"WHEN {at} THEN '{name}'" for at, name in enumerate(SECTORS))
    return f"CASE ({number}) % {len(SECTORS)} {names} END"


def _terms(store: Store, year: Year) -> None:
    """The names and numbers of the last articles, by the keys that they are looked up by."""
    keys = [term_key(f"n:{number}") for number in range(5_000)]
    for start in range(year.week, year.articles + 1, 5_000):
        rows = [
            {"term": keys[(number * 31 + nth * 577) % len(keys)], "gist_id": number, "story_id": number}
            for number in range(start, min(start + 5_000, year.articles + 1))
            for nth in range(_TERMS)
        ]
        with store.write() as work:
            work.connection.execute(insert(gist_terms), rows)
            work.commit()


def _let_numbers_go_on(store: Store) -> None:
    tables = ("feeds", "stories", "articles", "entries", "mentions", "gists", "alerts", "deliveries", "polls", "cycles")
    with store.write() as work:
        for table in (*tables, "delivery_attempts", "suppressions"):
            number = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            work.connection.execute(text(number))
        work.connection.execute(text("ANALYZE"))
        work.commit()
