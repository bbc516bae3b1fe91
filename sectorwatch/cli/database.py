"""Commands on the store itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sectorwatch.cli.output import say, say_fitted, write_json
from sectorwatch.cli.progress import Bar
from sectorwatch.errors import ConfigurationError
from sectorwatch.plurals import counted, each_counted

if TYPE_CHECKING:
    from storage.unit_of_work import Store
    from storage.upkeep.backup_file import Backup

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
app = typer.Typer(
    help="The store: bring it up to date, back it up, restore it.", no_args_is_help=True, rich_markup_mode=None
)


def register(parent: typer.Typer) -> None:
    """Adds the commands of this file."""
    parent.add_typer(app, name="db")


@contextmanager
def _store() -> Iterator[Store]:
    """The store as it is, of whatever version."""
    from sectorwatch.cli.opening import settings
    from storage.engine import open_engine
    from storage.unit_of_work import Store

    store = Store(open_engine(settings().store.url))
    try:
        yield store
    finally:
        store.close()


@app.command()
def upgrade() -> None:
    """Bring the store to the version of this release; safe to repeat. An SQLite store does so by itself."""
    from storage import schema

    with _store() as store:
        done = schema.upgrade(store)
        say(f"the store is at version {schema.newest()}{'' if done else ' already'}")


@app.command()
def version(json: Json = False) -> None:
    """The version of the store and of this release."""
    from storage import schema

    with _store() as store:
        held = schema.current(store)
    if json:
        write_json({"store": held, "release": schema.newest()})
    else:
        say(f"store {held or 'empty'}, release {schema.newest()}")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to make.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file of that name.")] = False,
    json: Json = False,
) -> None:
    """Write everything that is stored to one file, while Sectorwatch runs; the file is checked before it is kept."""
    from sectorwatch.cli.opening import settings
    from storage.upkeep.backup import back_up

    with Bar() as bar, _store() as store:
        made = back_up(store, file, overwrite=force, progress=bar)
    if json:
        write_json(_plain(made))
        return
    say_fitted(f"backed up and checked: {_holding(made)}")
    if settings().store.keys:
        say("keep the keys of store.keys elsewhere: without them nobody can read the addresses in it")


@app.command()
def prune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would go.")] = False,
    json: Json = False,
) -> None:
    """Let go of what is older than the [keep] settings say, or has no room; the flow 'maintain' does so every day.

    It counts first, works in small steps beside everything else, and may be stopped at any moment.
    """
    from flows.steps.running.prune import over_room, planned
    from sectorwatch.cli.opening import opened_runtime

    with Bar() as bar, opened_runtime(bar) as runtime:
        old, over = planned(runtime.tools), over_room(runtime.tools)
        if not json:
            say(f"past its time: {_counts(old)}")
            if over:
                say(f"{over / 1e6:.0f} MB more than keep.database_mb: so the oldest pages and articles go, too")
        removed = {} if dry_run else runtime.prune(old)
    if json:
        write_json({"past": old, "bytes_over": over, "removed": removed})
    elif not dry_run:
        say(f"removed: {_counts(removed)}")


@app.command()
def compact() -> None:
    """Write an SQLite store anew, without the room in it that nothing takes. Stop Sectorwatch first.

    It is needed once, where a store of an earlier release shall shrink; newer ones do so by themselves.
    """
    from storage.upkeep.room import compact as write_anew
    from storage.upkeep.room import used_bytes

    with _store() as store:
        with store.read() as work:
            say(f"{used_bytes(work) / 1e6:.1f} MB are written anew; nothing else can be written meanwhile")
        say(f"{write_anew(store) / 1e6:.1f} MB were given back")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that 'sectorwatch db backup' has made.")],
    force: Annotated[bool, typer.Option("--force", help="Replace what the store holds.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check the file, and say what it holds.")] = False,
    json: Json = False,
) -> None:
    """Make the store hold what a backup holds: all of it, or nothing is changed. Stop Sectorwatch first.

    It may go to the other kind of database too: that is how a store moves from SQLite to PostgreSQL.
    """
    from extractors.text import search_form
    from storage.upkeep.backup_file import checked
    from storage.upkeep.restore import restore as put_back

    if not file.exists() or file.is_dir():
        raise ConfigurationError(f"{file}: {'this is a folder' if file.is_dir() else 'there is no such file'}")
    if dry_run:
        held = checked(file)
    else:
        with Bar() as bar, _store() as store:
            held = put_back(store, file, search_form=search_form, overwrite=force, progress=bar)
    if json:
        write_json(_plain(held))
        return
    say_fitted(f"{'whole' if dry_run else 'restored'}: {_holding(held)}")
    if not dry_run:
        say("what was sent after it is not known to it: 'sectorwatch deliveries list' shows what would go out now,")
        say("and 'sectorwatch pause' keeps it back while you look")


def _counts(rows: dict[str, int]) -> str:
    return each_counted(rows) or "nothing"


def _plain(held: Backup) -> dict[str, Any]:
    return {**vars(held), "path": str(held.path)}


def _holding(held: Backup) -> str:
    rows, ended = held.rows, held.last_cycle_at
    told = {"feeds": "feed", "articles": "article", "mentions": "mention", "subscriptions": "subscription"}
    counts = ", ".join(counted(rows[name], one) for name, one in told.items())
    counts += f", {counted(rows['deliveries'], 'delivery', 'deliveries')}"
    upto = "no cycle" if ended is None else f"up to the cycle of {ended:%Y-%m-%d %H:%M} UTC"
    return f"{held.path}, {held.bytes / 1e6:.1f} MB, version {held.version}: {counts}; {upto}"
