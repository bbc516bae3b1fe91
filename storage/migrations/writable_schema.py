"""Lets a migration change the words of SQLite's schema: it has no statement for some, and a copy may take hours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import op

_DEFENSIVE = 1010  # SQLITE_DBCONFIG_DEFENSIVE


@contextmanager
def writable_schema() -> Iterator[None]:
    """Some builds of SQLite open in their defensive mode, in which nobody writes there. Python can leave it from 3.12
    on; before, SQLite refuses the first statement, which is told with that cure (see `storage.errors`)."""
    driver: Any = op.get_bind().connection.dbapi_connection
    defensive = hasattr(driver, "setconfig") and driver.getconfig(_DEFENSIVE)
    if defensive:
        driver.setconfig(_DEFENSIVE, False)
    try:
        op.execute("PRAGMA writable_schema = ON")
        yield
        op.execute("PRAGMA writable_schema = RESET")
    finally:
        if defensive:
            driver.setconfig(_DEFENSIVE, True)
