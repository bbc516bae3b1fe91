"""Runs the present gazetteer over the stored articles: a new sector, or a better rule, for what has been read before.

A page that was only skimmed is looked through again, and read in full where it may name what is watched now.

Without applying nothing is written. Detection runs in the sandbox, outside any transaction; each batch is then written
in one, with the watermark of the job. Stories stay as they are, and nobody is told unless that was asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from extractors.prefilter import SKIMMED
from extractors.reading import PageToRead, StoredText, detect_again, read_page, watched
from flows.steps.apart import apart
from flows.steps.archive import job as archive_job
from flows.steps.archive.decide_again import decide_again
from flows.steps.archive.redetected import Redetection
from flows.steps.reading.feed_text import stored_words
from flows.steps.reading.story_of import join_story, story_locks
from flows.steps.tools import Tools
from sectorwatch.domain import Detection, ReadArticle
from sectorwatch.errors import ConfigurationError, InputError, SandboxError
from sectorwatch.nearest import meant
from sectorwatch.sandbox import Sandbox
from storage import sectors as sector_store
from storage.alerting import storms
from storage.reading import articles as article_store
from storage.reading import detected
from storage.reading.detected import DetectedArticle, Range, RawPage, StoredMention
from storage.subscribers import subscriptions as subscription_store
from storage.unit_of_work import Work

KIND = "redetect"
BATCH = 100  # articles a transaction: on SQLite nobody else writes meanwhile, about 0.2 s
CALL = 10  # articles a call into the sandbox
CALL_S = 30.0  # seconds that such a call may take
ARTICLE_S = 10.0  # and one article alone, where its call failed


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to do again, and how."""

    since: datetime | None = None  # only articles first seen from then on
    since_as_given: str = ""  # "24h" means the same job an hour later
    sector: str | None = None  # only this sector's mentions; the others stay, and the article's version with them
    language: str | None = None
    every: bool = False  # also articles that the present gazetteer has read already
    alert: bool = False  # decide on the sectors that an article newly has

    def as_options(self, version: str) -> dict[str, Any]:
        """What makes two jobs the same."""
        since = self.since_as_given or (self.since.isoformat() if self.since else None)
        return {
            "gazetteer_version": version,
            "since": since,
            "sector": self.sector,
            "language": self.language,
            "every": self.every,
            "alert": self.alert,
        }


@dataclass(frozen=True, kw_only=True)
class _Run:
    """What every batch of a run needs."""

    tools: Tools
    sandbox: Sandbox
    wanted: Wanted
    version: str
    own: tuple[tuple[str, str], ...]  # the operator's sectors that this gazetteer was compiled with
    result: Redetection
    read_in_full: dict[int, ReadArticle] = field(default_factory=dict)  # skimmed articles of the batch, by number

    @property
    def range(self) -> Range:
        version = None if self.wanted.every else self.version
        return Range(since=self.wanted.since, language=self.wanted.language, not_version=version)

    def only_wanted(self, found: Detection) -> Detection:
        """Without the sectors that were not asked for."""
        sector = self.wanted.sector
        if sector is None:
            return found
        return replace(
            found,
            sectors=tuple(one for one in found.sectors if one.sector == sector),
            mentions=tuple(one for one in found.mentions if one.sector == sector),
        )

    def before(self, work: Work, articles: Sequence[DetectedArticle]) -> Mapping[int, list[StoredMention]]:
        """What is stored of them, of the sector that was asked for or of all."""
        found = detected.mentions_of(work, [article.id for article in articles])
        sector = self.wanted.sector
        if sector is not None:
            found = {number: [one for one in of_one if one.sector == sector] for number, of_one in found.items()}
        return found


async def redetect(tools: Tools, sandbox: Sandbox, wanted: Wanted, *, apply: bool = False, by: str = "") -> Redetection:
    """Detects in the stored articles anew and says what that changes; with `apply` it is written.

    An unfinished job with the same options and gazetteer is gone on with after its watermark; any other is closed.
    `by` tells others who is at work. Raises ConfigurationError for an unknown sector or alerts without `apply`,
    SectorwatchError where another process is at it, or where `apply` changes the sectors meanwhile.
    """
    archive_job.check_asked(alert=wanted.alert, apply=apply)
    with tools.store.read() as work:
        own = sector_store.own_definitions(work)
    version, sectors = await sandbox.run(watched, timeout=CALL_S)
    if wanted.sector is not None and wanted.sector not in sectors:
        raise ConfigurationError(
            f"there is no sector {wanted.sector!r}; {meant(wanted.sector, sectors)}"
            " (a new one is put in force by 'sectorwatch apply')"
        )
    result = Redetection(gazetteer_version=version, applied=apply)
    run = _Run(tools=tools, sandbox=sandbox, wanted=wanted, version=version, own=own, result=result)
    if not apply:
        _count_stored(run)
        await _look(run)
        return result
    job = archive_job.claim(tools, KIND, wanted.as_options(version), since=wanted.since, by=by)
    result.job = job.id
    if job.watermark:
        result.go_on(job)
    run = replace(run, wanted=replace(wanted, since=archive_job.counts_from(job)))
    async with archive_job.held(tools, job):
        _count_stored(run)
        await archive_job.write(tools, job, _batches(run, after=job.watermark), partial(_write_batch, run))
    if wanted.alert:
        with tools.store.read() as work:
            result.storm = storms.current(work)
    return result


