"""Puts a backup in place of what is stored: all of it, or nothing is changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import URL, Boolean, Column, DateTime, Integer, func, select, text

from sectorwatch.errors import StoreError, StoreMisused
from sectorwatch.plurals import each_counted
from storage import schema
from storage.engine import open_engine
from storage.search.index import index_article
from storage.tables import articles
from storage.unit_of_work import Store, Work
from storage.upkeep.backup_file import (
    SEARCH,
    Backup,
    Progress,
    checked,
    counted,
    file_errors,
    opened,
    told_of_pages,
    untold,
)

SearchForm = Callable[[str], str]
"""A text as full-text search keeps it (`extractors.text.search_form`)."""
PAGES = 8_192  # copied in one go: 32 MB
BATCH = 500  # articles made searchable between two looks at the database
_LOCK_WAIT = "10s"
_OTHERS = text(
    "SELECT coalesce(nullif(application_name, ''), 'a connection') || coalesce(' from ' || host(client_addr), '')"
    " FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
    " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


def restore(
    store: Store, file: Path, *, search_form: SearchForm, overwrite: bool = False, progress: Progress = untold
) -> Backup:
    """Makes the store hold what the backup holds, with the tables of this release; returns what that is.

    A backup of SQLite may go to PostgreSQL and the other way round. Raises StoreError, and changes nothing, when the
    file is not whole, when somebody else uses the store, or when it holds something and `overwrite` was not asked for.
    """
    found = checked(file)
    if store.engine.dialect.name == "postgresql":
        _into_postgresql(store, found, search_form, overwrite, progress)
    else:
        _into_sqlite(store, found, search_form, overwrite, progress)
    return found


@contextmanager
def _of_this_release(found: Backup, folder: Path | None, search_form: SearchForm | None) -> Iterator[Path]:
    """The backup's file, or a copy of it that was brought to this release and made searchable, where it was not."""
    if found.version == schema.newest() and (found.searchable or search_form is None):
        yield found.path
        return
    with TemporaryDirectory(prefix=".sectorwatch-restore-", dir=folder) as made:
        path = Path(made) / "store.db"
        with opened(found.path) as source, opened(path, write=True) as copy:
            source.backup(copy, pages=PAGES)
        store = Store(open_engine(URL.create("sqlite", database=str(path))))
        try:
            schema.upgrade(store)
            if search_form is not None and not found.searchable:
                with store.write() as work:
                    _make_searchable(work, search_form)
                    work.commit()
        finally:
            store.close()
        with opened(path, write=True) as copy:
            copy.execute("PRAGMA journal_mode = DELETE")
        yield path


def _make_searchable(work: Work, search_form: SearchForm) -> None:
    last = 0
    while True:
        wanted = select(articles.c.id, articles.c.title, articles.c.text).where(articles.c.id > last)
        rows = work.connection.execute(wanted.order_by(articles.c.id).limit(BATCH)).all()
        for row in rows:
            index_article(work, row.id, title=search_form(row.title), text=search_form(row.text))
        work.settle()
        if len(rows) < BATCH:
            return
        last = rows[-1].id


def _refuse_to_overwrite(rows: dict[str, int], overwrite: bool) -> None:
    if any(rows.values()) and not overwrite:
        held = (
            each_counted({name: rows.get(name, 0) for name in ("feeds", "articles", "subscriptions")}) or "other things"
        )
        words = f"the store is not empty ({held}): back it up first, then replace what it holds with --force"
        raise StoreMisused(words)


# ---------------------------------------------------------------------------------------------------------- SQLite


def _into_sqlite(store: Store, found: Backup, search_form: SearchForm, overwrite: bool, progress: Progress) -> None:
    path = Path(str(store.engine.url.database))
    if path.exists() and path.samefile(found.path):
        raise StoreMisused(f"{path}: this is the store itself, not a backup of it")
    store.close()  # our own connections would be in the way
    with opened(path, write=True) as target:
        _take_alone(target, path)
        _refuse_to_overwrite(counted(target), overwrite)
        with _of_this_release(found, path.parent, search_form) as file, opened(file) as source, file_errors(path):
            # one transaction: a kill leaves what was there
            source.backup(target, pages=PAGES, progress=told_of_pages(progress))
    if not checked(path).searchable:
        raise StoreError(f"{path}: not all articles can be found by search; report this")


