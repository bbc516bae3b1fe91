"""How it is, on one screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sectorwatch.cli.output import ago, safe, say, write_json

if TYPE_CHECKING:
    from sectorwatch.notice import Condition, DeadFact, Facts, Known
    from storage.overview import Queue
    from storage.unit_of_work import Work

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_DEAD_WITHIN = timedelta(hours=24)
_REFUSED_WITHIN = timedelta(days=7)
_SHOWN = 10  # lines of what is wrong


@dataclass(frozen=True, kw_only=True)
class Overview:
    """Everything that the screen shows."""

    totals: dict[str, int]
    feeds: dict[str, int]  # by state
    facts: Facts
    queue: Queue
    waiting: int  # deliveries, due or not
    dead: list[DeadFact]
    silences: tuple[int, datetime | None]  # in force; when the first ends
    targets: int
    notices: list[Known]  # that are open
    wrong: list[Condition]
    finished_at: datetime | None  # the last cycle
    refused: dict[str, int]  # pages of the last week that did not give their article, by why

    @property
    def dead_lately(self) -> int:
        return sum(one.count for one in self.dead)


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command()(status)


def status(json: Json = False) -> None:
    """What there is, what waits, and what is wrong: then the exit code is 1."""
    from sectorwatch.cli.opening import opened_store
    from sectorwatch.clock import system_clock

    now = system_clock()
    with opened_store() as store, store.read() as work:
        found = _overview(work, now)
    if json:
        write_json(_plain(found))
    else:
        _tell(found, now)
    raise typer.Exit(1 if found.wrong or found.dead or found.notices else 0)


def _overview(work: Work, now: datetime) -> Overview:
    from alerts.notices import conditions
    from sectorwatch.cli.opening import settings
    from storage import cycles, feeds, notices, overview, queries, watching

    limits = settings().operators.limits
    facts = watching.facts(work, now=now)
    last = cycles.last_finished(work)
    return Overview(
        totals=queries.totals(work),
        feeds=feeds.counts_by_state(work),
        facts=facts,
        queue=overview.queue(work, now=now),
        waiting=overview.waiting(work),
        dead=watching.dead_since(work, now - _DEAD_WITHIN),
        silences=overview.silences_active(work, now=now),
        targets=overview.targets_count(work),
        notices=[one for one in notices.current(work) if one.opened_at is not None],
        wrong=conditions(facts, limits, now=now),
        finished_at=None if last is None else last.finished_at,
        refused=overview.refusals(work, since=now - _REFUSED_WITHIN),
    )


def _plain(found: Overview) -> dict[str, Any]:
    """For tools. A key is never taken away."""
    paused, ends = found.facts.paused, found.silences
    return {
        **found.totals,
        "alerts_paused": paused is not None,
        "paused": paused,
        "last_cycle_finished_at": found.finished_at,
        "feeds_by_state": found.feeds,
        "deliveries_by_state": found.queue.by_state,
        "deliveries_due": found.queue.due,
        "oldest_due_at": found.queue.oldest_due_at,
        "dead_24h": found.dead_lately,
        "targets": found.targets,
        "targets_not_reached": [
            {"id": one.id, "target": one.name, "circuit_open": one.circuit_open, "reason": one.disabled_reason}
            for one in found.facts.targets
        ],
        "pages_refused_7d": found.refused,
        "silences_active": ends[0],
        "notices_open": [{"kind": one.kind, "subject": one.subject, "since": one.since} for one in found.notices],
        "wrong": [
            {"kind": one.kind, "subject": one.subject, "detail": one.detail, "since": one.since} for one in found.wrong
        ],
    }


def _tell(found: Overview, now: datetime) -> None:
    """Prints the screen: what there is first, what is wrong last, where it is seen."""
    totals, queue, paused = found.totals, found.queue, found.facts.paused
    if found.facts.held is not None:
        say(safe(f"alerts       HELD by the storm brake {ago(found.facts.held.since, now)}: {found.facts.held.detail}"))
    if paused is not None:
        say(safe(f"alerts       PAUSED {ago(paused.since, now)} {paused.detail}; {found.waiting} wait"))
    elif found.facts.held is None:
        say("alerts       go out")
    say(f"last cycle   {'none yet' if found.finished_at is None else ago(found.finished_at, now)}")
    say(f"feeds        {totals['feeds']}{_listed(found.feeds)}")
    say(f"articles     {totals['articles']} in {totals['stories']} stories; {totals['entries_to_read']} to read")
    if found.refused:
        kinds = {name.replace("_", " "): count for name, count in found.refused.items()}
        say(f"pages        {sum(kinds.values())} of 7 days not read{_listed(kinds)}")
    oldest = f"; {queue.due} due, the oldest {ago(queue.oldest_due_at, now)}" if queue.due else ""
    say(f"deliveries   {totals['deliveries_sent']} sent{_listed(queue.by_state, ', ')}{oldest}")
    by_target = {one.target: one.count for one in found.dead}
    say(f"dead in 24 h {found.dead_lately}{_listed(by_target)}")
    circuits = sum(one.circuit_open and one.enabled for one in found.facts.targets)
    say(f"targets      {found.targets}, {circuits} not reached, {len(found.facts.targets) - circuits} disabled")
    count, ends = found.silences
    say(f"silences     {count}{f', the first ends {ago(ends, now)}' if ends else ''}")
    say(f"notices      {len(found.notices)} open")
    for one in found.wrong[:_SHOWN]:
        say(
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
