"""The web application in a process of its own, as `sectorwatch web` starts it, telling what the store took."""

from __future__ import annotations

import multiprocessing
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine, event
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from benchmarks.year_store import NOW
from flows.runtime import Runtime
from sectorwatch.cli.web import server_of
from sectorwatch.settings import Settings
from sectorwatch.web.app import create_app

_STARTS_S = 60


class _Timed:
    """A cursor that adds up what statements take, their rows too."""

    seconds, statements = 0.0, 0  # since the last answer; one request at a time

    def execute(self, *given: Any, **named: Any) -> Any:
        _Timed.statements += 1
        return self._timed("execute", *given, **named)

    def fetchall(self) -> Any:
        return self._timed("fetchall")

    def fetchone(self) -> Any:
        return self._timed("fetchone")

    def fetchmany(self, *given: Any) -> Any:
        return self._timed("fetchmany", *given)

    def _timed(self, name: str, *given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return getattr(super(), name)(*given, **named)
        finally:
            _Timed.seconds += time.perf_counter() - began


class _SqliteCursor(_Timed, sqlite3.Cursor):
    pass


class _SqliteConnection(sqlite3.Connection):
    def cursor(self, factory: Any = _SqliteCursor) -> Any:
        return super().cursor(factory)


class _PostgresqlCursor(_Timed, psycopg.Cursor[Any]):
    pass


def _time_statements(engine: Engine) -> None:
    def with_cursor(_dialect: object, _record: object, _given: object, named: dict[str, Any]) -> None:
        if engine.dialect.name == "sqlite":
            named["factory"] = _SqliteConnection
        else:
            named["cursor_factory"] = _PostgresqlCursor

    event.listen(engine, "do_connect", with_cursor)
    engine.dispose()  # those that were made before


class _Telling:
    """Says in a header of each answer what the store took (https://www.w3.org/TR/server-timing/)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                words = f'sql;dur={_Timed.seconds * 1000:.3f};desc="{_Timed.statements}"'
                message["headers"] = [*message["headers"], (b"server-timing", words.encode())]
            await send(message)

        _Timed.seconds, _Timed.statements = 0.0, 0
        await self._app(scope, receive, told)


def _serve(settings: Settings) -> None:
    with Runtime.open(settings, clock=lambda: NOW) as runtime:
        _time_statements(runtime.tools.store.engine)
        app = create_app(runtime.tools)
        app.add_middleware(_Telling)
        server_of(app, settings.web.host, settings.web.port).run()


@contextmanager
def served(settings: Settings) -> Iterator[None]:
    """The pages on a store, at the address of `settings`, as they are when the year is over."""
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(settings,))
    process.start()
    try:
        _wait(settings.web.host, settings.web.port)
        yield
    finally:
        process.terminate()
        process.join()


def free_port() -> int:
    """One that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _wait(host: str, port: int) -> None:
    until = time.monotonic() + _STARTS_S
    while True:
        try:
            socket.create_connection((host, port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
