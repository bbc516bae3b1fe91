"""What detecting anew changes: counts of all articles, and a few sentences to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sectorwatch.domain import Detection, Mention
from storage.alerting.storms import Storm
from storage.reading.detected import DetectedArticle, StoredMention
from storage.running.jobs import Job

EXAMPLES = 5  # of each sector, of what it gained and of what it lost
_COUNTS = ("looked_at", "changed", "edited")
_SECTORS, _MENTIONS = "sectors", "mentions"  # what is counted by sector


@dataclass(kw_only=True)
class SectorChange:
    """One sector, in articles or in mentions."""

    before: int = 0
    after: int = 0
    gained: int = 0
    lost: int = 0


@dataclass(frozen=True, kw_only=True)
class Example:
    """An article that a sector gained or lost, with the sentence of its best mention."""

    sector: str
    article_id: int
    title: str
    sentence: str
    score: float


@dataclass(kw_only=True)
class Redetection:
    """What has been seen so far; of a job that was gone on with, all counts, and what this run has to show."""

    gazetteer_version: str
    applied: bool
    job: int | None = None  # its number; None: nothing is written
    resumed_after: int | None = None  # number of the last article that an earlier run of the job did
    stored: int = 0  # articles that the options mean
    outdated: int = 0  # of them, those that another gazetteer has read, when this run began
    looked_at: int = 0
    changed: int = 0  # articles whose mentions differ
    edited: int = 0  # articles that got a new text meanwhile: left to what read it
    sectors: dict[str, SectorChange] = field(default_factory=dict)  # in articles
    mentions: dict[str, SectorChange] = field(default_factory=dict)  # of the same sectors
    gained: list[Example] = field(default_factory=list)
    lost: list[Example] = field(default_factory=list)
    decided: Counter[str] = field(default_factory=Counter)  # alerts, folded, suppressed -> how many
    skipped: list[tuple[int, str, str]] = field(default_factory=list)  # (article, title, why): it could not be read
    storm: Storm | None = None  # what the brake holds at the end, where alerts were asked for
    skipped_before: int = 0  # by earlier runs of the job, which named them
    _shown: Counter[tuple[str, str]] = field(default_factory=Counter)  # (gained or lost, sector) -> examples

    @property
    def skipped_in_all(self) -> int:
        """How many texts could not be read, by earlier runs of the job too."""
        return self.skipped_before + len(self.skipped)

    def compare(self, article: DetectedArticle, before: Sequence[StoredMention], after: Detection) -> None:
        """Counts one article."""
        self.looked_at += 1
        same = len(before) == len(after.mentions) and all(
            old.same_as(new) for old, new in zip(before, after.mentions, strict=True)
        )
        self.changed += not same
        self._count_mentions(before, after.mentions)
        had, has = {one.sector for one in before}, {one.sector for one in after.mentions}
        for sector in had | has:
            change = self.sectors.setdefault(sector, SectorChange())
            change.before += sector in had
            change.after += sector in has
            change.gained += sector not in had
            change.lost += sector not in has
        for sector in sorted(has - had):
            best = max((one for one in after.mentions if one.sector == sector), key=lambda one: one.score)
            self._show("gained", sector, article, best.sentence, best.score)
        for sector in sorted(had - has):
            worst = max((one for one in before if one.sector == sector), key=lambda one: one.score)
            self._show("lost", sector, article, worst.sentence, worst.score)

    def go_on(self, job: Job) -> None:
        """Begins with what an earlier run of the job has counted."""
        self.resumed_after = job.watermark
        self.count_on(job.counts)

    def count_on(self, counts: Mapping[str, Any]) -> None:
        """Begins with what was counted before."""
        for name in _COUNTS:
            setattr(self, name, int(counts.get(name, 0)))
        for part in (_SECTORS, _MENTIONS):
            counted = counts.get(part, {})
            setattr(self, part, {sector: SectorChange(**numbers) for sector, numbers in counted.items()})
        self.decided = Counter(counts.get("decided", {}))
        self.skipped_before = int(counts.get("skipped", 0))

    def as_counts(self) -> dict[str, Any]:
        """The part that is kept with the job."""
        return {
            **{name: getattr(self, name) for name in _COUNTS},
            "skipped": self.skipped_in_all,
            _SECTORS: _numbers(self.sectors),
            _MENTIONS: _numbers(self.mentions),
            "decided": dict(self.decided),
        }

    def as_summary(self) -> dict[str, Any]:
        """The numbers, for the log of a flow."""
        return {
            "gazetteer_version": self.gazetteer_version,
            "applied": self.applied,
            "job": self.job,
            "resumed_after": self.resumed_after,
            "articles": {
                "stored": self.stored,
                "outdated": self.outdated,
                **{name: getattr(self, name) for name in _COUNTS},
                "skipped": self.skipped_in_all,
            },
            _SECTORS: _numbers(self.sectors),
            _MENTIONS: _numbers(self.mentions),
            "alerts": _decided(self.decided) if self.applied else None,
        }

    def as_dict(self) -> dict[str, Any]:
        """Everything, for tools."""
        return {
            **self.as_summary(),
            "gained": [vars(one) for one in self.gained],
            "lost": [vars(one) for one in self.lost],
            "skipped": [{"article_id": number, "title": title, "why": why} for number, title, why in self.skipped],
        }

    def _count_mentions(self, before: Sequence[StoredMention], after: Sequence[Mention]) -> None:
        """A mention is the same one where the same place stands at the same words, whatever its score is now."""
        old = Counter((one.sector, one.place, one.zone, one.start, one.end) for one in before)
        new = Counter((one.sector, one.place, one.zone.value, one.start, one.end) for one in after)
        for counted, name in ((old, "before"), (new, "after"), (new - old, "gained"), (old - new, "lost")):
            for (sector, *_), count in counted.items():
                change = self.mentions.setdefault(sector, SectorChange())
                setattr(change, name, getattr(change, name) + count)

    def _show(self, what: str, sector: str, article: DetectedArticle, sentence: str, score: float) -> None:
        if self._shown[what, sector] >= EXAMPLES:
            return
        self._shown[what, sector] += 1
        shown = self.gained if what == "gained" else self.lost
        shown.append(Example(sector=sector, article_id=article.id, title=article.title, sentence=sentence, score=score))


def _numbers(changes: Mapping[str, SectorChange]) -> dict[str, dict[str, int]]:
    return {sector: vars(changes[sector]).copy() for sector in sorted(changes)}


def _decided(counts: Mapping[str, int]) -> dict[str, int]:
    return {"opened" if name == "alerts" else name: counts.get(name, 0) for name in ("alerts", "folded", "suppressed")}
