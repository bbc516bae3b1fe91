"""What readers report as false alarms."""

from __future__ import annotations

from typing import Annotated

import typer

from sectorwatch.cli.output import show
from sectorwatch.clock import ago

Json = Annotated[bool, typer.Option("--json", help="Print JSON, with the mentions and their reasons.")]
Limit = Annotated[int, typer.Option(help="How many at most.", min=1, max=1_000_000_000)]


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(false_alarms)


def false_alarms(limit: Limit = 50, json: Json = False) -> None:
    """What readers reported as false alarms, newest first; --json has the sentences and why they counted."""
    from sectorwatch.cli.opening import opened_store
    from storage.alerting import false_alarms as reports
    from storage.shared_clock import now_of

    with opened_store() as store, store.read() as work:
        now = now_of(work)
        rows = reports.listed(work, limit=limit)

    def cells(row: reports.FalseAlarm) -> tuple[object, ...]:
        mentions, article = row.snapshot["mentions"], row.snapshot["article"] or {}
        surface = ", ".join(dict.fromkeys(one["surface"] for one in mentions))
        reader = f"{row.subscriber}/{row.subscription}" if row.subscriber else "gone"
        return (ago(row.at, now), reader, row.sector, surface, article.get("title", ""), row.note)

    heads = ("when", "subscription", "sector", "read as", "article", "note")
    show(rows, json, cells, *heads, spare=("read as", "subscription"), short={"article": 24})
