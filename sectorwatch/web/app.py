"""The web application. Nothing changes on a GET: mail scanners follow every link. A POST acts, by the link's right.

Readers have no cookies and no account: the signed link is the right to act, so there is nothing that another site could
misuse. Operators log in; their forms carry a key that no other site knows.
"""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from alerts.links import Action
from flows.steps.tools import Tools
from sectorwatch.domain import Outcome
from sectorwatch.errors import LinkRefused, StoreError
from sectorwatch.settings.tables import WebSettings
from sectorwatch.web import ops, public_pages, reader_pages
from sectorwatch.web.api import API, NO_PATH, create_api, too_often
from sectorwatch.web.body import BadRequest
from sectorwatch.web.limits import RateLimit
from sectorwatch.web.login import Gate, PeerKept
from sectorwatch.web.pages import Pages
from sectorwatch.web.site import Site
from sectorwatch.web.watched import UNLIMITED, register

_STATIC = Path(__file__).parent / "static"
_STYLE = "/style.css"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",  # the address of a page is the right to act on it
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
Next = Callable[[Request], Awaitable[Response]]


def create_app(
    tools: Tools,
    *,
    now: Callable[[], float] = time.monotonic,
    send_test: Callable[[int], Outcome | None] | None = None,
) -> FastAPI:
    """The application on an open store. Raises ConfigurationError for a password that cannot be had.

    `now` counts seconds for the limit on requests; `send_test` sends a message to a target, for operators.
    """
    app = FastAPI(title="Sectorwatch", openapi_url=None, docs_url=None, redoc_url=None)
    app.router.redirect_slashes = False  # a redirect would repeat the host that the client named
    pages, limit = Pages(), RateLimit(now)

    @app.middleware("http")
    async def bounded(request: Request, call_next: Next) -> Response:
        client = request.client.host if request.client else ""
        wait = 0.0 if request.url.path in {_STYLE, *UNLIMITED} else limit.wait(client)
        if wait:
            of_api = request.url.path.startswith(API)
            response: Response = too_often() if of_api else pages.problem(429, request)
            response.headers["Retry-After"] = str(math.ceil(wait))
        else:
            response = await call_next(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    async def style(_request: Request) -> Response:
        return FileResponse(_STATIC / "style.css", media_type="text/css")

    app.add_route(_STYLE, style, ["GET", "HEAD"])
    register(app, tools, monotonic=now)
    reader_pages.register(app, tools, pages)
    app.mount(API, create_api(tools))
    gate = Gate.of(tools, now)
    if tools.settings.web.public or gate is not None:
        public_pages.register(app, tools, pages, gate)
    if gate is not None:
        ops.register(app, tools, pages, gate, send_test)
    _explain_errors(app, pages, tools.settings.web)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=tools.settings.web.trusted_proxies)
    app.add_middleware(PeerKept)
    return app


def _explain_errors(app: FastAPI, pages: Pages, web: WebSettings) -> None:
    """Every refusal is a page in the reader's language; none tells why a link is not ours."""

    async def refused(request: Request, error: Any) -> Response:
        return pages.problem(410 if error.expired else 404, request)

    async def bad(request: Request, error: Any) -> Response:
        return pages.problem(error.status, request)

    async def http(request: Request, error: Any) -> Response:
        room = request.url.path.split("/")[1]
        if error.status_code != 404 or room in set(Action):  # a link to act that was cut
            return pages.problem(error.status_code, request, error.headers)
        if room == "api":
            return JSONResponse({"error": NO_PATH}, 404)
        return pages.nothing_here(Site.of(request, web.zone), public=web.public)

    async def no_store(request: Request, _error: Any) -> Response:
        return pages.problem(503, request, {"Retry-After": "60"})

    async def broken(request: Request, _error: Any) -> Response:
        page = pages.problem(500, request)
        page.headers.update(_HEADERS)  # it goes past the middleware
        return page

    app.add_exception_handler(Exception, broken)
    app.add_exception_handler(LinkRefused, refused)
    app.add_exception_handler(BadRequest, bad)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(StoreError, no_store)
