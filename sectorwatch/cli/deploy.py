"""Puts the deployments on a Prefect server."""

from __future__ import annotations

from typing import Annotated

import typer

from sectorwatch.cli.output import safe, say, write_json

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command()(deploy)


def deploy(
    config: Annotated[
        str | None,
        typer.Option(help="The configuration file's path on the workers (default: their SECTORWATCH_CONFIG)."),
    ] = None,
    every: Annotated[int, typer.Option(help="Seconds between two cycles.", min=20)] = 300,
    slots: Annotated[int, typer.Option(help="Cycles side by side; more than one needs PostgreSQL.", min=1)] = 1,
    pool: Annotated[str, typer.Option(help="Name of the work pool.")] = "sectorwatch",
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit code 1 when something differs.")] = False,
    json: Json = False,
) -> None:
    """Make the Prefect server have work pool, deployments, schedules, limits, automations; shows the difference.

    Safe to repeat; the server is the one of PREFECT_API_URL.
    """
    from flows.deploying import deploy as put
    from flows.deployments import wanted

    changes = put(wanted(every=every, slots=slots), config=config, pool=pool, check=check)
    if json:
        write_json(changes)
    else:
        for one in changes:
            say(safe(f"{one.sign} {one.what}{f': {one.detail}' if one.detail else ''}"))
        count = sum(check or one.sign != "!" for one in changes)
        say(f"{count} {'differ' if check else 'changed'}" if count else "nothing to change")
    raise typer.Exit(1 if check and changes else 0)
