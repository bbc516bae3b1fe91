"""How it is, on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sectorwatch.cli.output import safe, say, say_fitted, write_json
from sectorwatch.clock import ago
from sectorwatch.plurals import counted

if TYPE_CHECKING:
    from datetime import datetime

    from flows.steps.running.overview import Overview

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_SHOWN = 10  # lines of what is wrong


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command()(status)


def status(json: Json = False) -> None:
    """What there is, what waits, and what is wrong: then the exit code is 1."""
    from flows.steps.running.overview import overview
    from sectorwatch.cli.opening import opened_store, settings
    from storage.shared_clock import now_of

    limits = settings().operators.limits
    with opened_store() as store, store.read() as work:
        now = now_of(work)
        found = overview(work, limits, now=now)
    if json:
        write_json(found.as_dict())
    else:
        _tell(found, now)
    raise typer.Exit(1 if found.wrong or found.dead or found.notices else 0)


def _tell(found: Overview, now: datetime) -> None:
    """Prints the screen: what there is first, what is wrong last, where it is seen."""
    totals, queue, paused = found.totals, found.queue, found.facts.paused
    if found.facts.held is not None:
        say_fitted(
            safe(f"alerts       HELD by the storm brake {ago(found.facts.held.since, now)}: {found.facts.held.detail}")
        )
    if paused is not None:
        say_fitted(
            safe(
                f"alerts       PAUSED {ago(paused.since, now)} {paused.detail};"
                f" {counted(found.waiting, 'waits', 'wait')}"
            )
        )
    elif found.facts.held is None:
        say("alerts       go out")
    say(f"last cycle   {'none yet' if found.finished_at is None else ago(found.finished_at, now)}")
    say_fitted(f"feeds        {totals['feeds']}{_listed(found.feeds)}")
    told, again = counted(totals["stories"], "story", "stories"), totals["entries_to_read_again"]
    new = f"{totals['entries_to_read'] - again} to read" + (f", {again} to read again" if again else "")
    say_fitted(f"articles     {totals['articles']} in {told}; {new}")
    if found.refused:
        kinds = {name.replace("_", " "): count for name, count in found.refused.items()}
        say_fitted(f"pages        {sum(kinds.values())} not read in 7 days{_listed(kinds)}")
    oldest = f"; {queue.due} due, the oldest {ago(queue.oldest_due_at, now)}" if queue.due else ""
    say_fitted(f"deliveries   {totals['deliveries_sent']} sent{_listed(queue.by_state, ', ')}{oldest}")
    by_target = {one.target: one.count for one in found.dead}
    say_fitted(f"dead in 24 h {found.dead_lately}{_listed(by_target)}")
    circuits = sum(one.circuit_open and one.enabled for one in found.facts.targets)
    say(f"targets      {found.targets}, {circuits} not reached, {len(found.facts.targets) - circuits} disabled")
    count, ends = found.silences
    say(f"silences     {count}{f', the first ends {ago(ends, now)}' if ends else ''}")
    say(f"notices      {len(found.notices)} open")
    for one in found.wrong[:_SHOWN]:
        say_fitted(
            safe(
                f"WRONG        {one.kind.replace('_', ' ')}: {one.subject}: {one.detail} (began {ago(one.since, now)})"
            )
        )
    if len(found.wrong) > _SHOWN:
        say(f"             and {len(found.wrong) - _SHOWN} more: 'sectorwatch notices list'")


def _listed(counts: dict[str, int], before: str = ": ") -> str:
    """Counts by name, the most first; "" for none."""
    named = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return safe(f"{before}{', '.join(f'{count} {name}' for name, count in named)}") if named else ""
