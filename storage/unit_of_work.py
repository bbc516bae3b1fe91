"""One transaction, and what can be done within it. Rolled back unless committed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, Connection, Engine, any_, cast, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from storage.engine import READ_ONLY
from storage.errors import store_errors


@dataclass(frozen=True)
class Work:
    """A transaction in progress. Repositories take its connection; `commit` ends it, leaving it undoes it."""

    connection: Connection

    def commit(self) -> None:
        """Makes everything done so far durable."""
        self.connection.commit()

    @property
    def postgresql(self) -> bool:
        return self.connection.dialect.name == "postgresql"

    def among(self, number: ColumnElement[int], those: Collection[int]) -> ColumnElement[bool]:
        """Whether a number is one of those, which are one value: of a thousand the driver takes 5 to 10 ms."""
        listed = ",".join(map(str, those))
        if self.postgresql:
            return number == any_(cast(literal(f"{{{listed}}}"), ARRAY(BigInteger)))
        return number.in_(select(func.json_each(f"[{listed}]").table_valued("value").c.value))

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
