"""What a text says of sectors: mentions with their reasons, and what was turned down."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Zone(StrEnum):
    """Where in an article a mention stands; offsets count within the title, or within the text (lead and body)."""

    TITLE = "title"
    LEAD = "lead"
    BODY = "body"

    @property
    def salience(self) -> Salience:
        """How prominent a mention here is."""
        return {Zone.TITLE: Salience.HEADLINE, Zone.LEAD: Salience.LEAD, Zone.BODY: Salience.BODY}[self]


class Salience(StrEnum):
    """The most prominent place an article mentions a sector in, best first."""

    HEADLINE = "headline"
    LEAD = "lead"
    BODY = "body"


class Context(StrEnum):
    """What a place is named for, the more urgent first."""

    FRONT = "front"  # for the war, or for whatever its sector is watched for
    PLACE = "place"  # for its court, school, club or history: the town is meant, and nothing happens to it


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One signal that counted for or against a candidate. The weights of a mention's reasons sum to its raw score."""

    code: str  # stable, e.g. "capital", "cue", "company"
    weight: float
    detail: str  # in words, with the evidence: 'cue word "sector" 3 characters on'


SETTLEMENTS = frozenset({"city", "town", "settlement", "village", "hamlet", "suburb"})
"""Kinds of places where people live."""


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A resolved candidate: this place of this sector is meant here."""

    sector: str
    place: str  # stable id of the toponym, or the sector's id when the sector itself is named
    kind: str  # "sector", "city", "town", "settlement", "village", "river", ...
    surface: str
    start: int  # code points, [start, end) in the title (zone title) or the text (else)
    end: int
    zone: Zone
    sentence: str  # as written
    sentence_start: int  # code points, in the same string as start
    context: Context = Context.FRONT
    score: float
    reasons: tuple[Reason, ...]


class Naming(NamedTuple):
    """A mention, as far as deciding whom to tell needs."""

    sector: str
    place: str
    kind: str
    zone: Zone
    context: Context
    score: float


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """A candidate that was not taken, and why."""

    surface: str
    start: int
    end: int
    zone: Zone
    sectors: tuple[str, ...]
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class SectorScore:
    """What one article says of one sector."""

    sector: str
    score: float  # of its best mention
    salience: Salience
    context: Context = Context.FRONT  # "front" where one mention is
    count: int


@dataclass(frozen=True, kw_only=True)
class Detection:
    """Everything found in one title and text."""

    language: str
    sectors: tuple[SectorScore, ...]  # best first
    mentions: tuple[Mention, ...]  # in the order of the text, title first
    rejected: tuple[Rejected, ...]
    gazetteer_version: str
