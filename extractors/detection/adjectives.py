"""A sector's adjective: its name beside a word such as sector, else a surname, a street, a council of the town."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property

from extractors.detection.whereabouts import FEW
from extractors.detection.written import CAPITAL, COMMUNITY, Written
from extractors.gazetteer import Place, Reading, Sector
from extractors.text import plain
from sectorwatch.domain import Reason

_SAID = -0.6  # weight of a region that the text says it lies in
_DISTRICT = re.compile(r"\s(?:район|раен|р-н)")
_STEM = 4  # letters that a town and its adjective share
_SHORT_STEM = 3  # Суми, Сумський
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
            (reading.ordinary and (not body or self._of_city(sector)))
            or not self.candidate.capital
            or reading.origin.endswith("label")
        ):
            detail = "names the sector only beside a word such as sector"
            reasons.append(Reason(code="no_cue", weight=-0.4, detail=detail))
        else:
            institution = self.written.named_after
            if body:
                reasons += [CAPITAL, *self._body(reading, sector)]
            elif institution and self._of_the_name_before:
                detail = f'the district of {self._of_the_name_before} ("{institution}")'
                reasons.append(Reason(code="district", weight=-0.4, detail=detail))
            elif institution:
                detail = f'something of the town ("{institution}")'
                weight = 0.0 if reading.ordinary else 0.15
                reasons += [*self.written.capital(reading), Reason(code="institution", weight=weight, detail=detail)]
            else:
                detail = "an adjective without a word such as sector: often a surname"
                reasons += [*self.written.capital(reading), Reason(code="no_cue", weight=-0.35, detail=detail)]
            where = self.whereabouts.oblast(sector, self._anchor(sector) if body else None, clear=False)
            exiled = institution and (body or not reading.ordinary)  # it may work in another oblast now
            moved = {"far_oblast"} if reading.ordinary else {"far_oblast", "other_oblast"}
            reasons += [reason for reason in where if not (exiled and reason.code in moved and reason.weight > _SAID)]
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
        many = reading.ordinary and (town is None or town.homonyms > FEW)
        code = "locality" if COMMUNITY.match(self.written.town_body) else "institution"
        detail = f'something of the town ("{self.written.town_body}")'
        reasons = [Reason(code=code, weight=0.15 if many else 0.3, detail=detail)]
        return reasons + (self.whereabouts.double(reading, sector, town) if town else [])

    def _anchor(self, sector: Sector) -> Place | None:
        """The town that the adjective is made of, where it gives its name to the sector."""
        stem = self.part.norm.text[self.hit.start : self.hit.start + _STEM]
        anchors = (place for place in sector.places if place.anchor)
        return next(
            (place for place in anchors if any(plain(name.text).startswith(stem) for name in place.names)), None
        )

    def _of_city(self, sector: Sector) -> bool:
        """Whether it is made of a city that does not stand for the sector: its council meets far from the front."""
        stem = self.part.norm.text[self.hit.start : self.hit.start + _SHORT_STEM]
        cities = (place for place in sector.places if place.kind == "city" and not place.implies)
        return any(plain(name.text).startswith(stem) for place in cities for name in place.names)

    def of_town(self, reading: Reading) -> bool:
        """Whether the adjective is beyond doubt that of a town: of its council, its court, its community."""
        return bool(self.written.town_body) and self.candidate.capital and not reading.origin.endswith("label")
