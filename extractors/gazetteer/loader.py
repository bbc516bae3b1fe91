"""Sector definitions from TOML, checked, with errors that say where and what to do.

The shortest definition an operator can write is an id and names:

    id = "northern-port"
    names = ["Norrhamn", "Северный Порт"]
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import TypeVar

from extractors.gazetteer.model import ANY, WAR, Alias, Place, Sector
from extractors.text import plain
from sectorwatch.errors import ConfigurationError
from sectorwatch.toml_lines import Lines

LANGUAGE = re.compile(r"[a-z]{2,3}")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PLACE_ID = re.compile(r"\w+(?:[-/]\w+)*")
_SECTOR_KEYS = ("id", "name", "names", "phrases", "places", "context", "oblasts", "cues", "not_words")
_PLACE_KEYS = (
    "id", "kind", "names", "former", "oblast", "raion", "lat", "lon", "wikidata", "katottg", "geonameid", "homonyms",
    "ordinary", "implies", "anchor", "attested", "reports", "last_seen", "principal",
)  # fmt: skip
_ALIAS_KEYS = ("text", "language", "valid_from", "valid_to", "ordinary")
_PART = re.compile(r"([^.\[\]]+)|\[(\d+)\]")  # of a place such as places[2].names.uk
_MAX_NAME = 120  # characters: longer ones are sentences

T = TypeVar("T")


def load_sector(text: str, origin: str) -> Sector:
    """The sector defined by the TOML document `text`; `origin` (a file name) is named in errors.

    Raises ConfigurationError for TOML that cannot be read, unknown or missing keys, and values of the wrong kind.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{origin} is not valid TOML: {error}. Correct that line.") from error
    reader = _Reader(table, origin, lines=Lines(text))
    reader.only(_SECTOR_KEYS)
    sector_id = reader.take("id", str, "")
    if not _ID.fullmatch(sector_id):
        raise reader.error("id", 'small Latin letters, digits and hyphens, such as id = "northern-port"')
    names = reader.aliases("names")
    places = _places(reader, sector_id)
    phrases = reader.aliases("phrases")
    if not names and not places and not phrases:
        raise ConfigurationError(f'{origin} names nothing to look for. Add names = ["…"] or places = ["…"].')
    display = _display(reader, names, sector_id)
    context = reader.take("context", str, ANY)
    if context not in (WAR, ANY):
        raise reader.error("context", f'"{WAR}" (names count only in texts about that war) or "{ANY}"')
    return Sector(
        id=sector_id,
        name=display.get("en") or next(iter(display.values())),
        translations=display,
        context=context,
        names=names,
        phrases=phrases,
        places=places,
        oblasts=reader.strings("oblasts"),
        cues=reader.strings("cues"),
        not_words=reader.strings("not_words"),
        digest=digest_of(text),
    )


