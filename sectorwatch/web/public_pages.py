"""The pages that anybody may see: the board, a sector, the stories, and one of them. They only show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from alerts.plain import plain
from flows.steps.tools import Tools
from sectorwatch.domain import Side
from sectorwatch.web.board import Trend, chart, drawn, ranked
from sectorwatch.web.following import ENTRIES, Followed, answer, atom, json_feed
from sectorwatch.web.pages import Pages
from sectorwatch.web.site import Site
from storage import sector_views
from storage import sectors as sector_store
from storage.sector_views import Chosen, Sighting
from storage.story_views import story_view
from storage.unit_of_work import Work

DAYS = 14  # of the board
MONTH = 30  # days of a sector's page
PAGE = 25  # stories
MOST = 12  # places and forms
PUBLISHERS = 60  # offered to choose from
MAX_ID = 2**63 - 1
CACHE = "public, max-age=30"


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
    def of(cls, query: Mapping[str, str], now: datetime) -> Wanted:
        """Raises WrongFilter."""
        days, side = query.get("days", ""), query.get("side", "")
        if days not in ("", "1", "7", "30"):
            raise WrongFilter("days", days)
        if side not in ("", *Side):
            raise WrongFilter("side", side)
        chosen = Chosen(
            side=Side(side) if side else None,
            language=plain(query.get("language", "")) or None,
            publisher=plain(query.get("publisher", "")) or None,
            since=now - timedelta(days=int(days)) if days else None,
            town=query.get("town") == "1",
        )
        return cls(chosen=chosen, days=days, before=_position(query.get("before", "")))


def position(last: Sighting) -> str:
    """Where the page after this story begins, for the address."""
    return f"{int(last.at.timestamp() * 1_000_000)}-{last.article_id}"


def _position(value: str) -> tuple[datetime, int] | None:
    if not value:
        return None
    moment, _, article = value.partition("-")
    if not (moment.isdecimal() and article.isdecimal() and value.isascii()) or int(article) > MAX_ID:
        raise WrongFilter("before", value)
    try:
        return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(moment)), int(article)
    except OverflowError:
        raise WrongFilter("before", value) from None


def register(app: FastAPI, tools: Tools, pages: Pages) -> None:
    """Adds the pages of this file."""

    def route(path: str, made: Callable[[Work, Site, Request], Response]) -> None:
        def answered(request: Request) -> Response:
            site = Site.of(request, tools.settings.web.zone)
            try:
                with tools.store.read() as work:
                    return made(work, site, request)
            except NoSuchPage:
                return _problem(pages, site, 404, site.words.not_found, site.words.not_found_note)
            except WrongFilter as wrong:
                note = site.words.bad_filter_note.format(name=wrong.name, value=site.title(wrong.value))
                return _problem(pages, site, 400, site.words.bad_filter, note)

        async def answer(request: Request) -> Response:
            return await run_in_threadpool(answered, request)

        app.add_route(path, answer, ["GET", "HEAD"])

    def page(path: str, template: str, values: Callable[[Work, Site, Request], dict[str, Any]]) -> None:
        def made(work: Work, site: Site, request: Request) -> Response:
            response = pages.public(template, site, **values(work, site, request))
            response.headers.update({"Cache-Control": CACHE, "Vary": "Accept-Language"})
            return response

        route(path, made)

    def feed(name: str, media_type: str, write: Callable[[Followed], bytes]) -> None:
        def made(work: Work, site: Site, request: Request) -> Response:
            home = tools.settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")
            sector = str(request.path_params["sector"])
            return answer(request, write(followed(work, site, sector, name, home, tools.clock())), media_type)

        route(f"/sectors/{{sector}}/{name}", made)

    def front(work: Work, site: Site, _request: Request) -> dict[str, Any]:
        return front_page(work, site, tools.clock())

    def sector(work: Work, site: Site, request: Request) -> dict[str, Any]:
        return sector_page(work, site, str(request.path_params["sector"]), tools.clock())

    def stories(work: Work, site: Site, _request: Request) -> dict[str, Any]:
        return stories_page(work, site, tools.clock())

    def story(work: Work, site: Site, request: Request) -> dict[str, Any]:
        return story_page(work, site, str(request.path_params["story"]))

    page("/", "front", front)
    page("/sectors/{sector}", "sector", sector)
    page("/stories", "stories", stories)
    page("/stories/{story}", "story", story)
    feed("feed.atom", "application/atom+xml", atom)
    feed("feed.json", "application/feed+json", json_feed)


def front_page(work: Work, site: Site, now: datetime) -> dict[str, Any]:
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


def sector_page(work: Work, site: Site, sector: str, now: datetime) -> dict[str, Any]:
    """One sector: its days, its stories, what is named in it. Raises NoSuchPage, WrongFilter."""
    names = sector_store.names(work, site.words.language)
    if sector not in names:
        raise NoSuchPage
    wanted = Wanted.of(site.query, now)
    month = now - timedelta(days=MONTH)
    sides = sector_views.by_side(work, sector, replace(wanted.chosen, since=None), now=now, days=MONTH)
    places = sector_views.named_most(work, sector, since=month, limit=MOST)
    return {
        **_stories(work, wanted, sector),
        "sector": sector,
        "name": names[sector],
        "sides": {side: sum(counts) for side, counts in sides.items()},
        "columns": chart({side.value: counts for side, counts in sides.items()}),
        "places": places,
        "place_names": sector_store.place_names(work, [one.name for one in places], site.words.language, sector),
        "forms": sector_views.written_most(work, sector, since=month, limit=MOST),
        "languages": sector_views.languages(work, sector, since=month),
        "publishers": sector_views.publishers(work, sector, since=month, limit=PUBLISHERS),
    }


def followed(work: Work, site: Site, sector: str, name: str, home: str, now: datetime) -> Followed:
    """The stories of a sector to follow, filtered as its page is. Raises NoSuchPage, WrongFilter."""
    names = sector_store.names(work, site.words.language)
    if sector not in names:
        raise NoSuchPage
    asked = Wanted.of(site.query, now)
    stories = sector_views.page(work, asked.chosen, sector=sector, size=ENTRIES)
    page = f"sectors/{sector}"
    return Followed(
        title=names[sector],
        site=site,
        home=home,
        page=page,
        address=site.link(f"{page}/{name}", **site.query).removeprefix(site.root),
        stories=stories,
    )


def stories_page(work: Work, site: Site, now: datetime) -> dict[str, Any]:
    """The stories of all sectors. Raises WrongFilter."""
    names = sector_store.names(work, site.words.language)
    return {**_stories(work, Wanted.of(site.query, now), None), "names": names}


def story_page(work: Work, site: Site, story: str) -> dict[str, Any]:
    """One story. Raises NoSuchPage."""
    number = int(story) if story.isascii() and story.isdecimal() and len(story) < len(str(MAX_ID)) else 0
    found = story_view(work, number)
    if found is None or not found.members:
        raise NoSuchPage
    places = {mention.place for member in found.members for mention in member.mentions}
    lead = next((member for member in found.members if member.id == found.lead), found.members[0])
    return {
        "story": found,
        "lead": lead,
        "names": sector_store.names(work, site.words.language),
        "place_names": sector_store.place_names(work, sorted(places), site.words.language),
    }


def _stories(work: Work, wanted: Wanted, sector: str | None) -> dict[str, Any]:
    found = sector_views.page(work, wanted.chosen, sector=sector, before=wanted.before, size=PAGE + 1)
    older = position(found[PAGE - 1]) if len(found) > PAGE else ""
    return {"stories": found[:PAGE], "older": older, "wanted": wanted}


def _problem(pages: Pages, site: Site, status: int, heading: str, advice: str) -> Response:
    return pages.public("public-problem", site, status=status, heading=heading, advice=advice)
