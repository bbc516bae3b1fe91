"""The version of the store's tables: asking for it and bringing it up to date."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from sectorwatch.errors import StoreError
from storage.unit_of_work import Store

_FOLDER = Path(__file__).parent / "migrations"
_UPGRADE_LOCK = 0x5EC7_0A7C  # so that two processes do not migrate at once


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The version that this release works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def current(store: Store) -> str | None:
    """The version of the store; None for an empty one."""
    with store.read() as work:
        return MigrationContext.configure(work.connection).get_current_revision()


def upgrade(store: Store) -> bool:
    """Brings the store to `newest`, in one transaction; tells whether there was anything to do. Raises StoreError."""
    if current(store) == newest():
        return False
    with store.write(foreign_keys=False) as work:
        work.lock(_UPGRADE_LOCK)
        found = MigrationContext.configure(work.connection).get_current_revision()
        known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
        if found is not None and found not in known:
            raise StoreError(f"the store was made by a newer release (version {found}): run that release, or upgrade")
        if found == newest():
            return False
        command.upgrade(_config(work.connection), "head")
        work.commit()
        return True


def ensure(store: Store, *, migrate: bool) -> None:
    """Makes sure that the store has the tables of this release: an embedded one is migrated, a shared one refused.

    Raises StoreError that says to run 'sectorwatch db upgrade'.
    """
    found = current(store)
    if found == newest():
        return
    if migrate:
        upgrade(store)
        return
    state = "has no tables yet" if found is None else f"is at version {found}, this release needs {newest()}"
    raise StoreError(f"the store {state}: run 'sectorwatch db upgrade'")
