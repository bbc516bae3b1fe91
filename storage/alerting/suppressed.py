"""Which suppressions are meant, and how many there are of each code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true

from storage.alerting.delivery_filter import subscriptions_named
from storage.tables import articles, suppressions
from storage.unit_of_work import Work


@dataclass(frozen=True, kw_only=True)
class SuppressionFilter:
    """Everything that is stated has to be true; None means "any"."""

    subscription: str | None = None  # "name" or "subscriber/name"
    sector: str | None = None
    code: str | None = None
    since: datetime | None = None
    story: int | None = None

    def clause(self) -> ColumnElement[bool]:
        """The condition on `suppressions`."""
        wanted: ColumnElement[bool] = true()
        if self.subscription is not None:
            wanted &= suppressions.c.subscription_id.in_(subscriptions_named(self.subscription))
        if self.sector is not None:
            wanted &= suppressions.c.sector == self.sector
        if self.code is not None:
            wanted &= suppressions.c.code == self.code
        if self.since is not None:
            wanted &= suppressions.c.at >= self.since
        if self.story is not None:
            wanted &= suppressions.c.article_id.in_(select(articles.c.id).where(articles.c.story_id == self.story))
        return wanted


def suppression_counts(work: Work, *, chosen: SuppressionFilter) -> dict[str, int]:
    """How many there are of each code, most first."""
    count = func.count()
    of_each = select(suppressions.c.code, count).where(chosen.clause()).group_by(suppressions.c.code)
    rows = of_each.order_by(count.desc(), suppressions.c.code)
    return dict(work.connection.execute(rows).tuples().all())
