"""A story as operators see it: its articles, the whole text of one, what was sent to whom, or not, and why."""

from __future__ import annotations

from typing import Any

from sectorwatch.domain import Zone
from sectorwatch.web.ops.rooms import ROOT, Asking, Rooms
from sectorwatch.web.public_views import NoSuchPage
from sectorwatch.web.public_views import story as public_story
from storage.alerting.delivery_filter import DeliveryFilter
from storage.alerting.suppressed import SuppressionFilter
from storage.unit_of_work import Work
from storage.views import queries

MOST = 100  # messages, and suppressions


def register(rooms: Rooms) -> None:
    """Adds the page of this file."""
    rooms.page(f"{ROOT}/stories/{{id}}", "story", _story)


def _story(work: Work, asking: Asking) -> dict[str, Any]:
    number = asking.number()
    found = public_story(work, asking.site, str(number))
    named = asking.site.query.get("article") or str(found["lead"].id)
    whole = next((member for member in found["story"].members if str(member.id) == named), None)
    if whole is None:
        raise NoSuchPage
    return {
        **found,
        "whole": whole,
        "text": "".join(row.text for row in queries.article_rows(work, [whole.id])),
        "matches": [(one.offset, one.offset + one.end - one.start) for one in whole.mentions if one.zone != Zone.TITLE],
        "sent": queries.delivery_rows(work, chosen=DeliveryFilter(story=number), limit=MOST),
        "kept": queries.suppression_rows(work, chosen=SuppressionFilter(story=number), limit=MOST),
    }
