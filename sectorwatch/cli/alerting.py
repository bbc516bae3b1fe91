"""Commands on alerts: subscriptions, targets, deliveries, suppressions, pause, resume."""

from __future__ import annotations

import getpass
import os
from typing import Annotated

import typer

from sectorwatch.cli.output import ago, say, show, table, write_json
from sectorwatch.errors import ConfigurationError

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int, typer.Option(help="How many at most.", min=1, max=1_000_000_000)]

subscriptions = typer.Typer(help="Subscriptions: who is told of what.", no_args_is_help=True, rich_markup_mode=None)
targets = typer.Typer(help="Targets: where subscribers are told.", no_args_is_help=True, rich_markup_mode=None)
deliveries = typer.Typer(
    help="Deliveries: every alert sent or to be sent.", no_args_is_help=True, rich_markup_mode=None
)


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.add_typer(subscriptions, name="subscriptions")
    app.add_typer(targets, name="targets")
    app.add_typer(deliveries, name="deliveries")
    for command in (suppressions, pause, resume):
        app.command()(command)


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
            row.sector,
            f"{row.subscriber}/{row.subscription}",
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
    say(f"delivery {row.id} of {row.sector} (story {row.story_id}) to {row.subscriber}'s {row.target}: {row.state}")
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
