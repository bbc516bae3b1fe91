"""How many rows the largest tables have, without counting millions each time that somebody looks.

What was counted once is kept, with the number of the last row that was counted, and only what came later is counted
again. Who removes rows says so in the same transaction, so that the sum is right at any time.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, delete, func, insert, literal, select

from storage.tables import articles, polls, row_counts, stories
from storage.unit_of_work import Work

COUNTED = (articles, stories, polls)
_IN_FLIGHT = 10_000  # rows before the newest: of some, the transaction that adds them may not have ended
_KEY = 0x726F7773  # of the lock: nobody counts while somebody removes


def count(work: Work, table: Table) -> int:
    """The rows of one of `COUNTED`."""
    kept = select(row_counts.c.up_to, row_counts.c.rows).where(_of(table), row_counts.c.rows >= 0)
    found = work.connection.execute(kept.order_by(row_counts.c.id.desc()).limit(1)).first()
    up_to, rows = (0, 0) if found is None else found
    later = select(func.count()).select_from(table)
    later = later if found is None else later.where(table.c.id > up_to)
    gone = select(func.count()).where(_of(table), row_counts.c.rows < 0, row_counts.c.up_to <= up_to)
    return int(rows + work.connection.execute(later).scalar_one() - work.connection.execute(gone).scalar_one())


def keep(work: Work) -> None:
    """Counts all of them, and keeps it."""
    work.lock(_KEY)
    for table in COUNTED:
        newest = work.connection.execute(select(func.max(table.c.id))).scalar() or 0
        up_to = max(0, newest - _IN_FLIGHT)
        counted = select(literal(table.name), literal(up_to), func.count()).where(table.c.id <= up_to)
        put, before = insert(row_counts).from_select(["name", "up_to", "rows"], counted), delete(row_counts)
        if work.postgresql:  # in one statement, or what is removed between two would be lost, or count twice
            put = put.add_cte(before.where(_of(table)).cte("before"))
        else:
            work.connection.execute(before.where(_of(table)))
        work.connection.execute(put)


def forget(work: Work, *tables: Table) -> None:
    """Many rows go in this transaction: they are counted anew until somebody keeps a count again."""
    work.lock(_KEY)
    work.connection.execute(delete(row_counts).where(row_counts.c.name.in_([table.name for table in tables])))


def removed(work: Work, table: Table, row_id: int) -> None:
    """One row goes in this transaction. It waits for nobody."""
    work.connection.execute(insert(row_counts).values(name=table.name, up_to=row_id, rows=-1))


def _of(table: Table) -> ColumnElement[bool]:
    return row_counts.c.name == table.name
