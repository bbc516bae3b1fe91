"""Runs the present extraction over the pages that are kept: a better rule, for what has been read before.

Pages that were only skimmed are left to `redetect`. Without applying nothing is written. A text that changes becomes a
revision, and what is found in the new one takes the place of what was found. Stories stay as they are, and nobody is
told unless that was asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from extractors.pages.extraction_version import extraction_version
from extractors.reading import PageToRead, read_page, watched
from flows.steps.apart import apart
from flows.steps.archive import job as archive_job
from flows.steps.archive.decide_again import decide_again
from flows.steps.archive.redetected import Redetection
from flows.steps.archive.reextracted import Reextraction
from flows.steps.reading.feed_text import feed_text, stored_words
from flows.steps.tools import Tools
from sectorwatch.domain import DateQuality, Entry, ReadArticle
from sectorwatch.errors import InputError, PageRefused, SandboxError
from sectorwatch.sandbox import Sandbox
from storage import sectors as sector_store
from storage.alerting import storms
from storage.intake import entries as entry_store
from storage.reading import articles as article_store
from storage.reading import detected, extracted
from storage.reading.articles import FoundAt
from storage.reading.detected import DetectedArticle, Range, RawPage, StoredMention
from storage.reading.extracted import Details
from storage.subscribers import subscriptions as subscription_store
from storage.unit_of_work import Work

KIND = "re-extract"
BATCH = 25  # pages a transaction, unpacked in memory together: 2 MB each at most
PAGE_S = 10.0  # limit of one page in the sandbox, as in a cycle
START_S = 30.0  # that a sandbox may take to begin


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to extract again, and how."""

    since: datetime | None = None  # only articles first seen from then on
    since_as_given: str = ""  # "24h" means the same job an hour later
    language: str | None = None
    every: bool = False  # also pages that the present version has read already
    alert: bool = False  # decide on the sectors that an article newly has

    def as_options(self, extraction: str, gazetteer: str) -> dict[str, Any]:
        """What makes two jobs the same."""
        since = self.since_as_given or (self.since.isoformat() if self.since else None)
        return {
            "extraction": extraction,
            "gazetteer_version": gazetteer,
            "since": since,
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
    extraction: str
    own: tuple[tuple[str, str], ...]  # the operator's sectors that the gazetteer was compiled with
    result: Reextraction

    @property
    def range(self) -> Range:
        version = None if self.wanted.every else self.extraction
        return Range(since=self.wanted.since, language=self.wanted.language, kept=True, not_extraction=version)


@dataclass(frozen=True, kw_only=True)
class _Again:
    """What came of one page."""

    read: ReadArticle | None  # None: the page is refused
    entry: Entry | None  # that led to it, as far as it is kept


async def re_extract(
    tools: Tools, sandbox: Sandbox, wanted: Wanted, *, apply: bool = False, by: str = ""
) -> Reextraction:
    """Extracts the kept pages anew and says what that changes; with `apply` it is written.

    An unfinished job with the same options and versions is gone on with after its watermark; any other is closed.
    `by` tells others who is at work. Raises ConfigurationError for alerts without `apply`, SectorwatchError where
    another process is at it, or where the sectors are changed meanwhile.
    """
    archive_job.check_asked(alert=wanted.alert, apply=apply)
    with tools.store.read() as work:
        own = sector_store.own_definitions(work)
    gazetteer, _ = await sandbox.run(watched, timeout=START_S)
    extraction = extraction_version()
    found = Redetection(gazetteer_version=gazetteer, applied=apply)
    result = Reextraction(extraction=extraction, applied=apply, found=found)
    run = _Run(tools=tools, sandbox=sandbox, wanted=wanted, extraction=extraction, own=own, result=result)
    if not apply:
        _count_stored(run)
        await _look(run)
        return result
    identity = wanted.as_options(extraction, gazetteer)
    job = archive_job.claim(tools, KIND, identity, since=wanted.since, by=by)
    result.job = job.id
    if job.watermark:
        result.go_on(job)
    run = replace(run, wanted=replace(wanted, since=archive_job.counts_from(job)))
    async with archive_job.held(tools, job):
        _count_stored(run)
        await archive_job.write(tools, job, _batches(run, after=job.watermark), partial(_write_batch, run))
    if wanted.alert:
        with tools.store.read() as work:
            found.storm = storms.current(work)
    return result


def _count_stored(run: _Run) -> None:
    with run.tools.store.read() as work:
        run.result.stored = detected.count(work, replace(run.range, not_extraction=None))
        run.result.outdated = detected.count(work, replace(run.range, not_extraction=run.extraction))


# -------------------------------------------------------------------------------------------------------- the batches


async def _look(run: _Run) -> None:
    """Compares what would be extracted with what is stored."""
    async with aclosing(_batches(run, after=0)) as batches:
        async for articles, again in batches:
            with run.tools.store.read() as work:
                _compare(work, run, articles, again)


def _write_batch(
    run: _Run, work: Work, articles: Sequence[DetectedArticle], again: Mapping[int, _Again]
) -> Mapping[str, Any]:
    """Writes one batch; the counts of the job so far."""
    archive_job.check_sectors(work, run.own)
    same = detected.unchanged(work, articles)
    run.result.edited += sum(one.id in again and one.id not in same for one in articles)
    _compare(work, run, [one for one in articles if one.id in same], again, write=True)
    return run.result.as_counts()


def _compare(
    work: Work, run: _Run, articles: Sequence[DetectedArticle], again: Mapping[int, _Again], *, write: bool = False
) -> None:
    """Counts what changes; with `write` it is stored as well."""
    ids = [one.id for one in articles if one.id in again]
    before, stored = detected.mentions_of(work, ids), extracted.details_of(work, ids)
    now, result, alert = run.tools.clock(), run.result, run.wanted.alert
    subscriptions = subscription_store.every(work, run.tools.vault) if write and alert else ()
    for article in articles:
        if article.id not in again:
            continue
        read, entry = again[article.id].read, again[article.id].entry
        if read is None:
            if write:
                extracted.put_details(work, article.id, None, extraction=run.extraction)
            continue
        result.looked_at += 1
        details, text = _details(read, entry, stored[article.id]), read.article
        changed = (article.title, article.text) != (text.title, text.text)
        if changed:
            result.count_text(article, text)
            result.found.compare(article, before.get(article.id, ()), read.detection)
        elif details != stored[article.id]:
            result.details += 1
        if write and changed:
            found_at = _found_before(before.get(article.id, ()))
            article_store.put_again(work, article.id, read, now=now, found_at=found_at)
        if write:
            extracted.put_details(work, article.id, details, extraction=run.extraction)
        if write and changed and alert:
            decided = decide_again(
                work, run.tools, article, before.get(article.id, ()), read.detection, subscriptions, now
            )
            result.found.decided.update(decided)


def _found_before(mentions: Sequence[StoredMention]) -> FoundAt:
    """When each sector was first found in the article: another extraction makes none of them new."""
    first: dict[str, datetime] = {}
    for one in mentions:
        first[one.sector] = min(one.found_at, first.get(one.sector, one.found_at))
    return lambda mention: first.get(mention.sector)


def _details(read: ReadArticle, entry: Entry | None, stored: Details) -> Details:
    """What is to be stored beside the text; the date as in a cycle, the feed's before the page's."""
    article = read.article
    published, quality = stored.published_at, stored.date_quality
    if entry is not None:
        published, quality = entry.published_at, entry.date_quality
    if published is None and article.published_at is not None:
        published, quality = article.published_at, DateQuality.STATED
    return Details(
        language=read.detection.language[:8],
        author=article.author or stored.author,
        published_at=published,
        date_quality=quality,
        modified_at=article.modified_at,
        image_url=article.image_url,
        method=article.method,
        refusal=article.refusal or "",
    )


# ---------------------------------------------------------------------------------------------------------- the pages


def _batches(run: _Run, *, after: int) -> AsyncGenerator[tuple[Sequence[DetectedArticle], dict[int, _Again]], None]:
    """Articles in the order of their numbers, with what comes of the page of each."""
    with run.tools.store.read() as work:
        total = detected.count(work, run.range, after=after)
    progress = run.tools.progress
    return archive_job.batches(lambda last: _batch(run, last), after=after, total=total, progress=progress)


async def _batch(run: _Run, after: int) -> tuple[list[DetectedArticle], dict[int, _Again]]:
    with run.tools.store.read() as work:
        articles = detected.page(work, run.range, after=after, size=BATCH)
        ids = [one.id for one in articles]
        pages, entries = detected.raw_pages_of(work, ids), entry_store.of_articles(work, ids)
    reading = (_read(run, one, pages[one.id], entries.get(one.id)) for one in articles if one.id in pages)
    return articles, {number: again for number, again in await asyncio.gather(*reading) if again is not None}


async def _read(run: _Run, article: DetectedArticle, page: RawPage, entry: Entry | None) -> tuple[int, _Again | None]:
    """What comes of one page; None where its process was stopped: that one is tried again by the next job."""
    told = stored_words(article) if entry is None else feed_text(entry)
    kept = PageToRead(html=page.body, url=article.url or "", charset=page.charset, feed=told)
    try:
        return article.id, _Again(read=await apart(run.sandbox, read_page, kept, timeout=PAGE_S), entry=entry)
    except (SandboxError, InputError) as error:
        run.result.skipped.append((article.id, article.title, str(error)))
        return article.id, _Again(read=None, entry=entry) if isinstance(error, PageRefused) else None
