"""One name has one meaning in a text: what is settled where it is clear holds where it is not.

An article that has told us of Colonel Pokrovsky calls him Pokrovsky from then on; one that has placed a village in
Odesa oblast does not say so again; and one that has named the town beside its oblast may name it alone in the headline.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.context import Part
from extractors.scoring import ACCEPT, Judged, Verdict
from sectorwatch.domain import Reason

_STEM = 5  # letters that the case forms of a name share
_STRONG = -0.4  # from here on a reason against settles what the name means
_FOR = frozenset({"sector_phrase", "follows_phrase", "oblast", "company", "locality", "repeated"})


def settle(judged: Sequence[Judged]) -> list[Judged]:
    """The same verdicts, in the same order, with the reasons that other places of the text give."""
    meant: dict[str, str] = {}  # stem -> a form that is accepted with good reason
    other: dict[str, Reason] = {}  # stem -> what else the name is
    for part, index, verdict in judged:
        stem = _stem(part, index)
        against = verdict.namesake if verdict.namesake and verdict.namesake.weight <= _STRONG else None
        if against is not None and verdict.raw < ACCEPT:
            other.setdefault(stem, against)
        elif against is None and verdict.codes & _FOR and verdict.raw >= ACCEPT:
            meant.setdefault(stem, part.candidates[index].surface)
    return [(part, index, _with_others(verdict, _stem(part, index), meant, other)) for part, index, verdict in judged]


def _with_others(verdict: Verdict, stem: str, meant: dict[str, str], other: dict[str, Reason]) -> Verdict:
    if verdict.codes & {"aside", "sector_phrase"} or (stem in meant) == (stem in other):
        return verdict
    if stem in other:
        if verdict.raw < ACCEPT:
            return verdict
        detail = f"elsewhere in the text: {other[stem].detail}"
        return verdict.with_reasons(*verdict.reasons, Reason(code="same_name", weight=-0.6, detail=detail))
    if verdict.raw >= ACCEPT or any(r.weight <= _STRONG for r in verdict.reasons):
        return verdict
    detail = f"the same name is meant elsewhere in the text ({meant[stem]})"
    return verdict.with_reasons(*verdict.reasons, Reason(code="same_name", weight=0.2, detail=detail))


def _stem(part: Part, index: int) -> str:
    hit = part.candidates[index].hit
    return part.norm.text[hit.start : min(hit.end, hit.start + _STEM)]
