"""Which of several places one written form means, where they lie in different sectors.

Красный Лиман is a village near Pokrovsk and the Soviet name of Lyman; Торецке is a village and, in Russian, a case of
Торецк. The sector that the text itself speaks of comes first, by its phrase or by other places of it; where the text
speaks of none of them, a town that gives its name to a sector comes before a village.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import cos, hypot, radians

from extractors.detection.context import BESIDE, Article, Candidate, Part
from extractors.gazetteer import Membership, Place, Reading, adjectival, sectors_of
from sectorwatch.domain import Reason

_NEIGHBOURS = 50.0  # kilometres between places that one report names together
_LISTED = 3  # names before and behind that may stand in one list with it
_STOP = re.compile(r"[.!?;\n]")
_DEGREE = 111.2  # kilometres
# Languages in which names have no cases, and villages of Ukraine their English spelling.
_UNDECLINED = frozenset(("fr", "it", "es", "pt", "ca", "ro", "nl", "de", "sv", "no", "da"))
_EAST = frozenset(("uk", "ru", "be"))
_CYRILLIC_OF_HERE = ("uk", "ru")
# Languages taken for one another in a short text, or that decline names alike.
_KIN = (
    {"sr", "hr", "bs", "sl", "mk"},
    {"no", "da", "sv"},
    {"cs", "sk", "sl"},
    {"uk", "ru", "be"},
    {"ru", "kk", "ky"},
    {"bg", "mk", "ru"},
    {"lv", "lt"},
    {"et", "fi"},
)
_SURNAME = re.compile(r"[sc]k(?:i|y|yi|yj|ij|iy|is|ys)$")  # how a surname ends in many Latin spellings


def kilometres(one: Place, other: Place) -> float:
    """How far two places lie apart, near enough for neighbours; 0 where it is not known."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return 0.0
    east = (one.lon - other.lon) * cos(radians(one.lat))
    return hypot(one.lat - other.lat, east) * _DEGREE


