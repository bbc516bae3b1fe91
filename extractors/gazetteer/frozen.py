"""The shipped sectors and their forms as frozen tables, which load in a tenth of the time the sources take.

`data/definitions.json` holds what the TOML files say, `data/forms/<sector>.tsv` every form of every name, one reading a
line:

    target <tab> language;case;origin;weight;until;scheme <tab> form|form|...

under a first line with the digest of the sector's definition. Origins are explained in `model.Reading`, schemes in
`transliteration.LEGEND`. `python -m extractors.gazetteer.build` writes them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from extractors.gazetteer.loader import load_sector
from extractors.gazetteer.model import Alias, Forms, Place, Reading, Sector
from extractors.gazetteer.table import Row

DATA = Path(__file__).parent / "data"
SOURCES = DATA / "sectors"
DEFINITIONS = DATA / "definitions.json"
FORMS = DATA / "forms"
_ALIASES = ("names", "former", "phrases")


def sources() -> tuple[Sector, ...]:
    """The shipped sectors from their TOML files."""
    return tuple(load_sector(file.read_text("utf-8"), file.name) for file in sorted(SOURCES.glob("*.toml")))


def definitions() -> tuple[Sector, ...]:
    """The shipped sectors from the frozen table."""
    return tuple(_sector(row) for row in json.loads(DEFINITIONS.read_text("utf-8")))


def write_definitions(sectors: Iterable[Sector]) -> str:
    """The text of `data/definitions.json`; what has its default value is left out."""
    rows = [json.dumps(_compact(sector), ensure_ascii=False, default=date.isoformat) for sector in sectors]
    return "[\n" + ",\n".join(rows) + "\n]\n"


def write_forms(digest_of_definition: str, forms: Forms) -> str:
    """The text of one `data/forms/<sector>.tsv`."""
    lines = [digest_of_definition]
    grouped: dict[Reading, list[str]] = {}
    for text, readings in forms.items():
        for reading in readings:
            grouped.setdefault(reading, []).append(text)
    for reading, texts in grouped.items():
        lines.append("\t".join((reading.target, reading.facts, "|".join(texts))))
    return "\n".join(lines) + "\n"


def read_forms(sector: Sector) -> Iterator[Row] | None:
    """The frozen forms of a shipped sector; None for one that is not shipped, or defined in another way."""
    file = FORMS / f"{sector.id}.tsv"
    if not file.is_file():
        return None
    lines = iter(file.read_text("utf-8").splitlines())
    return map(_row, lines) if next(lines) == sector.digest else None


def _row(line: str) -> Row:
    target, facts, forms = line.split("\t")
    return target, facts, forms.split("|")


@cache
def digest() -> str:
    """Tells one state of the frozen forms from another, and so one state of the rules that made them."""
    state = hashlib.sha256()
    for file in sorted(FORMS.glob("*.tsv")):  # one at a time: together they are six megabytes
        state.update(file.read_bytes())
    return state.hexdigest()[:16]


def _compact(value: Any) -> Any:
    """A dataclass as JSON, without the fields that have their default value; tuples as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        defaults = {field.name: field.default for field in fields(value)}
        given = {name: getattr(value, name) for name in defaults}
        return {name: _compact(entry) for name, entry in given.items() if entry != defaults[name] and entry != {}}
    return [_compact(entry) for entry in value] if isinstance(value, tuple) else value


def _sector(row: dict[str, Any]) -> Sector:
    places = tuple(_place(place) for place in row.pop("places", ()))
    return Sector(places=places, **_with_aliases(row))


def _place(row: dict[str, Any]) -> Place:
    return Place(**_with_aliases(row))


def _with_aliases(row: dict[str, Any]) -> dict[str, Any]:
    for key in _ALIASES:
        if key in row:
            row[key] = tuple(_alias(alias) for alias in row[key])
    for key in ("oblasts", "cues", "not_words"):
        if key in row:
            row[key] = tuple(row[key])
    return row


def _alias(row: dict[str, Any]) -> Alias:
    row |= {key: date.fromisoformat(row[key]) for key in ("valid_from", "valid_to") if key in row}
    return Alias(**row)
