"""What is likely set wrongly, and the cure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sectorwatch.cli.output import safe, say, say_fitted, write_json
from sectorwatch.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flows.steps.doctor.finding import Finding
    from sectorwatch.settings import Settings

_SERVED = frozenset(
    (
        "relay_unreached",
        "unreached",
        "nobody_watches",
        "nothing_runs",
        "network",
        "feeds_fail",
        "targets_fail",
        "not_pruned",
    )
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command()(doctor)


def doctor(
    with_settings: Annotated[
        bool, typer.Option("--settings", help="Print the values in force too, secrets hidden.")
    ] = False,
    json: Json = False,
) -> None:
    """What is likely set wrongly here, and the cure; changes nothing.

    Run it as the user and in the environment of the service. The exit code is 1 when something is wrong.
    """
    from flows.steps.doctor.finding import Weight
    from flows.steps.doctor.settings import shown
    from sectorwatch.cli.demo_file import is_demo
    from sectorwatch.cli.opening import know_blocks, settings
    from sectorwatch.config_file import find_file

    know_blocks()
    chosen = settings()  # a file that cannot be read says so itself
    file, found = find_file(), [*_findings(chosen)]
    if file is not None and is_demo(file):
        found = [*_of_a_demo(found)]
    found.sort(key=lambda one: one.weight is not Weight.WRONG)
    if json:
        write_json({"findings": found, **({"settings": shown(chosen)} if with_settings else {})})
    else:
        if with_settings:
            for key, value in shown(chosen).items():
                say(safe(f"{key} = {value}"))
            say()
        for one in found:
            say_fitted(safe(f"{'WRONG ' if one.weight is Weight.WRONG else 'advice'}  {one.code}: {one.what}"))
            say_fitted(safe(f"        {one.cure}"))
        bad = sum(one.weight is Weight.WRONG for one in found)
        say(f"{bad} wrong, {len(found) - bad} to be better" if found else "nothing found")
    raise typer.Exit(1 if any(one.weight is Weight.WRONG for one in found) else 0)


def _findings(chosen: Settings) -> Iterator[Finding]:
    import os
    from pathlib import Path
    from random import Random

    from flows.steps.doctor import machine as doctor_machine
    from flows.steps.doctor import reach as doctor_reach
    from flows.steps.doctor import settings as doctor_settings
    from flows.steps.doctor import store as doctor_store
    from flows.steps.tools import Tools
    from flows.steps.vault import vault_of
    from sectorwatch.clock import system_clock
    from sectorwatch.config_file import find_file
    from storage.engine import open_engine, store_url
    from storage.unit_of_work import Store

    yield from doctor_settings.look(chosen, find_file())
    yield from doctor_machine.look(chosen)
    yield from doctor_reach.look(chosen, os.environ)
    if doctor_machine.names_a_server(os.environ):  # importing its client takes two seconds
        yield from _of_prefect(chosen.store.url)
    try:
        vault = vault_of(chosen)
    except ConfigurationError:
        return  # said above; without the keys the store cannot be judged
    place = store_url(chosen.store.url)
    if place.get_backend_name() == "sqlite" and not Path(str(place.database)).exists():
        yield doctor_store.missing(Path(str(place.database)))  # opening it would make it
        return
    store = Store(open_engine(place))
    try:
        yield from doctor_store.look(
            Tools(settings=chosen, store=store, vault=vault, clock=system_clock, random=Random()), find_file()
        )
    finally:
        store.close()


def _of_a_demo(found: Iterable[Finding]) -> Iterator[Finding]:
    """Without what the end of a demo brings about, and what a service alone needs."""
    from flows.steps.doctor.finding import advice

    what = (
        "this is a demo's configuration: its newsroom, relay and receiver ended with it, and nothing goes on by itself"
    )
    yield advice("demo", what, "write a configuration of your own, and ask with that (docs/quickstart.md)")
    yield from (one for one in found if one.code not in _SERVED)


def _of_prefect(store_url: str) -> Iterator[Finding]:
    from flows.steps.doctor.finding import wrong

    try:
        from flows.doctor_prefect import look
    except ValueError as error:  # Prefect checks its settings as it is imported; what they are may be secret
        wanted = [".".join(map(str, one["loc"])) or one["msg"] for one in getattr(error, "errors", list)()]
        what = f"Prefect cannot read its own settings: {', '.join(wanted) or type(error).__name__}"
        yield wrong("prefect_settings", what, "correct the PREFECT_ variables of the environment, and its profile")
    else:
        yield from look(store_url=store_url)
