"""Commands that run the pipeline: demo, run, up, apply."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sectorwatch.cli.output import complain, safe, say, write_json
from sectorwatch.errors import ConfigurationError

if TYPE_CHECKING:
    from storage.unit_of_work import Store

_NO_FEEDS = "there are no feeds yet: list them in sectorwatch.toml and run 'sectorwatch apply sectorwatch.toml'"
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    for command in (demo, run, up, apply):
        app.command()(command)


def demo(
    folder: Annotated[Path | None, typer.Option(help="Where the demo keeps its databases (default: var/demo).")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget earlier demos first.")] = False,
) -> None:
    """The whole pipeline on the bundled sample newsroom; no internet; its own database."""
    from sectorwatch.cli.demo import FOLDER, play

    raise typer.Exit(play(folder or FOLDER, fresh=fresh))


def run(json: Json = False) -> None:
    """One cycle now: poll every feed, read what is new, send what is due."""
    from sectorwatch.cli.opening import opened_runtime
    from sectorwatch.cli.progress import Bar

    with Bar() as bar, opened_runtime(bar) as runtime:
        if not _feeds(runtime.tools.store):
            raise ConfigurationError(_NO_FEEDS)
        summary = runtime.cycle()
    if json:
        write_json(summary.as_dict())
    else:
        from sectorwatch.cli.summary import tell

        tell(summary)
    raise typer.Exit(1 if summary.failed else 0)


def _feeds(store: Store) -> int:
    from storage.views import queries

    with store.read() as work:
        return queries.totals(work)["feeds"]


def up(
    port: Annotated[int, typer.Option(help="Port of the Prefect server.", min=1, max=65535)] = 4200,
    home: Annotated[Path, typer.Option(help="Folder of Prefect's own database and log.")] = Path("var/prefect"),
    every: Annotated[int, typer.Option(help="Seconds between two cycles.", min=30)] = 300,
    with_web: Annotated[bool, typer.Option("--web/--no-web", help="Serve the web pages and /metrics too.")] = True,
) -> None:
    """Prefect server, deployments on their schedules, and the web pages, in one command; Ctrl-C stops it all."""
    from flows.looking_after import Cycles, told_by
    from flows.runtime import STORE_VARIABLE
    from flows.serving import serve_all
    from sectorwatch.cli.opening import opened_store, settings, store_is_named
    from sectorwatch.config_file import CONFIG_VARIABLE, find_file
    from sectorwatch.net.listening import Listens
    from storage.engine import open_engine
    from storage.sectors import own_definitions
    from storage.unit_of_work import Store

    if not store_is_named():  # every run would refuse
        raise ConfigurationError(
            f"there is no configuration: list feeds in sectorwatch.toml and run 'sectorwatch apply sectorwatch.toml',"
            f" or name a file with --config or {CONFIG_VARIABLE}, or a store with {STORE_VARIABLE}"
        )
    chosen = settings()
    own: Sequence[tuple[str, str]] = ()
    if chosen.store.url.startswith("sqlite"):  # what is broken is said at once, before a server is started
        with opened_store() as held:  # a PostgreSQL may come up later: the runs wait for it
            if not _feeds(held):
                complain(f"{_NO_FEEDS}; cycles run, and have nothing to do until then")
            with held.read() as work:
                own = own_definitions(work)
    file = find_file()
    config = None if file is None else str(file.resolve())
    named = [] if config is None else ["--config", config]
    ourselves = [sys.executable, "-c", "from sectorwatch.cli.main import main; main()", *named]
    beside = {"the web": partial(_pages, named)} if with_web else {}
    cure = "choose another with web.port in the configuration, or leave the pages out with --no-web"
    listens = [Listens(host=chosen.web.host, port=chosen.web.port, cure=cure)] if with_web else []
    store, allowed = Store(open_engine(chosen.store.url)), chosen.operators.limits.cycle_overdue
    with told_by([*ourselves, "notices", "send"]) as tell:
        code = serve_all(
            config=config,
            home=home,
            port=port,
            every=every,
            say=say,
            beside=beside,
            looks=[Cycles(store, allowed=allowed, tell=tell).look],
            listens=listens,
            imports=("sectorwatch.web.app", "uvicorn") if with_web else (),
            own_sectors=own,
        )
    raise typer.Exit(code)


def _pages(named: Sequence[str]) -> None:
    """The command `web`, in a process of its own."""
    from sectorwatch.cli.main import main

    sys.argv = [sys.argv[0], *named, "web"]
    main()


def apply(
    file: Annotated[Path | None, typer.Argument(help="The configuration file (default: the one in force).")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the difference, change nothing.")] = False,
    json: Json = False,
) -> None:
    """Make feeds, sectors, subscribers and subscriptions match the file; shows the difference; safe to repeat."""
    from flows.steps.roster.apply import apply_roster
    from flows.steps.roster.check import check_roster, doubts
    from sectorwatch.cli.opening import know_blocks, opened_runtime
    from sectorwatch.config_file import find_file
    from sectorwatch.settings import load
    from sectorwatch.settings.mistakes import in_file

    found = find_file(file)
    settings = load(found)
    know_blocks()
    try:
        if settings.store.keys:  # with a wrong one no store is opened: it is told with all else
            check_roster(settings, addresses=True)
    except ConfigurationError as error:
        raise in_file(found, error) from error
    with opened_runtime(chosen=settings, file=found) as runtime:
        try:
            difference = apply_roster(runtime.tools, dry_run=dry_run)
        except ConfigurationError as error:
            raise in_file(found, error) from error
        for doubt in doubts(runtime.tools.settings):
            complain(f"warning: {in_file(found, doubt)}")
    if json:
        write_json(difference)
        return
    for sign, lines in (("+", difference.added), ("~", difference.changed), ("-", difference.removed)):
        for line in lines:
            say(f"{sign} {safe(line)}")
    for line in difference.repeated:
        say(f"= {safe(line)}: polled once; take one of them out")
    for line in difference.kept:
        say(f"= {safe(line)}")
    verb = "would change" if dry_run else "changed"
    count = len(difference.added) + len(difference.changed) + len(difference.removed)
    say(f"{count} {verb}" if difference else "nothing to change")
