"""What is watched, and every form its names take: sectors as data, compiled for matching."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from extractors.gazetteer import frozen, lexicon
from extractors.gazetteer.loader import load_sector
from extractors.gazetteer.matcher import Hit, Matcher
from extractors.gazetteer.model import ANY, WAR, Alias, Forms, Place, Reading, Sector
from extractors.gazetteer.senses import (
    Membership,
    Sense,
    adjectival,
    needs_capital,
    sectors_of,
    sense_of,
    unmistakable,
)
from extractors.gazetteer.table import FormTable, Row
from extractors.prefilter import Prefilter
from extractors.text import plain
from sectorwatch.errors import ConfigurationError

__all__ = (
    "ANY", "WAR", "Alias", "Forms", "Gazetteer", "Hit", "Matcher", "Membership", "Place", "Reading", "Sector", "Sense",
    "adjectival", "gazetteer_of", "load_sector", "sectors_of", "shipped", "unmistakable",
)  # fmt: skip


RULES = "48"
"""Counted up when a change of scoring gives other mentions; changes of forms show in the frozen table by themselves."""


_EAST = ("uk", "ru", "be")


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Sectors, their places and all their forms, ready to be looked for. Make one with `of`, or take `shipped()`."""

    sectors: Mapping[str, Sector]
    forms: FormTable
    version: str  # twelve hexadecimal digits: changes with any definition, word list and rule
    origins: Mapping[str, str] = field(default_factory=dict)  # file name -> id of the sector it defines

    @classmethod
    def of(cls, sectors: Iterable[Sector]) -> Gazetteer:
        """A gazetteer of these sectors. Raises ConfigurationError where two have one id."""
        by_id: dict[str, Sector] = {}
        for sector in sectors:
            if sector.id in by_id:
                raise ConfigurationError(f'two sectors have the id "{sector.id}": give one of them another.')
            by_id[sector.id] = sector
        forms = FormTable()
        for sector in by_id.values():
            forms.add(frozen.read_forms(sector) or _generated(sector))
        stamp = "\n".join(
            [
                RULES,
                lexicon.digest(),
                frozen.digest(),
                *sorted(f"{sector.id} {sector.digest}" for sector in by_id.values()),
            ]
        )
        return cls(sectors=by_id, forms=forms, version=hashlib.sha256(stamp.encode()).hexdigest()[:12])

    @cached_property
    def matcher(self) -> Matcher:
        """Finds the forms in normalised text; `sense` says what a hit may stand for."""
        return Matcher(self.forms.keys())

    @cached_property
    def prefilter(self) -> Prefilter:
        """Tells of a page whether any of the forms may stand in it as a name."""
        return Prefilter(
            self.forms.keys(),
            needs_capital=lambda form: needs_capital(form, self._sense(form)),
            worldly=lambda form: self._sense(form).worldly,
            signs=lexicon.signs_of_ukraine(),
        )

    @cached_property
    def _senses(self) -> dict[str, Sense]:
        return {}

    def sense(self, hit: Hit) -> Sense:
        """What the form of a hit may stand for."""
        return self._sense(hit.form)

    def _sense(self, form: str) -> Sense:
        known = self._senses.get(form)
        if known is None:
            known = self._senses[form] = sense_of(form, self.forms[form], self.places)
        return known

    @cached_property
    def named_in(self) -> Mapping[str, str]:
        """Oblast -> the names of its watched places and of their districts, normalised, each after a space."""
        found: dict[str, dict[str, None]] = {}
        for members in self.places.values():
            place = members[0].place
            for oblast in place.oblasts:
                words = found.setdefault(oblast, {})
                words.update(
                    dict.fromkeys((place.raion, *(name.text for name in place.names if name.language in _EAST)))
                )
        return {oblast: plain(" " + " ".join(words)) for oblast, words in found.items()}

    @cached_property
    def places(self) -> Mapping[str, tuple[Membership, ...]]:
        """Place id -> the sectors it belongs to, the principal one first."""
        found: dict[str, list[Membership]] = {}
        for sector in self.sectors.values():
            for place in sector.places:
                found.setdefault(place.id, []).append(Membership(sector, place))
        return {
            place_id: tuple(sorted(members, key=lambda member: not member.place.principal))
            for place_id, members in found.items()
        }


@cache
def shipped() -> Gazetteer:
    """The sectors that come with Sectorwatch."""
    return Gazetteer.of(frozen.definitions())


def gazetteer_of(definitions: Iterable[tuple[str, str]]) -> Gazetteer:
    """The shipped sectors with an operator's own, given as (origin, TOML); one with a shipped id takes its place.

    Raises ConfigurationError for a definition that cannot be used.
    """
    own = [(origin, load_sector(text, origin)) for origin, text in definitions]
    if not own:
        return shipped()
    ids = [sector.id for _, sector in own]
    for origin, sector in own:
        if ids.count(sector.id) > 1:
            others = ", ".join(other for other, same in own if same.id == sector.id and other != origin)
            raise ConfigurationError(f'{origin} and {others} define the same sector "{sector.id}": change one id.')
    kept = [sector for sector in frozen.definitions() if sector.id not in ids]
    made = Gazetteer.of([*kept, *(sector for _, sector in own)])
    return Gazetteer(
        sectors=made.sectors,
        forms=made.forms,
        version=made.version,
        origins={origin: sector.id for origin, sector in own},
    )


def _generated(sector: Sector) -> Iterator[Row]:
    """The forms of a sector that is not shipped. The rules of all languages are imported for these alone."""
    from extractors.gazetteer.forms import forms_of

    for form, readings in forms_of(sector).items():
        for reading in readings:
            yield reading.target, reading.facts, (form,)
