"""The pages that anybody may see: the board, a sector, the stories, one of them, a search. They only show.

Where they are not public (`web.public = false`), operators who are logged in see them, and nobody else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from flows.steps.tools import Tools
from sectorwatch.errors import ConfigurationError
from sectorwatch.web import public_views as views
from sectorwatch.web.following import ENTRIES, Followed, Following, answer, atom, json_feed, table
from sectorwatch.web.login import Gate
from sectorwatch.web.pages import Pages
from sectorwatch.web.public_views import NoSuchPage, WrongFilter
from sectorwatch.web.site import Site
from sectorwatch.web.words.operators import operator_words
from storage.unit_of_work import Work

CACHE = "public, max-age=30"
ROWS = 1000  # of a table
KINDS: dict[str, tuple[str, Callable[[Following], bytes], int]] = {
    "atom": ("application/atom+xml", atom, ENTRIES),
    "json": ("application/feed+json", json_feed, ENTRIES),
    "csv": ("text/csv; charset=utf-8", table, ROWS),
}
"""What stories can be had as: media type, writer, and how many of them at most."""


def register(app: FastAPI, tools: Tools, pages: Pages, gate: Gate | None) -> None:
    """Adds the pages of this file."""
    for_anybody = tools.settings.web.public

    def route(path: str, made: Callable[[Request, Site], Response]) -> None:
        def answered(request: Request) -> Response:
            site = Site.of(request, tools.settings.web.zone)
            if for_anybody:
                return explained(request, site)
            if gate is None or gate.operator(request) is None:
                return pages.nothing_here(site, public=False)
            response = explained(request, replace(site, inside=True))
            response.headers.update({"Cache-Control": "private, no-store", "Vary": "Accept-Language, Cookie"})
            return response

        def explained(request: Request, site: Site) -> Response:
            try:
                return made(request, site)
            except NoSuchPage:
                return pages.nothing_here(site, public=True)
            except WrongFilter as wrong:
                note = site.words.bad_filter_note.format(name=wrong.name, value=site.title(wrong.value))
                return pages.public("public-problem", site, status=400, heading=site.words.bad_filter, advice=note)

        async def responded(request: Request) -> Response:
            return await run_in_threadpool(answered, request)

        app.add_route(path, responded, ["GET", "HEAD"])

    def page(path: str, template: str, values: Callable[[Work, Site, dict[str, str]], dict[str, Any]]) -> None:
        def made(request: Request, site: Site) -> Response:
            with tools.store.read() as work:
                found = values(work, site, request.path_params)
            return _shown(pages, template, site, **found)

        route(path, made)

    def following(path: str, stories: Callable[[Site, dict[str, str], int], tuple[str, list[Followed]]]) -> None:
        def made(request: Request, site: Site) -> Response:
            kind = str(request.path_params["kind"])
            if kind not in KINDS:
                raise NoSuchPage
            media_type, write, limit = KINDS[kind]
            title, chosen = stories(site, request.path_params, limit)
            feed = Following(
                title=title,
                language=site.words.language,
                home=tools.settings.public_url.rstrip("/") or str(request.base_url).rstrip("/"),
                page=site.link(site.path.rpartition("/")[0], **site.query).removeprefix(site.root),
                address=site.here().removeprefix(site.root),
                stories=chosen,
            )
            return answer(request, write(feed), media_type)

        route(f"{path}/feed.{{kind}}", made)

    def of_sector(site: Site, path: dict[str, str], limit: int) -> tuple[str, list[Followed]]:
        with tools.store.read() as work:
            return views.followed(work, site, path.get("sector"), tools.clock(), limit=limit)

    def of_search(site: Site, _path: dict[str, str], limit: int) -> tuple[str, list[Followed]]:
        try:
            found = views.search(tools.store, site, tools.clock(), limit=limit)
        except ConfigurationError as error:
            raise WrongFilter("q", str(error)) from error
        if found is None:
            raise NoSuchPage
        return site.title(site.query["q"]), views.found(site, found.hits)

    def sector(work: Work, site: Site, path: dict[str, str]) -> dict[str, Any]:
        return views.sector(work, site, path["sector"], tools.clock())

    def story(work: Work, site: Site, path: dict[str, str]) -> dict[str, Any]:
        more = operator_words(site.words.language).for_operators if tools.settings.web.has_operators else ""
        return {**views.story(work, site, path["story"]), "for_operators": more}

    def search(_request: Request, site: Site) -> Response:
        try:
            found, wrong = views.search_page(tools.store, site, tools.clock()), ""
        except ConfigurationError as error:
            found, wrong = None, str(error)
        return _shown(pages, "search", site, status=400 if wrong else 200, found=found, wrong=wrong)

    page("/", "front", lambda work, site, _: views.front(work, site, tools.clock()))
    page(
        "/sectors/{sector}", "sector", lambda work, site, path: views.sector(work, site, path["sector"], tools.clock())
    )
    page("/stories", "stories", lambda work, site, _: views.stories(work, site, tools.clock()))
    following("/sectors/{sector}", of_sector)
    following("/stories", of_sector)
    following("/search", of_search)
    page("/stories/{story}", "story", story)
    route("/search", search)


def _shown(pages: Pages, template: str, site: Site, *, status: int = 200, **values: Any) -> Response:
    response = pages.public(template, site, status=status, **values)
    response.headers.update({"Cache-Control": CACHE, "Vary": "Accept-Language"})
    return response
