"""Targets: where subscribers are told."""

from __future__ import annotations

from typing import Annotated

import typer

from sectorwatch.cli.output import say, show
from sectorwatch.errors import ConfigurationError

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

targets = typer.Typer(help="Targets: where subscribers are told.", no_args_is_help=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.add_typer(targets, name="targets")


@targets.command("list")
def list_targets(json: Json = False) -> None:
    """Every target by its label; addresses are not shown."""
    from sectorwatch.cli.opening import opened_runtime
    from storage import subscriptions as store_of

    with opened_runtime() as runtime, runtime.tools.store.read() as work:
        found = {
            target.id: (one, target) for one in store_of.every(work, runtime.tools.vault) for target in one.targets
        }
    rows = [
        {
            "id": number,
            "subscriber": one.subscriber.name,
            "label": target.label,
            "kind": target.kind,
            "enabled": target.enabled,
        }
        for number, (one, target) in sorted(found.items())
    ]
    show(rows, json, lambda row: tuple(row.values()), "target", "subscriber", "label", "kind", "enabled")


@targets.command()
def test(target: Annotated[int, typer.Argument(help="The target's number, as 'targets list' shows it.")]) -> None:
    """Send a real test message to a target and show what became of it."""
    from sectorwatch.cli.opening import opened_runtime
    from sectorwatch.domain import OutcomeKind

    with opened_runtime() as runtime:
        outcome = runtime.send_test(target)
    if outcome is None:
        raise ConfigurationError(f"there is no target {target}: 'sectorwatch targets list' shows their numbers")
    say(f"{outcome.kind.value}: {outcome.detail}")
    raise typer.Exit(0 if outcome.kind is OutcomeKind.SENT else 1)
