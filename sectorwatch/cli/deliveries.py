"""Deliveries: every message sent or to be sent."""

from __future__ import annotations

from typing import Annotated

import typer

from sectorwatch.cli.output import ago, say, show, table, write_json
from sectorwatch.errors import ConfigurationError

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int, typer.Option(help="How many at most.", min=1, max=1_000_000_000)]

deliveries = typer.Typer(
    help="Deliveries: every alert sent or to be sent.", no_args_is_help=True, rich_markup_mode=None
)


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.add_typer(deliveries, name="deliveries")


@deliveries.command("list")
def list_deliveries(
    state: Annotated[
        str | None, typer.Option(help="Only these: held, pending, sent, retry, unknown, dead, ...")
    ] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """Deliveries, newest first."""
    from sectorwatch.cli.opening import opened_store
    from sectorwatch.clock import system_clock
    from storage import queries

    now = system_clock()
    with opened_store() as store, store.read() as work:
        rows = queries.delivery_rows(work, state=state, limit=limit)
    show(
        rows,
        json,
        lambda row: (
            row.id,
            row.state,
            ", ".join(row.sectors),
            f"{row.subscriber}/{row.subscription or row.kind}",
            row.target,
            row.attempts,
            ago(row.sent_at or row.due_at, now),
            row.reason,
        ),
        "delivery",
        "state",
        "sector",
        "subscription",
        "target",
        "attempts",
        "sent or due",
        "why",
    )


@deliveries.command("show")
def show_delivery(delivery: Annotated[int, typer.Argument(help="The delivery's number.")], json: Json = False) -> None:
    """One delivery with every attempt: when, how it ended, what was answered."""
    from sectorwatch.cli.opening import opened_store
    from sectorwatch.clock import system_clock
    from storage import queries

    with opened_store() as store, store.read() as work:
        rows = queries.delivery_rows(work, ids=[delivery], limit=1)
        attempts = queries.attempt_rows(work, delivery)
    if not rows:
        raise ConfigurationError(f"there is no delivery {delivery}: 'sectorwatch deliveries list' shows their numbers")
    if json:
        write_json({"delivery": rows[0], "attempts": attempts})
        return
    row, now = rows[0], system_clock()
    of = ", ".join(row.sectors) or "nothing watched"
    say(f"delivery {row.id} ({row.kind}) of {of} to {row.subscriber}'s {row.target}: {row.state}")
    if row.stories:
        say("stories " + ", ".join(str(story) for story in row.stories))
    say(f"id {row.dedup_key}" + (f"; {row.reason}" if row.reason else ""))
    table(
        ((one.n, ago(one.started_at, now), one.outcome or "unknown", one.status or "", one.detail) for one in attempts),
        "attempt",
        "started",
        "outcome",
        "status",
        "answer",
    )


@deliveries.command()
def retry(
    delivery: Annotated[list[int] | None, typer.Argument(help="Numbers of dead deliveries.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All dead deliveries.")] = False,
) -> None:
    """Put dead deliveries back in the queue."""
    from sectorwatch.cli.opening import opened_store
    from sectorwatch.clock import system_clock
    from storage import outbox, queries

    if not delivery and not every:
        raise ConfigurationError("name the dead deliveries to send again, or give --all")
    with opened_store() as store, store.write() as work:
        dead = [row.id for row in queries.delivery_rows(work, state="dead", limit=1_000_000)]
        wanted = dead if every else [number for number in delivery or [] if number in dead]
        count = outbox.retry(work, wanted, now=system_clock())
        work.commit()
    say(f"{count} back in the queue")
    if not every and count < len(delivery or []):
        raise ConfigurationError(
            "the others are not dead: 'sectorwatch deliveries list --state dead' shows those that are"
        )
