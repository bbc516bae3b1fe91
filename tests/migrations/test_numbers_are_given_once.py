"""The number of a removed row is given to no new one, where numbers go out or are kept; on both databases."""

from __future__ import annotations

import _sqlite3
import ctypes
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, DateTime, Integer, LargeBinary, Table, delete, event, insert, text
from sqlalchemy.types import JSON, Float

from sectorwatch.errors import StoreError
from storage import schema
from storage.engine import open_engine
from storage.tables import metadata
from storage.unit_of_work import Store, Work

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEPT = ["gists"]  # by readers of pages
# Named in links of messages, webhooks, the interface, pages, notes of operators and lists of the command line.
GO_OUT = [
    "alerts", "articles", "cycles", "deliveries", "entries", "feeds", "former_addresses", "jobs", "notices",
    "silences", "stories", "subscribers", "subscriptions", "suppressions", "targets",
]  # fmt: skip


@pytest.fixture
def empty(store_url: str) -> Iterator[Store]:
    """A store without tables."""
    store = Store(open_engine(store_url))
    yield store
    store.close()


def _value(column: Any, number: int) -> Any:
    kind = column.type
    if isinstance(kind, DateTime) or "DateTime" in type(kind).__name__:
        return NOON
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer | Float) or column.foreign_keys:
        return number
    if isinstance(kind, LargeBinary):
        return b"%d" % number
    return {} if isinstance(kind, JSON) else f"{number}"


def _add(work: Work, table: Table, number: int) -> int:
    """A row with what it must have; the number it was given."""
    must = [c for c in table.columns if not c.nullable and c.server_default is None and c.name != "id"]
    values = {column.name: _value(column, number) for column in must}
    return int(work.connection.execute(insert(table).values(**values).returning(table.c.id)).scalar_one())


def _loose(work: Work) -> None:
    """Rows may refer to what there is not."""
    if work.postgresql:
        work.connection.execute(text("SET LOCAL session_replication_role = replica"))


@pytest.mark.parametrize("name", [*GO_OUT, *KEPT])
def test_a_number_is_not_given_again(store: Store, name: str) -> None:
    """The highest one neither, nor after the table was emptied."""
    table = metadata.tables[name]
    with store.write(foreign_keys=False) as work:
        _loose(work)
        numbers = [_add(work, table, number) for number in (1, 2, 3)]
        work.connection.execute(delete(table).where(table.c.id == numbers[-1]))
        numbers.append(_add(work, table, 4))
        work.connection.execute(delete(table))
        numbers.append(_add(work, table, 5))
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("name", [*GO_OUT, *KEPT])
def test_numbers_of_before_the_upgrade_are_not_given_again(empty: Store, name: str) -> None:
    """A store of the release before, with rows in it: they stay, and their numbers are used up."""
    table = metadata.tables[name]
    with empty.write(foreign_keys=False) as work:
        schema.bring(work, "0035")
        _loose(work)
        before = [_add(work, table, number) for number in (1, 2, 3)]
        work.commit()
    assert schema.upgrade(empty)
    with empty.write(foreign_keys=False) as work:
        _loose(work)
        assert work.connection.execute(table.select().order_by(table.c.id)).scalars().all() == before
        work.connection.execute(delete(table).where(table.c.id == before[-1]))
        assert _add(work, table, 4) > before[-1]


class _Defensive(sqlite3.Connection):
    """As some builds of SQLite open: nobody may write what the schema says."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._set(1)

    def _set(self, value: int) -> int:
        """By the library itself, as Python before 3.12 has no word for it: the connection begins with its pointer."""
        now = ctypes.c_int()
        pointer = ctypes.cast(id(self) + object.__basicsize__, ctypes.POINTER(ctypes.c_void_p))[0]
        arguments = (ctypes.c_void_p(pointer), 1010, value, ctypes.byref(now))
        assert ctypes.CDLL(_sqlite3.__file__).sqlite3_db_config(*arguments) == 0
        return now.value


class _Asked(_Defensive):
    """The same, with what Python has from 3.12 on."""

    def getconfig(self, op: int) -> bool:
        assert op == 1010
        return bool(self._set(-1))

    def setconfig(self, op: int, enable: bool = True) -> None:
        assert op == 1010
        self._set(int(enable))


class _Unasked(_Defensive):
    """As Python 3.11 has it."""

    @property
    def setconfig(self) -> None:
        raise AttributeError


@pytest.mark.parametrize("connection", [_Asked, _Unasked])
def test_a_defensive_sqlite_is_asked_or_told_of(connection: type[_Defensive], tmp_path: Path) -> None:
    """Where Python can ask for another mode, it is as it was afterwards; else nothing is changed, and the cure said."""
    engine = open_engine(f"sqlite:///{tmp_path / 'store.db'}")
    event.listen(engine, "do_connect", lambda _d, _r, _a, options: options.update(factory=connection))
    store = Store(engine)
    with store.write(foreign_keys=False) as work:
        schema.bring(work, "0035")
        work.commit()
    if connection is _Unasked:
        with pytest.raises(StoreError, match=r"run the command once with Python 3\.12 or newer"):
            schema.upgrade(store)
        assert schema.current(store) == "0035"
    else:
        assert schema.upgrade(store)
        with store.write(foreign_keys=False) as work:
            first = _add(work, metadata.tables["stories"], 1)
            work.connection.execute(text("DELETE FROM stories"))
            assert _add(work, metadata.tables["stories"], 2) > first
            driver: Any = work.connection.connection.dbapi_connection
            assert driver.getconfig(1010)
    store.close()


def test_the_file_is_whole_and_others_see_it(tmp_path: Path) -> None:
    """SQLite finds nothing wrong with a schema that was changed by its words; who had the file open goes on."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    ours, other = Store(open_engine(url)), Store(open_engine(url))
    with ours.write(foreign_keys=False) as work:
        schema.bring(work, "0035")
        work.commit()
    with other.read() as work:
        assert work.connection.execute(text("SELECT count(*) FROM stories")).scalar() == 0
    schema.upgrade(ours)
    with other.write(foreign_keys=False) as work:
        assert work.connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
        first = _add(work, metadata.tables["stories"], 1)
        work.connection.execute(text("DELETE FROM stories"))
        assert _add(work, metadata.tables["stories"], 2) > first
    ours.close()
    other.close()
