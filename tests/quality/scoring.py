"""Sector-level figures of detection on labelled texts: what was found, what was missed, what was invented."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractors.detection.mentions import detect
from extractors.gazetteer import Gazetteer
from sectorwatch.domain import Detection


@dataclass
class Tally:
    """Counts over the texts of one language."""

    texts: int = 0
    right: int = 0
    missed: int = 0
    invented: int = 0
    context: int = 0  # of those right: how many are front or place as labelled
    wrong: list[str] = field(default_factory=list)  # a line for each mistake

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.invented) if self.right + self.invented else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    def add(self, text: dict[str, Any], found: Detection) -> None:
        """Counts one labelled text."""
        wanted: dict[str, str] = text["sectors"]
        given = {sector.sector: sector.context.value for sector in found.sectors}
        self.texts += 1
        self.right += len(wanted.keys() & given.keys())
        self.missed += len(wanted.keys() - given.keys())
        self.invented += len(given.keys() - wanted.keys())
        self.context += sum(given.get(sector) == context for sector, context in wanted.items())
        for kind, sectors in (("missed", wanted.keys() - given.keys()), ("invented", given.keys() - wanted.keys())):
            self.wrong += [f"{text['id']}: {kind} {sector}" for sector in sorted(sectors)]
        self.wrong += [
            f"{text['id']}: {sector} is {context}, found as {given[sector]}"
            for sector, context in wanted.items()
            if given.get(sector, context) != context
        ]

    def merge(self, other: Tally) -> None:
        """Adds another tally's counts."""
        for name in ("texts", "right", "missed", "invented", "context"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def line(self, name: str) -> str:
        counts = f"{self.right} right, {self.missed} missed, {self.invented} invented"
        rates = f"precision {self.precision:.3f}  recall {self.recall:.3f}"
        return f"{name:9} {self.texts:5} texts  {rates}  ({counts})  context {self.context}/{self.right}"


def read(file: Path) -> Iterator[dict[str, Any]]:
    """The labelled texts of one file."""
    for line in file.read_text("utf-8").splitlines():
        yield json.loads(line)


def tally(texts: Iterable[dict[str, Any]], gazetteer: Gazetteer) -> Tally:
    """What detection makes of the texts."""
    result = Tally()
    for text in texts:
        result.add(text, detect(text["text"], title=text.get("title", ""), gazetteer=gazetteer))
    return result


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of all."""
    result = Tally()
    for one in tallies:
        result.merge(one)
    return result
