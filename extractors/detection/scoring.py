"""How likely a candidate means a place of a sector, as a sum of signals that each say why.

The signals stand in the order of their value (measured on labelled news): a text about the war in Ukraine, a capital or
a cue word, the oblast or other places of the sector nearby, a sector phrase before; against it, `namesakes`. Weights
were set by judgement, then corrected by hand where development texts showed a mistake: figures measured on those texts
flatter them, and only texts never looked at can say how good they are.
"""

from __future__ import annotations

from typing import NamedTuple

from extractors.detection.comparisons import COMPARISON
from extractors.detection.context import Article, Candidate, Part
from extractors.detection.signals import Surroundings
from extractors.gazetteer import ANY, Membership, Reading, Sector, adjectival, sectors_of
from sectorwatch.domain import Context, Reason

ACCEPT = 0.5
"""Candidates with at least this score are mentions."""
NAMESAKES = frozenset(
    {"person", "double", "street", "church", "estuary", "bearer", "elsewhere", "other_oblast", COMPARISON}
)
"""Codes of the reasons that say what else a name is."""
SURE = 0.8
"""Mentions with at least this score leave no doubt."""
TOLD = 0.4
"""Weight from which its oblast tells a place from all others of its name."""
REPEATED = 2
"""Times in a row that a form is judged by its own surroundings, and then no more where no doubt was left."""


class Verdict(NamedTuple):
    """One way to read a candidate, with its reasons. Made by `Verdict.of`."""

    sector: str
    target: str  # place id, or the sector's id where the sector itself is named
    kind: str
    reasons: tuple[Reason, ...]
    rank: tuple[bool, bool, int]  # for ties: principal sector of the place, anchor, reports
    raw: float  # the sum of the reasons
    context: Context = Context.FRONT
    namesake: Reason | None = None  # what else the name is said to be, in whichever reading

    @classmethod
    def of(
        cls,
        sector: str,
        target: str,
        kind: str,
        reasons: tuple[Reason, ...],
        rank: tuple[bool, bool, int] = (True, True, 0),
        context: Context = Context.FRONT,
    ) -> Verdict:
        """A verdict for these reasons."""
        return cls(sector, target, kind, reasons, rank, _sum(reasons), context)

    def with_reasons(self, *reasons: Reason) -> Verdict:
        """The same reading for other reasons."""
        return self._replace(reasons=reasons, raw=_sum(reasons))

    @property
    def score(self) -> float:
        return min(1.0, max(0.0, self.raw))

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(reason.code for reason in self.reasons)


def _sum(reasons: tuple[Reason, ...]) -> float:
    return round(sum([reason.weight for reason in reasons]), 2)


Judged = tuple[Part, int, Verdict]
"""A candidate, by its part and index there, and how it is read."""


def judge_all(article: Article) -> list[Judged]:
    """Every candidate of an article, title first, with the best way to read it.

    A form that was taken REPEATED times for the same is taken so again where no phrase says otherwise: one name has one
    meaning in a text, and the longest texts repeat a few names. What was turned down is looked at again each time.
    """
    judged: list[Judged] = []
    alike: dict[str, tuple[Verdict, int]] = {}  # form -> how it was read last, and how often in a row
    for part in article.parts:
        for index, candidate in enumerate(part.candidates):
            form = candidate.hit.form
            last, times = alike.get(form, (None, 0))
            if candidate.aside:
                verdict = _aside(article, candidate)
            elif candidate.sense.worldly and article.worldly:
                verdict = _worldly(article, candidate)
            elif index in part.phrases:
                verdict = judge(article, part, index)
            elif candidate.sense.capital and not (candidate.capital or candidate.caseless or candidate.hungarian):
                verdict = _small(article, candidate)
            elif last is not None and last.context is Context.FRONT and last.raw >= SURE and times >= REPEATED:
                verdict = _again(last, candidate)
            else:
                verdict = judge(article, part, index)
                same = last is not None and (last.sector, last.target) == (verdict.sector, verdict.target)
                same = same and last is not None and last.raw >= SURE <= verdict.raw
                alike[form] = (verdict, times + 1 if same else 1)
            judged.append((part, index, verdict))
    return judged


def _again(last: Verdict, candidate: Candidate) -> Verdict:
    """The reading of a name that the text has repeated: as before."""
    detail = f"{candidate.surface} is read as it was {REPEATED} times before"
    return last.with_reasons(Reason(code="repeated", weight=last.raw, detail=detail))


