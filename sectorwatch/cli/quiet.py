"""What is not told: suppressions, and the switch of all alerts."""

from __future__ import annotations

import getpass
import os
from typing import Annotated

import typer

from sectorwatch.cli.known import check_suppressions_of
from sectorwatch.cli.output import one_of, safe, say, say_fitted, show, table, write_json
from sectorwatch.clock import ago
from sectorwatch.moments import moment
from sectorwatch.plurals import counted

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int, typer.Option(help="How many at most.", min=1, max=1_000_000_000)]


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    for command in (suppressions, pause, resume):
        app.command()(command)


def suppressions(
    subscription: Annotated[str | None, typer.Option(help="Only of this one: its name, or subscriber/name.")] = None,
    sector: Annotated[str | None, typer.Option(help="Only of this sector.")] = None,
    code: Annotated[str | None, typer.Option(help="Only for this cause: baseline, score_too_low, ...")] = None,
    since: Annotated[str | None, typer.Option(help="Only decided since then: 24h, 7d, or a date.")] = None,
    summary: Annotated[bool, typer.Option("--summary", help="Only how many there are for each cause.")] = False,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """What matched a subscription and was not told, and why; newest first."""
    from alerts.rules import Code
    from sectorwatch.cli.opening import opened_store
    from storage.alerting.suppressed import SuppressionFilter, suppression_counts
    from storage.shared_clock import now_of
    from storage.views import queries

    cause = None if code is None else one_of(Code, code, "--code").value
    with opened_store() as store, store.read() as work:
        now = now_of(work)
        chosen = SuppressionFilter(
            subscription=subscription, sector=sector, code=cause, since=moment(since, now, "--since")
        )
        if summary:
            counts = suppression_counts(work, chosen=chosen)
        else:
            rows = queries.suppression_rows(work, chosen=chosen, limit=limit)
        if not (counts if summary else rows):
            check_suppressions_of(work, chosen)
    if summary:
        if json:
            write_json(counts)
        else:
            table(counts.items(), "cause", "articles")
        return
    show(
        rows,
        json,
        lambda row: (
            ago(row.at, now),
            f"{row.subscriber}/{row.subscription}",
            row.sector,
            row.code,
            row.reason,
            row.title,
        ),
        "when",
        "subscription",
        "sector",
        "cause",
        "why",
        "article",
        spare=("why",),
        short={"subscription": 16, "sector": 12, "why": 30, "article": 24},
    )


def pause(
    reason: Annotated[str, typer.Option(help="Why; shown by 'status' and 'resume'.")] = "",
) -> None:
    """Stop all alerts at once; they are kept, and 'resume' lets them go."""
    from sectorwatch.cli.opening import opened_store
    from storage.alerting import outbox
    from storage.running import overview, watching
    from storage.shared_clock import now_of

    with opened_store() as store, store.write() as work:
        now = now_of(work)
        before = watching.paused(work)
        if before is None or reason:
            outbox.pause_alerts(work, paused=True, author=who(), reason=reason, now=now)
            work.commit()
        waiting = overview.waiting(work)
    already = "" if before is None else f" ({ago(before.since, now)} {before.detail})"
    say_fitted(
        safe(
            f"alerts are paused{already}: they are kept until 'sectorwatch resume'; {counted(waiting, 'waits', 'wait')}"
        )
    )


def resume() -> None:
    """Let alerts go again; each has its whole day to be delivered."""
    from flows.steps.alerting import resume as step
    from sectorwatch.cli.opening import opened_store
    from storage.running import overview, watching
    from storage.shared_clock import now_of

    with opened_store() as store, store.write() as work:
        now = now_of(work)
        before = watching.paused(work)
        together = step.resume(work, author=who(), now=now)
        due = overview.queue(work, now=now).due
        work.commit()
    if before is None:
        say("alerts were not paused")
        return
    many = counted(together, "more comes in a digest, as it is", "more come in digests, as they are")
    more = f"; {many} over the caps of an hour" if together else ""
    say_fitted(
        safe(
            f"alerts go out again: they were paused {ago(before.since, now)} {before.detail};"
            f" {counted(due, 'is', 'are')} due now{more}"
        )
    )


def who() -> str:
    """Who asks; a container's user may have no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
