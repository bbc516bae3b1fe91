"""What an article says of each sector and of its places, and what of it is new. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from sectorwatch.domain import SETTLEMENTS, Context, Mention, Naming, Salience, SectorScore

Spoken = Set[tuple[str, str]]
"""Sectors and places that were named for the front before: (sector, place)."""

SECTOR_ITSELF = "sector"  # kind of a mention that names no place of the sector
_PROMINENCE = tuple(Salience)


@dataclass(frozen=True, kw_only=True)
class NamedPlace:
    """What one article says of one place of a sector."""

    place: str
    score: float
    salience: Salience
    context: Context = Context.FRONT
    is_new: bool = True  # the story did not speak of it before
    kind: str = ""  # of its mentions: "village", "river", ...

    @property
    def is_settlement(self) -> bool:
        """Whether people live there."""
        return self.kind in SETTLEMENTS


@dataclass(frozen=True, kw_only=True)
class SectorNews:
    """What one article says of one sector, as far as it was not decided on before."""

    sector: SectorScore
    places: tuple[NamedPlace, ...] = ()
    is_new: bool = True  # the story did not speak of the sector before
    only_places: bool = False  # an edit: the sector itself was decided on, and only these places come new


def news_of(
    sectors: Iterable[SectorScore],
    mentions: Iterable[Mention | Naming],
    *,
    decided: Spoken = frozenset(),
    told: Spoken = frozenset(),
) -> list[SectorNews]:
    """What is to be decided on: `decided` holds what this article named before, `told` what its story named before.

    Of a sector that the article named before only the places count that it did not name; without any, it is left out.
    """
    named = _named(mentions)
    had, known = {sector for sector, _ in decided}, {sector for sector, _ in told}
    news: list[SectorNews] = []
    for sector in sectors:
        only_places = sector.sector in had
        places = tuple(
            _place(place, found, is_new=(sector.sector, place) not in told)
            for (of, place), found in named.items()
            if of == sector.sector and not (only_places and (of, place) in decided)
        )
        if places or not only_places:
            news.append(
                SectorNews(sector=sector, places=places, is_new=sector.sector not in known, only_places=only_places)
            )
    return news


def settlements(places: Iterable[NamedPlace]) -> set[str]:
    """Of these places the settlements that are named for the front."""
    return {one.place for one in places if one.is_settlement and one.context is Context.FRONT}


def most_prominent(saliences: Iterable[Salience]) -> Salience:
    """The first of them in the order of Salience."""
    return min(saliences, key=_PROMINENCE.index)


def _named(mentions: Iterable[Mention | Naming]) -> dict[tuple[str, str], list[Mention | Naming]]:
    found: dict[tuple[str, str], list[Mention | Naming]] = {}
    for mention in mentions:
        if mention.kind != SECTOR_ITSELF:
            found.setdefault((mention.sector, mention.place), []).append(mention)
    return found


def _place(place: str, found: list[Mention | Naming], *, is_new: bool) -> NamedPlace:
    """As of sectors: where a place is named for the front, what is said of its peaceful life counts for nothing."""
    front = [mention for mention in found if mention.context is Context.FRONT]
    telling = front or found
    return NamedPlace(
        place=place,
        score=max(mention.score for mention in telling),
        salience=most_prominent(mention.zone.salience for mention in telling),
        context=Context.FRONT if front else Context.PLACE,
        is_new=is_new,
        kind=telling[0].kind,
    )
