"""Opens the store: SQLite (WAL) or PostgreSQL, behaving alike.

SQLite's driver is taken out of transaction control, so that BEGIN is ours to say: IMMEDIATE for a unit of work that
writes (a DEFERRED one would fail with "database is locked" when it comes to write), plain for one that only reads.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from sectorwatch.errors import ConfigurationError, StoreError

if TYPE_CHECKING:
    import psycopg

BUSY_TIMEOUT_MS = 10_000  # how long a writer waits for another one's transaction
_PLANNED = "SELECT " + ", ".join(
    f"set_config('{name}', '{value}', false)"
    for name, value in {
        "timezone": "UTC",  # that times come in: to turn them from another zone takes as long as to read them
        "jit": "off",  # none of our statements takes as long as compiling it
        "max_parallel_workers_per_gather": "0",  # nor as starting another process for it, 15 ms
        "random_page_cost": "1.1",  # what is asked for again and again is in memory, or on a disk without heads
    }.items()
)
READ_ONLY = "sectorwatch_read_only"  # execution option of connections that never write


def store_url(url: str | URL) -> URL:
    """The parsed address of a store. Raises ConfigurationError naming what is wrong with it."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ConfigurationError(
            "store.url is no database address; use sqlite:///path/to/file.db or postgresql://user@host/name"
        ) from error
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise ConfigurationError(
            f"store.url names {parsed.drivername!r}; Sectorwatch keeps its data in sqlite:/// or postgresql://"
        )
    if parsed.get_backend_name() == "sqlite" and parsed.host:
        raise ConfigurationError(
            "store.url: an SQLite file is named after three slashes, sqlite:///file.db, or four from the root"
        )
    return parsed


def open_engine(url: str | URL) -> Engine:
    """An engine for the store at `url`; makes the folder of an SQLite file. Raises ConfigurationError, StoreError.

    What is bound to a statement, an address among it, is neither logged nor in an exception.
    """
    parsed = store_url(url)
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise ConfigurationError("store.url must name a file: several processes work on it")
        try:
            Path(parsed.database).expanduser().parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"the folder of {parsed.database} cannot be made: {error.strerror}") from error
        options = {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}
        engine = create_engine(parsed, connect_args=options, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        engine = create_engine(parsed, pool_pre_ping=True, connect_args={"connect_timeout": 10}, hide_parameters=True)
    except NoSuchModuleError as error:
        raise ConfigurationError(f"store.url: {error}") from error
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: psycopg.Connection[Any], _record: Any) -> None:
    connection.autocommit = True
    connection.execute(_PLANNED)
    connection.autocommit = False


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    if not cursor.execute("PRAGMA page_count").fetchone()[0]:
        cursor.execute("PRAGMA auto_vacuum = INCREMENTAL")  # once, as it waits for whoever writes
    _to_wal(cursor)
    for pragma in (
        "synchronous = FULL",  # an alert that was committed survives a power cut
        "foreign_keys = ON",
        "temp_store = MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _to_wal(cursor: sqlite3.Cursor) -> None:
    """Turns on the write-ahead log. SQLite does not wait for another process that does so to a new file: we do."""
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
