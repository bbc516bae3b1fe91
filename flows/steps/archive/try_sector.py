"""What a new sector would have found in the stored articles: nothing is stored, nobody is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from extractors.detection.mentions import detect
from extractors.gazetteer import Gazetteer, Matcher
from extractors.text import normalise, plain
from flows.steps.tools import Progress, silent
from sectorwatch.domain import Detection, Mention, Reason
from storage.reading import archive
from storage.reading.archive import ArchivedArticle
from storage.unit_of_work import Store

LIMIT = 20  # articles that are shown; all are counted
_EVERY = 50  # articles between two reports of progress


@dataclass(frozen=True, kw_only=True)
class Found:
    """An article that the sector would have found, with its best mention."""

    article_id: int
    title: str
    url: str | None
    language: str
    at: datetime  # published; first seen, where that is not known
    score: float
    mentions: int
    best: Mention


@dataclass(kw_only=True)
class Trial:
    """What has been seen so far: counts of all, and the latest articles that were found."""

    stored: int  # articles there are to read
    read: int = 0
    with_forms: int = 0  # articles that hold one of the sector's forms
    found: int = 0  # articles with a mention
    mentions: int = 0
    rejected: int = 0  # candidates that were turned down
    reasons: Counter[str] = field(default_factory=Counter)  # what spoke most against them -> how often
    examples: dict[str, tuple[str, str]] = field(default_factory=dict)  # reason -> the first candidate, in what words
    elsewhere: Counter[str] = field(default_factory=Counter)  # other sector -> names with our form that it took
    written: dict[str, tuple[int, int]] = field(default_factory=dict)  # form -> (occurrences, of them in small letters)
    latest: list[Found] = field(default_factory=list)
    stopped: bool = False  # interrupted: the counts hold for what was read


def try_sector(
    store: Store,
    gazetteer: Gazetteer,
    sector: str,
    *,
    since: datetime | None = None,
    limit: int = LIMIT,
    progress: Progress = silent,
) -> Trial:
    """Runs detection over the archive, newest first, with a gazetteer that holds the sector beside all others.

    Only articles that hold a form of the sector are read whole, and one page is in memory at a time. A keyboard
    interrupt ends the trial early and is told in it.
    """
    with store.read() as work:
        trial = Trial(stored=archive.count(work, since=since))
    forms = _Forms(gazetteer, sector)
    with _interruptible(trial):
        for article in archive.newest_first(store, since=since):
            trial.read += 1
            if trial.read % _EVERY == 0:
                progress("articles", trial.read, max(trial.stored, trial.read))
            if forms.count(article, trial.written):
                trial.with_forms += 1
                _add(trial, article, _detect(article, gazetteer), sector, forms, limit)
    return trial


@contextmanager
def _interruptible(trial: Trial) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        trial.stopped = True


class _Forms:
    """The forms of one sector alone: a quick look whether an article is worth reading."""

    def __init__(self, gazetteer: Gazetteer, sector: str) -> None:
        targets = {f"@{sector}", *(place.id for place in gazetteer.sectors[sector].places)}
        self._known = {
            form for form, readings in gazetteer.forms.items() if any(reading.target in targets for reading in readings)
        }
        self._matcher = Matcher(self._known)

    def __contains__(self, surface: str) -> bool:
        return plain(surface) in self._known

    def count(self, article: ArchivedArticle, written: dict[str, tuple[int, int]]) -> int:
        """How many forms stand in the article; adds to `written` how each is written."""
        found = 0
        for text in (article.title, article.text):
            norm = normalise(text)
            for hit in self._matcher.find(norm.text):
                all_, small = written.get(hit.form, (0, 0))
                written[hit.form] = all_ + 1, small + text[norm.origin(hit.start)].islower()
                found += 1
        return found


def _detect(article: ArchivedArticle, gazetteer: Gazetteer) -> Detection:
    date = article.published_at.date() if article.published_at else None
    return detect(article.text, title=article.title, gazetteer=gazetteer, language=article.language, date=date)


def _add(trial: Trial, article: ArchivedArticle, seen: Detection, sector: str, forms: _Forms, limit: int) -> None:
    mine = [mention for mention in seen.mentions if mention.sector == sector]
    trial.elsewhere.update(
        mention.sector for mention in seen.mentions if mention.sector != sector and mention.surface in forms
    )
    for candidate in seen.rejected:
        if sector in candidate.sectors:
            trial.rejected += 1
            against = _worst(candidate.reasons)
            trial.reasons[against.code] += 1
            trial.examples.setdefault(against.code, (candidate.surface, against.detail))
    if mine:
        trial.found += 1
        trial.mentions += len(mine)
        if len(trial.latest) < limit:
            best = max(mine, key=lambda mention: mention.score)
            trial.latest.append(
                Found(
                    article_id=article.id,
                    title=article.title,
                    url=article.url,
                    language=article.language,
                    at=article.published_at or article.first_seen_at,
                    score=best.score,
                    mentions=len(mine),
                    best=best,
                )
            )


def _worst(reasons: Iterable[Reason]) -> Reason:
    """What spoke most against a candidate; "too_little" where nothing did, and what spoke for it was not enough."""
    worst = min(reasons, key=lambda reason: reason.weight)
    if worst.weight < 0:
        return worst
    return Reason(code="too_little", weight=0.0, detail="nothing speaks against it, and too little for it")
