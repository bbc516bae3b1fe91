"""What matched a subscription and was not told, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from alerts.rules import Code
from sectorwatch.web.ops.listing import Slice
from sectorwatch.web.ops.rooms import ROOT, Asking, Rooms
from sectorwatch.web.public_views import check
from storage import sectors as sector_store
from storage.alerting.suppressed import SuppressionFilter, suppression_counts
from storage.unit_of_work import Work
from storage.views import queries
from storage.views.queries import SuppressionRow

PATH = f"{ROOT}/suppressions"


def register(rooms: Rooms) -> None:
    """Adds the page of this file."""
    rooms.list(PATH, "suppressions", ("-at",), _rows, _beside)


def _chosen(asking: Asking) -> SuppressionFilter:
    query = asking.site.query
    code, days = query.get("code", ""), query.get("days", "7")
    check(query, "code", *Code)
    check(query, "days", "1", "7", "30")
    return SuppressionFilter(
        subscription=query.get("subscription") or None,
        sector=query.get("sector") or None,
        code=code or None,
        since=asking.now - timedelta(days=int(days)) if days else None,
    )


def _rows(work: Work, asking: Asking, wanted: Slice) -> Sequence[SuppressionRow]:
    chosen = _chosen(asking)
    return queries.suppression_rows(
        work, chosen=chosen, limit=wanted.limit, offset=wanted.offset, descending=wanted.descending
    )


def _beside(work: Work, asking: Asking) -> dict[str, Any]:
    return {
        "names": sector_store.names(work, asking.say.language),
        "counts": suppression_counts(work, chosen=_chosen(asking)),
        "days": asking.site.query.get("days", "7"),
    }
