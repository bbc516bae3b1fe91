"""Subscriptions: who is told of what."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from sectorwatch.cli import subscription_add, subscription_preview
from sectorwatch.cli.output import ago, safe, say, show
from sectorwatch.domain import Every, Mode, Schedule, Subscription
from sectorwatch.errors import ConfigurationError

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

subscriptions = typer.Typer(help="Subscriptions: who is told of what.", no_args_is_help=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.add_typer(subscriptions, name="subscriptions")
    subscription_add.register(subscriptions)
    subscription_preview.register(subscriptions)


@subscriptions.command("list")
def list_subscriptions(json: Json = False) -> None:
    """Who is told of what, and where. They are set in the configuration file (see 'apply')."""
    from sectorwatch.cli.opening import opened_runtime
    from sectorwatch.clock import system_clock
    from storage import subscriptions as store_of

    with opened_runtime() as runtime, runtime.tools.store.read() as work:
        found = store_of.every(work, runtime.tools.vault, ended=True)
    now = system_clock()
    rows = [
        {
            "id": one.id,
            "subscriber": one.subscriber.name,
            "name": one.name,
            "rule": one.rule,
            "schedule": one.schedule,
            "targets": [target.label for target in one.targets],
            "active_from": one.active_from,
            "paused": one.paused,
            "state": _state(one, now),
            "ended_at": one.reader.ended_at,
            "paused_by_reader": one.reader.pause,
            "changed_by_reader_at": one.reader.changed_at,
        }
        for one in found
    ]
    show(
        rows,
        json,
        lambda row: (
            row["id"],
            row["subscriber"],
            row["name"],
            ", ".join([*row["rule"].sectors, *row["rule"].places]) or "every sector",
            _when(row["schedule"]),
            ", ".join(row["targets"]) or "nowhere",
            row["state"],
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
    from sectorwatch.clock import system_clock
    from storage import readers

    with opened_store() as store, store.write() as work:
        found = readers.reading(work, subscription)
        if found is None:
            raise ConfigurationError(
                f"there is no subscription {subscription}: 'sectorwatch subscriptions list' shows their numbers"
            )
        readers.restart(work, subscription, now=system_clock())
        work.commit()
    say(f"{safe(found.subscriber.name)}/{safe(found.name)} is on; what the file says of it comes with the next 'apply'")


def _state(row: Subscription, now: datetime) -> str:
    """Whether it is on, in a few words."""
    reader = row.reader
    if reader.ended_at is not None:
        return f"ended by its reader, {ago(reader.ended_at, now)}"
    if row.paused:
        return "paused"
    if reader.pause is not None and reader.pause.holds(now):
        return f"paused by its reader {reader.pause.words}"
    return f"active, but left by {len(reader.left)}" if reader.left else "active"


def _when(schedule: Schedule) -> str:
    """The schedule in a few words."""
    at, day = f" at {schedule.digest_at:%H:%M}", _DAYS[schedule.weekday]
    digests = {Every.HOUR: "every hour", Every.DAY: f"every day{at}", Every.WEEK: f"every {day}{at}"}
    words = [digests[schedule.every] if schedule.mode is Mode.DIGEST else "at once"]
    if schedule.quiet and schedule.quiet[0] != schedule.quiet[1]:
        words.append(f"quiet {schedule.quiet[0]:%H:%M}-{schedule.quiet[1]:%H:%M}")
    if schedule.hourly_cap is not None:
        words.append(f"at most {schedule.hourly_cap} an hour")
    return ", ".join(words)
