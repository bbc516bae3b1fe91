"""A story as operators see it: the whole text with its mentions, and what was sent to whom, or not, and why."""

from __future__ import annotations

from typing import Any

from sectorwatch.domain import Zone
from sectorwatch.web.ops.rooms import ROOT, Asking, Rooms
from sectorwatch.web.public_views import story as public_story
from storage import queries
from storage.delivery_filter import DeliveryFilter
from storage.suppressed import SuppressionFilter
from storage.unit_of_work import Work

MOST = 100  # messages, and suppressions


def register(rooms: Rooms) -> None:
    """Adds the page of this file."""
    rooms.page(f"{ROOT}/stories/{{id}}", "story", _story)


def _story(work: Work, asking: Asking) -> dict[str, Any]:
    number = asking.number()
    found = public_story(work, asking.site, str(number))
    members = found["story"].members
    rows = queries.article_rows(work, [member.id for member in members])
    return {
        **found,
        "texts": {row.id: row.text for row in rows},
        "matches": {
            member.id: [
                (one.offset, one.offset + one.end - one.start) for one in member.mentions if one.zone != Zone.TITLE
            ]
            for member in members
        },
        "sent": queries.delivery_rows(work, chosen=DeliveryFilter(story=number), limit=MOST),
        "kept": queries.suppression_rows(work, chosen=SuppressionFilter(story=number), limit=MOST),
    }