def judge(article: Article, part: Part, index: int) -> Verdict:
    """The best way to read a candidate."""
    candidate = part.candidates[index]
    surroundings = Surroundings(article, part, index)
    verdicts: list[Verdict] = []
    for reading in candidate.readings:
        if reading.target[0] == "@":
            sector = article.gazetteer.sectors[reading.target[1:]]
            reasons = tuple(_as_sector(surroundings, reading, sector))
            context = surroundings.times.context(sector, reasons)
            verdicts.append(Verdict.of(sector.id, sector.id, "sector", reasons, context=context))
            continue
        for member in article.gazetteer.places[reading.target]:
            reasons = tuple(_as_place(surroundings, reading, member))
            named = index in part.phrases and (member.place.anchor or not member.place.implies)
            target, kind = (member.sector.id, "sector") if named else (member.place.id, member.place.kind)
            rank = (member.place.principal, member.place.anchor, member.place.reports)
            context = surroundings.times.context(member.sector, reasons)
            verdicts.append(Verdict.of(member.sector.id, target, kind, reasons, rank, context))
    best = max(verdicts, key=lambda verdict: (verdict.raw, verdict.rank))
    against = (reason for verdict in verdicts for reason in verdict.reasons if reason.code in NAMESAKES)
    namesake = min(against, key=lambda reason: reason.weight, default=None)
    return best._replace(namesake=namesake) if namesake else best


def _aside(article: Article, candidate: Candidate) -> Verdict:
    """A name in a line that is not part of the article counts for nothing."""
    detail = "in a link to other news, a list of tags or a caption"
    return _dismissed(article, candidate, Reason(code="aside", weight=0.0, detail=detail))


def _worldly(article: Article, candidate: Candidate) -> Verdict:
    """New York, Progress, Marine: no village of the war where nothing speaks of Ukraine."""
    detail = "a name that the world is full of, in a text that names nothing of Ukraine"
    return _dismissed(article, candidate, Reason(code="no_ukraine", weight=-0.35, detail=detail))


def _small(article: Article, candidate: Candidate) -> Verdict:
    """A word that only a capital or a cue beside it would make a name."""
    detail = "written without a capital, and no word such as sector beside it"
    return _dismissed(article, candidate, Reason(code="small_letter", weight=-0.35, detail=detail))


def _dismissed(article: Article, candidate: Candidate, reason: Reason) -> Verdict:
    """A verdict for that one reason, in the name of the first sector it may stand for."""
    sector = sectors_of(candidate.readings[0], article.gazetteer.places)[0]
    return Verdict.of(sector, sector, "sector", (reason,))


def _as_sector(around: Surroundings, reading: Reading, sector: Sector) -> list[Reason]:
    """Reasons for reading the candidate as the sector's own name, or as its adjective beside a cue word."""
    if not adjectival(reading):
        return [
            *around.written.capital(reading), *around.written.form(reading), *around.own_name(sector),
            *around.times.context_of(sector, True), *around.words_of(sector), *around.bearer(sector), *around.against,
        ]  # fmt: skip
    clear = not reading.ordinary or around.adjective.of_town(reading, sector)
    return [
        *around.written.form(reading), *around.adjective.of(reading, sector),
        *around.times.context_of(sector, clear), *around.words_of(sector), *around.against,
    ]  # fmt: skip


def _as_place(around: Surroundings, reading: Reading, member: Membership) -> list[Reason]:
    """Reasons for reading the candidate as a place in one of its sectors."""
    sector, place = member.sector, member.place
    there, clear = around.whereabouts, around.clear(reading, place)
    reasons = [*around.written.capital(reading), *around.written.form(reading, place)]
    phrase = around.phrase if around.phrase and sector.id in around.phrase.sectors else None
    if sector.context == ANY:
        reasons += around.own_name(sector)
    elif phrase is None:
        reasons += [*around.name(reading, sector, place, clear), *there.grammar(reading)]
    if phrase:
        reasons.append(Reason(code="sector_phrase", weight=0.6, detail=phrase.reason))
    else:
        reasons += [*there.following(reading, sector, place), *around.rivals.against(reading, member)]
    lies = there.oblast(sector, place, clear)
    clear = clear or any(reason.code == "oblast" and reason.weight >= TOLD for reason in lies)
    reasons += [*there.locality(reading, place), *there.company(reading, sector), *lies]
    reasons += [*there.district(place), *there.double(reading, sector, place), *around.times.context_of(sector, clear)]
    return [*reasons, *around.words_of(sector), *around.bearer(sector), *around.against]
