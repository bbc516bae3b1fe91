"""Notices: what operators were told, and a test of their channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sectorwatch.cli.output import safe, say, say_fitted, table, write_json
from sectorwatch.clock import ago
from sectorwatch.errors import ConfigurationError
from sectorwatch.nearest import meant
from sectorwatch.plurals import counted

if TYPE_CHECKING:
    from sectorwatch.notice import Known

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

notices = typer.Typer(help="Notices: what operators are told is wrong.", rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.add_typer(notices, name="notices")


@notices.callback(invoke_without_command=True)
def bare(context: typer.Context) -> None:
    """What is wrong now, and what was lately."""
    if context.invoked_subcommand is None:
        list_notices()


@notices.command("list")
def list_notices(
    limit: Annotated[int, typer.Option(help="How many that are over, at most.", min=0, max=1_000_000)] = 20,
    json: Json = False,
) -> None:
    """What is wrong now, and what was lately; the oldest that lasts comes first."""
    from sectorwatch.cli.opening import opened_store
    from storage.running import notices as store_of
    from storage.running import watching
    from storage.shared_clock import now_of

    with opened_store() as store, store.read() as work:
        now, nobody = now_of(work), not watching.own_targets(work)
        rows = [*store_of.current(work), *store_of.recent(work, limit=limit)]
    if json:
        write_json([{"state": _state(one), **_fields(one)} for one in rows])
        return
    table(
        (
            (
                _state(one),
                one.kind.replace("_", " "),
                one.subject,
                one.detail,
                ago(one.since, now),
                "never" if one.told_at is None else ago(one.told_at, now),
                "" if one.cleared_at is None else ago(one.over_at, now),
            )
            for one in rows
        ),
        "state",
        "what",
        "which",
        "why",
        "since",
        "told",
        "over",
        spare=("over", "told"),
        short={"which": 20},
    )
    if nobody and rows:
        say_fitted("nobody is sent them: list targets under [operators] in the configuration, and apply it")


def _state(one: Known) -> str:
    if one.cleared_at is not None:
        return "over"
    return "open" if one.opened_at is not None else "noticed"


def _fields(one: Known) -> dict[str, object]:
    from dataclasses import asdict

    return {name: value for name, value in asdict(one).items() if name != "id"}


@notices.command("send")
def send_notices() -> None:
    """Look at what is wrong, and send the notices of it now. Runs do so by themselves, and 'up' when none begins."""
    from sectorwatch.cli.opening import opened_runtime

    with opened_runtime() as runtime:
        posted = runtime.watch(send=True)
    say(counted(posted, "notice") if posted else "nothing new to tell")


@notices.command("test")
def send_test(
    target: Annotated[str | None, typer.Option(help="Only to this target of [operators], by its label.")] = None,
) -> None:
    """Send a real test notice to each of the operators' targets and show what became of it."""
    from sectorwatch.cli.opening import opened_runtime
    from sectorwatch.config_file import find_file
    from sectorwatch.domain import OutcomeKind
    from storage.running import watching

    with opened_runtime() as runtime:
        outcomes = runtime.send_test_notice(target)
        with runtime.tools.store.read() as work:
            labels = [one.label for one in watching.own_targets(work)]
    if not outcomes and labels and target is not None:
        given = f"{safe(target)!r} among the operators' targets"
        raise ConfigurationError(f"there is no {given}; {safe(meant(target, labels))}")
    if not outcomes:
        file = find_file() or "a configuration file"
        raise ConfigurationError(
            f"there are no operators' targets: list them under [operators] in {file}, and put it in force by"
            " 'sectorwatch apply'"
        )
    for label, outcome in outcomes:
        say(safe(f"{label}: {outcome.words}"))
    raise typer.Exit(0 if all(outcome.kind is OutcomeKind.SENT for _, outcome in outcomes) else 1)
