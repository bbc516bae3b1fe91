"""Subscriptions: who is told of what."""

from __future__ import annotations

from typing import Annotated

import typer

from sectorwatch.cli.output import show
from sectorwatch.domain import Every, Mode, Schedule

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

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
            "schedule": one.schedule,
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
            ", ".join([*row["rule"].sectors, *row["rule"].places]) or "every sector",
            _when(row["schedule"]),
            ", ".join(row["targets"]) or "nowhere",
            "paused" if row["paused"] else "active",
        ),
        "subscriber",
        "name",
        "sectors and places",
        "when",
        "targets",
        "state",
    )


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
