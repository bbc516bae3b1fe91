"""The sectors in force: every worker reads them here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select, update

from sectorwatch.domain import primary_language
from storage.tables import sectors
from storage.unit_of_work import Work


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Sectors that came, changed or went, by id."""

    added: list[str]
    changed: list[str]
    removed: list[str]


@dataclass(frozen=True, kw_only=True)
class Called:
    """What a sector and its places (ids) are called, by language, and where it lies."""

    names: Mapping[str, str] = field(default_factory=dict)
    place_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lies_at: tuple[float, float] | None = None  # latitude and longitude in degrees, WGS 84


def put_all(
    work: Work,
    names: Mapping[str, str],
    own: Mapping[str, str],
    *,
    called: Mapping[str, Called] | None = None,
    version: str,
    now: datetime,
) -> Changes:
    """Makes `names` (id to name) the sectors in force; `own` holds the TOML of those the operator defined."""
    rows = {row["id"]: row for row in work.connection.execute(select(sectors)).mappings()}
    changes = Changes(added=[], changed=[], removed=sorted(rows.keys() - names.keys()))
    for sector, name in names.items():
        words = (called or {}).get(sector, Called())
        values = {
            "name": name,
            "names": dict(words.names),
            "place_names": {place: dict(spoken) for place, spoken in words.place_names.items()},
            "lat": words.lies_at and words.lies_at[0],
            "lon": words.lies_at and words.lies_at[1],
            "definition": own.get(sector),
            "gazetteer_version": version,
        }
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


def names(work: Work, language: str = "") -> dict[str, str]:
    """The sectors in force, id to name: in the language, where they have one in it."""
    rows = work.connection.execute(select(sectors.c.id, sectors.c.name, sectors.c.names).order_by(sectors.c.id))
    return {row.id: named(row.names, language, row.name) for row in rows}


def named(names: Mapping[str, str] | None, language: str, name: str) -> str:
    """The one of the names that is of the language; else `name`."""
    return (names or {}).get(primary_language(language)) or name


def points(work: Work) -> dict[str, tuple[float, float]]:
    """Where sectors lie, as (latitude, longitude) in degrees: those of which it is known."""
    known = sectors.c.lat.is_not(None) & sectors.c.lon.is_not(None)
    rows = work.connection.execute(select(sectors.c.id, sectors.c.lat, sectors.c.lon).where(known))
    return {row.id: (row.lat, row.lon) for row in rows}


def place_names(work: Work, places: Collection[str], language: str, sector: str | None = None) -> dict[str, str]:
    """Names of places (ids), of one sector or all: in the language, else in English, else the id."""
    wanted = select(sectors.c.place_names).order_by(sectors.c.id)
    if sector is not None:
        wanted = wanted.where(sectors.c.id == sector)
    known: dict[str, str] = {}
    for stored in work.connection.execute(wanted).scalars() if places else ():
        for place in places:
            if place in stored:
                spoken = stored[place]
                known.setdefault(place, named(spoken, language, spoken.get("en") or place))
    return {place: known.get(place, place) for place in places}


def own_definitions(work: Work) -> tuple[tuple[str, str], ...]:
    """The operator's own sectors as (origin, TOML), in a stable order."""
    wanted = select(sectors.c.id, sectors.c.definition).where(sectors.c.definition.is_not(None)).order_by(sectors.c.id)
    return tuple((f"sector {sector}", toml) for sector, toml in work.connection.execute(wanted))
