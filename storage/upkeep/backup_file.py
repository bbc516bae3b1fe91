"""A backup on disk: one SQLite file with all rows of a store, whichever database the store is in.

It is checked before it counts as made and before it is restored.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sectorwatch.errors import StoreError, StoreMisused
from storage import schema

BUSY_S = 1.0  # how long a lock is waited for: nobody else should have the file
SEARCH = "article_search"  # made of the articles, and by each database in a way of its own
_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    " AND name NOT LIKE 'article_search%' AND name <> 'alembic_version' ORDER BY name"
)
_CURES = {
    sqlite3.SQLITE_FULL: "there is no room on its disk: free some, or choose another folder",
    sqlite3.SQLITE_NOTADB: "it is no backup of Sectorwatch: no SQLite file",
    sqlite3.SQLITE_CORRUPT: "it is damaged: use another backup",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: check that file and folder exist, and their permissions",
    sqlite3.SQLITE_READONLY: "it cannot be written: check the permissions of file and folder",
    sqlite3.SQLITE_IOERR: "its disk cannot be read or written, or is full: see the log of the system",
    sqlite3.SQLITE_BUSY: "another process is using it",
}


Progress = Callable[[str, int, int], None]
"""Told what is being copied, how many of it were, and of how many."""


def untold(what: str, done: int, total: int) -> None:
    """Tells nobody."""


def told_of_pages(progress: Progress) -> Callable[[int, int, int], None]:
    """The same for SQLite, which says how many pages are left."""
    return lambda _, left, total: progress("pages", total - left, total)


class DamagedFile(StoreError):
    """The file was whole once, and is no longer."""


_KINDS: dict[int, type[StoreError]] = {sqlite3.SQLITE_CORRUPT: DamagedFile, sqlite3.SQLITE_NOTADB: StoreMisused}


@dataclass(frozen=True, kw_only=True)
class Backup:
    """What a file holds that was found to be whole."""

    path: Path
    version: str  # of the tables
    rows: dict[str, int]  # by table
    bytes: int
    searchable: bool  # the full-text search is in it; otherwise it is made when it is restored
    last_cycle_at: datetime | None  # when the last cycle ended that it knows of


@contextmanager
def file_errors(path: Path) -> Iterator[None]:
    """Maps SQLite's exceptions about a file to StoreError with what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        kind = _KINDS.get(code, StoreError)
        raise kind(f"{path}: {_CURES.get(code, str(error))}") from error


@contextmanager
def opened(path: Path, *, write: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection to an existing file whose transactions are ours to begin; with `write` it may be a new one."""
    mode = "rwc" if write else "ro"
    with file_errors(path):
        address = f"{path.absolute().as_uri()}?mode={mode}"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_S)) as connection:
            yield connection


def counted(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has, but for the full-text search."""
    tables = [name for (name,) in connection.execute(_TABLES)]
    return {name: _count(connection, name) for name in tables}


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608 - its own name


def checked(path: Path) -> Backup:
    """What a backup holds, once all of it was read and found whole. Raises StoreError that says what is wrong."""
    with opened(path) as connection:
        version = _version(connection, path)
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise DamagedFile(f"{path}: it is damaged ({found}): use another backup")
        lost = connection.execute("PRAGMA foreign_key_check").fetchone()
        if lost is not None:
            raise DamagedFile(f"{path}: a row of {lost[0]} refers to a row of {lost[2]} that is not in it")
        rows = counted(connection)
        ended = connection.execute("SELECT max(finished_at) FROM cycles").fetchone()[0]
        return Backup(
            path=path,
            version=version,
            rows=rows,
            bytes=path.stat().st_size,
            searchable=_count(connection, SEARCH) >= rows["articles"],
            last_cycle_at=None if ended is None else datetime.fromisoformat(ended).replace(tzinfo=UTC),
        )


def _version(connection: sqlite3.Connection, path: Path) -> str:
    """The version of the tables, one that this release knows."""
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if not {"alembic_version", "feeds", "deliveries", SEARCH} <= names:
        raise StoreMisused(f"{path}: it is no backup of Sectorwatch: its tables are others")
    (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or (None,)
    if not schema.knows(version):
        raise StoreMisused(
            f"{path}: it was made by a newer release (version {version}, this one knows {schema.newest()}):"
            " restore it with that release"
        )
    return str(version)
