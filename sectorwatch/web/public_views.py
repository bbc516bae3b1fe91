"""What the public pages show, gathered from the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from alerts.plain import plain
from sectorwatch.domain import Side
from sectorwatch.errors import ConfigurationError
from sectorwatch.web.board import Trend, chart, drawn, ranked
from sectorwatch.web.following import Followed
from sectorwatch.web.site import Site
from storage import sectors as sector_store
from storage.unit_of_work import Store, Work
from storage.views import sectors as sector_views
from storage.views.sectors import Chosen, Sighting
from storage.views.stories import story_view

if TYPE_CHECKING:
    from extractors.gazetteer import Gazetteer
    from flows.steps.archive.search import Hit, Hits

DAYS = 14  # of the board
MONTH = 30  # days of a sector's page
PAGE = 25  # stories
FOUND = 50  # articles on a page of a search
PAGES = 10  # of a search: what is older is found with until:
MOST = 12  # places and forms
PUBLISHERS = 60  # offered to choose from
ELSEWHERE = ("since", "until", "sector", "limit", "newest")  # filters of the interface, and none of a page
MAX_ID = 2**63 - 1


class WrongFilter(Exception):
    """A value in the address that none of our pages puts there."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(f"{name}={value}")
        self.name, self.value = name, value


class NoSuchPage(Exception):
    """Nothing is there."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the address asks for."""

    chosen: Chosen
    days: str
    before: tuple[datetime, int] | None

    @classmethod
    def of(cls, work: Work, query: Mapping[str, str], now: datetime) -> Wanted:
        """Raises WrongFilter. What stands there for others, such as the mark of whoever sent the reader, is left."""
        for name in ELSEWHERE:
            if query.get(name):
                raise WrongFilter(name, query[name])
        days, side = query.get("days", ""), query.get("side", "")
        check(query, "days", "1", "7", "30")
        check(query, "side", *Side)
        check(query, "town", "1")
        chosen = Chosen(
            side=Side(side) if side else None,
            language=_language(work, query),
            publisher=plain(query.get("publisher", "")) or None,
            since=now - timedelta(days=int(days)) if days else None,
            town=query.get("town") == "1",
        )
        return cls(chosen=chosen, days=days, before=read_position(query.get("before", "")))


def check(query: Mapping[str, str], name: str, *known: str) -> None:
    """Raises WrongFilter for a value that is none of these, nor empty."""
    if query.get(name, "") not in ("", *known):
        raise WrongFilter(name, query[name])


def _language(work: Work, query: Mapping[str, str]) -> str | None:
    from flows.steps.archive.language import language_meant

    given = plain(query.get("language", ""))
    try:
        return language_meant(work, given) or None
    except ConfigurationError as error:
        raise WrongFilter("language", given) from error


def position(last: Sighting) -> str:
    """Where the page after this story begins, for the address."""
    return f"{int(last.at.timestamp() * 1_000_000)}-{last.article_id}"


def read_position(value: str) -> tuple[datetime, int] | None:
    """The (at, article_id) of a position in an address. Raises WrongFilter."""
    if not value:
        return None
    moment, _, article = value.partition("-")
    if not (moment.isdecimal() and article.isdecimal() and value.isascii()) or int(article) > MAX_ID:
        raise WrongFilter("before", value)
    try:
        return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(moment)), int(article)
    except OverflowError:
        raise WrongFilter("before", value) from None


def front(work: Work, site: Site, now: datetime) -> dict[str, Any]:
    """The board of sectors, the most talked of first, and where they lie."""
    names = sector_store.names(work, site.words.language)
    counts = sector_views.by_day(work, names, now=now, days=DAYS)
    trends = {sector: Trend(counts=tuple(days)) for sector, days in counts.items()}
    today = {sector: trend.today for sector, trend in trends.items()}
    return {
        "names": names,
        "order": ranked(trends),
        "trends": trends,
        "latest": sector_views.latest(work, names),
        "map": drawn(sector_store.points(work), today),
    }


def sector(work: Work, site: Site, sector: str, now: datetime) -> dict[str, Any]:
    """One sector: its days, its stories, what is named in it. Raises NoSuchPage, WrongFilter."""
    name = _name_of(work, site, sector)
    wanted = Wanted.of(work, site.query, now)
    month = now - timedelta(days=MONTH)
    sides = sector_views.by_side(work, sector, replace(wanted.chosen, since=None), now=now, days=MONTH)
    places = sector_views.named_most(work, sector, since=month, limit=MOST)
    return {
        **_stories(work, wanted, sector),
        "sector": sector,
        "name": name,
        "sides": {side: sum(counts) for side, counts in sides.items()},
        "columns": chart({side.value: counts for side, counts in sides.items()}),
        "places": places,
        "place_names": sector_store.place_names(work, [one.name for one in places], site.words.language, sector),
        "forms": sector_views.written_most(work, sector, since=month, limit=MOST),
        "languages": sector_views.languages(work, sector, since=month),
        "publishers": sector_views.publishers(work, sector, since=month, limit=PUBLISHERS),
    }


