"""What `sectorwatch doctor` finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """How much it matters."""

    WRONG = "wrong"  # something does not work, or is open to strangers
    ADVICE = "advice"  # it works, and would be better otherwise


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is likely not meant, and what to do about it."""

    code: str  # the same in every release
    weight: Weight
    what: str
    cure: str


def wrong(code: str, what: str, cure: str) -> Finding:
    return Finding(code=code, weight=Weight.WRONG, what=what, cure=cure)


def advice(code: str, what: str, cure: str) -> Finding:
    return Finding(code=code, weight=Weight.ADVICE, what=what, cure=cure)
