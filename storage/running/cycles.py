"""When cycles ran and what they did: ops see at a glance whether the pipeline works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from storage.tables import cycles
from storage.unit_of_work import Work


@dataclass(frozen=True, kw_only=True)
class Cycle:
    id: int
    started_at: datetime
    finished_at: datetime | None  # None: running, or killed
    summary: Mapping[str, Any] | None


def start(work: Work, *, now: datetime) -> int:
    return int(work.connection.execute(insert(cycles).values(started_at=now).returning(cycles.c.id)).scalar_one())


def finish(work: Work, cycle_id: int, summary: Mapping[str, Any], *, now: datetime) -> None:
    values = {"finished_at": now, "summary": dict(summary)}
    work.connection.execute(update(cycles).where(cycles.c.id == cycle_id).values(**values))


def last_finished(work: Work) -> Cycle | None:
    wanted = select(cycles).where(cycles.c.finished_at.is_not(None)).order_by(cycles.c.id.desc()).limit(1)
    row = work.connection.execute(wanted).mappings().first()
    return None if row is None else Cycle(**row)


def latest(work: Work, *, limit: int) -> list[Cycle]:
    """The last ones, the newest first; one that runs, or was killed, among them."""
    wanted = select(cycles).order_by(cycles.c.id.desc()).limit(limit)
    return [Cycle(**row) for row in work.connection.execute(wanted).mappings()]