class Rivals:
    """The places that one candidate may mean, weighed against each other."""

    def __init__(self, article: Article, part: Part, candidate: Candidate) -> None:
        self._article = article
        self._part = part
        self._hit = candidate.hit
        self._surface = candidate.surface
        self._sense = candidate.sense
        self.targets = candidate.sense.places

    def usual(self, reading: Reading) -> bool:
        """Whether the text uses the name as a matter of course: today's, and outside Ukraine Soviet ones of two words.

        Those of one word are also names of towns in Russia (Дзержинск, Красноармейск): they need more to go by.
        """
        return "former" not in reading.origin or (self._article.language != "uk" and " " in self._surface)

    def dominant(self, reading: Reading, place: Place) -> bool:
        """Whether it is a town that gives its name to a sector: it is meant before its namesakes."""
        return place.anchor and self.usual(reading)

    def against(self, reading: Reading, member: Membership) -> list[Reason]:
        """Reasons to take the form for another of its places."""
        reasons = [*self._foreign(reading), *self._exactly_another(reading)]
        if len(self.targets) < 2 and not self._sense.in_own_and_others:
            return reasons
        settled = self._by_oblast(reading)
        if settled:
            reasons.append(settled)
        members = self._article.gazetteer.places[reading.target]
        if not member.place.anchor and any(other.place.anchor for other in members):
            detail = "it gives its name to another sector"
            reasons.append(Reason(code="lesser", weight=-0.3, detail=detail))
        if member.sector.id in self._spoken:
            return reasons
        others = {sector: said for sector, said in self._spoken.items() if not self._same(sector, members)}
        if others:
            sector, surface = next(iter(others.items()))
            detail = f"the text speaks of {sector} ({surface}), where the name occurs too"
            town = reading.target in self._towns and "former" not in reading.origin
            here = settled is not None and settled.weight > 0 and bool(self._beside)
            weight = -0.1 if here or (town and not self._far_from(sector, member.place)) else -0.4
            reasons.append(Reason(code="other_sector", weight=weight, detail=detail))
        elif self._towns and reading.target not in self._towns and not settled:
            reasons.append(Reason(code="lesser", weight=-0.3, detail="a town that names its sector has this name too"))
        return reasons

    def _foreign(self, reading: Reading) -> list[Reason]:
        """A case form of a language that the text is not written in: "Pokrovski" is Estonian for Pokrovsk's."""
        languages = reading.language.split()
        here = self._article.language
        if not languages or not here or here in languages:
            return []
        if here in _EAST and not _EAST & set(languages) and self._sense_here(here):
            detail = f"a form of another language ({reading.language}), and one of this language too"
            return [Reason(code="foreign", weight=-0.4, detail=detail)]
        if "case" not in reading.origin:
            return []
        if any(here in kin and kin & set(languages) for kin in _KIN):
            return []
        like_surname = bool(_SURNAME.search(self._surface.lower()))
        if not like_surname and here not in _CYRILLIC_OF_HERE:
            return []
        if any(adjectival(other) and here in other.language.split() for other in self._sense.readings):
            detail = f"an adjective here, and a form of another language ({reading.language})"
            return [Reason(code="foreign", weight=-0.6, detail=detail)]
        detail = f"a form of another language ({reading.language})"
        return [Reason(code="foreign", weight=-0.4 if like_surname else -0.2, detail=detail)]

    def _sense_here(self, language: str) -> bool:
        """Whether the form is one of a place in that language."""
        return any(language in reading.language.split() for reading in self._nouns)

    def _exactly_another(self, reading: Reading) -> list[Reason]:
        """A form that is the very name of another place, in a language that does not decline names."""
        here = self._article.language
        if reading.case == "nom" or not here or here in reading.language.split() or here in _CYRILLIC_OF_HERE:
            return []
        others = [other for other in self._nouns if other.target != reading.target and other.case == "nom"]
        if not others:
            return []
        theirs = reading.language and (here in _UNDECLINED or any(here in other.language.split() for other in others))
        weight = -0.8 if theirs else -0.25  # Pokrovske is an English name, and but a Czech case of Pokrovsk
        return [Reason(code="other_name", weight=weight, detail="as written, the name of another place")]

    def _by_oblast(self, reading: Reading) -> Reason | None:
        """Which of the places is meant, where the article names the oblast of one and not of the other."""
        named = self._beside or self._article.oblasts
        inside = {target for target, home in self._sense.homes.items() if home & named}
        if not inside or len(inside) == len(self.targets):
            return None
        shown = ", ".join(sorted(named)[:3])
        if reading.target in inside:
            return Reason(code="home_oblast", weight=0.2, detail=f"of the places of that name, the one in {shown}")
        return Reason(
            code="home_oblast", weight=-0.4, detail=f"the article names {shown}, and another of them is there"
        )

    @cached_property
    def _beside(self) -> set[str]:
        """The oblasts that its paragraph names, else those of the other names in it, where a place may lie there."""
        if not self._article.oblasts:
            return set()
        beside = self._article.oblasts_near(self._part, *self._part.paragraph(self._hit))
        beside.discard("Kursk")  # of the same front as Sumy, and reports name them together
        beside = beside or self._article.oblasts_beside(self._part, self._hit)
        homes = self._sense.homes.values()
        return beside if any(home & beside for home in homes) else set()

    @property
    def _nouns(self) -> list[Reading]:
        return [reading for reading in self._sense.readings if reading.target[0] != "@"]

    def _same(self, sector: str, members: Sequence[Membership]) -> bool:
        """Whether the place itself lies in that sector too: then it is no rival."""
        return any(member.sector.id == sector for member in members)

    def _far_from(self, sector: str, place: Place) -> bool:
        """Whether a name of that sector stands close by in the text, and its place lies far from this one."""
        found = self._article.company(self._part, self._hit, sector, "")
        if found is None:
            return False
        if found.target[0] == "@" or found.weight < BESIDE:
            return any(kilometres(place, other) > _NEIGHBOURS for other in self._listed(sector))
        other = self._article.gazetteer.places[found.target][0].place
        return kilometres(place, other) > _NEIGHBOURS

    def _listed(self, sector: str) -> Iterator[Place]:
        """Places of the sector that its sentence names close by, beyond doubt: Юнаківки та Костянтинівки."""
        text, starts = self._part.norm.text, self._part.starts
        index = bisect_left(starts, self._hit.start)
        for other in self._part.candidates[max(0, index - _LISTED) : index + _LISTED + 1]:
            first, last = sorted((other.hit, self._hit))
            if _STOP.search(text, first.end, last.start):
                continue
            for named, target, strong in other.sense.vouches:
                if strong and named == sector and target[0] != "@" and target not in self.targets:
                    yield self._article.gazetteer.places[target][0].place

    @cached_property
    def _spoken(self) -> Mapping[str, str]:
        """Of the sectors in which the form names a place, those that the text speaks of, with what shows it."""
        gazetteer = self._article.gazetteer
        sectors = dict.fromkeys(sector for reading in self._nouns for sector in sectors_of(reading, gazetteer.places))
        found = {sector: self._article.speaks_of(sector, self.targets) for sector in sectors}
        return {sector: surface for sector, surface in found.items() if surface}

    def lesser(self, reading: Reading) -> bool:
        """Whether a town that gives its name to a sector may be meant rather than this place."""
        return bool(self._towns) and reading.target not in self._towns

    @cached_property
    def _towns(self) -> frozenset[str]:
        """Towns that give their name to a sector, among what the form may mean."""
        places = self._article.gazetteer.places
        return frozenset(
            reading.target
            for reading in self._nouns
            if any(self.dominant(reading, member.place) for member in places[reading.target])
            and not self._exactly_another(reading)
        )
