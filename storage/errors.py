"""The database's exceptions, as ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, SQLAlchemyError

from sectorwatch.errors import InputError, RowRefused, StoreError

_COMING = "the database server is starting or stopping: try again in a minute; if it stays so, its log says why"
_CURES = (
    (
        "DiskFull",
        "the disk of the database server is full: free some space there; nothing was lost, and work goes on then",
    ),
    *((sign, _COMING) for sign in ("recovery mode", "is starting up", "is shutting down", "not yet accepting")),
    ("database or disk is full", "the disk is full: free some space and run the command again; nothing was lost"),
    # The index of SQLite's log is made when the first one opens the store: there is no room for its 32 KB either.
    ("SQLITE_IOERR_SHMSIZE", "the disk is full: free some space and run the command again; nothing was lost"),
    *(
        (sign, "the disk cannot be written: look at its quota and its health; what was not committed is undone")
        for sign in ("SQLITE_IOERR_WRITE", "SQLITE_IOERR_TRUNCATE", "SQLITE_IOERR_FSYNC")
    ),
    ("No space left", "the disk is full: free some space and run the command again; nothing was lost"),
    ("database is locked", "another process has held the store for over 10 s: see which one, then try again"),
    ("readonly database", "the store's file or folder cannot be written: check its owner and permissions"),
    ("unable to open database file", "the store's file cannot be opened: check that its folder exists and is writable"),
    ("file is not a database", "store.url names a file that is no SQLite database: check the path"),
    ("malformed", "the store is damaged: restore it from a backup"),
    (
        "sqlite_master may not be modified",
        "this build of SQLite refuses the upgrade (its defensive mode): run the command once with Python 3.12 or newer,"
        " which can leave that mode; nothing was changed",
    ),
    ("no such table", "the store has no tables yet: run 'sectorwatch db upgrade'"),
    ("UndefinedTable", "the store has no tables yet: run 'sectorwatch db upgrade'"),
    (
        "does not exist",
        "the database, role or table does not exist: check store.url, then run 'sectorwatch db upgrade'",
    ),
    (
        "InsufficientPrivilege",
        "this role of the database may not do that: upgrade and restore as the owner of the tables (docs/security.md)",
    ),
    ("authentication failed", "the database refuses this user or password: check store.url"),
    ("Connection refused", "no database server answers at store.url: start it, or correct the address"),
    ("could not translate host", "the host in store.url is unknown: correct the address"),
    ("Name or service not known", "the host in store.url is unknown: correct the address"),
)


@contextmanager
def store_errors() -> Iterator[None]:
    """Maps the database library's exceptions to StoreError with what to do; no statement or value is shown."""
    try:
        yield
    except OverflowError as error:
        if "SQLite" not in str(error):
            raise
        raise InputError("a number is larger than the store can hold") from error
    except SQLAlchemyError as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        said = f"{type(cause).__name__} {getattr(cause, 'sqlite_errorname', '')}: {cause}"
        cure = next((words for sign, words in _CURES if sign in said), None)
        if isinstance(error, DataError | IntegrityError):
            raise RowRefused(f"the store refuses the row: {str(cause).splitlines()[0]}") from error
        if cure is None:
            if not isinstance(error, OperationalError):
                raise
            cure = str(cause).splitlines()[0]
        raise StoreError(f"the store: {cure}") from error
