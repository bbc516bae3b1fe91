"""Sessions of operators that were ended before their time: a copy of their cookie is worth nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from storage.inserting import insert_ignoring
from storage.tables import ended_sessions
from storage.unit_of_work import Work


def end(work: Work, session: str, *, until: datetime, now: datetime) -> None:
    """Ends a session, whose time would be over by `until`; those whose time is over are forgotten."""
    work.connection.execute(delete(ended_sessions).where(ended_sessions.c.expires_at <= now))
    insert_ignoring(work, ended_sessions, id=session, expires_at=until)


def is_ended(work: Work, session: str) -> bool:
    found = select(ended_sessions.c.id).where(ended_sessions.c.id == session)
    return work.connection.execute(found).first() is not None
