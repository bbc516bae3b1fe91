"""The programming interface: what the public pages show, as JSON, described by OpenAPI, for whoever has a token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, BeforeValidator, Field
from starlette.exceptions import HTTPException as HTTPError
from starlette.responses import JSONResponse, Response

from alerts.plain import plain
from flows.steps.tools import Tools
from sectorwatch.domain import Side, utc
from sectorwatch.errors import ConfigurationError, StoreError
from sectorwatch.nearest import meant
from sectorwatch.web import public_views as views
from sectorwatch.web.board import Trend
from storage import sectors as sector_store
from storage.access import api_tokens
from storage.unit_of_work import Work
from storage.views import sectors as sector_views
from storage.views.sectors import Chosen
from storage.views.stories import story_view

API = "/api/v1"
NO_PATH = f"there is no such address: {API}/openapi.json has those there are"
MOST = 200  # rows of a page
_BEARER = HTTPBearer(auto_error=False, description="a token of `sectorwatch tokens add NAME`")


def _no_number(value: Any) -> Any:
    """Pydantic takes a number for seconds since 1970, and the day of 20260301 would be one of 1970."""
    try:
        float(value)
    except (TypeError, ValueError):
        return value
    raise ValueError("write a moment, such as 2026-03-01T12:00Z")


Moment = Annotated[datetime | None, BeforeValidator(_no_number)]
Limit = Annotated[int, Query(ge=1, le=MOST, description="rows at most")]


class SectorOut(BaseModel):
    """A sector in force."""

    id: str
    name: str = Field(description="in English")
    articles: list[int] = Field(description="in each of the last 14 times 24 hours, the oldest first")
    usual: float = Field(description="mean of the days before the last")
    spike: float | None = Field(description="how many times the usual, where that is far more than chance brings")
    latitude: float | None = Field(description="degrees, WGS 84")
    longitude: float | None


class SightingOut(BaseModel):
    """A story by its newest article that is meant, with the sentence that says most."""

    story: int
    article: int
    sector: str
    at: datetime = Field(description="publication, or when it was first seen if that is unknown or was still to come")
    title: str
    url: str | None
    publisher: str
    side: Side
    language: str
    score: float
    sentence: str
    start: int = Field(description="of the match, in code points of the sentence")
    end: int
    articles: int = Field(description="of the story")
    sources: int


class StoriesOut(BaseModel):
    """A page of stories."""

    stories: list[SightingOut]
    next: str | None = Field(description="`before` of the next page; null on the last one")


class HitOut(BaseModel):
    """An article that has all of a query."""

    article: int
    story: int
    title: str
    url: str | None
    publisher: str
    language: str
    published_at: datetime | None
    first_seen_at: datetime
    sentence: str
    matches: list[tuple[int, int]] = Field(description="code points of the sentence, [start, end)")


class SearchOut(BaseModel):
    """What a search found."""

    articles: list[HitOut]
    matching: int = Field(description="articles that were put in order")
    more: bool = Field(description="whether there are older ones, which were not; until: finds them")


class ReasonOut(BaseModel):
    code: str
    weight: float
    detail: str


class MentionOut(BaseModel):
    """A place of a sector in its sentence."""

    sector: str
    place: str
    kind: str
    zone: str
    context: str
    score: float
    reasons: list[ReasonOut]
    sentence: str
    start: int
    end: int


class ArticleOut(BaseModel):
    """An article of a story; of its text only the sentences of its mentions."""

    id: int
    title: str
    url: str | None
    publisher: str
    side: Side
    language: str
    published_at: datetime | None
    first_seen_at: datetime
    story_reason: str
    mentions: list[MentionOut]


class OutcomeOut(BaseModel):
    """What became of a story for one sector."""

    sector: str
    alerts: int
    sent: int
    suppressed: dict[str, int]


class LinkOut(BaseModel):
    """A story of the same event in another language."""

    other_id: int
    language: str
    title: str
    reason: str


class StoryOut(BaseModel):
    """A story with the articles that were seen first."""

    id: int
    lead: int
    articles: int
    sources: int
    first_seen_at: datetime
    last_seen_at: datetime
    members: list[ArticleOut]
    outcomes: list[OutcomeOut]
    links: list[LinkOut]


def create_api(tools: Tools) -> FastAPI:
    """The application, to be mounted."""
    api = FastAPI(
        title="Sectorwatch",
        version="1",
        description="Stories by sector. A token comes from `sectorwatch tokens add NAME`.",
        docs_url=None,  # they would load scripts from elsewhere
        redoc_url=None,
        dependencies=[Depends(_authorised(tools)), Depends(_nothing_unknown)],
    )
    _explain_errors(api)

    @api.get("/sectors", response_model=list[SectorOut])
    def sectors() -> list[dict[str, Any]]:
        """The sectors in force, by id, with their articles of the last days."""
        with tools.store.read() as work:
            names, points = sector_store.names(work, "en"), sector_store.points(work)
            counts = sector_views.by_day(work, names, now=tools.clock(), days=views.DAYS)
        found = []
        for sector, name in names.items():
            trend, (latitude, longitude) = Trend(counts=tuple(counts[sector])), points.get(sector, (None, None))
            figures = {"articles": trend.counts, "usual": trend.usual, "spike": trend.times}
            found.append({"id": sector, "name": name, "latitude": latitude, "longitude": longitude, **figures})
        return found

    @api.get("/stories", response_model=StoriesOut)
    def stories(
        sector: str | None = None,
        side: Side | None = None,
        language: Annotated[str | None, Query(max_length=20, description="ISO 639-1")] = None,
        publisher: str | None = None,
        since: Moment = None,
        until: Moment = None,
        town: Annotated[bool, Query(description="also for courts, clubs and history of the towns")] = False,
        before: Annotated[str, Query(description="`next` of the page before")] = "",
        limit: Limit = 50,
    ) -> dict[str, Any]:
        """Stories, that with the newest article first."""
        chosen = Chosen(
            side=side,
            publisher=publisher and plain(publisher),
            since=_moment(since, "since"),
            until=_moment(until, "until"),
            town=town,
        )
        try:
            position = views.read_position(before)
        except views.WrongFilter:
            raise HTTPException(400, "before: give 'next' of the page before") from None
        with tools.store.read() as work:
            if sector is not None and sector not in (names := sector_store.names(work)):
                raise HTTPException(404, f"there is no sector {sector!r}; {meant(sector, names)}")
            chosen = replace(chosen, language=_language(work, language))
            found = sector_views.page(work, chosen, sector=sector, before=position, size=limit + 1)
        return {
            "stories": [{"story": one.story_id, "article": one.article_id, **vars(one)} for one in found[:limit]],
            "next": views.position(found[limit - 1]) if len(found) > limit else None,
        }

    @api.get("/stories/{story}", response_model=StoryOut)
    def story(story: Annotated[int, Field(ge=1, le=views.MAX_ID)]) -> dict[str, Any]:
        """One story: its articles with sentences, scores and reasons, and what became of it."""
        with tools.store.read() as work:
            found = story_view(work, story)
        if found is None:
            raise HTTPException(404, f"there is no story {story}")
        return asdict(found)

    @api.get("/search", response_model=SearchOut)
    def search(
        q: Annotated[str, Query(description="as `sectorwatch search` has it")],
        newest: Annotated[bool, Query(description="the latest first, wherever the words stand")] = False,
        limit: Limit = 50,
    ) -> dict[str, Any]:
        """Articles that have all of a query."""
        try:
            found = views.searched(tools.store, q, tools.clock(), limit=limit, newest=newest)
        except ConfigurationError as error:
            raise HTTPException(400, str(error)) from error
        hits = [{"article": hit.id, "story": hit.story_id, **vars(hit)} for hit in found.hits]
        return {"articles": hits, "matching": found.matching, "more": found.more}

    return api


def too_often() -> Response:
    """Said to a client that asks more than it may."""
    return JSONResponse({"error": "too many requests: wait as long as Retry-After says"}, 429)


def _authorised(tools: Tools) -> Callable[..., None]:
    def check(given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> None:
        with tools.store.read() as work:
            token = None if given is None else api_tokens.holder(work, given.credentials)
        if token is None:
            words = "a token is needed: Authorization: Bearer TOKEN" if given is None else "this token is not known"
            raise HTTPException(401, words, {"WWW-Authenticate": "Bearer"})
        now = tools.clock()
        if api_tokens.is_to_note(token, now):
            with tools.store.write() as work:
                api_tokens.note_use(work, token, now=now)
                work.commit()

    return check


def _nothing_unknown(request: Request) -> None:
    """Raises HTTPException for a parameter that a path has not: what it was to leave out would be there."""
    known = {one.alias for one in request.scope["route"].dependant.query_params}
    for name in request.query_params:
        if name not in known:
            words = meant(name, known) if known else "there are none here"
            raise HTTPException(400, f"there is no parameter {name!r}; {words}")


def _language(work: Work, given: str | None) -> str | None:
    """As articles have it. Raises HTTPException."""
    from flows.steps.archive.language import language_meant

    try:
        return language_meant(work, given and plain(given))
    except ConfigurationError as error:
        raise HTTPException(400, f"language: {error}") from error


def _moment(value: datetime | None, name: str) -> datetime | None:
    """In UTC. Raises HTTPException for one without zone: nobody could say what it means."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise HTTPException(400, f"{name}: say the zone too, such as 2026-03-01T12:00Z")
    return utc(value)


def _explain_errors(api: FastAPI) -> None:
    """Every refusal is {"error": what is wrong and what to do}."""

    async def http(_request: Request, error: Any) -> Response:
        unknown = error.status_code == 404 and error.detail == HTTPStatus.NOT_FOUND.phrase  # no path of ours
        return JSONResponse({"error": NO_PATH if unknown else error.detail}, error.status_code, error.headers)

    async def invalid(_request: Request, error: Any) -> Response:
        wrong = [
            f"{'.'.join(str(part) for part in one['loc'][1:])}: {one['msg'].removeprefix('Value error, ')}"
            for one in error.errors()
        ]
        return JSONResponse({"error": "; ".join(wrong)}, 400)

    async def no_store(_request: Request, _error: Any) -> Response:
        return JSONResponse({"error": "the store does not answer: try again in a minute"}, 503, {"Retry-After": "60"})

    api.add_exception_handler(HTTPError, http)
    api.add_exception_handler(RequestValidationError, invalid)
    api.add_exception_handler(StoreError, no_store)