def _count_stored(run: _Run) -> None:
    meant = run.range
    with run.tools.store.read() as work:
        run.result.stored = detected.count(work, replace(meant, not_version=None))
        run.result.outdated = detected.count(work, replace(meant, not_version=run.version))


# -------------------------------------------------------------------------------------------------------- the batches


async def _look(run: _Run) -> None:
    """Compares what would be found with what is stored."""
    async with aclosing(_batches(run, after=0)) as batches:
        async for articles, found in batches:
            with run.tools.store.read() as work:
                before = run.before(work, articles)
            for article in articles:
                if article.id in found:
                    run.result.compare(article, before.get(article.id, ()), found[article.id])


def _write_batch(
    run: _Run, work: Work, articles: Sequence[DetectedArticle], found: Mapping[int, Detection]
) -> Mapping[str, Any]:
    """Writes one batch; the counts of the job so far."""
    now, result, wanted = run.tools.clock(), run.result, run.wanted
    archive_job.check_sectors(work, run.own)
    same = detected.unchanged(work, articles)
    before = run.before(work, articles)
    subscriptions = subscription_store.every(work, run.tools.vault) if wanted.alert else ()
    for article in articles:
        if article.id not in found:
            continue
        if article.id not in same:
            result.edited += 1  # it was read anew meanwhile, by the live path
            continue
        detection, old = found[article.id], before.get(article.id, [])
        result.compare(article, old, detection)
        if (read := run.read_in_full.pop(article.id, None)) is not None:
            article = _put_in_full(work, article, read, now)
        else:
            detected.put_mentions(
                work, article.id, old, detection.mentions, version=run.version, sector=wanted.sector, now=now
            )
        if wanted.alert:
            result.decided.update(decide_again(work, run.tools, article, old, detection, subscriptions, now))
    return result.as_counts()


def _put_in_full(work: Work, article: DetectedArticle, read: ReadArticle, now: datetime) -> DetectedArticle:
    """Stores what a skimmed page says in full; it joins the story of its copies, which can be told only now."""
    work.lock(*story_locks(read))
    old = article_store.get(work, article.id)
    if old is None:  # pragma: no cover - it is locked
        return article
    story = join_story(
        work, old, read, at=article.published_at or article.first_seen_at, publisher=article.publisher, now=now
    )
    article_store.read_in_full(work, article.id, read, now=now)
    return replace(article, story_id=story, language=read.detection.language)


def _batches(run: _Run, *, after: int) -> AsyncGenerator[tuple[Sequence[DetectedArticle], dict[int, Detection]], None]:
    """Articles in the order of their numbers, with what is found in each."""
    with run.tools.store.read() as work:
        total = detected.count(work, run.range, after=after)
    progress = run.tools.progress
    return archive_job.batches(lambda last: _batch(run, last), after=after, total=total, progress=progress)


async def _batch(run: _Run, after: int) -> tuple[list[DetectedArticle], dict[int, Detection]]:
    with run.tools.store.read() as work:
        articles = detected.page(work, run.range, after=after, size=BATCH)
        pages = detected.raw_pages_of(work, [one.id for one in articles if one.method == SKIMMED])
    stored = [one for one in articles if one.id not in pages]
    calls = [stored[start : start + CALL] for start in range(0, len(stored), CALL)]
    found: dict[int, Detection] = {}
    skimmed = (_look_through(run, one, pages[one.id]) for one in articles if one.id in pages)
    for answer in await asyncio.gather(*(_call(run, call) for call in calls), *skimmed):
        found.update(answer)
    return articles, found


async def _call(run: _Run, articles: Sequence[DetectedArticle]) -> dict[int, Detection]:
    """What is found in a few articles; where the call fails, each is tried alone, and what fails again is skipped."""
    texts = [_text(article) for article in articles]
    timeout = CALL_S if len(texts) > 1 else ARTICLE_S
    try:
        answer = await apart(run.sandbox, detect_again, texts, timeout=timeout)
    except (SandboxError, InputError) as error:
        if len(articles) == 1:
            run.result.skipped.append((articles[0].id, articles[0].title, str(error)))
            return {}
        found: dict[int, Detection] = {}
        for article in articles:
            found.update(await _call(run, [article]))
        return found
    return {article.id: run.only_wanted(one) for article, one in zip(articles, answer, strict=True)}


async def _look_through(run: _Run, article: DetectedArticle, page: RawPage) -> dict[int, Detection]:
    """What is found in a page that was skimmed: nothing as before, or it is read in full now."""
    told = stored_words(article)
    kept = PageToRead(html=page.body, url=article.url or "", charset=page.charset, feed=told, whole=False)
    try:
        read = await apart(run.sandbox, read_page, kept, timeout=ARTICLE_S)
    except (SandboxError, InputError) as error:
        run.result.skipped.append((article.id, article.title, str(error)))
        return {}
    if read.article.method != SKIMMED:
        run.read_in_full[article.id] = read
    return {article.id: run.only_wanted(read.detection)}


def _text(article: DetectedArticle) -> StoredText:
    date = article.published_at.date() if article.published_at else None
    return StoredText(title=article.title, text=article.text, language=article.language, date=date)
