"""One name has one meaning in a text: what is settled where it is clear holds where it is not.

An article that has told us of Colonel Pokrovsky calls him Pokrovsky from then on; one that has placed a village in
Odesa oblast does not say so again; and one that has named the town beside its oblast may name it alone in the headline.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.detection.context import Part
from extractors.detection.rivals import kilometres
from extractors.detection.scoring import ACCEPT, Judged, Verdict
from extractors.detection.whereabouts import BY_BEARING, TOWNS
from extractors.gazetteer.senses import Places
from sectorwatch.domain import Reason

_STEM = 5  # letters that the case forms of a name share
_ELSEWHERE = frozenset({"double", "other_oblast", "estuary"})  # another place: every case form of its name means it
_SURNAME = re.compile(r"(?:ськ|цьк)(?:ий|ого|ому|ої|ій|ою)$|[сц]к(?:ий|ого|ому|ая|ой|ую)$|[sc]k[iy]\w{0,4}|სკი[სმთ]?$")
_PATRONYMIC = re.compile(r"(?:[оеё]в|[oe][vw])(?:а|у|ым|ой|ою|a|u|i|y|ym|em|ie|ej|ou|om)?$")  # Орехова, Oriechowa
_SURNAME_OF_SLAVS = re.compile(f"{_SURNAME.pattern}|[сц]к(?:и|ом|ог|ома)$")
_NAMED_STREET = -0.8
_SAID = -0.8  # weight of a region that the text says a place lies in
_STRONG = -0.4  # from here on a reason against settles what the name means
_TOLD = frozenset({"sector_phrase", "follows_phrase", "unmistakable", "oblast"})  # what leaves no doubt of the sector
_CLOSE = 20.0  # kilometres between a town and the villages by it
_HINT = 0.05  # weight of an oblast that the article names somewhere: both of its sectors may lie there
_FOR = frozenset({"sector_phrase", "follows_phrase", "oblast", "company", "locality", "repeated"})


def settle(judged: Sequence[Judged], places: Places) -> list[Judged]:
    """The same verdicts, in the same order, with the reasons that other places of the text give."""
    return _together(_of_one_meaning(judged), places)


def _of_one_meaning(judged: Sequence[Judged]) -> list[Judged]:
    elsewhere = _elsewhere(judged)
    meant: dict[str, tuple[str, str]] = {}  # stem -> a form that is accepted with good reason, and its sector
    other: dict[str, Reason] = {}  # stem, or whole form -> what else the name is
    for part, index, verdict in judged:
        against = verdict.namesake
        if against is not None and against.weight > (_NAMED_STREET if against.code == "street" else _STRONG):
            against = None
        if against is not None and verdict.raw < ACCEPT:
            other.setdefault(_form(part, index), against)
            if against.code in _ELSEWHERE:
                other.setdefault(_stem(part, index), against)
            elif against.code != "street":
                other.setdefault(f"~{_stem(part, index)}", against)
        elif against is None and verdict.raw >= ACCEPT and verdict.codes & _FOR:
            meant.setdefault(_stem(part, index), (part.candidates[index].surface, verdict.sector))
    return [
        (part, index, _there(verdict, elsewhere) or _with_others(part, index, verdict, meant, other))
        for part, index, verdict in judged
    ]


def _elsewhere(judged: Sequence[Judged]) -> dict[str, Reason]:
    """Villages, by what they are read as, that the text says lie in another region: Новоивановка Курской области."""
    said: dict[str, Reason] = {}
    for part, index, verdict in judged:
        reason = verdict.namesake
        if reason is not None and reason.code == "other_oblast" and reason.weight <= _SAID and verdict.raw < ACCEPT:
            said |= dict.fromkeys(part.candidates[index].sense.places, reason)
    return said


def _there(verdict: Verdict, elsewhere: dict[str, Reason]) -> Verdict | None:
    """The verdict on a village that the text has placed elsewhere, where its neighbours alone speak for it."""
    reason = elsewhere.get(verdict.target)
    if reason is None or verdict.raw < ACCEPT or verdict.codes & _TOLD:
        return None
    detail = f"elsewhere in the text: {reason.detail}"
    return verdict.with_reasons(*verdict.reasons, Reason(code="same_name", weight=-0.6, detail=detail))


def _together(judged: list[Judged], places: Places) -> list[Judged]:
    """The same, where a village of two sectors goes with the rest: Yampil beside Lyman belongs to the Lyman sector.

    It stands alone for its principal sector, while of the other one another place is named, principal there; or all
    that is named of its principal sector lies close to the town of the other.
    """
    named: dict[str, set[str]] = {}  # sector -> what is named of it, and of no other before it
    for _, _, verdict in judged:
        if verdict.raw >= ACCEPT:
            named.setdefault(verdict.sector, set()).add(verdict.target)
    if len(named) < 2:
        return judged
    followed = []
    for part, index, verdict in judged:
        to = _followed(part, index, verdict, named, places)
        followed.append((part, index, verdict if to is None else to))
    return followed


def _followed(part: Part, index: int, verdict: Verdict, named: dict[str, set[str]], places: Places) -> Verdict | None:
    _, anchor, _ = verdict.rank
    told = any(
        (reason.code in _TOLD or (reason.code == "company" and reason.weight >= BY_BEARING))
        and reason.weight > _HINT
        and not (reason.code == "unmistakable" and verdict.kind not in TOWNS)
        for reason in verdict.reasons
    )
    if verdict.raw < ACCEPT or anchor or told:
        return None
    alone = len(named[verdict.sector]) == 1
    for reading in part.candidates[index].readings:
        for member in places.get(reading.target, ()):
            other = member.sector.id
            if other == verdict.sector or not named.get(other, set()) - {verdict.target, member.place.id}:
                continue
            if alone or _by_its_town(named[verdict.sector], named[other], other, places):
                detail = "the text names other places of this sector, and none of the one it is first of"
                reasons = (*verdict.reasons, Reason(code="spoken_of", weight=0.0, detail=detail))
                return verdict._replace(sector=other, target=member.place.id, kind=member.place.kind, reasons=reasons)
    return None


def _by_its_town(targets: set[str], named: set[str], sector: str, places: Places) -> bool:
    """Whether all these places lie in the sector too, and close to the town that gives it its name, which is named."""
    towns = [member.place for target in named for member in places.get(target, ()) if member.place.anchor]
    return bool(towns) and all(
        any(
            member.sector.id == sector and kilometres(member.place, towns[0]) < _CLOSE
            for member in places.get(target, ())
        )
        for target in targets
    )


def _with_others(
    part: Part, index: int, verdict: Verdict, meant: dict[str, tuple[str, str]], other: dict[str, Reason]
) -> Verdict:
    stem = _stem(part, index)
    against = (other.get(stem) or other.get(_form(part, index))) if other else None
    if against is None and f"~{stem}" in other and _like_surname(part, index):
        against = other[f"~{stem}"]
    if (stem in meant) == (against is not None) or verdict.codes & {"aside", "sector_phrase"}:
        return verdict
    if against is not None:
        if verdict.raw < ACCEPT:
            return verdict
        detail = f"elsewhere in the text: {against.detail}"
        return verdict.with_reasons(*verdict.reasons, Reason(code="same_name", weight=-0.6, detail=detail))
    if verdict.raw >= ACCEPT or any(r.weight <= _STRONG for r in verdict.reasons):
        return verdict
    surface, sector = meant[stem]
    if sector != verdict.sector:
        return verdict  # Ivanivka is not Ivanopillia
    detail = f"the same name is meant elsewhere in the text ({surface})"
    return verdict.with_reasons(*verdict.reasons, Reason(code="same_name", weight=0.2, detail=detail))


def _like_surname(part: Part, index: int) -> bool:
    """Whether a form can be a case of Покровський, but of no town."""
    hit = part.candidates[index].hit
    written = part.norm.text[hit.start : hit.end]
    return bool((_SURNAME_OF_SLAVS if part.south_slavic else _SURNAME).search(written) or _PATRONYMIC.search(written))


def _form(part: Part, index: int) -> str:
    """A person's name, a street's or a ship's: the form itself, without a case ending of one letter."""
    hit = part.candidates[index].hit
    return "=" + part.norm.text[hit.start : hit.end].removesuffix("s")


def _stem(part: Part, index: int) -> str:
    hit = part.candidates[index].hit
    return part.norm.text[hit.start : min(hit.end, hit.start + _STEM)]