def digest_of(text: str) -> str:
    """Sixteen hexadecimal digits that tell one definition from another, whatever its line ends."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()[:16]


def _display(reader: _Reader, names: tuple[Alias, ...], sector_id: str) -> dict[str, str]:
    given = reader.table.get("name", {})
    if isinstance(given, str):
        return {"en": given}
    display = {language: reader.of_type(f"name.{language}", name, str) for language, name in reader.mapping("name")}
    return display or {"en": names[0].text if names else sector_id}


def _places(reader: _Reader, sector_id: str) -> tuple[Place, ...]:
    places = []
    seen: dict[str, str] = {}
    for number, entry in enumerate(reader.take("places", list, []), start=1):
        where = f"places[{number}]"
        row = _Reader({"names": [entry]} if isinstance(entry, str) else entry, reader.origin, where, reader.lines)
        row.only(_PLACE_KEYS)
        place = _place(row, sector_id)
        if place.id in seen:
            raise row.error("id", f"another id: {place.id!r} is already that of {seen[place.id]}")
        seen[place.id] = where
        places.append(place)
    return tuple(places)


def _place(row: _Reader, sector_id: str) -> Place:
    names = row.aliases("names")
    if not names:
        raise row.error("names", 'at least one name, such as names = { uk = "…", en = "…" }')
    geonameid = row.take("geonameid", int, 0)
    given = row.take("id", str, "")
    if given and not _PLACE_ID.fullmatch(given):
        raise row.error("id", 'letters, digits, hyphens and slashes, such as id = "mala-loknia"')
    return Place(
        id=given or f"{sector_id}/{slug(names[0].text)}",
        kind=row.take("kind", str, "place"),
        names=names,
        former=row.aliases("former"),
        oblast=row.take("oblast", str, ""),
        raion=row.take("raion", str, ""),
        lat=row.number("lat"),
        lon=row.number("lon"),
        wikidata=row.take("wikidata", str, ""),
        katottg=row.take("katottg", str, ""),
        geonameid=geonameid or None,
        homonyms=row.take("homonyms", int, 1),
        ordinary=row.take("ordinary", bool, False),
        implies=row.take("implies", bool, True),
        anchor=row.take("anchor", bool, False),
        attested=row.take("attested", bool, True),
        reports=row.take("reports", int, 0),
        last_seen=row.take("last_seen", str, ""),
        principal=row.take("principal", bool, True),
    )


def slug(name: str) -> str:
    """A name as part of an id: normalised, words joined by hyphens."""
    return re.sub(r"[^\w]+", "-", plain(name).replace("'", "")).strip("-")


class _Reader:
    """One table of a definition; every complaint names the file, the line, the key and what is expected there."""

    def __init__(self, table: object, origin: str, where: str = "", lines: Lines | None = None) -> None:
        self.origin = origin
        self.where = where
        self.lines = lines or Lines("")
        if not isinstance(table, Mapping):
            raise ConfigurationError(f"{self._at(where)}: {where} must be text in quotes or a table in braces.")
        self.table: Mapping[str, object] = table

    def _at(self, where: str, *key: str) -> str:
        """The file, and the line of "places[2].names" in it."""
        parts = _PART.findall(where)
        line = self.lines.line_of([int(number) - 1 if number else name for name, number in parts] + [*key])
        return self.origin if line is None else f"{self.origin}, line {line}"

    def error(self, key: str, expected: str) -> ConfigurationError:
        place = f"{self.where}.{key}" if self.where else key
        return ConfigurationError(f"{self._at(place)}: {place} must be {expected}.")

    def only(self, known: Iterable[str]) -> None:
        known = tuple(known)
        for key in self.table:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                hint = f"Did you mean {near[0]!r}?" if near else f"Known keys: {', '.join(known)}."
                place = f" in {self.where}" if self.where else ""
                raise ConfigurationError(f"{self._at(self.where, key)}: unknown key {key!r}{place}. {hint}")

    def take(self, key: str, kind: type[T], default: T) -> T:
        return self.of_type(key, self.table.get(key, default), kind)

    def of_type(self, key: str, value: object, kind: type[T]) -> T:
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            expected = {str: "text in quotes", int: "a whole number", bool: "true or false", list: "a list in brackets"}
            raise self.error(key, expected.get(kind, kind.__name__))
        return value

    def number(self, key: str) -> float | None:
        value = self.table.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(key, "a number")
        return float(value)

    def strings(self, key: str) -> tuple[str, ...]:
        return tuple(self.of_type(f"{key}[{i}]", value, str) for i, value in enumerate(self.take(key, list, []), 1))

    def mapping(self, key: str) -> list[tuple[str, object]]:
        value = self.table.get(key, {})
        if not isinstance(value, Mapping):
            raise self.error(key, 'text in quotes, or a table such as { en = "…", uk = "…" }')
        return list(value.items())

    def aliases(self, key: str) -> tuple[Alias, ...]:
        """Names given as text, as a list of texts or tables, or by language: `{ uk = "…", en = ["…", "…"] }`."""
        value = self.table.get(key, [])
        if isinstance(value, str | list):
            return self._aliases(key, value, "")
        found: list[Alias] = []
        for language, names in self.mapping(key):
            if not LANGUAGE.fullmatch(language):
                raise self.error(f"{key}.{language}", "named by a language of two or three letters, such as uk or en")
            found += self._aliases(f"{key}.{language}", names, language)
        return tuple(found)

    def _aliases(self, key: str, value: object, language: str) -> tuple[Alias, ...]:
        entries = value if isinstance(value, list) else [value]
        return tuple(self._alias(f"{key}[{number}]", entry, language) for number, entry in enumerate(entries, 1))

    def _alias(self, key: str, entry: object, language: str) -> Alias:
        where = f"{self.where}.{key}" if self.where else key
        row = _Reader({"text": entry} if isinstance(entry, str) else entry, self.origin, where, self.lines)
        row.only(_ALIAS_KEYS)
        text = " ".join(row.take("text", str, "").split())
        if not any(char.isalnum() for char in text) or not plain(text).strip() or len(text) > _MAX_NAME:
            raise self.error(key, f"a name with letters, of at most {_MAX_NAME} characters")
        return Alias(
            text=text,
            language=row.take("language", str, language),
            valid_from=row._date("valid_from"),
            valid_to=row._date("valid_to"),
            ordinary=row.take("ordinary", bool, False),
        )

    def _date(self, key: str) -> date | None:
        value = self.table.get(key)
        if value is None:
            return None
        if not isinstance(value, date):
            raise self.error(key, "a date without quotes, such as 2025-09-01")
        return value
