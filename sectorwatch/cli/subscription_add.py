"""Subscriptions that are added by hand, with every option of the file."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from sectorwatch.cli.asking import sure
from sectorwatch.cli.output import safe, say
from sectorwatch.domain import Context, Every, Salience, Side

Many = list[str] | None


def register(subscriptions: typer.Typer) -> None:
    """Adds the commands of this file."""
    subscriptions.command()(add)
    subscriptions.command()(remove)


def add(
    subscriber: Annotated[str, typer.Argument(help="Who is told: see 'subscribers add'.")],
    name: Annotated[str, typer.Option(help="Its name.")] = "default",
    sectors: Annotated[Many, typer.Option("--sector", help="A sector's id; several times for several.")] = None,
    places: Annotated[Many, typer.Option("--place", help="A single place beside the sectors.")] = None,
    languages: Annotated[Many, typer.Option("--lang", help="Only articles in this language.")] = None,
    sides: Annotated[list[Side] | None, typer.Option("--side", help="Only sources of this side.")] = None,
    publishers: Annotated[Many, typer.Option("--publisher", help="Only this publisher.")] = None,
    min_score: Annotated[float | None, typer.Option(help="Least score of a mention, 0 to 1.")] = None,
    min_salience: Annotated[Salience | None, typer.Option(help="Where it has to be mentioned at least.")] = None,
    context: Annotated[Context | None, typer.Option(help="place: also its peaceful life.")] = None,
    targets: Annotated[Many, typer.Option("--target", help="A target's label (default: all of them).")] = None,
    group_wait_s: Annotated[int | None, typer.Option("--group-wait", help="Seconds to wait for first sources.")] = None,
    follow_up: Annotated[
        Many, typer.Option(help="News of a told story: other_side, new_place or sources=5; several times.")
    ] = None,
    group_interval_s: Annotated[
        int | None, typer.Option("--group-interval", help="Seconds between two messages of one story.")
    ] = None,
    digest: Annotated[Every | None, typer.Option(help="One message with everything, so often.")] = None,
    digest_at: Annotated[str | None, typer.Option(help="When a daily or weekly digest goes out, HH:MM.")] = None,
    digest_day: Annotated[str | None, typer.Option(help="Day of a weekly digest, e.g. monday.")] = None,
    quiet: Annotated[str | None, typer.Option(help="Quiet hours, e.g. 22:00-07:00.")] = None,
    critical_score: Annotated[float | None, typer.Option(help="What scores so much goes out at once.")] = None,
    critical_headline: Annotated[
        bool, typer.Option("--critical-headline", help="What stands in the headline goes out at once.")
    ] = False,
    critical_sectors: Annotated[Many, typer.Option("--critical-sector", help="This sector goes out at once.")] = None,
    hourly_cap: Annotated[int | None, typer.Option(help="Most alerts to a target in an hour.")] = None,
    paused: Annotated[bool, typer.Option("--paused", help="Tell nothing yet.")] = False,
) -> None:
    """Add a subscription, or make the one of this name as stated; safe to repeat. It begins now."""
    values = dict(locals())
    critical = {
        "min_score": values.pop("critical_score"),
        "headline": values.pop("critical_headline"),
        "sectors": values.pop("critical_sectors"),
    }
    _put({**values, "critical": _stated(critical)})


def remove(
    subscription: Annotated[int, typer.Argument(help="The subscription's number, as 'subscriptions list' shows it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False,
) -> None:
    """Forget a subscription that was added by hand, with its alerts and what is queued."""
    from flows.steps.roster import subscribing
    from sectorwatch.cli.opening import opened_runtime

    sure(f"Forget subscription {subscription} with its alerts?", yes=yes)
    with opened_runtime() as runtime:
        name = subscribing.remove_subscription(runtime.tools, subscription)
    say(f"{safe(name)} is forgotten")


def _put(values: dict[str, Any]) -> None:
    from flows.steps.roster import subscribing
    from sectorwatch.cli.opening import opened_runtime
    from sectorwatch.settings import made
    from sectorwatch.settings.roster import SubscriptionSpec

    spec = made(SubscriptionSpec, _stated(values), "subscriptions add")
    with opened_runtime() as runtime:
        number, done = subscribing.put_subscription(runtime.tools, spec)
    say(f"subscription {number} of {safe(spec.subscriber)}, {safe(spec.name)}: {done}")


def _stated(values: dict[str, Any]) -> dict[str, Any]:
    """What was given; the rest takes the defaults of the file."""
    return {name: value for name, value in values.items() if value not in (None, [], (), {})}
