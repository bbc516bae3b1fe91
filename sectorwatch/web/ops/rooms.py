"""How the operators' pages are reached: who may, in which language, and what a form has to carry."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from flows.steps.tools import Tools
from sectorwatch.errors import ConfigurationError
from sectorwatch.web.body import Form, form_of
from sectorwatch.web.login import Gate, Operator
from sectorwatch.web.ops.listing import AT_ONCE, IN_FILE, Listed, Slice, file
from sectorwatch.web.pages import Pages
from sectorwatch.web.public_views import NoSuchPage, WrongFilter
from sectorwatch.web.site import Site
from sectorwatch.web.words.operators import OperatorWords, operator_words
from storage.unit_of_work import Work

R = TypeVar("R")
ROOT = "ops"


@dataclass(frozen=True, kw_only=True)
class Asking:
    """One request of an operator."""

    site: Site
    say: OperatorWords
    operator: Operator
    path: Mapping[str, str]
    form: Form
    now: datetime

    @property
    def who(self) -> str:
        """Who is on record for what they do."""
        return self.operator.name or "an operator, on the web"

    def number(self, name: str = "id") -> int:
        """A number in the path. Raises NoSuchPage."""
        value = self.path[name]
        if not (value.isascii() and value.isdecimal() and len(value) < 19):
            raise NoSuchPage
        return int(value)


class Rooms:
    """Adds pages to an application, each behind the gate."""

    def __init__(self, app: FastAPI, tools: Tools, pages: Pages, gate: Gate) -> None:
        self._app, self._tools, self._pages, self._gate = app, tools, pages, gate

    def page(self, path: str, template: str, values: Callable[[Work, Asking], dict[str, Any]]) -> None:
        """A page of what is found in the store."""

        def made(asking: Asking) -> Response:
            with self._tools.store.read() as work:
                found = values(work, asking)
            return self.shown(asking, template, **found)

        self._route(path, made)

    def list(
        self,
        path: str,
        template: str,
        sorts: Sequence[str],
        rows: Callable[[Work, Asking, Slice], Sequence[R]],
        beside: Callable[[Work, Asking], dict[str, Any]] = lambda _work, _asking: {},
    ) -> None:
        """A list with its pages, and the whole of it as a file; `sorts` begins with the order that it has by itself."""

        def made(asking: Asking) -> Response:
            wanted = Slice.of(asking.site.query, sorts)
            one_more = replace(wanted, limit=wanted.limit + 1)
            with self._tools.store.read() as work:
                found, values = rows(work, asking, one_more), beside(work, asking)
            listed = Listed(rows=found[: wanted.limit], slice=wanted, more=len(found) > wanted.limit)
            return self.shown(asking, template, listed=listed, room=path, **values)

        def as_file(kind: str) -> Callable[[Asking], Response]:
            def filed(asking: Asking) -> Response:
                wanted = Slice.of({**asking.site.query, "page": ""}, sorts, limit=IN_FILE)
                return file(batches(asking, wanted), kind, path.rpartition("/")[2])

            return filed

        def batches(asking: Asking, wanted: Slice) -> Iterator[Sequence[R]]:
            """A few rows, so that the file begins; then all the others, so that nothing waits for a slow client."""
            with self._tools.store.read(steady=True) as work:
                first = rows(work, asking, replace(wanted, limit=AT_ONCE))
                yield first
                rest = replace(wanted, offset=AT_ONCE, limit=wanted.limit - AT_ONCE)
                others = rows(work, asking, rest) if len(first) == AT_ONCE else ()
            yield others

        self._route(path, made)
        for kind in ("csv", "json"):
            self._route(f"{path}.{kind}", as_file(kind))

    def act(self, path: str, do: Callable[[Asking], str | Response]) -> None:
        """What a form of a page does; returns where the browser goes then, or a page."""

        def made(asking: Asking) -> Response:
            gone = do(asking)
            return gone if isinstance(gone, Response) else RedirectResponse(gone, 303)

        self._route(path, made, "POST")

    def shown(self, asking: Asking, template: str, *, status: int = 200, **values: Any) -> Response:
        """A page for an operator."""
        done = asking.site.query.get("done", "")
        count = asking.site.query.get("count", "")
        said = asking.say.done.get(done, "").format(count=count if count.isdecimal() and len(count) < 12 else "")
        return self._pages.public(
            f"ops/{template}", asking.site, status=status, say=asking.say, now=asking.now, operator=asking.operator,
            said=said, **values,
        )  # fmt: skip

    def _route(self, path: str, made: Callable[[Asking], Response], method: str = "GET") -> None:
        def answered(request: Request, form: Form) -> Response:
            site = Site.of(request, self._tools.settings.web.zone)
            operator = self._gate.operator(request)
            if operator is None:
                return self._stranger(request, site)
            say = operator_words(site.words.language)
            asking = Asking(
                site=site, say=say, operator=operator, path=request.path_params, form=form, now=self._tools.clock()
            )
            try:
                if method == "POST" and not hmac.compare_digest(form.one("key").encode(), operator.form_key.encode()):
                    return self._problem(asking, 403, say.refused, say.too_old)
                return made(asking)
            except NoSuchPage:
                return self._problem(asking, 404, say.nothing_here, say.nothing_here_note)
            except WrongFilter as wrong:
                words = site.words.bad_filter_note.format(name=wrong.name, value=site.title(wrong.value))
                return self._problem(asking, 400, site.words.bad_filter, words)
            except ConfigurationError as error:
                return self._problem(asking, 400, say.refused, str(error))

        async def responded(request: Request) -> Response:
            form = await form_of(request) if method == "POST" else Form({})
            return await run_in_threadpool(answered, request, form)

        methods = ["POST"] if method == "POST" else ["GET", "HEAD"]
        self._app.add_route(f"/{path}", responded, methods)

    def _problem(self, asking: Asking, status: int, heading: str, advice: str) -> Response:
        return self.shown(asking, "problem", status=status, heading=heading, advice=advice)

    def _stranger(self, request: Request, site: Site) -> Response:
        """To the form that asks who it is, and back from there to a page."""
        back = {"next": f"{site.path}?{urlencode(site.query)}".rstrip("?")} if request.method == "GET" else {}
        return RedirectResponse(site.link(f"{ROOT}/login", **back), 303)
