"""Where English says a village lies: north of Lyman near Drobysheve; Ivanivka (northeast of Oleksandrivka).

So writes the Institute for the Study of War, and who quotes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from extractors.gazetteer import Hit

_BEARING = re.compile(r"\b(?:north|south|east|west)\w*\sof\s$")
_BEARING_REACH = 16  # characters
_NEAR = re.compile(r"\s(?:city\s)?(?:near|towards?)\s")
_ONE_ITEM = re.compile(
    r"(?:(?!\b(?:north|south|east|west)\w*\sof\b)[^;.\n]){0,160}"
)  # of a list, until the next bearing
_IN_BRACKETS = re.compile(r"\s\((?:both\s|just\s|immediately\s|further\s|all\s)?(?:north|south|east|west)\w*\sof\s")


class Found(Protocol):
    """A name at a place of the text."""

    @property
    def hit(self) -> Hit: ...


def bearings(text: str, names: Sequence[Found]) -> Mapping[int, int]:
    """Name -> the one that its place is given by, both as indices, in time proportional to the names."""
    found: dict[int, int] = {}
    for index, name in enumerate(names):
        start, end = name.hit.start, name.hit.end
        if not _BEARING.search(text, max(0, start - _BEARING_REACH), start):
            continue
        if index and _IN_BRACKETS.match(text, names[index - 1].hit.end):
            found[index - 1] = index
        listed = _NEAR.match(text, end)
        for other in range(index + 1, len(names)) if listed else ():
            if not _ONE_ITEM.fullmatch(text, end, names[other].hit.start):
                break
            found.setdefault(other, index)
    return found
