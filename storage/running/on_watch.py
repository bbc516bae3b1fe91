"""Since when somebody has been looking how things are: where nobody did, nothing was scheduled either."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select, update

from storage.inserting import insert_ignoring
from storage.tables import cycles, switches
from storage.unit_of_work import Work

_SWITCH = "on_watch"


@dataclass(frozen=True, kw_only=True)
class OnWatch:
    """One watch: from the start of the installation, or the first look after a stop."""

    began: datetime
    looked: datetime  # the last look on record


def current(work: Work) -> OnWatch | None:
    """What is on record; None: nobody has looked yet."""
    row = work.connection.execute(select(switches).where(switches.c.name == _SWITCH)).mappings().first()
    return None if row is None else OnWatch(began=datetime.fromisoformat(row["value"]), looked=row["set_at"])


def record(work: Work, *, began: datetime, now: datetime) -> None:
    """Puts a look on record."""
    said = {"value": began.astimezone(UTC).isoformat(), "author": "sectorwatch", "set_at": now}
    if not insert_ignoring(work, switches, name=_SWITCH, **said):
        work.connection.execute(update(switches).where(switches.c.name == _SWITCH).values(**said))


def last_end(work: Work) -> datetime | None:
    """When the last cycle came to its end."""
    return work.connection.execute(select(func.max(cycles.c.finished_at))).scalar()
