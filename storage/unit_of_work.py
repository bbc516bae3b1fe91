"""One transaction, and what can be done within it. Rolled back unless committed."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Executable,
    any_,
    bindparam,
    cast,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from storage.engine import READ_ONLY
from storage.errors import store_errors

V = TypeVar("V", int, str)


@dataclass(frozen=True)
class Work:
    """A transaction in progress. Repositories take its connection; `commit` ends it, leaving it undoes it."""

    connection: Connection
    _later: dict[Executable, list[Mapping[str, Any]]] = field(default_factory=dict, repr=False, compare=False)

    def commit(self) -> None:
        """Makes everything done so far durable."""
        self.settle()
        self.connection.commit()

    def later(self, statement: Executable, row: Mapping[str, Any]) -> None:
        """Has a row written with others of its kind, at the latest with the commit: a call costs more than its row.

        Only for what nobody reads within this unit of work, or settles before.
        """
        self._later.setdefault(statement, []).append(row)

    def settle(self, *statements: Executable) -> None:
        """Writes what was put off for these statements; without any, all of it, in the order in which they came."""
        for statement in statements or tuple(self._later):
            if rows := self._later.pop(statement, None):
                self.connection.execute(statement, rows)

    @property
    def postgresql(self) -> bool:
        return self.connection.dialect.name == "postgresql"

    def among(self, number: ColumnElement[int], those: Collection[int]) -> ColumnElement[bool]:
        """Whether a number is one of those, which are one value: of a thousand the driver takes 5 to 10 ms."""
        listed = ",".join(map(str, those))
        if self.postgresql:
            return number == any_(cast(literal(f"{{{listed}}}"), ARRAY(BigInteger)))
        return number.in_(select(func.json_each(f"[{listed}]").table_valued("value").c.value))

    def present(self, column: Column[V], values: Collection[V]) -> set[V]:
        """Which of these values some row has in an indexed column: all are asked for at once."""
        if not values:
            return set()
        given = (
            func.unnest(cast(literal(list(values)), ARRAY(column.type))).table_valued("value").render_derived()
            if self.postgresql
            else func.json_each(json.dumps(list(values))).table_valued("value")
        )
        wanted = select(given.c.value).where(select(literal(1)).where(column == given.c.value).exists())
        return set(self.connection.execute(wanted).scalars())

    def wait_at_most(self, seconds: float) -> None:
        """Whoever waits longer for a locked table, as by VACUUM FULL, fails; SQLite's readers wait for nobody."""
        if self.postgresql:
            self.connection.execute(text(f"SET LOCAL lock_timeout = {seconds * 1000:.0f}"))

    def lock(self, *keys: int) -> None:
        """Waits until no other unit of work holds any of `keys` (64-bit), then holds them to the end of this one.

        SQLite has one writer at a time, so there is nothing to do. Keys are taken in order: no two units of work
        can wait for each other.
        """
        if self.postgresql:
            wanted = text("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key")
            self.connection.execute(wanted, {"keys": sorted(set(keys))})


class OfMany:
    """A statement about many numbers, which are one value of it: of a value each the driver takes 5 to 10 microseconds.

    Made once, by `make` of the column in which the numbers stand.
    """

    def __init__(self, make: Callable[[ColumnElement[int]], Executable]) -> None:
        given: BindParameter[str] = bindparam("numbers")
        of_array = func.unnest(cast(given, ARRAY(BigInteger))).table_valued("value").render_derived()
        self._for_postgresql = make(of_array.c.value)
        self._for_sqlite = make(func.json_each(given).table_valued("value").c.value)

    def on(self, work: Work) -> Executable:
        """The statement for the database of this unit of work."""
        return self._for_postgresql if work.postgresql else self._for_sqlite

    @staticmethod
    def numbers(work: Work, numbers: Collection[int]) -> dict[str, str]:
        """The parameter that the statement takes besides those of its own."""
        listed = ",".join(map(str, numbers))
        return {"numbers": f"{{{listed}}}" if work.postgresql else f"[{listed}]"}


class Store:
    """The database behind units of work."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def write(self, *, foreign_keys: bool = True) -> Iterator[Work]:
        """A unit of work that may write; rolled back unless it commits. Raises StoreError.

        Without `foreign_keys`, SQLite does not enforce them: migrations drop and rename tables (PostgreSQL: no effect).
        """
        with store_errors(), self.engine.connect() as connection:
            if not foreign_keys and connection.dialect.name == "sqlite":
                connection.detach()  # closed afterwards: nobody else gets a connection without foreign keys
                connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")  # no effect within a transaction
            connection.begin()
            yield Work(connection)

    @contextmanager
    def read(self, *, steady: bool = False) -> Iterator[Work]:
        """A unit of work that only reads: it never waits for a writer. Raises StoreError.

        Where it is `steady`, all its statements see the same rows; on SQLite they always do.
        """
        with store_errors(), self.engine.connect().execution_options(**{READ_ONLY: True}) as connection:
            connection.begin()
            if steady and connection.dialect.name == "postgresql":
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            yield Work(connection)

    def close(self) -> None:
        self.engine.dispose()
