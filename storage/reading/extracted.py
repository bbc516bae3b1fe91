"""What extraction anew puts in place of what an earlier one made of a stored article's page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from sectorwatch.domain import DateQuality
from storage.tables import articles
from storage.unit_of_work import Work


@dataclass(frozen=True, kw_only=True)
class Details:
    """What is stored of an article beside its title and text."""

    language: str
    author: str
    published_at: datetime | None
    date_quality: DateQuality
    modified_at: datetime | None
    image_url: str
    method: str
    refusal: str


def details_of(work: Work, ids: Collection[int]) -> dict[int, Details]:
    """The details of these articles."""
    columns = [articles.c[name] for name in Details.__dataclass_fields__]
    rows = work.connection.execute(select(articles.c.id, *columns).where(articles.c.id.in_(ids))).mappings()
    return {
        row["id"]: Details(
            **{name: row[name] for name in Details.__dataclass_fields__ if name != "date_quality"},
            date_quality=DateQuality(row["date_quality"]),
        )
        for row in rows
    }


def put_details(work: Work, article_id: int, details: Details | None, *, extraction: str) -> None:
    """Stores what is said of an article, and which version has read its page; None: as it was."""
    values: dict[str, Any] = {"extraction": extraction}
    if details is not None:
        values |= {name: getattr(details, name) for name in Details.__dataclass_fields__}
        values["date_quality"] = details.date_quality.value
    work.connection.execute(update(articles).where(articles.c.id == article_id).values(**values))
