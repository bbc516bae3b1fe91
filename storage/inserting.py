"""Inserting what may be there already: the same on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from storage.unit_of_work import Work


def insert_ignoring(work: Work, table: Table, **values: Any) -> bool:
    """Inserts a row unless its unique key exists; tells whether it did."""
    dialect = postgresql if work.postgresql else sqlite
    row = dialect.insert(table).values(**values).on_conflict_do_nothing()
    return work.connection.execute(row.returning(*table.primary_key.columns)).first() is not None
