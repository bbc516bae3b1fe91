"""Silences: what is kept back for a time, by whom and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from sectorwatch.cli.known import no_such
from sectorwatch.cli.output import say, show
from sectorwatch.cli.quiet import who
from sectorwatch.clock import ago
from sectorwatch.errors import ConfigurationError
from sectorwatch.moments import moment, span

if TYPE_CHECKING:
    from storage.unit_of_work import Work

T = TypeVar("T")

LONGEST = timedelta(days=90)  # what is meant for longer is no silence but another subscription
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int, typer.Option(help="How many at most.", min=1, max=1_000_000_000)]

app = typer.Typer(help="Silences: keep back alerts for a time.", no_args_is_help=True, rich_markup_mode=None)


def register(parent: typer.Typer) -> None:
    """Adds the commands of this file."""
    parent.add_typer(app, name="silence")


@app.command("add")
def add_silence(
    reason: Annotated[str, typer.Option(help="Why; shown with everything that is kept back.")],
    sector: Annotated[str | None, typer.Option(help="Only this sector's alerts.")] = None,
    subscription: Annotated[str | None, typer.Option(help="Only this subscription: SUBSCRIBER/NAME.")] = None,
    subscriber: Annotated[str | None, typer.Option(help="Only this subscriber.")] = None,
    for_: Annotated[str | None, typer.Option("--for", help="How long, e.g. 30m, 6h, 2d.")] = None,
    until: Annotated[str | None, typer.Option(help="Until then, e.g. 2026-03-01T18:00+02:00.")] = None,
) -> None:
    """Keep back what matches all that is stated, until then, also what is queued; on record, and not sent later."""
    from sectorwatch.cli.opening import opened_store
    from storage.alerting import silences
    from storage.shared_clock import now_of

    if (sector, subscription, subscriber) == (None, None, None):
        raise ConfigurationError(
            "silence add: say what, by --sector, --subscription or --subscriber; 'sectorwatch pause' stops everything"
        )
    if not reason.strip():
        raise ConfigurationError("silence add: --reason is empty: say why, others will ask")
    with opened_store() as store, store.write() as work:
        now = now_of(work)
        ends_at = _end(for_, until, now)
        number = silences.add(
            work,
            sector=None if sector is None else _sector(work, sector),
            subscription_id=None if subscription is None else _subscription(work, subscription),
            subscriber_id=None if subscriber is None else _subscriber(work, subscriber),
            starts_at=now,
            ends_at=ends_at,
            author=who(),
            reason=reason.strip(),
        )
        work.commit()
    say(f"silence {number} until {ends_at:%Y-%m-%d %H:%M} UTC; 'sectorwatch silence end {number}' ends it")


@app.command("list")
def list_silences(
    all_: Annotated[bool, typer.Option("--all", help="Also those that have ended.")] = False,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """What is kept back now, by whom, why, and for how long still; newest first."""
    from sectorwatch.cli.opening import opened_store
    from storage.alerting import silences
    from storage.shared_clock import now_of

    with opened_store() as store, store.read() as work:
        now = now_of(work)
        found = silences.silence_rows(work, since=None if all_ else now, limit=limit)
    rows = [
        {
            "id": row.silence.id,
            "sector": row.silence.sector,
            "subscription": row.subscription or None,
            "subscriber": row.subscriber or None,
            "starts_at": row.silence.starts_at,
            "ends_at": row.silence.ends_at,
            "remaining_s": max(0, int((row.silence.ends_at - now).total_seconds())),
            "author": row.silence.author,
            "reason": row.silence.reason,
        }
        for row in found
    ]
    show(
        rows,
        json,
        lambda row: (
            row["id"],
            ", ".join(f"{name} {row[name]}" for name in ("sector", "subscription", "subscriber") if row[name]),
            f"{'ends' if row['remaining_s'] else 'ended'} {ago(row['ends_at'], now)}",
            row["author"],
            row["reason"],
        ),
        "silence",
        "keeps back",
        "end",
        "author",
        "reason",
    )


@app.command("end")
def end_silence(number: Annotated[int, typer.Argument(help="As 'silence list' shows it.")]) -> None:
    """End a silence now; what it kept back stays untold."""
    from sectorwatch.cli.opening import opened_store
    from storage.alerting import silences
    from storage.shared_clock import now_of

    with opened_store() as store, store.write() as work:
        if not silences.end(work, number, now=now_of(work)):
            raise ConfigurationError(
                f"silence {number} is not in force: 'sectorwatch silence list' shows those that are"
            )
        work.commit()
    say(f"silence {number} has ended")


def _end(for_: str | None, until: str | None, now: datetime) -> datetime:
    """When it ends. Raises ConfigurationError for none, a wrong one, or one too far away."""
    if (for_ is None) == (until is None):
        raise ConfigurationError("silence add: a silence has one end: give either --for 6h or --until 2026-03-01T18:00")
    try:
        long = span(for_ or "")
        ends_at = moment(until, now, "--until") if for_ is None else now + long if long else None
    except OverflowError:
        ends_at = None
    if ends_at is None:
        raise ConfigurationError(f"silence add: --for {for_!r}: give 30m, 6h, 2d")
    if ends_at <= now:
        raise ConfigurationError("silence add: that end is over")
    if ends_at > now + LONGEST:
        raise ConfigurationError(
            f"silence add: at most {LONGEST.days} days; for longer, change or remove the subscription"
        )
    return ends_at


def _sector(work: Work, sector: str) -> str:
    from storage import sectors

    return _one_of("sector", sector, {name: name for name in sectors.names(work)})


def _subscriber(work: Work, name: str) -> int:
    from storage.subscribers import subscriptions

    return _one_of("subscriber", name, subscriptions.subscriber_names(work))


def _subscription(work: Work, name: str) -> int:
    from storage.subscribers import subscriptions

    found = {f"{person}/{own}": number for (person, own), number in subscriptions.names(work).items()}
    return _one_of("subscription", name, found)


def _one_of(what: str, name: str, known: Mapping[str, T]) -> T:
    if name not in known:
        raise no_such(what, name, known)
    return known[name]
