"""Long work over the archive: one job of a kind at a time, under a lease, gone on with where it stopped.

The watermark moves in the transaction of the articles that it has passed, and only for who still holds the lease.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any
from uuid import uuid4

from sqlalchemy import RowMapping, insert, select, update

from sectorwatch.domain import JobState
from storage.leases import held
from storage.tables import jobs
from storage.unit_of_work import Work


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job that has begun. One that was claimed is ours as long as `token` holds it."""

    id: int
    options: Mapping[str, Any]
    watermark: int  # number of the last article done
    counts: Mapping[str, Any]
    created_at: datetime
    token: str | None
    lease_until: datetime | None


def open_one(work: Work, kind: str) -> Job | None:
    """The job of this kind that has not ended. Until this unit of work ends, nobody else begins one."""
    work.lock(int.from_bytes(blake2b(f"job {kind}".encode(), digest_size=8).digest(), "big", signed=True))
    wanted = select(jobs).where(jobs.c.kind == kind, jobs.c.state == JobState.OPEN.value).order_by(jobs.c.id.desc())
    row = work.connection.execute(wanted.limit(1)).mappings().first()
    return None if row is None else _job(row)


def begin(work: Work, kind: str, options: Mapping[str, Any], *, now: datetime, lease: timedelta) -> Job:
    """A new job from the first article on, in our hands."""
    row = insert(jobs).values(
        kind=kind,
        options=dict(options),
        state=JobState.OPEN.value,
        watermark=0,
        counts=None,
        created_at=now,
        lease_token=str(uuid4()),
        lease_until=now + lease,
    )
    return _job(work.connection.execute(row.returning(*jobs.columns)).mappings().one())


def take_over(work: Work, job: Job, options: Mapping[str, Any], *, now: datetime, lease: timedelta) -> Job:
    """A job that somebody left unfinished, in our hands from here on."""
    values = {"options": dict(options), "lease_token": str(uuid4()), "lease_until": now + lease}
    row = update(jobs).where(jobs.c.id == job.id).values(**values)
    return _job(work.connection.execute(row.returning(*jobs.columns)).mappings().one())


def supersede(work: Work, job: Job, *, now: datetime) -> None:
    """Closes a job that nobody will go on with."""
    _close(work, job, JobState.SUPERSEDED, now)


def advance(work: Work, job: Job, *, watermark: int, counts: Mapping[str, Any]) -> bool:
    """Records how far it has come; False when the lease has passed to somebody else: then nothing may be written."""
    mine = held(jobs, job.id, job.token or "") & (jobs.c.state == JobState.OPEN.value)
    moved = update(jobs).where(mine).values(watermark=watermark, counts=dict(counts))
    return work.connection.execute(moved).rowcount == 1


def finish(work: Work, job: Job, *, now: datetime) -> None:
    """The job came to its end; one that has passed to somebody else is left to them."""
    if work.connection.execute(select(jobs.c.id).where(held(jobs, job.id, job.token or ""))).first() is not None:
        _close(work, job, JobState.DONE, now)


def let_go(work: Work, job: Job) -> None:
    """Gives an unfinished job back, for whoever goes on with it."""
    work.connection.execute(
        update(jobs).where(held(jobs, job.id, job.token or "")).values(lease_token=None, lease_until=None)
    )


def _close(work: Work, job: Job, state: JobState, now: datetime) -> None:
    values = {"state": state.value, "finished_at": now, "lease_token": None, "lease_until": None}
    work.connection.execute(update(jobs).where(jobs.c.id == job.id).values(**values))


def _job(row: RowMapping) -> Job:
    return Job(
        id=row["id"],
        options=row["options"],
        watermark=row["watermark"],
        counts=row["counts"] or {},
        created_at=row["created_at"],
        token=row["lease_token"],
        lease_until=row["lease_until"],
    )
