"""How much room the store takes, and giving back what it does not need.

SQLite reuses the pages of rows that went, and gives them back to the disk when it is asked to: a store that was made by
an earlier release only after it was written anew once (`compact`). PostgreSQL's autovacuum makes the room of such rows
free for others; its files hardly ever shrink.
"""

from __future__ import annotations

import shutil
import sqlite3
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select, text

from storage.tables import switches
from storage.unit_of_work import Store, Work
from storage.upkeep.backup_file import file_errors, opened

LOW = 1 << 30
"""Bytes free on the disk of an SQLite store below which pages are not kept, and operators are told."""
_MADE = "room_made_at_bytes"
_MADE_AT = select(switches.c.value).where(switches.c.name == _MADE)
_GROWN = 1.01  # times what they were: the rest comes and goes
_SPARE = 0.1  # part of the file that stays for what comes next
_AT_ONCE = 1_000  # pages given back in one transaction: 4 MB


def used_bytes(work: Work) -> int:
    """What is stored takes so much; on PostgreSQL, its files, with the free room in them."""
    if work.postgresql:
        return int(work.connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    pages, free, size = (_pragma(work, name) for name in ("page_count", "freelist_count", "page_size"))
    return (pages - free) * size


def over(work: Work, most_bytes: int) -> int:
    """By how many bytes the store takes more than it may; 0: it does not.

    The files of PostgreSQL stay as large when rows go, and what comes fills the room in them: they are over only once
    they have grown since room was made.
    """
    used = used_bytes(work)
    if work.postgresql and used <= int(work.connection.execute(_MADE_AT).scalar() or 0) * _GROWN:
        return 0
    return max(0, used - most_bytes)


def made(work: Work, *, now: datetime) -> None:
    """Remembers how large the files are now that room was made in them."""
    work.connection.execute(switches.delete().where(switches.c.name == _MADE))
    row = {"name": _MADE, "value": str(used_bytes(work)), "author": "sectorwatch", "set_at": now}
    work.connection.execute(switches.insert(), row)


def is_low(engine: Engine) -> bool:
    """Whether the disk of an SQLite store is nearly full. That of another database is not ours to know."""
    if engine.dialect.name != "sqlite":
        return False
    return shutil.disk_usage(Path(str(engine.url.database)).parent).free < LOW


def give_back(work: Work) -> int:
    """Gives some free pages of an SQLite store back to the disk; returns how many bytes, 0 when that is all."""
    if work.postgresql or _pragma(work, "auto_vacuum") != 2:  # incremental
        return 0
    pages, free = _pragma(work, "page_count"), _pragma(work, "freelist_count")
    spared = min(free - int(pages * _SPARE), _AT_ONCE)
    if spared <= 0:
        return 0
    # It gives a row a page, and only a script takes all: as a transaction of its own, after the one that is open.
    cursor: sqlite3.Cursor = work.connection.connection.cursor()  # type: ignore[assignment]  # as this is SQLite
    cursor.executescript(f"PRAGMA incremental_vacuum({spared})")
    return (pages - _pragma(work, "page_count")) * _pragma(work, "page_size")


def compact(store: Store) -> int:
    """Writes an SQLite file anew, without what is free in it; returns by how many bytes it shrank. Raises StoreError.

    Nobody can write meanwhile, and for that time it needs as much room again on its disk. PostgreSQL: nothing is done.
    """
    if store.engine.dialect.name != "sqlite":
        return 0
    file = Path(str(store.engine.url.database))
    before = file.stat().st_size
    store.close()
    with opened(file, write=True) as alone, file_errors(file):
        alone.execute("PRAGMA auto_vacuum = INCREMENTAL")
        alone.execute("VACUUM")
        alone.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return before - file.stat().st_size


def _pragma(work: Work, name: str) -> int:
    return int(work.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
