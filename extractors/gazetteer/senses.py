"""What a form may stand for, and what every text asks of it: worked out once for a form, however often it occurs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractors.gazetteer.model import WAR, Place, Reading, Sector

_FEW = 5  # places of one name in the country, among which a neighbour is still told
_LONG = 6  # letters of a name that is no word of another language by chance
_BESIDE_A_CUE = ("adjective", "adjective-spelling", "label")


@dataclass(frozen=True, slots=True)
class Membership:
    """One place in one of its sectors."""

    sector: Sector
    place: Place


Places = Mapping[str, Sequence[Membership]]
"""Place id -> the sectors it belongs to, the principal one first."""


@dataclass(frozen=True, slots=True)
class Sense:
    """The readings of one form, sorted by what they are good for."""

    readings: tuple[Reading, ...]
    places: frozenset[str]  # ids of the places among them
    named: frozenset[str]  # sectors that it names beside a cue word
    declined: bool  # an adjective with case endings: its cue word may stand apart
    ordinary_adjective: bool
    nouns: frozenset[str]  # sectors that are named after its places, else the principal sectors of these
    vouches: tuple[tuple[str, str, bool], ...]  # sector, target, whether beyond doubt: what it says of its neighbours
    capital: bool  # only a capital makes it a name: none of its sectors counts wherever it stands
    small: bool  # a bridge: in many languages its common noun comes first, written small (pont Antonivsky)
    unmistakable: bool  # one of them is the only place of its name
    homes: Mapping[str, frozenset[str]]  # place -> the oblasts it lies in
    in_own_and_others: bool  # one of them lies in the sector that is named after it, and in others
    worldly: bool  # in Latin letters, all of them ordinary, and no sector is named after one: found all over the world


def sense_of(form: str, readings: tuple[Reading, ...], places: Places) -> Sense:
    """The sense of a form with these readings."""
    beside_cue = [reading for reading in readings if adjectival(reading)]
    nouns = [reading for reading in readings if reading.target[0] != "@"]
    members = {reading.target: places[reading.target] for reading in nouns}
    return Sense(
        readings=readings,
        places=frozenset(members),
        named=frozenset(reading.target[1:] for reading in beside_cue),
        declined=any(not reading.origin.endswith("label") for reading in beside_cue),
        ordinary_adjective=any(reading.ordinary for reading in beside_cue),
        nouns=_named_sectors(nouns, places),
        vouches=_vouches(readings, places),
        capital=all(places[reading.target][0].sector.context == WAR and not reading.of_people for reading in nouns)
        and all(adjectival(reading) for reading in readings if reading.target[0] == "@")
        and not _bridge(nouns, places),
        small=_bridge(nouns, places),
        unmistakable=any(unmistakable(reading, places) for reading in nouns),
        homes={
            target: frozenset().union(*(member.place.oblasts for member in found)) for target, found in members.items()
        },
        in_own_and_others=any(len({member.place.anchor for member in found}) > 1 for found in members.values()),
        worldly=_latin(form) and _worldly(readings, places),
    )


def _bridge(nouns: Sequence[Reading], places: Places) -> bool:
    return any(places[reading.target][0].place.kind == "bridge" for reading in nouns)


def _latin(form: str) -> bool:
    return all(letter < "\u0250" for letter in form)  # IPA Extensions, the first block after those of Latin letters


def _worldly(readings: Sequence[Reading], places: Places) -> bool:
    """Whether all are places of the war that no sector is named after, and that common words or others are named as."""
    return all(
        reading.ordinary
        and reading.target[0] != "@"
        and all(member.sector.context == WAR and not member.place.anchor for member in places[reading.target])
        for reading in readings
    )


def _named_sectors(nouns: Sequence[Reading], places: Places) -> frozenset[str]:
    members = [member for reading in nouns for member in places[reading.target]]
    anchors = frozenset(member.sector.id for member in members if member.place.anchor)
    alike = frozenset(member.sector.id for member in members if member.place.id.partition("-q")[0] == member.sector.id)
    return anchors or alike or frozenset(places[reading.target][0].sector.id for reading in nouns)


def needs_capital(form: str, sense: Sense) -> bool:
    """Whether the form is turned down wherever it is written small: no word beside it makes it a name, as it would an
    adjective ("на лиманському напрямку"). Those of Hungarian, which end in -i, are never written with a capital.
    """
    return sense.capital and not sense.named and form[0].isalnum() and not form.endswith("i")


def adjectival(reading: Reading) -> bool:
    """Whether the form names its sector only beside a cue word."""
    return reading.target[0] == "@" and reading.origin.endswith(_BESIDE_A_CUE)


def unmistakable(reading: Reading, places: Places) -> bool:
    """Whether the name is long, no common word and, as far as known, the only one of its kind in the country."""
    if reading.ordinary or reading.replaced or reading.target[0] == "@":
        return False
    place = places[reading.target][0].place
    return place.homonyms == 1 and len(place.name) >= _LONG and place.implies and "former" not in reading.origin


def sectors_of(reading: Reading, places: Places) -> tuple[str, ...]:
    """The sectors a reading may stand for, the principal one first."""
    if reading.target[0] == "@":
        return (reading.target[1:],)
    return tuple(member.sector.id for member in places[reading.target])


def _vouches(readings: tuple[Reading, ...], places: Places) -> tuple[tuple[str, str, bool], ...]:
    alone = len({reading.target for reading in readings}) == 1
    entries: dict[str, tuple[str, bool]] = {}
    for reading in readings:
        if adjectival(reading) or (reading.ordinary and reading.origin.endswith("spelling-case")):
            continue
        strong = _speaks(reading, places) and (alone or "former" not in reading.origin)
        for sector in sectors_of(reading, places):
            if sector not in entries or strong:
                entries[sector] = (reading.target, strong)
    return tuple((sector, target, strong) for sector, (target, strong) in entries.items())


def _speaks(reading: Reading, places: Places) -> bool:
    """Whether a name may vouch for its neighbours: no common word, and few of its kind."""
    if reading.ordinary:
        return False
    if reading.target[0] == "@":
        return True
    place = places[reading.target][0].place
    return place.implies and (place.homonyms <= _FEW or place.anchor)
