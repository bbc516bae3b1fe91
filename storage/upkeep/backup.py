"""Makes a backup of a store that is in use: a snapshot, checked, whole or not there at all."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Boolean, Column, ColumnElement, Connection, DateTime, Integer, Text, cast, func, select
from sqlalchemy.types import JSON

from sectorwatch.errors import StoreError, StoreMisused
from storage import schema
from storage.engine import open_engine
from storage.errors import store_errors
from storage.unit_of_work import Store
from storage.upkeep.backup_file import (
    Backup,
    DamagedFile,
    Progress,
    checked,
    counted,
    file_errors,
    opened,
    told_of_pages,
    untold,
)

PAGES = 8_192  # copied in one go: 32 MB
ROWS = 1_000  # the same of a table
_BESIDE = ("", "-journal", "-wal", "-shm")  # what SQLite may leave of a file


def back_up(store: Store, file: Path, *, overwrite: bool = False, progress: Progress = untold) -> Backup:
    """Writes everything that is stored at this moment to one file, which only its owner can read.

    Nobody has to wait for it. The file appears when it is complete and checked. Raises StoreError.
    """
    _refuse_to_overwrite(file, overwrite)
    version = schema.current(store)
    if version is None:
        raise StoreMisused("the store has no tables yet: there is nothing to back up")
    if not schema.knows(version):
        raise StoreMisused(f"the store was made by a newer release (version {version}): back it up with that release")
    with _in_progress(file) as part:
        made = _whole(store, part, progress)
        _put_in_place(part, file, overwrite)
    return replace(made, path=file)


def _whole(store: Store, part: Path, progress: Progress) -> Backup:
    """The copy, once it was read again and has the rows that were there."""
    copy = _from_postgresql if store.engine.dialect.name == "postgresql" else _from_sqlite
    try:
        rows = copy(store, part, progress)
        made = checked(part)
    except DamagedFile as error:
        raise StoreError(
            f"the store itself is damaged: restore your last backup; no new one takes its place ({error})"
        ) from error
    if made.rows != rows:
        raise StoreError("the copy does not have the rows of the store: try again, and report this")
    return made


def _refuse_to_overwrite(file: Path, overwrite: bool) -> None:
    if not file.parent.is_dir():
        raise StoreMisused(f"{file}: the folder {file.parent} does not exist")
    if file.is_dir():
        raise StoreMisused(f"{file}: this is a folder; name a file in it")
    if file.exists() and not overwrite:
        raise StoreMisused(f"{file}: there is a file of this name; choose another, or replace it with --force")


@contextmanager
def _in_progress(file: Path) -> Iterator[Path]:
    """A file beside the one to be made, ours alone; removed afterwards, also what a killed backup left of it."""
    part = file.with_name(f".{file.name}.part")
    try:
        held = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreError(f"{file}: nothing can be written there: {error.strerror}") from error
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(held)
        raise StoreError(f"{file}: another backup is just being written there") from error
    try:
        _remove(part, *_BESIDE[1:])
        os.ftruncate(held, 0)
        os.fchmod(held, 0o600)
        yield part
    finally:
        _remove(part, *_BESIDE)
        os.close(held)


def _remove(part: Path, *endings: str) -> None:
    for ending in endings:
        part.with_name(part.name + ending).unlink(missing_ok=True)


def _put_in_place(part: Path, file: Path, overwrite: bool) -> None:
    """Gives the file its name, once it is safe on the disk."""
    with part.open("rb") as written:
        os.fsync(written.fileno())
    try:
        if overwrite:
            part.replace(file)
        else:
            _refuse_to_overwrite(file, overwrite)
            part.rename(file)
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise StoreError(f"{file}: it cannot be written: {error.strerror}") from error


def _from_sqlite(store: Store, part: Path, progress: Progress) -> dict[str, int]:
    """Copies the file page by page, within one reading transaction: all pages are of one moment."""
    path = Path(str(store.engine.url.database))
    with opened(path) as source:
        source.execute("BEGIN")
        size = source.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()[0]
        _refuse_without_room(part.parent, size)
        rows = counted(source)
        with opened(part, write=True) as copy, file_errors(part):
            source.backup(copy, pages=PAGES, progress=told_of_pages(progress))
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
    return rows


def _refuse_without_room(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < size:
        raise StoreError(
            f"there is no room for the backup in {folder}: it needs {size // 10**6 + 1} MB, {free // 10**6} are free"
        )


def _from_postgresql(store: Store, part: Path, progress: Progress) -> dict[str, int]:
    """Copies table by table, all of one snapshot, into an SQLite store of the same version."""
    copy = Store(open_engine(URL.create("sqlite", database=str(part))))
    snapshot: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    try:
        with store_errors(), store.engine.connect().execution_options(**snapshot) as source, source.begin():
            version = schema.version_of(source) or ""
            with copy.write(foreign_keys=False) as work:
                schema.bring(work, version)
                rows = {}
                found = schema.tables_of(source)
                for number, table in enumerate(found):
                    progress("tables", number, len(found))
                    rows[table.name] = _copy(source, work.connection, table.name, list(table.columns))
                work.commit()
    finally:
        copy.close()
    with opened(part, write=True) as written:
        written.execute("PRAGMA journal_mode = DELETE")
    return rows


def _copy(source: Connection, copy: Connection, table: str, columns: list[Column[Any]]) -> int:
    """Copies the rows of a table; returns how many."""
    names = ", ".join(f'"{column.name}"' for column in columns)
    places = ", ".join("?" * len(columns))
    statement = f'INSERT INTO "{table}" ({names}) VALUES ({places})'  # noqa: S608 - the database's own names
    found = source.execution_options(yield_per=ROWS).execute(select(*map(_as_sqlite_keeps_it, columns)))
    count = 0
    for rows in found.partitions():
        copy.exec_driver_sql(statement, [tuple(row) for row in rows])
        count += len(rows)
    return count


def _as_sqlite_keeps_it(column: Column[Any]) -> ColumnElement[Any]:
    """Moments as text in UTC, truth as 0 and 1, JSON as text: as the engine writes them there."""
    kind = column.type
    if isinstance(kind, DateTime):
        return func.to_char(func.timezone("UTC", column), "YYYY-MM-DD HH24:MI:SS.US")
    if isinstance(kind, Boolean):
        return cast(column, Integer)
    return cast(column, Text) if isinstance(kind, JSON) else column
