"""The storm brake: what it holds, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sectorwatch.cli.output import say, table, write_json
from sectorwatch.cli.quiet import who
from sectorwatch.clock import ago
from sectorwatch.errors import ConfigurationError
from sectorwatch.plurals import counted

if TYPE_CHECKING:
    from storage.unit_of_work import Work

app = typer.Typer(help="The storm brake: what it holds.", no_args_is_help=True, rich_markup_mode=None)


def register(parent: typer.Typer) -> None:
    """Adds the commands of this file."""
    parent.add_typer(app, name="storm")


@app.command("show")
def show_storm(json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """What is held, since when and why, by subscription and sector with a headline of each."""
    from sectorwatch.cli.opening import opened_store
    from storage.alerting import storms
    from storage.shared_clock import now_of

    with opened_store() as store, store.read() as work:
        now = now_of(work)
        storm, rows = storms.current(work), storms.held_rows(work)
    if json:
        write_json({"storm": storm, "held": rows})
        return
    if storm is None:
        say("there is no storm: nothing is held")
        return
    say(f"{storm.words}; the brake holds since {ago(storm.since, now)}")
    stories, held = counted(storm.stories, "story", "stories"), counted(storm.deliveries, "delivery", "deliveries")
    say(f"{stories} in {held}, until 'storm release' or 'storm drop'")
    table(
        ((f"{row.subscriber}/{row.subscription}", row.sector, row.stories, row.example) for row in rows),
        "subscription",
        "sector",
        "stories",
        "for example",
        short={"for example": 30},
    )


@app.command("release")
def release_storm() -> None:
    """Send what is held, in one message to each target of a subscription, and let alerts go out again."""
    from flows.steps.alerting.storm_brake import release
    from sectorwatch.cli.opening import opened_store
    from storage.shared_clock import now_of

    with opened_store() as store, store.write() as work:
        _check(work)
        messages = release(work, author=who(), now=now_of(work))
        work.commit()
    say(f"released: {counted(messages, 'message is on its way', 'messages are on their way')}; alerts go out again")


@app.command("drop")
def drop_storm(reason: Annotated[str, typer.Option(help="Why; recorded with each alert.")]) -> None:
    """Tell nobody of what is held: it is recorded as suppressed, with who dropped it and why. Alerts go out again."""
    from flows.steps.alerting.storm_brake import drop
    from sectorwatch.cli.opening import opened_store
    from storage.shared_clock import now_of

    if not reason.strip():
        raise ConfigurationError("storm drop: --reason is empty: say why, others will ask")
    with opened_store() as store, store.write() as work:
        _check(work)
        dropped = drop(work, author=who(), reason=reason.strip(), now=now_of(work))
        work.commit()
    told = counted(dropped, "alert is told", "alerts are told")
    say(f"dropped: {told} to nobody ('sectorwatch suppressions'); alerts go out again")


def _check(work: Work) -> None:
    from storage.alerting import storms

    if not storms.is_on(work):
        raise ConfigurationError("there is no storm: nothing is held")
