"""What is not told: suppressions, and the switch of all alerts."""

from __future__ import annotations

import getpass
import os
from typing import Annotated

import typer

from sectorwatch.cli.output import ago, say, show

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int, typer.Option(help="How many at most.", min=1, max=1_000_000_000)]


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    for command in (suppressions, pause, resume):
        app.command()(command)


def suppressions(limit: Limit = 50, json: Json = False) -> None:
    """What matched a subscription and was not told, and why; newest first."""
    from sectorwatch.cli.opening import opened_store
    from sectorwatch.clock import system_clock
    from storage import queries

    now = system_clock()
    with opened_store() as store, store.read() as work:
        rows = queries.suppression_rows(work, limit=limit)
    show(
        rows,
        json,
        lambda row: (ago(row.at, now), f"{row.subscriber}/{row.subscription}", row.sector, row.reason, row.title),
        "when",
        "subscription",
        "sector",
        "why",
        "article",
    )


def pause() -> None:
    """Stop all alerts at once; they are kept, and 'resume' lets them go."""
    _switch(paused=True)
    say("alerts are paused: they are kept until 'sectorwatch resume'")


def resume() -> None:
    """Let alerts go again."""
    _switch(paused=False)
    say("alerts go out again")


def _who() -> str:
    """Who asks; a container's user may have no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def _switch(*, paused: bool) -> None:
    from sectorwatch.cli.opening import opened_store
    from sectorwatch.clock import system_clock
    from storage import outbox

    with opened_store() as store, store.write() as work:
        outbox.pause_alerts(work, paused=paused, author=_who(), now=system_clock())
        work.commit()
