"""Sectors and their places as data: what an operator writes, once it has been read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

WAR = "ukraine-war"
"""Context of a sector whose names count only where a text is about the war in Ukraine."""
ANY = "any"
"""Context of a sector whose names count wherever they stand."""


@dataclass(frozen=True, kw_only=True)
class Alias:
    """One written name, with the time it was in official use."""

    text: str
    language: str = ""  # ISO 639-1, "" when not said
    valid_from: date | None = None
    valid_to: date | None = None
    ordinary: bool = False  # also a common word, a surname, or a more famous place


@dataclass(frozen=True, kw_only=True)
class Place:
    """One toponym as a member of one sector. A place that several sectors name has the same id in each."""

    id: str
    kind: str  # "city", "town", "village", "hamlet", "river", "reservoir", ...
    names: tuple[Alias, ...]  # current, the first of each language is for display
    former: tuple[Alias, ...] = ()  # old names, and names that only some use
    oblast: str = ""
    raion: str = ""
    lat: float | None = None  # degrees, WGS 84
    lon: float | None = None
    wikidata: str = ""
    katottg: str = ""  # the Ukrainian codifier of administrative units
    geonameid: int | None = None
    homonyms: int = 1  # places of that name in the country, itself included; 0: unknown
    ordinary: bool = False  # the name is also a common word, a surname or a given name
    implies: bool = (
        True  # False: never stands for its sector without a cue or neighbours (capitals of regions, long rivers)
    )
    anchor: bool = False  # the place the sector is named after
    attested: bool = True  # a report places it in this sector; False: an editorial draft
    reports: int = 0  # distinct reports that name it in this sector, in the sample counted
    last_seen: str = ""  # of such a report: YYYY-MM-DD, YYYY-MM or YYYY
    principal: bool = True  # this sector comes first for the place

    @property
    def name(self) -> str:
        """For display: English, else the first name there is."""
        return next((alias.text for alias in self.names if alias.language == "en"), self.names[0].text)

    @cached_property
    def oblasts(self) -> frozenset[str]:
        """The oblasts it lies in, of which a river has several."""
        return frozenset(self.oblast.split("/")) - {""}


@dataclass(frozen=True, kw_only=True)
class Sector:
    """What is watched: its names, what belongs to it, and the words that speak for and against it."""

    id: str
    name: str  # for display
    translations: Mapping[str, str] = field(default_factory=dict)  # language -> name for display
    context: str = ANY
    names: tuple[Alias, ...] = ()  # stand for the sector wherever they are found
    phrases: tuple[
        Alias, ...
    ] = ()  # stand for it beside a cue word: adjectives ("Куп'янський напрямок"), names ("Kursk sector")
    places: tuple[Place, ...] = ()
    oblasts: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()  # words that speak for it nearby
    not_words: tuple[str, ...] = ()  # words that speak against it nearby
    digest: str  # of the definition as written


class Reading(NamedTuple):
    """What a written form may stand for: one name, in one case, spelled by one rule."""

    target: str  # a place id, or "@" and the sector's id where the sector itself is named
    language: str  # "cs hr" where both write it so; "" for spellings that no language has to itself
    case: str  # "nom", "gen", ...; "gen/acc" where one form is both; "" where the form is not a case form
    origin: str  # how the form came about, see `forms.WEIGHTS`, after "ordinary" and "former" where it is so
    weight: float  # added to the score: 0 for what people write, negative for what is only likely to be meant
    until: str = ""  # last day of official use, YYYY-MM-DD
    scheme: str = ""  # tags of the transliteration schemes that spell it so, see `transliteration.LEGEND`

    @classmethod
    def of(cls, target: str, facts: str) -> Reading:
        """The reading of a target that has these `facts`."""
        language, case, origin, weight, until, scheme = facts.rsplit(";", 5)  # an operator's language may have any sign
        return cls(target, language, case, origin, float(weight), until, scheme)

    @property
    def facts(self) -> str:
        """All but the target, as tables hold it: "language;case;origin;weight;until;scheme"."""
        return ";".join((self.language, self.case, self.origin, f"{self.weight:g}", self.until, self.scheme))

    @property
    def ordinary(self) -> bool:
        """Whether the name is also a common word, a surname, or a more famous place."""
        return self.origin.startswith("ordinary")

    @property
    def replaced(self) -> bool:
        """Whether it is a name with an end that is still in common use: other places may bear it now."""
        return bool(self.until) and "former" not in self.origin

    @property
    def of_people(self) -> bool:
        """Whether it is what the people of the town are called, which is written small."""
        return self.origin.endswith("inhabitant")

    @property
    def explanation(self) -> str:
        """The origin in words: "declined, romanised (pl), former name until 2016-05-19"."""
        kind = self.origin.rpartition(" ")[2]
        parts = [_KINDS.get(kind, kind)]
        if self.scheme:
            parts.append(f"{'spelled' if self.language else 'romanised'} by {self.scheme.replace(' ', ', ')}")
        if "former" in self.origin:
            parts.append(f"former name until {self.until}" if self.until else "former name")
        elif self.until:
            parts.append(f"in use until {self.until}")
        if self.ordinary:
            parts.append("also a common word or another name")
        return ", ".join(parts)


_KINDS = {
    "name": "listed", "case": "declined", "spelling": "transliterated", "spelling-case": "declined, transliterated",
    "romanised-case": "a Ukrainian or Russian case, transliterated", "guess": "the probable Russian name",
    "guess-case": "the probable Russian name, declined", "compound": "a compound", "adjective": "adjective",
    "adjective-spelling": "adjective, transliterated", "case-adjective-spelling": "declined adjective, transliterated",
    "inhabitant": "its people", "label": "listed for use beside a word such as sector",
}  # fmt: skip


Forms = dict[str, tuple[Reading, ...]]
"""Written form, as it stands in normalised text -> what it may stand for."""
