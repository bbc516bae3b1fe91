"""Whether the store answers."""

from __future__ import annotations

from sqlalchemy import select

from storage import schema
from storage.tables import switches
from storage.unit_of_work import Store

PATIENCE_S = 3.0  # less than a probe or a Prometheus waits for an answer


def ask(store: Store) -> None:
    """Asks it for something small. Raises StoreError when it does not answer."""
    with store.read() as work:
        work.wait_at_most(PATIENCE_S)
        work.connection.execute(select(switches.c.name).limit(1)).all()


def of_this_release(store: Store) -> bool:
    """Whether its tables are such as this release works with. Raises StoreError when it does not answer."""
    return schema.serves(schema.current(store))
