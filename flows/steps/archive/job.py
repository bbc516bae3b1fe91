"""What long work over the archive has in common: one job of a kind at a time, batch by batch, gone on with later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import datetime
from typing import Any, Protocol, TypeVar

from flows.steps.leasing import LEASE, kept
from flows.steps.tools import Progress, Tools
from sectorwatch.errors import ConfigurationError, SectorwatchError
from storage import sectors as sector_store
from storage.running import jobs
from storage.running.jobs import Job
from storage.tables import jobs as jobs_table
from storage.unit_of_work import Work


class Numbered(Protocol):
    """An article of a batch."""

    @property
    def id(self) -> int: ...


A = TypeVar("A", bound=Numbered)
F = TypeVar("F")


def claim(tools: Tools, kind: str, identity: Mapping[str, Any], *, since: datetime | None, by: str) -> Job:
    """The job to work on, in our hands: an unfinished one with the same `identity`, else a new one.

    A new one closes any other, and counts from `since`. Raises SectorwatchError while another process holds one.
    """
    now = tools.clock()
    with tools.store.write() as work:
        old = jobs.open_one(work, kind)
        if old is not None and old.lease_until is not None and old.lease_until > now:
            who = old.options.get("by") or "another process"
            raise SectorwatchError(
                f"{kind} is running already: job {old.id}, {who}, begun {old.created_at:%Y-%m-%d %H:%M} UTC; it holds"
                f" the archive until {old.lease_until:%H:%M:%S} UTC and longer while it lives: wait, or stop it"
            )
        if old is not None and {key: old.options.get(key) for key in identity} == identity:
            job = jobs.take_over(work, old, {**old.options, "by": by}, now=now, lease=LEASE)
        else:
            if old is not None:
                jobs.supersede(work, old, now=now)
            options = {**identity, "from": since.isoformat() if since else None, "by": by}
            job = jobs.begin(work, kind, options, now=now, lease=LEASE)
        work.commit()
    return job


def check_asked(*, alert: bool, apply: bool) -> None:
    """Raises ConfigurationError for alerts where nothing is written."""
    if alert and not apply:
        raise ConfigurationError("alerts are decided only where something is written: give --apply with --alert")


def check_sectors(work: Work, own: tuple[tuple[str, str], ...]) -> None:
    """Raises SectorwatchError where the operator's sectors are no longer those that the job reads with."""
    if sector_store.own_definitions(work) != own:  # the live path reads with the new ones: not written over
        raise SectorwatchError(
            "the sectors in force were changed by 'sectorwatch apply' meanwhile: run the same command again, it begins"
            " anew with the new ones; what was written so far stays until then"
        )


def counts_from(job: Job) -> datetime | None:
    """The moment that a job counts from: "24h" counts from when it began, also for who goes on with it."""
    since = job.options["from"]
    return None if since is None else datetime.fromisoformat(since)


@asynccontextmanager
async def held(tools: Tools, job: Job) -> AsyncIterator[None]:
    """Keeps the job ours; one that is left unfinished is given back at once."""
    async with kept(tools, jobs_table, job.token or ""):
        try:
            yield
        finally:
            with tools.store.write() as work:
                jobs.let_go(work, job)
                work.commit()


async def batches(
    batch: Callable[[int], Awaitable[tuple[Sequence[A], F]]], *, after: int, total: int, progress: Progress
) -> AsyncGenerator[tuple[Sequence[A], F], None]:
    """Batches in the order of their numbers, as `batch` makes them of what comes after one; the next is made meanwhile.

    `total` is how many articles there are, for the progress alone.
    """
    done = 0
    upcoming = asyncio.ensure_future(batch(after))
    try:
        while True:
            articles, found = await upcoming
            if not articles:
                return
            upcoming = asyncio.ensure_future(batch(articles[-1].id))
            await asyncio.sleep(0)  # so that it begins before this one is written
            yield articles, found
            done += len(articles)
            progress("articles", done, max(total, done))
    finally:
        upcoming.cancel()
        await asyncio.gather(upcoming, return_exceptions=True)


async def write(
    tools: Tools,
    job: Job,
    made: AsyncGenerator[tuple[Sequence[A], F], None],
    put: Callable[[Work, Sequence[A], F], Mapping[str, Any]],
) -> None:
    """Writes batch by batch with `put`, each with the job's watermark and the counts that it returns; then it is done.

    Raises SectorwatchError when the job was taken over: nothing of the batch is written then.
    """
    async with aclosing(made):
        async for articles, found in made:
            with tools.store.write() as work:
                counts = put(work, articles, found)
                if not jobs.advance(work, job, watermark=articles[-1].id, counts=counts):
                    raise SectorwatchError(
                        f"job {job.id} is no longer ours: there was no sign of life from this process for"
                        f" {LEASE.seconds} s, and another one has taken it over"
                    )
                work.commit()
    with tools.store.write() as work:
        jobs.finish(work, job, now=tools.clock())
        work.commit()
