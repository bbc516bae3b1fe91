"""Which of several places one written form means, where they lie in different sectors.

Красный Лиман is a village near Pokrovsk and the Soviet name of Lyman; Торецке is a village and, in Russian, a case of
Торецк. The sector that the text itself speaks of comes first, by its phrase or by other places of it; where the text
speaks of none of them, a town that gives its name to a sector comes before a village.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from extractors.context import BESIDE, Article, Candidate, Part
from extractors.gazetteer import Membership, Place, Reading, sectors_of
from sectorwatch.domain import Reason

_CYRILLIC_OF_HERE = ("uk", "ru")


class Rivals:
    """The places that one candidate may mean, weighed against each other."""

    def __init__(self, article: Article, part: Part, candidate: Candidate) -> None:
        self._article = article
        self._part = part
        self._hit = candidate.hit
        self._surface = candidate.surface
        self._nouns = [reading for reading in candidate.readings if reading.target[0] != "@"]
        self.targets = candidate.sense.places

    def usual(self, reading: Reading) -> bool:
        """Whether the text uses the name as a matter of course: current ones, and in Russian Soviet ones of two words.

        Those of one word are also names of towns in Russia (Дзержинск, Красноармейск): they need more to go by.
        """
        return "former" not in reading.origin or (
            self._article.language == "ru" and reading.language in ("ru", "uk") and " " in self._surface
        )

    def dominant(self, reading: Reading, place: Place) -> bool:
        """Whether it is a town that gives its name to a sector: it is meant before its namesakes."""
        return place.anchor and self.usual(reading)

    def against(self, reading: Reading, member: Membership) -> list[Reason]:
        """Reasons to take the form for another of its places."""
        if len(self.targets) < 2:
            return []
        reasons = []
        if reading.language not in ("", *_CYRILLIC_OF_HERE) and self._article.language in _CYRILLIC_OF_HERE:
            reasons.append(
                Reason(code="foreign", weight=-0.2, detail=f"a form of another language ({reading.language})")
            )
        if member.sector.id in self._spoken:
            return reasons
        if self._spoken:
            sector, surface = next(iter(self._spoken.items()))
            detail = f"the text speaks of {sector} ({surface}), where the name occurs too"
            town = reading.target in self._towns and "former" not in reading.origin
            weight = -0.15 if town and not self._beside(sector) else -0.4
            reasons.append(Reason(code="other_sector", weight=weight, detail=detail))
        elif self._towns and reading.target not in self._towns:
            reasons.append(Reason(code="lesser", weight=-0.3, detail="a town that names its sector has this name too"))
        return reasons

    def _beside(self, sector: str) -> bool:
        """Whether a name of that sector stands close by."""
        found = self._article.company(self._part, self._hit, sector, "")
        return found is not None and found.weight >= BESIDE

    @cached_property
    def _spoken(self) -> Mapping[str, str]:
        """Of the sectors in which the form names a place, those that the text speaks of, with what shows it."""
        gazetteer = self._article.gazetteer
        sectors = dict.fromkeys(sector for reading in self._nouns for sector in sectors_of(reading, gazetteer.places))
        found = {sector: self._article.speaks_of(sector, self.targets) for sector in sectors}
        return {sector: surface for sector, surface in found.items() if surface}

    @cached_property
    def _towns(self) -> frozenset[str]:
        """Towns that give their name to a sector, among what the form may mean."""
        places = self._article.gazetteer.places
        return frozenset(
            reading.target
            for reading in self._nouns
            if any(self.dominant(reading, member.place) for member in places[reading.target])
        )
