"""A sector's adjective: its name beside a word such as sector, else a surname, a street, a council of the town."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, cached_property

from extractors.detection.whereabouts import FEW, TOWNS
from extractors.detection.written import CAPITAL, COMMUNITY, Written
from extractors.gazetteer import Place, Reading, Sector
from extractors.text import plain
from sectorwatch.domain import Reason

_SAID = -0.6  # weight of a region that the text says it lies in
_DISTRICT = re.compile(r"\s(?:район|раен|р-н)")
_STEM = 4  # letters that a town and its adjective share
_LONG_STEM = 5
_WORKS = re.compile(
    r"\s(?:[\w-]{4,}(?:ий|ого|ому|им|ый|ом)\s)?(?:завод|комбінат|комбинат|фабрик|шахт|тес(?!\w)|тэс(?!\w))"
)
_LETTERS = re.compile(r"\s([А-ЯІЇЄҐ]{3,6})(?![\w-])")
_SHORT_STEM = 3  # Суми, Сумський
_MOVED = frozenset({"far_oblast", "other_oblast"})
_DISTINCT = Reason(code="distinct", weight=0.15, detail="an adjective of this sector alone")


class Adjective:
    """What speaks for and against one candidate that is read as an adjective."""

    def __init__(self, written: Written) -> None:
        self.written = written
        self.part = written.part
        self.candidate = written.candidate
        self.hit = written.hit
        self.phrase = written.phrase
        self.whereabouts = written.whereabouts

    def of(self, reading: Reading, sector: Sector) -> list[Reason]:
        """The sector's adjective: its name beside a cue word, else a surname, a district, a street."""
        reasons, body = [], self.written.town_body
        if self.phrase and sector.id in self.phrase.sectors:
            reasons.append(Reason(code="sector_phrase", weight=0.6, detail=self.phrase.reason))
            if self.candidate.capital:
                reasons.append(Reason(code="capital", weight=0.1, detail="written with a capital"))
        elif (
            (reading.ordinary and (not body or self._of_city(sector)) and not self._of_a_plant(sector))
            or not self.candidate.capital
            or reading.origin.endswith("label")
        ):
            detail = "names the sector only beside a word such as sector"
            reasons.append(Reason(code="no_cue", weight=-0.4, detail=detail))
        else:
            institution = self.written.named_after or self._plant(reading, sector)
            if body:
                reasons += [CAPITAL, *self._body(reading, sector)]
            elif institution and self._of_the_name_before:
                detail = f'the district of {self._of_the_name_before} ("{institution}")'
                reasons.append(Reason(code="district", weight=-0.4, detail=detail))
            elif institution and reading.ordinary and self._only(sector):
                detail = f'something of the town ("{institution}")'
                reasons += [CAPITAL, Reason(code="institution", weight=0.3, detail=detail)]
            elif institution:
                detail = f'something of the town ("{institution}")'
                weight = 0.0 if reading.ordinary else 0.15
                reasons += [*self.written.capital(reading), Reason(code="institution", weight=weight, detail=detail)]
            else:
                detail = "an adjective without a word such as sector: often a surname"
                reasons += [*self.written.capital(reading), Reason(code="no_cue", weight=-0.35, detail=detail)]
            moved = self._moved(reading, sector, bool(body)) if institution else ()
            where = self.whereabouts.oblast(sector, self._anchor(sector) if body else None, clear=False)
            reasons += [reason for reason in where if reason.weight <= _SAID or reason.code not in moved]
            reasons += self.whereabouts.company(reading, sector)
        if not reading.ordinary:
            reasons.append(_DISTINCT)
        return reasons

    @cached_property
    def _of_the_name_before(self) -> str:
        """The place directly before it, whose district it is then: Зарічне Краматорського району; "" for none."""
        index = bisect_left(self.part.starts, self.hit.start) - 1
        if index < 0 or not _DISTRICT.match(self.part.norm.text, self.hit.end):
            return ""
        before = self.part.candidates[index]
        beside = 0 < self.hit.start - before.hit.end <= len(", ") and before.sense.places
        return before.surface if beside else ""

    def _body(self, reading: Reading, sector: Sector) -> list[Reason]:
        """The council, court or community of the town that gives its name to the sector, or of another town."""
        town = self._anchor(sector)
        many = reading.ordinary and not self._only(sector) and (town is None or town.homonyms > FEW)
        code = "locality" if COMMUNITY.match(self.written.town_body) else "institution"
        detail = f'something of the town ("{self.written.town_body}")'
        reasons = [Reason(code=code, weight=0.15 if many else 0.3, detail=detail)]
        return reasons + (self.whereabouts.double(reading, sector, town) if town else [])

    def _anchor(self, sector: Sector) -> Place | None:
        """The town that the adjective is made of, where it gives its name to the sector."""
        stem = self.part.norm.text[self.hit.start : self.hit.start + _STEM]
        anchors = (place for place in sector.places if place.anchor)
        return next(
            (place for place in anchors if any(_written(name.text).startswith(stem) for name in place.names)), None
        )

    def _moved(self, reading: Reading, sector: Sector, body: bool) -> frozenset[str]:
        """Codes of the oblasts that say nothing against something of a town, which may work there now."""
        if not reading.ordinary or self._only(sector):
            return _MOVED
        return frozenset({"far_oblast"}) if body else frozenset()

    def _only(self, sector: Sector) -> bool:
        """Whether it is made of a town that is no sector's, and that no other town has the name of: Дружківка."""
        stem = self.part.norm.text[self.hit.start : self.hit.start + _LONG_STEM]
        towns = (place for place in sector.places if place.kind in TOWNS and place.homonyms == 1 and not place.anchor)
        return any(_written(name.text).startswith(stem) for place in towns for name in place.names)

    def _plant(self, reading: Reading, sector: Sector) -> str:
        """The letters of a plant behind the adjective of a town with few namesakes: Куп'янський МКК; "" for none."""
        plant = None if reading.ordinary else _LETTERS.match(self.part.norm.original, self.candidate.end)
        if plant is None or self.written.among_capitals:
            return ""
        town = self._anchor(sector)
        return plant[1] if town and town.homonyms <= FEW else ""

    def _of_a_plant(self, sector: Sector) -> bool:
        """Whether a plant of a town that is the only one of its name stands behind it: Дружківський метизний завод."""
        return bool(_WORKS.match(self.part.norm.text, self.hit.end)) and self._only(sector)

    def _of_city(self, sector: Sector) -> bool:
        """Whether it is made of a city that does not stand for the sector: its council meets far from the front."""
        stem = self.part.norm.text[self.hit.start : self.hit.start + _SHORT_STEM]
        cities = (place for place in sector.places if place.kind == "city" and not place.implies)
        return any(_written(name.text).startswith(stem) for place in cities for name in place.names)

    def of_town(self, reading: Reading, sector: Sector) -> bool:
        """Whether the adjective is beyond doubt that of a town: of its council, court, community or plant."""
        of_it = bool(self.written.town_body) or self._of_a_plant(sector)
        return of_it and self.candidate.capital and not reading.origin.endswith("label")


@cache
def _written(name: str) -> str:
    """A name of a watched place as it stands in normalised text."""
    return plain(name)
