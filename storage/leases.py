"""Claiming rows by lease: the same on SQLite and PostgreSQL, where nobody waits for a row that another one claims."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import BindParameter, ColumnElement, Select, Table, func, or_, select, update

from storage.unit_of_work import Work

Leased = Table
"""A table whose rows are claimed by lease."""


def free(table: Table, now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Rows that nobody holds, or whose lease has run out."""
    return or_(table.c.lease_until.is_(None), table.c.lease_until <= now)


def claim(work: Work, table: Table, wanted: Select[Any], *, now: datetime, lease: timedelta, **values: Any) -> str:
    """Takes the rows whose ids `wanted` selects, for `lease`; returns the token that holds them.

    PostgreSQL skips rows that another transaction has locked; on SQLite a writing unit of work is alone anyway.
    `values` are set along with the lease.
    """
    token = str(uuid4())
    if work.postgresql:
        wanted = wanted.with_for_update(skip_locked=True, of=table)
    ids = work.connection.execute(wanted).scalars().all()
    if ids:
        work.connection.execute(
            update(table).where(table.c.id.in_(ids)).values(lease_token=token, lease_until=now + lease, **values)
        )
    return token


def held(table: Table, row: int, token: str) -> ColumnElement[bool]:
    """The row, as long as `token` still holds it: a worker that was too slow changes nothing."""
    return (table.c.id == row) & (table.c.lease_token == token)


def renew(work: Work, table: Table, tokens: Collection[str], *, until: datetime) -> None:
    """Extends the leases of these tokens."""
    work.connection.execute(update(table).where(table.c.lease_token.in_(list(tokens))).values(lease_until=until))


def next_free(work: Work, table: Table, now: datetime) -> datetime | None:
    """When the first row that somebody holds comes free; None when nobody holds any."""
    return work.connection.execute(select(func.min(table.c.lease_until)).where(table.c.lease_until > now)).scalar()
