"""The pages of a reader: confirm, change, unsubscribe, pause, report a false alarm. A GET shows, a POST acts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from alerts.links import Action
from alerts.phrases import phrases_of
from alerts.plain import plain
from alerts.schedule import zone_of
from flows.steps.subscribers import changing, confirming, readers
from flows.steps.subscribers.confirming import AskedTooOften
from flows.steps.tools import Tools
from sectorwatch.domain import utc
from sectorwatch.errors import LinkRefused
from sectorwatch.web.body import BadRequest, form_of
from sectorwatch.web.change_page import change_page, wishes_of
from sectorwatch.web.pages import Pages
from storage.alerting.false_alarms import Told
from storage.subscribers.confirmations import Asked
from storage.subscribers.readers import Reading

Answer = Callable[[Request, str], Awaitable[Response]]
_PAUSES = {"day": 1, "week": 7, "open": None}  # days


def register(app: FastAPI, tools: Tools, pages: Pages) -> None:
    """Adds the pages of this file."""

    async def show_unsubscribe(_request: Request, token: str) -> Response:
        reading = await run_in_threadpool(readers.opened, tools, token, Action.UNSUBSCRIBE)
        return _unsubscribe_page(pages, tools, reading, readers.target_of(token))

    async def unsubscribe(request: Request, token: str) -> Response:
        form = await form_of(request)
        act, everywhere = form.one("act"), form.one("act") == "everywhere"
        if act == "undo" and not form.one_click:
            reading = await run_in_threadpool(readers.undo, tools, token)
            return _unsubscribe_page(pages, tools, reading, readers.target_of(token), undone=True)
        if not form.one_click and act not in ("here", "everywhere"):
            raise BadRequest(400)
        reading = await run_in_threadpool(lambda: readers.unsubscribe(tools, token, everywhere=everywhere))
        if form.one_click:
            return PlainTextResponse("unsubscribed")
        return _unsubscribe_page(pages, tools, reading, readers.target_of(token))

    async def show_pause(_request: Request, token: str) -> Response:
        return _pause_page(pages, tools, await run_in_threadpool(readers.opened, tools, token, Action.PAUSE))

    async def pause(request: Request, token: str) -> Response:
        act = (await form_of(request)).one("act")
        if act == "resume":
            reading = await run_in_threadpool(readers.resume, tools, token)
        elif act in _PAUSES:
            reading = await run_in_threadpool(lambda: readers.pause(tools, token, days=_PAUSES[act]))
        else:
            raise BadRequest(400)
        return _pause_page(pages, tools, reading)

    async def show_change(_request: Request, token: str) -> Response:
        return change_page(pages, await run_in_threadpool(changing.choices, tools, token))

    async def change(request: Request, token: str) -> Response:
        form = await form_of(request)
        act = {"change": changing.change, "preview": changing.try_out}.get(form.one("act"))
        if act is None:
            raise BadRequest(400)
        return change_page(pages, await run_in_threadpool(act, tools, token, wishes_of(form)))

    async def show_confirm(_request: Request, token: str) -> Response:
        try:
            return _confirm_page(pages, await run_in_threadpool(confirming.asked, tools, token))
        except LinkRefused as error:
            if not error.expired:
                raise
            return _late_page(pages, await run_in_threadpool(confirming.late, tools, token), "late", 410)

    async def confirm(request: Request, token: str) -> Response:
        act = (await form_of(request)).one("act")
        if act == "ask":
            try:
                return _late_page(pages, await run_in_threadpool(confirming.ask_anew, tools, token), "asked", 200)
            except AskedTooOften:
                return _late_page(pages, await run_in_threadpool(confirming.late, tools, token), "often", 429)
        if act != "confirm":
            raise BadRequest(400)
        return _confirm_page(pages, await run_in_threadpool(confirming.answer, tools, token))

    async def show_false_alarm(_request: Request, token: str) -> Response:
        return _false_alarm_page(pages, *await run_in_threadpool(readers.told, tools, token))

    async def report(request: Request, token: str) -> Response:
        form = await form_of(request)
        if form.one("act") != "report":
            raise BadRequest(400)
        note = form.one("note")
        told = await run_in_threadpool(lambda: readers.report_false_alarm(tools, token, note=note))
        return _false_alarm_page(pages, *told)

    ways = (
        (Action.CHANGE, show_change, change),
        (Action.CONFIRM, show_confirm, confirm),
        (Action.FALSE_ALARM, show_false_alarm, report),
        (Action.UNSUBSCRIBE, show_unsubscribe, unsubscribe),
        (Action.PAUSE, show_pause, pause),
    )
    for action, show, act in ways:
        _route(app, tools, pages, action, show, act)


def _route(app: FastAPI, tools: Tools, pages: Pages, action: Action, show: Answer, act: Answer) -> None:
    async def answer(request: Request) -> Response:
        token = str(request.path_params["token"])
        if request.method != "POST":
            return await show(request, token)
        try:
            return await act(request, token)
        except BadRequest as error:
            language = await run_in_threadpool(_language, tools, token, action)
            return pages.problem(error.status, request, language=language)

    app.add_route(f"/{action}/{{token}}", answer, ["GET", "HEAD", "POST"])


def _language(tools: Tools, token: str, action: Action) -> str:
    """That of the reader whose link it is; "" for a link that is not ours."""
    try:
        if action is Action.CONFIRM:
            return confirming.asked(tools, token).language
        return readers.opened(tools, token, action).subscriber.language
    except LinkRefused:
        return ""


def _unsubscribe_page(
    pages: Pages, tools: Tools, reading: Reading, target: int, *, undone: bool = False
) -> HTMLResponse:
    ended, here = reading.reader.ended_at is not None, target not in reading.targets
    return pages.show(
        "unsubscribe",
        reading.subscriber.language,
        name=reading.name,
        ended=ended,
        here=here,
        undone=undone and not ended and not here,
        can_undo=readers.can_undo(tools, reading, target),
        count=len(reading.targets),
    )


def _pause_page(pages: Pages, tools: Tools, reading: Reading) -> HTMLResponse:
    language, pause = reading.subscriber.language, reading.reader.pause
    holds = pause is not None and pause.holds(tools.clock())
    until = pause.until if pause is not None and holds else None
    return pages.show(
        "pause",
        language,
        name=reading.name,
        ended=reading.reader.ended_at is not None,
        paused=holds,
        stopped=reading.paused,
        until=local(until, zone_of(reading.subscriber.zone), language) if until else "",
    )


def _confirm_page(pages: Pages, asked: Asked) -> HTMLResponse:
    return pages.show("confirm", asked.language, name=asked.subscriber, confirmed=asked.confirmed_at is not None)


def _late_page(pages: Pages, asked: Asked, state: str, status: int) -> HTMLResponse:
    return pages.show("confirm-late", asked.language, status=status, state=state)


def _false_alarm_page(pages: Pages, reading: Reading, alert: Told) -> HTMLResponse:
    return pages.show(
        "false-alarm",
        reading.subscriber.language,
        sector=alert.sector,
        headline=plain(alert.headline),
        reported=alert.reported,
        longest=readers.NOTE,
    )


def local(at: datetime, zone: ZoneInfo, language: str) -> str:
    """A moment as the reader's alerts write it."""
    return phrases_of(language).moment(utc(at).astimezone(zone))
