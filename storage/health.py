"""Whether the store answers."""

from __future__ import annotations

from sqlalchemy import select

from storage.tables import switches
from storage.unit_of_work import Store


def ask(store: Store) -> None:
    """Asks it for something small. Raises StoreError when it does not answer."""
    with store.read() as work:
        work.connection.execute(select(switches.c.name).limit(1)).all()
