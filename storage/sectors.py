"""The sectors in force: every worker reads them here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from storage.tables import sectors
from storage.unit_of_work import Work


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Sectors that came, changed or went, by id."""

    added: list[str]
    changed: list[str]
    removed: list[str]


def put_all(work: Work, names: Mapping[str, str], own: Mapping[str, str], *, version: str, now: datetime) -> Changes:
    """Makes `names` (id to name) the sectors in force; `own` holds the TOML of those the operator defined."""
    rows = {row["id"]: row for row in work.connection.execute(select(sectors)).mappings()}
    changes = Changes(added=[], changed=[], removed=sorted(rows.keys() - names.keys()))
    for sector, name in names.items():
        values = {"name": name, "definition": own.get(sector), "gazetteer_version": version}
        row = rows.get(sector)
        if row is None:
            work.connection.execute(insert(sectors).values(id=sector, applied_at=now, **values))
            changes.added.append(sector)
        elif any(row[key] != value for key, value in values.items()):
            work.connection.execute(update(sectors).where(sectors.c.id == sector).values(applied_at=now, **values))
            if (row["name"], row["definition"]) != (name, own.get(sector)):
                changes.changed.append(sector)
    for sector in changes.removed:
        work.connection.execute(sectors.delete().where(sectors.c.id == sector))
    return changes


def names(work: Work) -> dict[str, str]:
    """The sectors in force, id to name."""
    return dict(work.connection.execute(select(sectors.c.id, sectors.c.name).order_by(sectors.c.id)).tuples().all())


def own_definitions(work: Work) -> tuple[tuple[str, str], ...]:
    """The operator's own sectors as (origin, TOML), in a stable order."""
    wanted = select(sectors.c.id, sectors.c.definition).where(sectors.c.definition.is_not(None)).order_by(sectors.c.id)
    return tuple((f"sector {sector}", toml) for sector, toml in work.connection.execute(wanted))
