"""Subscriptions: who is told of what."""

from __future__ import annotations

from typing import Annotated

import typer

from sectorwatch.cli.output import show

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

subscriptions = typer.Typer(help="Subscriptions: who is told of what.", no_args_is_help=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.add_typer(subscriptions, name="subscriptions")


@subscriptions.command("list")
def list_subscriptions(json: Json = False) -> None:
    """Who is told of what, and where. They are set in the configuration file (see 'apply')."""
    from sectorwatch.cli.opening import opened_runtime
    from storage import subscriptions as store_of

    with opened_runtime() as runtime, runtime.tools.store.read() as work:
        found = store_of.every(work, runtime.tools.vault)
    rows = [
        {
            "id": one.id,
            "subscriber": one.subscriber.name,
            "name": one.name,
            "rule": one.rule,
            "targets": [target.label for target in one.targets],
            "active_from": one.active_from,
            "paused": one.paused,
        }
        for one in found
    ]
    show(
        rows,
        json,
        lambda row: (
            row["subscriber"],
            row["name"],
            ", ".join(row["rule"].sectors) or "every sector",
            ", ".join(row["targets"]) or "nowhere",
            "paused" if row["paused"] else "active",
        ),
        "subscriber",
        "name",
        "sectors",
        "targets",
        "state",
    )
