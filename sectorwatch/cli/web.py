"""The web pages, and what monitors ask for."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from sectorwatch.cli.output import say

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

KEEP_ALIVE_S = 5
CONCURRENCY = 200  # requests at once; more are answered 503


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(web)


def web(
    host: Annotated[str | None, typer.Option(help="Address to listen on (default: web.host).")] = None,
    port: Annotated[int | None, typer.Option(help="Port (default: web.port).", min=1, max=65535)] = None,
) -> None:
    """The web pages: sectors and stories for anybody, for readers their alerts, for monitors /metrics; Ctrl-C stops it.

    Links in messages lead to public_url: put a proxy with TLS before it. Without public_url messages have no links,
    and the public pages are there all the same; web.public = false keeps them for operators. Monitors are always
    answered.
    """
    from sectorwatch.cli import opening
    from sectorwatch.net.listening import Listens
    from sectorwatch.web.app import create_app

    opening.know_blocks()
    settings = opening.settings()
    chosen, number = host or settings.web.host, port or settings.web.port
    Listens(host=chosen, port=number, cure="choose another with --port or web.port").wait_until_free()
    with opening.opened_runtime(chosen=settings) as runtime:
        server = server_of(create_app(runtime.tools, send_test=runtime.send_test), chosen, number)
        here, public = f"http://{chosen}:{number}", settings.public_url
        leads = f", where {public} has to lead" if public and public.rstrip("/") != here else ""
        if not settings.web.has_operators:
            say("operators' pages are off: set web.admin_password (env:NAME or file:/path), or web.login_header")
        say(f"the pages are on {here}{leads}; Ctrl-C stops it")
        with suppress(SystemExit):  # uvicorn says itself what is wrong, with an exit code of its own
            server.run()
    if not server.started:
        raise typer.Exit(1)


def server_of(app: FastAPI, host: str, port: int) -> uvicorn.Server:
    """The server of the pages, not started yet."""
    import uvicorn

    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            access_log=False,  # the address of a page is the right to act on it: in no log
            log_level="warning",
            server_header=False,
            proxy_headers=False,  # the application looks at them itself
            timeout_keep_alive=KEEP_ALIVE_S,
            limit_concurrency=CONCURRENCY,
        )
    )
