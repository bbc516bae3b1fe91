"""How likely a candidate means a place of a sector, as a sum of signals that each say why.

The signals stand in the order of their value (measured on labelled news): a text about the war in Ukraine, a capital or
a cue word, the oblast or other places of the sector nearby, a sector phrase before; against it, `namesakes`. Weights
were set by judgement, then corrected by hand where development texts showed a mistake: figures measured on those texts
flatter them, and only texts never looked at can say how good they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from extractors.context import REGION, Article, Candidate, Part, Phrase, adjectival, unmistakable
from extractors.gazetteer import ANY, Membership, Place, Reading, Sector
from extractors.gazetteer.lexicon import oblasts
from extractors.namesakes import bearer, namesakes, quoted
from extractors.rivals import Rivals
from extractors.sentences import sentence_around
from extractors.text import plain
from extractors.themes import old_year
from sectorwatch.domain import Reason

ACCEPT = 0.5
"""Candidates with at least this score are mentions."""

_LONG_NAME = 7  # letters
_FEW, _MANY = 5, 20  # places of one name in the country
_BESIDE = 3  # characters between a word and the name it belongs to
_OBLAST_REACH = 60
_IN = re.compile(r"[\s(]+(?:(?:in|im|w|we|v|ve|en|en la|в|у|на)\s+)?")  # between a name and the region it lies in
_IN_REACH = 7
_LIES = re.compile(
    r"[a-z]|.*(?:ої|ій|ого|ому|ої|ой|ом|щині|щини|щине)$"
)  # a region's case there, not where one goes to


@dataclass(frozen=True, slots=True)
class Verdict:
    """One way to read a candidate, with its reasons; `raw` is their sum."""

    sector: str
    target: str  # place id, or the sector's id where the sector itself is named
    kind: str
    reasons: tuple[Reason, ...]
    rank: tuple[bool, bool, int]  # for ties: principal sector of the place, anchor, reports

    @property
    def raw(self) -> float:
        return round(sum(reason.weight for reason in self.reasons), 2)

    @property
    def score(self) -> float:
        return min(1.0, max(0.0, self.raw))


def judge(article: Article, part: Part, index: int) -> Verdict:
    """The best way to read a candidate."""
    return max(_readings(article, part, index), key=lambda verdict: (verdict.raw, verdict.rank))


def _readings(article: Article, part: Part, index: int) -> list[Verdict]:
    candidate = part.candidates[index]
    surroundings = _Surroundings(article, part, index)
    verdicts = []
    for reading in candidate.readings:
        if reading.target[0] == "@":
            sector = article.gazetteer.sectors[reading.target[1:]]
            reasons = surroundings.as_sector(reading, sector)
            verdicts.append(Verdict(sector.id, sector.id, "sector", tuple(reasons), (True, True, 0)))
            continue
        for member in article.gazetteer.places[reading.target]:
            reasons = surroundings.as_place(reading, member)
            named = index in part.phrases and (member.place.anchor or not member.place.implies)
            target, kind = (member.sector.id, "sector") if named else (member.place.id, member.place.kind)
            rank = (member.place.principal, member.place.anchor, member.place.reports)
            verdicts.append(Verdict(member.sector.id, target, kind, tuple(reasons), rank))
    return verdicts


class _Surroundings:
    """What speaks for and against one candidate, whatever it is read as."""

    def __init__(self, article: Article, part: Part, index: int) -> None:
        self.article = article
        self.part = part
        self.index = index
        self.candidate: Candidate = part.candidates[index]
        self.hit = self.candidate.hit
        self.phrase: Phrase | None = part.phrases.get(index)
        self.against = namesakes(part, index)
        self.rivals = Rivals(article, self.candidate)
        places = self.rivals.targets
        adjectives = any(adjectival(reading) and reading.ordinary for reading in self.candidate.readings)
        self.overshadowed = any(not article.gazetteer.places[target][0].place.implies for target in places)
        self.shared = len(places) > 1 or (adjectives and bool(places))

    # ------------------------------------------------------------------------------------------------- readings

    def as_sector(self, reading: Reading, sector: Sector) -> list[Reason]:
        """Reasons for reading the candidate as the sector's own name, or as its adjective beside a cue word."""
        if not adjectival(reading):
            return [*self._capital(reading), *self._form(reading), *self._own(sector), *self._general(sector, True)]
        reasons = self._form(reading)
        if self.phrase and sector.id in self.phrase.sectors:
            reasons.append(Reason(code="sector_phrase", weight=0.6, detail=f'beside "{self.phrase.cue}"'))
            if self.candidate.capital:
                reasons.append(Reason(code="capital", weight=0.1, detail="written with a capital"))
        elif reading.ordinary or not self.candidate.capital or reading.origin.endswith("label"):
            reasons.append(
                Reason(code="no_cue", weight=-0.4, detail="names the sector only beside a word such as sector")
            )
        else:
            reasons += self._capital(reading)
            reasons.append(Reason(code="no_cue", weight=-0.2, detail="an adjective without a word such as sector"))
        if not reading.ordinary:
            reasons.append(Reason(code="distinct", weight=0.15, detail="an adjective of this sector alone"))
        return [*reasons, *self._context(sector, clear=not reading.ordinary), *self._not_words(sector), *self.against]

    def as_place(self, reading: Reading, member: Membership) -> list[Reason]:
        """Reasons for reading the candidate as a place in one of its sectors."""
        sector, place = member.sector, member.place
        clear = unmistakable(reading, self.article.gazetteer) and not self.shared
        reasons = [*self._capital(reading), *self._form(reading, place)]
        phrase = self.phrase if self.phrase and sector.id in self.phrase.sectors else None
        if sector.context == ANY:
            reasons += self._own(sector)
        elif phrase is None:
            reasons += self._name(reading, place, clear)
        if phrase:
            reasons.append(Reason(code="sector_phrase", weight=0.6, detail=f'beside "{phrase.cue}"'))
        else:
            reasons += [*self._following(reading, sector, place), *self.rivals.against(reading, member)]
        reasons += [*self._locality(), *self._company(reading, sector), *self._oblast(sector, place, clear)]
        return [*reasons, *self._district(), *self._general(sector, clear)]

    def _district(self) -> list[Reason]:
        """An adjective that looks like a village's name: в Каменском районе."""
        if not REGION.match(self.part.norm.text, self.hit.end) or self.candidate.surface[-1:].lower() not in "мйюїоуе":
            return []
        return [Reason(code="district", weight=-0.25, detail="the adjective of a district or region")]

    def _general(self, sector: Sector, clear: bool) -> list[Reason]:
        named_after = self._bearer if sector.context != ANY else []
        words = [*self._sector_cues(sector), *self._not_words(sector)]
        return [*self._context(sector, clear), *words, *named_after, *self.against]

    # ----------------------------------------------------------------------------------------- the name itself

    def _capital(self, reading: Reading) -> list[Reason]:
        candidate = self.candidate
        if candidate.caseless:
            return [Reason(code="capital", weight=0.35, detail="the script has no capitals")]
        if not candidate.capital:
            if reading.target[0] == "@" and not adjectival(reading) and self._defined_small(reading):
                return [Reason(code="capital", weight=0.35, detail="defined without a capital")]
            return [Reason(code="small_letter", weight=-0.35, detail="written without a capital")]
        if reading.ordinary and self._opens_sentence():
            return [Reason(code="capital", weight=0.15, detail="a capital, but any word has one here")]
        return [Reason(code="capital", weight=0.35, detail="written with a capital")]

    def _defined_small(self, reading: Reading) -> bool:
        sector = self.article.gazetteer.sectors[reading.target[1:]]
        return any(alias.text[:1].islower() for alias in sector.names)

    def _opens_sentence(self) -> bool:
        """Whether the candidate begins a sentence or stands among capitals."""
        original, start = self.part.norm.original, self.candidate.start
        around = original[max(0, start - 20) : self.candidate.end + 20]
        first, _ = sentence_around(original, start, self.candidate.end)
        return not original[first:start].strip("\"'«“„—–- ") or (
            around.isupper() and len(around) > len(self.candidate.surface) and not self.candidate.surface.isascii()
        )  # in Latin letters a name is nobody's common noun, only a person's name, and that is seen by itself

    def _form(self, reading: Reading, place: Place | None = None) -> list[Reason]:
        reasons = []
        if reading.weight and "former" in reading.origin and self.rivals.usual(reading):
            weight = 0.0 if place and place.anchor else reading.weight / 2
            reasons.append(Reason(code="form", weight=weight, detail="a former name, usual in Russian"))
        elif reading.weight:
            detail = "a former name" if "former" in reading.origin else f"a less usual form ({reading.origin})"
            reasons.append(Reason(code="form", weight=reading.weight, detail=detail))
        date = self.article.date
        if reading.until and date and date.isoformat() > reading.until:
            reasons.append(Reason(code="outdated", weight=-0.05, detail=f"a name in use until {reading.until}"))
        return reasons

    def _name(self, reading: Reading, place: Place, clear: bool) -> list[Reason]:
        reasons = []
        if clear:
            reasons.append(Reason(code="unmistakable", weight=0.2, detail="the only place of that name"))
        elif reading.ordinary:
            reasons.append(Reason(code="ordinary", weight=-0.2, detail="also a common word or a person's name"))
        dominant = self.rivals.dominant(reading, place)
        if place.homonyms > _MANY and not dominant:
            reasons.append(Reason(code="homonyms", weight=-0.2, detail=f"one of {place.homonyms} places of that name"))
        elif place.homonyms > _FEW and not dominant:
            reasons.append(Reason(code="homonyms", weight=-0.1, detail=f"one of {place.homonyms} places of that name"))
        if self.shared and not dominant:
            reasons.append(Reason(code="shared", weight=-0.05, detail="a form that other names share"))
        if self.hit.end - self.hit.start >= _LONG_NAME and (dominant or place.homonyms <= _FEW):
            reasons.append(Reason(code="long_name", weight=0.1, detail=f"{self.hit.end - self.hit.start} characters"))
        if dominant and place.implies and self._war:
            reasons.append(Reason(code="anchor", weight=0.15, detail="the sector is named after it"))
        if not place.implies or (self.overshadowed and not place.anchor):
            reasons.append(Reason(code="too_large", weight=-0.45, detail="does not stand for a sector by itself"))
        if not place.attested and not place.anchor:
            reasons.append(Reason(code="draft", weight=-0.05, detail="no report places it in this sector yet"))
        return reasons

    def _own(self, sector: Sector) -> list[Reason]:
        return [Reason(code="own_name", weight=0.25, detail=f"a name that {sector.id} is defined by")]

    # -------------------------------------------------------------------------------------------- what speaks for

    @cached_property
    def _paragraph(self) -> tuple[int, int]:
        return self.part.paragraph(self.hit)

    @cached_property
    def _war(self) -> list[str]:
        return [] if self._old else self.article.theme.war(self.part, self._paragraph)

    @cached_property
    def _old(self) -> str:
        """The year of an old war that the sentence tells of, or ""."""
        cues = self.part.cues
        if not cues.within("history", *self._paragraph) or cues.within("present", *self._paragraph):
            return ""
        original = self.part.norm.original
        first, last = sentence_around(original, self.candidate.start, self.candidate.end)
        return old_year(original[first:last])

    @cached_property
    def _bearer(self) -> list[Reason]:
        """A club or firm of that name."""
        reason = bearer(self.part, self.index)
        if reason is None and quoted(self.part, self.index) and self.article.theme.sport(self.part, self._paragraph):
            reason = Reason(code="bearer", weight=-0.4, detail="in quotation marks in news of sport")
        return [reason] if reason else []

    def _context(self, sector: Sector, clear: bool) -> list[Reason]:
        if sector.context == ANY:
            return []
        if self._old:
            return [Reason(code="history", weight=-0.35, detail=f"a sentence about the war of {self._old}")]
        words, ukraine = self._war, self.article.ukraine
        if words and ukraine:
            shown = ", ".join(words[:3])
            return [Reason(code="context", weight=0.2, detail=f"war ({shown}) and Ukraine ({ukraine})")]
        if words or (ukraine and self.article.theme.strain(self.part, self._paragraph)):
            missing = "Ukraine" if words else "war"
            return [Reason(code="half_context", weight=0.0, detail=f"little sign of {missing} around")]
        reasons = [Reason(code="no_context", weight=-0.15 if clear else -0.25, detail="no sign of war around")]
        peace = self.article.theme.peace(self.part, self._paragraph)
        if peace:
            reasons.append(Reason(code="neutral", weight=-0.3, detail=f"other news: {', '.join(peace[:3])}"))
        return reasons

    def _following(self, reading: Reading, sector: Sector, place: Place) -> list[Reason]:
        """The sector phrase before it in its paragraph: General Staff prose names the sector, then its settlements."""
        phrase = self.part.phrase_for(self.hit)
        if phrase is None:
            return []
        if sector.id in phrase.sectors:
            return [
                Reason(code="follows_phrase", weight=0.35, detail=f'its paragraph names the sector ("{phrase.cue}")')
            ]
        if place.homonyms > 1 and not self.rivals.dominant(reading, place):
            return [Reason(code="other_phrase", weight=-0.15, detail="its paragraph names another sector")]
        return []

    def _locality(self) -> list[Reason]:
        cue = self.part.cues.before("locality", self.hit.start, _BESIDE)
        if cue is None:
            return []
        word = self.part.norm.text[cue.start : cue.end]
        return [Reason(code="locality", weight=0.1, detail=f'after "{word}"')]

    def _company(self, reading: Reading, sector: Sector) -> list[Reason]:
        other, near = self.article.company(self.part, self.hit, sector.id, reading.target)
        if not other:
            return []
        where = "near" if near else "elsewhere in the article"
        return [Reason(code="company", weight=0.2 if near else 0.1, detail=f"{other} of the same sector {where}")]

    def _oblast(self, sector: Sector, place: Place, clear: bool) -> list[Reason]:
        first, last = self._paragraph
        start, end = max(first, self.hit.start - _OBLAST_REACH), min(last, self.hit.end + _OBLAST_REACH)
        named = self.article.oblasts_near(self.part, start, end)
        own = set(place.oblast.split("/")) if place.oblast else set(sector.oblasts)
        if sector.context != ANY and (region := self._region(own)):
            return [Reason(code="other_oblast", weight=-0.6, detail=f'said to lie elsewhere ("{region}")')]
        if named & own:
            return [Reason(code="oblast", weight=0.1, detail=f"{', '.join(sorted(named & own))} oblast nearby")]
        named -= self.article.destinations(self.part, start, end)
        if named:
            weight = -0.15 if clear else -0.3
            return [Reason(code="other_oblast", weight=weight, detail=f"{', '.join(sorted(named))} named beside it")]
        if self.article.oblasts and not self.article.oblasts & own and not clear and not place.anchor:
            others = ", ".join(sorted(self.article.oblasts)[:3])
            return [Reason(code="far_oblast", weight=-0.1, detail=f"the article names {others} alone")]
        return []

    def _region(self, own: set[str]) -> str:
        """The region that the name is directly followed by, where it is none of its own: Покровск в Якутии."""
        text, cues, end = self.part.norm.text, self.part.cues, self.hit.end
        for kind in ("faraway", "oblast"):
            cue = cues.after(kind, end, _IN_REACH)
            if cue is None or not _IN.fullmatch(text, end, cue.start):
                continue
            word = text[cue.start : cue.end]
            if kind == "faraway" or (oblasts()[cue.entry] not in own and _LIES.match(word)):
                return word
        return ""

    def _sector_cues(self, sector: Sector) -> list[Reason]:
        return self._words(sector.cues, "sector_cue", 0.2)

    # ---------------------------------------------------------------------------------------- what speaks against

    def _not_words(self, sector: Sector) -> list[Reason]:
        return self._words(sector.not_words, "not_word", -0.5)

    def _words(self, words: tuple[str, ...], code: str, weight: float) -> list[Reason]:
        if not words:
            return []
        start, end = self._paragraph
        window = self.part.norm.text[start:end]
        found = next((word for word in words if _begins_word_in(word, window)), None)
        return [Reason(code=code, weight=weight, detail=f'"{found}" nearby')] if found else []


def _begins_word_in(word: str, window: str) -> bool:
    """Whether a word of a definition begins a word of the normalised window."""
    return f" {plain(word)}" in f" {window}"
