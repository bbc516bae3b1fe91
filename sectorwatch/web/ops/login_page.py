"""The form to log in with, and the way out."""

from __future__ import annotations

import hmac
import math
import re
from urllib.parse import parse_qsl

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from flows.steps.tools import Tools
from sectorwatch.web.body import form_of
from sectorwatch.web.login import VISIT, Gate
from sectorwatch.web.ops.rooms import ROOT, Asking, Rooms
from sectorwatch.web.pages import Pages
from sectorwatch.web.site import Site
from sectorwatch.web.words.operators import operator_words

_OURS = re.compile(rf"{ROOT}(/[a-z0-9]+)*(\.csv|\.json)?")


def register(app: FastAPI, tools: Tools, pages: Pages, gate: Gate, rooms: Rooms) -> None:
    """Adds the pages of this file."""

    def form(request: Request, site: Site, *, status: int = 200, wrong: str = "") -> Response:
        cookie, key = gate.visit(request)
        say = operator_words(site.words.language)
        values = {"say": say, "form_key": key, "wrong": wrong, "by_password": gate.by_password}
        page = pages.public("ops/login", site, status=status, left=site.query.get("left") == "1", **values)
        gate.give(page, request, VISIT, cookie)
        return page

    async def show(request: Request) -> Response:
        site = Site.of(request, tools.settings.web.zone)
        if await run_in_threadpool(gate.operator, request) is not None:
            return RedirectResponse(_way_back(site), 303)
        return form(request, site)

    async def log_in(request: Request) -> Response:
        site, given = Site.of(request, tools.settings.web.zone), await form_of(request)
        say = operator_words(site.words.language)
        if not hmac.compare_digest(given.one("key").encode(), gate.visit(request)[1].encode()):
            return form(request, site, status=403, wrong=say.too_old)
        wait = math.ceil(gate.wait(request))
        if wait:
            page = form(request, site, status=429, wrong=say.too_many.format(seconds=wait))
            page.headers["Retry-After"] = str(wait)
            return page
        if not gate.is_password(given.one("password"), request):
            return form(request, site, status=403, wrong=say.wrong_password)
        inside = RedirectResponse(_way_back(site), 303)
        gate.let_in(inside, request)
        return inside

    def log_out(asking: Asking) -> Response:
        outside = RedirectResponse(asking.site.link(f"{ROOT}/login", left="1"), 303)
        gate.let_out(outside, asking.operator)
        return outside

    app.add_route(f"/{ROOT}/login", show, ["GET", "HEAD"])
    app.add_route(f"/{ROOT}/login", log_in, ["POST"])
    rooms.act(f"{ROOT}/logout", log_out)


def _way_back(site: Site) -> str:
    """The page that was asked for before, if it is one of these; never another site."""
    path, _, query = site.query.get("next", "").partition("?")
    if not _OURS.fullmatch(path):
        return site.link(ROOT)
    return site.link(path, **dict(parse_qsl(query)))
