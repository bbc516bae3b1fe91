"""Commands on the store itself."""

from __future__ import annotations

import typer

from sectorwatch.cli.output import say

app = typer.Typer(help="The store: bring it up to date.", no_args_is_help=True, rich_markup_mode=None)


def register(parent: typer.Typer) -> None:
    """Adds the commands of this file."""
    parent.add_typer(app, name="db")


@app.command()
def upgrade() -> None:
    """Bring the store to the version of this release; safe to repeat. An SQLite store does so by itself."""
    from sectorwatch.cli.opening import settings
    from storage import schema
    from storage.engine import open_engine
    from storage.unit_of_work import Store

    store = Store(open_engine(settings().store.url))
    try:
        done = schema.upgrade(store)
        say(f"the store is at version {schema.newest()}{'' if done else ' already'}")
    finally:
        store.close()


@app.command()
def version() -> None:
    """The version of the store and of this release."""
    from sectorwatch.cli.opening import settings
    from storage import schema
    from storage.engine import open_engine
    from storage.unit_of_work import Store

    store = Store(open_engine(settings().store.url))
    try:
        say(f"store {schema.current(store) or 'empty'}, release {schema.newest()}")
    finally:
        store.close()
