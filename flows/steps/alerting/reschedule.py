"""What waits for an old schedule goes out by the new one."""

from __future__ import annotations

from datetime import datetime

from alerts.schedule import place, zone_of
from sectorwatch.domain import Schedule
from storage.alerting import digests
from storage.unit_of_work import Work


def reschedule(work: Work, subscription_id: int, schedule: Schedule, zone: str, *, now: datetime) -> None:
    """Moves what was held for quiet hours, a digest or a cap to where the schedule has it now."""
    placed = place(schedule, zone_of(zone), now=now, flush_at=now, sent_in_hour=0, critical=False)
    digests.reschedule(work, subscription_id, due_at=placed.due_at)
