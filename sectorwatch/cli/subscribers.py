"""Subscribers: who is told."""

from __future__ import annotations

from typing import Annotated

import typer

from sectorwatch.cli.asking import sure
from sectorwatch.cli.known import no_such
from sectorwatch.cli.output import safe, say, show, write_json_parts
from sectorwatch.clock import ago
from sectorwatch.plurals import each_counted

Name = Annotated[str, typer.Argument(help="The subscriber's name.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

subscribers = typer.Typer(help="Subscribers: who is told.", no_args_is_help=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.add_typer(subscribers, name="subscribers")


@subscribers.command("list")
def list_subscribers(json: Json = False) -> None:
    """Every subscriber. Who is not in the applied file was added by hand, or taken out of it."""
    from sectorwatch.cli.opening import opened_store
    from storage.shared_clock import now_of
    from storage.subscribers.people import PersonRow, person_rows

    with opened_store() as store, store.read() as work:
        now = now_of(work)
        rows = person_rows(work)

    def cells(row: PersonRow) -> tuple[object, ...]:
        listed = "yes" if row.managed else "no"
        return (row.name, row.zone, row.language, listed, ago(row.added_at, now), row.targets, row.subscriptions)

    show(
        rows,
        json,
        cells,
        *("subscriber", "zone", "language", "in the file", "added", "targets", "subscriptions"),
        spare=("language",),
    )


@subscribers.command()
def add(
    name: Name,
    zone: Annotated[str, typer.Option(help="Time zone of the times in alerts.")] = "UTC",
    language: Annotated[str, typer.Option(help="Of the fixed words in alerts: en or uk.")] = "en",
) -> None:
    """Add a subscriber, or change zone and language; safe to repeat."""
    from flows.steps.roster import subscribing
    from sectorwatch.cli.opening import opened_runtime
    from sectorwatch.settings import made
    from sectorwatch.settings.roster import SubscriberSpec

    spec = made(SubscriberSpec, {"name": name, "zone": zone, "language": language}, "subscribers add")
    with opened_runtime() as runtime:
        done = subscribing.put_subscriber(runtime.tools, spec)
    say(f"{safe(name)}: {'done' if done else 'nothing to change'}")


@subscribers.command()
def export(name: Name) -> None:
    """Print everything that is kept about a subscriber as JSON, for them to read.

    Their e-mail addresses are in it; webhook and Apprise addresses are not, as they may hold keys of yours.
    """
    from sectorwatch.cli.opening import opened_runtime
    from storage.subscribers import people

    with opened_runtime() as runtime, runtime.tools.store.read() as work:
        there = {row.name: row.id for row in people.person_rows(work)}
        if name not in there:
            raise no_such("subscriber", name, there)
        write_json_parts(people.export(work, runtime.tools.vault, there[name]))


@subscribers.command()
def erase(
    name: Name, yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False
) -> None:
    """Forget a subscriber: addresses, subscriptions, alerts, deliveries, what waits and what was sent.

    Articles stay; copies in backups are yours to delete. One that is in the applied file comes back with the next
    'apply': take it out there too.
    """
    from flows.steps.roster import subscribing
    from sectorwatch.cli.opening import opened_runtime

    with opened_runtime() as runtime:
        subscribing.check_there(runtime.tools, name)
        sure(f"Forget {safe(name)} and everything kept about them, for good?", yes=yes)
        gone = subscribing.erase(runtime.tools, name)
    say(f"{safe(name)} is forgotten" + (f": {said}" if (said := each_counted(gone)) else ""))
