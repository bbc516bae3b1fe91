"""The version of the store's tables: asking for it and bringing it up to date."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, MetaData, Table, inspect, text

from sectorwatch.errors import StoreError
from storage.unit_of_work import Store, Work

if TYPE_CHECKING:  # Alembic costs half a second, and most commands find the store up to date
    from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"
_UPGRADE_LOCK = 0x5EC7_0A7C  # so that two processes do not migrate at once
_REVISION = re.compile(r"^(revision|down_revision)\b[^=]*= (?:['\"](\w+)['\"]|None)", re.MULTILINE)


def newest() -> str:
    """The version that this release works with: the migration that no other follows."""
    return next(iter(_history().keys() - set(_history().values())))


def _history() -> dict[str, str | None]:
    """Each migration and the one before it."""
    files = (path.read_text("utf-8") for path in (_FOLDER / "versions").glob("*.py"))
    found = (dict(_REVISION.findall(source)) for source in files)
    return {names["revision"]: names["down_revision"] or None for names in found if "revision" in names}


def knows(version: str | None) -> bool:
    """Whether this release can work on, or upgrade, tables of that version."""
    return version in _history()


def serves(version: str | None) -> bool:
    """Whether this release can work on tables of that version: its own, or a later one of the same generation.

    Within a generation, which is the first digit, migrations only add, and nothing that an older release would have to
    fill: a test holds it.
    """
    own = newest()
    return version is not None and len(version) == len(own) and version[0] == own[0] and version >= own


def current(store: Store) -> str | None:
    """The version of the store; None for an empty one."""
    with store.read() as work:
        return version_of(work.connection)


def version_of(connection: Connection) -> str | None:
    """The version of the tables behind a connection; None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def tables_of(connection: Connection) -> list[Table]:
    """The tables that a store has, those that others refer to first; without the full-text search and Alembic's own.

    Asked of the database: a store may be of another version than this release.
    """
    found = MetaData()
    found.reflect(connection, only=lambda name, _: not name.startswith(("article_search", "alembic_version")))
    return found.sorted_tables


def bring(work: Work, version: str) -> None:
    """Runs the migrations up to that version within a unit of work."""
    from alembic import command

    command.upgrade(_config(work.connection), version)


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(store: Store) -> bool:
    """Brings the store to `newest`, in one transaction; tells whether there was anything to do. Raises StoreError."""
    if current(store) == newest():
        return False
    with store.write(foreign_keys=False) as work:
        work.lock(_UPGRADE_LOCK)
        found = version_of(work.connection)
        _refuse_newer(found)
        if found == newest():
            return False
        bring(work, "head")
        work.commit()
        return True


def _refuse_newer(version: str | None) -> None:
    if version is not None and not knows(version):
        raise StoreError(f"the store was made by a newer release (version {version}): install that release")


def ensure(store: Store, *, migrate: bool) -> None:
    """Makes sure that the store has tables which serve this release: an embedded one is migrated, a shared one refused.

    Raises StoreError that says to run 'sectorwatch db upgrade'.
    """
    found = current(store)
    if serves(found):
        return
    _refuse_newer(found)
    if migrate:
        upgrade(store)
        return
    state = "has no tables yet" if found is None else f"is at version {found}, this release needs {newest()}"
    raise StoreError(f"the store {state}: run 'sectorwatch db upgrade'")
