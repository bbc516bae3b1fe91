"""What a search asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class SearchTerm:
    """One thing that an article must have: one of the phrases in its title or text, or one of the mentions."""

    given: str  # as it was typed
    phrases: tuple[tuple[str, ...], ...] = ()  # words that follow one another, in the form that the index keeps
    prefix: bool = False  # the words may go on after what is given
    mentions: tuple[tuple[str, str], ...] = ()  # (sector, place), the place "" for any place of the sector


@dataclass(frozen=True, kw_only=True)
class SearchQuery:
    """What is looked for in the archive; all of it must hold."""

    terms: tuple[SearchTerm, ...] = ()
    sources: tuple[str, ...] = ()  # part of a publisher's or feed's name or address, in any letter case; one is enough
    languages: tuple[str, ...] = ()  # one is enough
    since: datetime | None = None  # of publication, or first seen where that is not known
    until: datetime | None = None  # before then
    no_operators: tuple[str, ...] = ()  # words that stood before a colon as operators do, and are none
