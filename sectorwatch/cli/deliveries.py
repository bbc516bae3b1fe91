"""Deliveries: every message sent or to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sectorwatch.cli.known import check_deliveries_of, no_deliveries
from sectorwatch.cli.output import on_terminal, one_of, safe, say, say_fitted, show, table, write_json
from sectorwatch.clock import ago
from sectorwatch.domain import DeliveryKind, DeliveryState
from sectorwatch.errors import ConfigurationError
from sectorwatch.moments import moment
from sectorwatch.plurals import counted

if TYPE_CHECKING:
    from datetime import datetime

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int, typer.Option(help="How many at most.", min=1, max=1_000_000_000)]
State = Annotated[list[str] | None, typer.Option(help="Only these: held, pending, sent, retry, unknown, dead, ...")]
Kind = Annotated[list[str] | None, typer.Option(help="Only these: alert, digest, notice, confirmation.")]
Target = Annotated[int | None, typer.Option(help="Only to this target, by its number.")]
Subscriber = Annotated[str | None, typer.Option(help="Only to the targets of this subscriber.")]
Subscription = Annotated[str | None, typer.Option(help="Only of this one: its name, or subscriber/name.")]
Sector = Annotated[str | None, typer.Option(help="Only what tells of this sector.")]
Since = Annotated[str | None, typer.Option(help="Only what was to be sent since then: 24h, 7d, or a date.")]
Until = Annotated[str | None, typer.Option(help="Only what was to be sent before then.")]

deliveries = typer.Typer(
    help="Deliveries: every alert sent or to be sent.", no_args_is_help=True, rich_markup_mode=None
)


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.add_typer(deliveries, name="deliveries")


@deliveries.command("list")
def list_deliveries(
    state: State = None,
    kind: Kind = None,
    target: Target = None,
    subscriber: Subscriber = None,
    subscription: Subscription = None,
    sector: Sector = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """Deliveries, newest first; the filters narrow each other."""
    from sectorwatch.cli.opening import opened_store
    from storage.alerting.delivery_filter import DeliveryFilter
    from storage.shared_clock import now_of
    from storage.views import queries

    states = tuple(one_of(DeliveryState, value, "--state") for value in state or ())
    kinds = tuple(one_of(DeliveryKind, value, "--kind") for value in kind or ())
    with opened_store() as store, store.read() as work:
        now = now_of(work)
        chosen = DeliveryFilter(
            states=states,
            kinds=kinds,
            target=target,
            subscriber=subscriber,
            subscription=subscription,
            sector=sector,
            since=moment(since, now, "--since"),
            until=moment(until, now, "--until"),
        )
        rows = queries.delivery_rows(work, chosen=chosen, limit=limit)
        if not rows:
            check_deliveries_of(work, chosen)

    fitted = on_terminal()  # then one attempt, and that it was accepted, go without saying; more stand in "why"

    def cells(row: queries.DeliveryRow) -> tuple[object, ...]:
        reasons = ["" if fitted and row.state == DeliveryState.SENT else row.reason, row.waits_for_target(now)]
        if fitted and row.attempts > 1:
            reasons.insert(0, counted(row.attempts, "attempt"))
        return (
            row.id,
            row.state,
            ", ".join(row.sectors),
            f"{row.subscriber}/{row.subscription or row.kind}",
            row.target,
            *(() if fitted else (row.attempts,)),
            ago(row.sent_at or row.due_at, now),
            "; ".join(why for why in reasons if why),
        )

    show(
        rows,
        json,
        cells,
        *("delivery", "state", "sector", "subscription", "target"),
        *(() if fitted else ("attempts",)),
        *("when", "why"),
        spare=("sector", "target", "why"),
        short={"sector": 10, "subscription": 14, "target": 10},
    )


@deliveries.command("show")
def show_delivery(
    delivery: Annotated[int, typer.Argument(help="The delivery's number.")],
    message: Annotated[
        bool, typer.Option("--message", help="Also the message as it is sent; the reader's own links are not shown.")
    ] = False,
    json: Json = False,
) -> None:
    """One delivery with every attempt: when, how it ended, what was answered."""
    from flows.steps.alerting.shown_message import without_links
    from sectorwatch.cli.opening import opened_store, settings
    from storage.alerting.delivery_filter import DeliveryFilter
    from storage.shared_clock import now_of
    from storage.views import queries

    with opened_store() as store, store.read() as work:
        rows = queries.delivery_rows(work, chosen=DeliveryFilter(ids=[delivery]), limit=1)
        attempts = queries.attempt_rows(work, delivery)
        frozen = queries.frozen_message(work, delivery)
        now = now_of(work)
    if not rows:
        raise no_deliveries([delivery])
    shown = without_links(frozen, settings().public_url) if frozen and message else None
    if json:
        write_json({"delivery": rows[0], "attempts": attempts} | ({"message": shown} if message else {}))
        return
    row = rows[0]
    of = ", ".join(row.sectors) or "nothing watched"
    say_fitted(safe(f"delivery {row.id} ({row.kind}) of {of} to {row.subscriber}'s {row.target}: {row.state}"))
    if row.stories:
        say("stories " + ", ".join(str(story) for story in row.stories))
    say_fitted(safe(f"id {row.dedup_key}" + (f"; {row.reason}" if row.reason else "")))
    if waits := row.waits_for_target(now):
        say(waits)
    table(
        (
            (
                one.n,
                _clock(one.started_at),
                "" if one.ended_at is None else f"{(one.ended_at - one.started_at).total_seconds():.1f} s",
                one.outcome or ("under way" if row.state == DeliveryState.LEASED else "unknown"),
                one.status or "",
                one.detail,
            )
            for one in attempts
        ),
        "attempt",
        "started (UTC)",
        "took",
        "outcome",
        "status",
        "answer",
    )
    if message:
        say(safe(f"{shown['title']}\n\n{shown['text']}", keep_lines=True) if shown else "not rendered yet")


def _clock(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


@deliveries.command()
def retry(
    delivery: Annotated[list[int] | None, typer.Argument(help="Numbers of deliveries.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All dead deliveries.")] = False,
    target: Target = None,
    subscriber: Subscriber = None,
    subscription: Subscription = None,
    since: Since = None,
    until: Until = None,
    unknown: Annotated[bool, typer.Option("--unknown", help="Also those that may have arrived.")] = False,
    per_minute: Annotated[int, typer.Option(help="Most messages to one target in a minute.", min=1, max=6000)] = 30,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count, change nothing.")] = False,
) -> None:
    """Put dead deliveries back in the queue: by number, by target, by time, or all of them."""
    from sectorwatch.cli.opening import opened_store
    from storage.alerting import replay
    from storage.alerting.delivery_filter import DeliveryFilter
    from storage.shared_clock import now_of

    narrowed = (target, subscriber, subscription, since, until) != (None,) * 5
    if not delivery and not every and not narrowed:
        raise ConfigurationError("name deliveries by number, by --target, --since and the like, or give --all")
    dead = (DeliveryState.DEAD, DeliveryState.UNKNOWN)
    with opened_store() as store, store.write() as work:
        now = now_of(work)
        chosen = DeliveryFilter(
            ids=delivery or None,
            states=() if delivery else dead,
            target=target,
            subscriber=subscriber,
            subscription=subscription,
            since=moment(since, now, "--since"),
            until=moment(until, now, "--until"),
        )
        unheard = set(delivery or ()) - replay.there(work, delivery or ())
        if unheard:
            raise no_deliveries(unheard)
        found = replay.plan(
            work, chosen, unknown=unknown or bool(delivery), by_number=bool(delivery), per_minute=per_minute, now=now
        )
        if not found.again and not found.left:
            check_deliveries_of(work, chosen)
        if not dry_run:
            replay.carry_out(work, found)
            work.commit()
    missing = len(set(delivery or ())) - len(found.again) - sum(found.left.values())
    left = dict(found.left) | ({"not of those asked for": missing} if missing > 0 else {})
    last = f", the last one {ago(found.until, now)}" if found.until and found.until > now else ""
    verb = "would go" if dry_run else "is" if len(found.again) == 1 else "are"
    say(f"{len(found.again)} {verb} back in the queue{last}")
    for why, count in sorted(left.items()):
        say(f"{count} left as {'it is' if count == 1 else 'they are'}: {why}")
    if delivery and left:
        raise typer.Exit(1)