def _take_alone(target: sqlite3.Connection, path: Path) -> None:
    """Takes the file for ourselves: leaving the write-ahead log needs that nobody else has it open."""
    try:
        target.execute("PRAGMA locking_mode = EXCLUSIVE")
        target.execute("PRAGMA journal_mode = DELETE")
        target.execute("BEGIN EXCLUSIVE")
        target.execute("COMMIT")  # of nothing; the lock stays until the connection is closed
    except sqlite3.DatabaseError as error:
        code = error.sqlite_errorcode & 0xFF
        if code == sqlite3.SQLITE_BUSY:
            words = "the store is in use: stop Sectorwatch (systemctl stop sectorwatch), then restore"
            raise StoreError(words) from error
        if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            words = f"{path}: the store is damaged: move it away, with the files -wal and -shm beside it, then restore"
            raise StoreError(words) from error
        raise


# ------------------------------------------------------------------------------------------------------ PostgreSQL


def _into_postgresql(store: Store, found: Backup, search_form: SearchForm, overwrite: bool, progress: Progress) -> None:
    with store.read() as work:  # before its tables are brought to this release
        _refuse_in_use(work)
        _refuse_to_overwrite(_counts(work), overwrite)
    store.close()
    schema.upgrade(store)
    store.close()
    with _of_this_release(found, None, None) as file, opened(file) as source, store.write() as work:
        work.connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_WAIT}'"))
        tables = schema.tables_of(work.connection)
        names = ", ".join(f'"{table.name}"' for table in tables)
        work.connection.execute(text(f"LOCK TABLE {names}, {SEARCH} IN ACCESS EXCLUSIVE MODE"))
        _refuse_in_use(work)
        _refuse_to_overwrite(_counts(work), overwrite)
        work.connection.execute(text(f"TRUNCATE {names}, {SEARCH}"))
        for number, table in enumerate(tables):
            progress("tables", number, len(tables))
            _load(source, work, table.name, list(table.columns))
        if _counts(work) != counted(source):
            raise StoreError(f"{found.path}: not all rows arrived; nothing was changed; report this")
        _make_searchable(work, search_form)
        work.connection.execute(text("ANALYZE"))
        work.commit()


def _refuse_in_use(work: Work) -> None:
    others = list(work.connection.execute(_OTHERS).scalars())
    if others:
        raise StoreError(f"the store is in use by {', '.join(others[:5])}: stop Sectorwatch everywhere, then restore")


def _counts(work: Work) -> dict[str, int]:
    return {
        table.name: int(work.connection.execute(select(func.count()).select_from(table)).scalar_one())
        for table in schema.tables_of(work.connection)
    }


def _load(source: sqlite3.Connection, work: Work, table: str, columns: Sequence[Column[Any]]) -> None:
    """Copies the rows of a table and lets its numbers go on after them."""
    names = ", ".join(f'"{column.name}"' for column in columns)
    places = [index for index, column in enumerate(columns) if isinstance(column.type, DateTime | Boolean)]
    copy = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    )
    driver: Any = work.connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(copy) as into:
            for row in source.execute(f'SELECT {names} FROM "{table}"'):  # noqa: S608 - the database's own names
                values = list(row)
                for index in places:
                    values[index] = _as_postgresql_takes_it(values[index])
                into.write_row(values)
    except psycopg.Error as error:
        said = error.diag.message_primary or str(error).partition("\n")[0]  # what follows may quote the row
        raise StoreError(f"PostgreSQL refuses a row of {table}: {said}; nothing was changed") from error
    if any(column.name == "id" and isinstance(column.type, Integer) for column in columns):
        number = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM \"{table}\"))"  # noqa: S608
        work.connection.execute(text(number))


def _as_postgresql_takes_it(value: str | int | None) -> str | bool | None:
    """SQLite's text of a moment says no zone; its truth is a number."""
    if value is None:
        return None
    return f"{value}+00" if isinstance(value, str) else bool(value)
