"""Subscriptions: who is told of what."""

from __future__ import annotations

from typing import Annotated

import typer

from sectorwatch.cli import subscription_add, subscription_preview
from sectorwatch.cli.output import safe, say, show
from sectorwatch.errors import ConfigurationError

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

subscriptions = typer.Typer(help="Subscriptions: who is told of what.", no_args_is_help=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.add_typer(subscriptions, name="subscriptions")
    subscription_add.register(subscriptions)
    subscription_preview.register(subscriptions)


@subscriptions.command("list")
def list_subscriptions(json: Json = False) -> None:
    """Who is told of what, and where. They are set in the configuration file (see 'apply')."""
    from flows.steps.roster import subscription_list
    from sectorwatch.cli.opening import opened_runtime

    with opened_runtime() as runtime, runtime.tools.store.read() as work:
        rows = subscription_list.subscription_rows(work, runtime.tools.vault, now=runtime.tools.clock())
    show(
        rows,
        json,
        lambda row: (
            row.id,
            row.subscriber,
            row.name,
            ", ".join([*row.rule.sectors, *row.rule.places]) or "every sector",
            subscription_list.when(row.schedule),
            ", ".join(row.targets) or "nowhere",
            row.state,
        ),
        "number",
        "subscriber",
        "name",
        "sectors and places",
        "when",
        "targets",
        "state",
    )


@subscriptions.command()
def restart(
    subscription: Annotated[int, typer.Argument(help="The subscription's number, as 'subscriptions list' shows it.")],
) -> None:
    """Take back what its readers did by links: an end, a pause, changes; it begins anew, from now on."""
    from sectorwatch.cli.opening import opened_store
    from storage.shared_clock import now_of
    from storage.subscribers import readers

    with opened_store() as store, store.write() as work:
        found = readers.reading(work, subscription)
        if found is None:
            raise ConfigurationError(
                f"there is no subscription {subscription}: 'sectorwatch subscriptions list' shows their numbers"
            )
        readers.restart(work, subscription, now=now_of(work))
        work.commit()
    say(f"{safe(found.subscriber.name)}/{safe(found.name)} is on; what the file says of it comes with the next 'apply'")
