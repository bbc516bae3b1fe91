"""What has happened since a reader last looked, table by table: whoever counts it needs to keep one number a table.

Rows are read by their numbers, and only once nothing with a lower number can still be on its way: a transaction that
began earlier may commit later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, Table, func, select

from storage.tables import (
    alerts,
    articles,
    cycles,
    deliveries,
    delivery_attempts,
    mentions,
    polls,
    suppressions,
    targets,
)
from storage.unit_of_work import Work

Rows = Sequence[Row[Any]]
SETTLED = timedelta(seconds=30)  # what was written longer ago than this is committed, or never will be
GIVEN_UP = timedelta(minutes=15)  # an attempt without an end: its process was killed
LONGEST_CYCLE = timedelta(days=1)
ROWS = 20_000  # read in one go; the rest with the next look


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A table whose new rows are counted: each row has `id`, `began`, `ended`, and what it is counted by."""

    table: Table
    rows: Select[Any]


POLLS = Subject(
    table=polls,
    rows=select(
        polls.c.id,
        polls.c.at.label("began"),
        polls.c.at.label("ended"),
        polls.c.status,
        polls.c.ms,
        polls.c.bytes,
        polls.c.new_entries,
        polls.c.overlap_lost,
    ),
)
ARTICLES = Subject(
    table=articles,
    rows=select(
        articles.c.id,
        articles.c.read_at.label("began"),
        articles.c.read_at.label("ended"),
        articles.c.method,
        articles.c.published_at,
        articles.c.first_seen_at,
        articles.c.baseline,
    ),
)
MENTIONS = Subject(
    table=mentions,
    rows=select(
        mentions.c.id,
        mentions.c.found_at.label("began"),
        mentions.c.found_at.label("ended"),
        mentions.c.sector,
        mentions.c.context,
    ),
)
ALERTS = Subject(
    table=alerts,
    rows=select(alerts.c.id, alerts.c.opened_at.label("began"), alerts.c.opened_at.label("ended"), alerts.c.sector),
)
SUPPRESSIONS = Subject(
    table=suppressions,
    rows=select(
        suppressions.c.id, suppressions.c.at.label("began"), suppressions.c.at.label("ended"), suppressions.c.code
    ),
)
ATTEMPTS = Subject(
    table=delivery_attempts,
    rows=select(
        delivery_attempts.c.id,
        delivery_attempts.c.started_at.label("began"),
        delivery_attempts.c.ended_at.label("ended"),
        delivery_attempts.c.outcome,
        deliveries.c.first_due_at,
        targets.c.kind,
    )
    .join_from(delivery_attempts, deliveries)
    .join(targets, targets.c.id == deliveries.c.target_id),
)


def newest(work: Work, subject: Subject) -> int:
    """The number of the last row that there is; 0 for none."""
    return int(work.connection.execute(select(func.coalesce(func.max(subject.table.c.id), 0))).scalar_one())


def rows_after(work: Work, subject: Subject, number: int, *, now: datetime) -> Rows:
    """The rows behind that number which nothing can come before any more, in order."""
    wanted = subject.rows.where(subject.table.c.id > number).order_by(subject.table.c.id).limit(ROWS)
    found = []
    for row in work.connection.execute(wanted):
        over = row.began <= now - GIVEN_UP if row.ended is None else row.ended <= now - SETTLED
        if not over:
            break
        found.append(row)
    return found


def cycles_after(work: Work, moment: datetime, *, now: datetime) -> Rows:
    """The cycles that ended after that moment, and have settled, by their ends: the first to begin may be the last."""
    wanted = select(cycles.c.finished_at, cycles.c.summary).where(
        cycles.c.started_at > moment - LONGEST_CYCLE,
        cycles.c.finished_at > moment,
        cycles.c.finished_at <= now - SETTLED,
    )
    return work.connection.execute(wanted.order_by(cycles.c.finished_at)).all()