def stories(work: Work, site: Site, now: datetime) -> dict[str, Any]:
    """The stories of all sectors. Raises WrongFilter."""
    names = sector_store.names(work, site.words.language)
    return {**_stories(work, Wanted.of(work, site.query, now), None), "names": names}


def story(work: Work, site: Site, story: str) -> dict[str, Any]:
    """One story. Raises NoSuchPage."""
    number = int(story) if story.isascii() and story.isdecimal() and len(story) < len(str(MAX_ID)) else 0
    found = story_view(work, number)
    if found is None or not found.members:
        raise NoSuchPage
    places = {mention.place for member in found.members for mention in member.mentions}
    return {
        "story": found,
        "lead": next((member for member in found.members if member.id == found.lead), found.members[0]),
        "names": sector_store.names(work, site.words.language),
        "place_names": sector_store.place_names(work, sorted(places), site.words.language),
    }


@dataclass(frozen=True, kw_only=True)
class FoundPage:
    """A page of what a search finds."""

    hits: Sequence[Hit]
    matching: str  # how many articles there are, "500+" where only so many were put in order
    shown: str  # which of them these are, "51-100"
    before: int  # number of the page before, 0 for none
    after: int


def search_page(store: Store, site: Site, now: datetime) -> FoundPage | None:
    """A page of a search; None where nothing is asked. Raises ConfigurationError, NoSuchPage."""
    number = site.query.get("page") or "1"
    if number not in map(str, range(1, PAGES + 1)):
        raise NoSuchPage
    page = int(number)
    found = search(store, site, now, limit=FOUND, offset=(page - 1) * FOUND)
    if found is None:
        return None
    first, last = (page - 1) * FOUND + 1, (page - 1) * FOUND + len(found.hits)
    if page > 1 and not found.hits:
        raise NoSuchPage
    return FoundPage(
        hits=found.hits,
        matching=f"{found.matching}{'+' if found.more else ''}",
        shown=f"{first}\u2013{last}" if page > 1 or found.matching > last else str(last),
        before=page - 1,
        after=page + 1 if found.matching > last and page < PAGES else 0,
    )


def search(store: Store, site: Site, now: datetime, *, limit: int, offset: int = 0) -> Hits | None:
    """What a search finds; None where nothing is asked. Raises ConfigurationError for one that cannot be used,
    WrongFilter."""
    check(site.query, "sort", "newest")
    query, newest = site.query.get("q", "").strip(), site.query.get("sort") == "newest"
    return searched(store, query, now, limit=limit, newest=newest, offset=offset) if query else None


def searched(store: Store, query: str, now: datetime, *, limit: int, newest: bool, offset: int = 0) -> Hits:
    """What `sectorwatch search` finds. Raises ConfigurationError for a query that cannot be used."""
    from flows.steps.archive.search import search_archive

    with store.read() as work:
        definitions = sector_store.own_definitions(work)
    gazetteer = _gazetteer(definitions)
    return search_archive(store, gazetteer, query, now, limit=limit, newest=newest, offset=offset)


@lru_cache(maxsize=1)
def _gazetteer(definitions: tuple[tuple[str, str], ...]) -> Gazetteer:
    """Loaded when somebody searches first, and again when an operator's sectors have changed."""
    from extractors.gazetteer import gazetteer_of

    return gazetteer_of(definitions)


def followed(work: Work, site: Site, sector: str | None, now: datetime, *, limit: int) -> tuple[str, list[Followed]]:
    """The title and the stories of a sector, or of all, filtered as the page is. Raises NoSuchPage, WrongFilter."""
    title = site.words.all_stories if sector is None else _name_of(work, site, sector)
    found = sector_views.page(work, Wanted.of(work, site.query, now).chosen, sector=sector, size=limit)
    return title, [_followed(site, seen) for seen in found]


def found(site: Site, hits: Sequence[Hit]) -> list[Followed]:
    """What a search has found, to follow."""
    return [
        Followed(
            story_id=hit.story_id,
            title=site.title(hit.title),
            sentence=site.quote(hit.sentence, *(hit.matches or ((0, 0),))[0]).text,
            url=site.outside(hit.url),
            publisher=site.publisher(hit.publisher),
            side="",
            language=hit.language,
            at=hit.published_at or hit.first_seen_at,
        )
        for hit in hits
    ]


def _followed(site: Site, seen: Sighting) -> Followed:
    return Followed(
        story_id=seen.story_id,
        title=site.title(seen.title),
        sentence=site.quote(seen.sentence, seen.start, seen.end).text,
        url=site.outside(seen.url),
        publisher=site.publisher(seen.publisher),
        side=seen.side.value,
        language=seen.language,
        at=seen.at,
        sector=seen.sector,
    )


def _name_of(work: Work, site: Site, sector: str) -> str:
    names = sector_store.names(work, site.words.language)
    if sector not in names:
        raise NoSuchPage
    return names[sector]


def _stories(work: Work, wanted: Wanted, sector: str | None) -> dict[str, Any]:
    found = sector_views.page(work, wanted.chosen, sector=sector, before=wanted.before, size=PAGE + 1)
    older = position(found[PAGE - 1]) if len(found) > PAGE else ""
    return {"stories": found[:PAGE], "older": older, "wanted": wanted}
