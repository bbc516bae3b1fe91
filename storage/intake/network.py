"""Whether our own network is down, as polling has found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.inserting import insert_ignoring
from storage.tables import switches
from storage.unit_of_work import Work

_SWITCH = "network"


@dataclass(frozen=True, kw_only=True)
class Outage:
    """No host was reached since."""

    since: datetime
    words: str


def outage(work: Work) -> Outage | None:
    """What is on record; None: the network is up."""
    row = work.connection.execute(select(switches).where(switches.c.name == _SWITCH)).mappings().first()
    return None if row is None else Outage(since=row["set_at"], words=row["value"])


def went_down(work: Work, words: str, *, now: datetime) -> None:
    """Puts on record that no host is reached; the first time stays."""
    insert_ignoring(work, switches, name=_SWITCH, value=words, set_at=now)


def came_back(work: Work) -> None:
    """A server has answered."""
    work.connection.execute(switches.delete().where(switches.c.name == _SWITCH))
