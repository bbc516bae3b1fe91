"""What extracting anew changes: counts of all pages, and a few texts to look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from flows.steps.archive.redetected import Redetection
from sectorwatch.domain import ArticleText
from storage.reading.detected import DetectedArticle
from storage.running.jobs import Job

EXAMPLES = 10  # of the texts that change most
_COUNTS = ("looked_at", "changed", "details", "edited", "characters_before", "characters_after")
_LINE = 160  # characters of a line that is shown


@dataclass(frozen=True, kw_only=True)
class TextChange:
    """An article whose title or text changes."""

    article_id: int
    title: str
    method_before: str
    method_after: str
    characters_before: int
    characters_after: int
    gone: str  # the first line that is no longer there, ""
    came: str  # the first line that was not there, ""

    @property
    def size(self) -> float:
        """By how much the longer of the two texts is longer: 0 to 1."""
        longer = max(self.characters_before, self.characters_after, 1)
        return abs(self.characters_after - self.characters_before) / longer


@dataclass(kw_only=True)
class Reextraction:
    """What has been seen so far; of a job that was gone on with, all counts, and what this run has to show."""

    extraction: str  # the present version
    applied: bool
    found: Redetection  # of the texts that change: what is found in them
    job: int | None = None  # its number; None: nothing is written
    resumed_after: int | None = None  # number of the last article that an earlier run of the job did
    stored: int = 0  # articles that the options mean, whose page is kept
    outdated: int = 0  # of them, those that another version has read, when this run began
    looked_at: int = 0
    changed: int = 0  # with another title or text
    details: int = 0  # where only other things change: author, dates, language, picture, or what they say of the text
    edited: int = 0  # that got a new text meanwhile: left to what read it
    characters_before: int = 0  # of the texts that change
    characters_after: int = 0
    methods: Counter[str] = field(default_factory=Counter)  # "fast -> full" -> articles
    examples: list[TextChange] = field(default_factory=list)
    skipped: list[tuple[int, str, str]] = field(default_factory=list)  # (article, title, why): no article came of it
    skipped_before: int = 0  # by earlier runs of the job, which named them

    @property
    def skipped_in_all(self) -> int:
        """Of how many pages no article came, by earlier runs of the job too."""
        return self.skipped_before + len(self.skipped)

    def count_text(self, old: DetectedArticle, new: ArticleText) -> None:
        """Counts one article whose title or text changes."""
        self.changed += 1
        self.characters_before += len(old.text)
        self.characters_after += len(new.text)
        if old.method != new.method:
            self.methods[f"{old.method} -> {new.method}"] += 1
        before, after = old.text.split("\n"), new.text.split("\n")
        change = TextChange(
            article_id=old.id,
            title=new.title,
            method_before=old.method,
            method_after=new.method,
            characters_before=len(old.text),
            characters_after=len(new.text),
            gone=_first_not_in(before, after),
            came=_first_not_in(after, before),
        )
        self.examples = sorted((*self.examples, change), key=lambda one: -one.size)[:EXAMPLES]

    def go_on(self, job: Job) -> None:
        """Begins with what an earlier run of the job has counted."""
        self.resumed_after = job.watermark
        for name in _COUNTS:
            setattr(self, name, int(job.counts.get(name, 0)))
        self.methods = Counter(job.counts.get("methods", {}))
        self.skipped_before = int(job.counts.get("skipped", 0))
        self.found.count_on(job.counts.get("found", {}))

    def as_counts(self) -> dict[str, Any]:
        """The part that is kept with the job."""
        return {
            **{name: getattr(self, name) for name in _COUNTS},
            "methods": dict(self.methods),
            "skipped": self.skipped_in_all,
            "found": self.found.as_counts(),
        }

    def as_summary(self) -> dict[str, Any]:
        """The numbers, for the log of a flow."""
        found = self.found.as_summary()
        return {
            "extraction": self.extraction,
            "gazetteer_version": self.found.gazetteer_version,
            "applied": self.applied,
            "job": self.job,
            "resumed_after": self.resumed_after,
            "articles": {
                "stored": self.stored,
                "outdated": self.outdated,
                **{name: getattr(self, name) for name in _COUNTS},
                "skipped": self.skipped_in_all,
            },
            "methods": dict(self.methods),
            **{name: found[name] for name in ("sectors", "mentions", "alerts")},
        }

    def as_dict(self) -> dict[str, Any]:
        """Everything, for tools."""
        return {
            **self.as_summary(),
            "examples": [vars(one) for one in self.examples],
            "gained": [vars(one) for one in self.found.gained],
            "lost": [vars(one) for one in self.found.lost],
            "skipped": [{"article_id": number, "title": title, "why": why} for number, title, why in self.skipped],
        }


def _first_not_in(lines: list[str], others: list[str]) -> str:
    known = set(others)
    return next((line[:_LINE] for line in lines if line not in known), "")
