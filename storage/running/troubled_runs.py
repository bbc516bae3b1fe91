"""Runs that failed, died or waited, as Prefect's automations had them reported: the last of each flow."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from sectorwatch.notice import RunFact
from storage.tables import switches
from storage.unit_of_work import Work

_PREFIX = "run:"


def put(work: Work, fact: RunFact) -> None:
    """Puts on record how it last went with a flow; what was known of it before goes."""
    name = f"{_PREFIX}{fact.flow}"
    work.connection.execute(switches.delete().where(switches.c.name == name))
    work.connection.execute(
        switches.insert().values(name=name, value=fact.flow, author="Prefect", set_at=fact.at, reason=fact.detail)
    )


def since(work: Work, moment: datetime) -> tuple[RunFact, ...]:
    """What has been wrong with runs since then."""
    wanted = select(switches).where(switches.c.name.startswith(_PREFIX), switches.c.set_at >= moment)
    rows = work.connection.execute(wanted.order_by(switches.c.name)).mappings()
    return tuple(RunFact(flow=row["value"], at=row["set_at"], detail=row["reason"]) for row in rows)
