"""Sends again what was given up on, spread over time so that a replay of thousands is no storm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from sectorwatch.domain import DeliveryKind, DeliveryState
from storage.alerting import still_wanted
from storage.alerting.delivery_filter import DeliveryFilter
from storage.alerting.still_wanted import joined, why_not
from storage.tables import deliveries, targets
from storage.unit_of_work import Work

_ENDED = {
    DeliveryState.SENT: "sent already",
    DeliveryState.SUPPRESSED: "suppressed: it must not be sent",
    DeliveryState.LEASED: "being sent now",
}
_ALERTING = (DeliveryKind.ALERT.value, DeliveryKind.DIGEST.value)


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What a replay does, or would do."""

    again: Mapping[int, datetime] = field(default_factory=dict)  # delivery to when it is due
    left: Mapping[str, int] = field(default_factory=dict)  # why the others are not sent again, and how many

    @property
    def until(self) -> datetime | None:
        """When the last of them is due."""
        return max(self.again.values(), default=None)


def there(work: Work, numbers: Collection[int]) -> set[int]:
    """Which of these deliveries there are."""
    wanted = select(deliveries.c.id).where(deliveries.c.id.in_(numbers))
    return set(work.connection.execute(wanted).scalars())


def plan(
    work: Work, chosen: DeliveryFilter, *, unknown: bool, by_number: bool, per_minute: int, now: datetime
) -> Replay:
    """Which of the chosen deliveries go back in the queue, each target getting at most `per_minute` a minute.

    Dead ones do; those that may have arrived (`unknown`) only when they are asked for. Notices and confirmations
    speak of a moment that has passed: only by number. What would be suppressed when it is claimed stays as it is.
    """
    table = deliveries.c
    rows = work.connection.execute(
        joined(
            select(
                table.id, table.state, table.kind, table.target_id, table.subscription_id, *still_wanted.COLUMNS
            ).join_from(deliveries, targets)
        )
        .where(chosen.clause())
        .order_by(table.first_due_at, table.id)
    ).mappings()
    again: dict[int, datetime] = {}
    left: Counter[str] = Counter()
    queued: Counter[int] = Counter()
    gap = timedelta(minutes=1) / per_minute
    for row in rows:
        state = DeliveryState(row["state"])
        ended = why_not(row, now)
        if state not in (DeliveryState.DEAD, DeliveryState.UNKNOWN):
            left[_ENDED.get(state, "waiting already")] += 1
        elif state is DeliveryState.UNKNOWN and not unknown:
            left["it may have arrived: --unknown sends it again"] += 1
        elif row["kind"] not in _ALERTING and not by_number:
            left["a notice or confirmation: name it by its number"] += 1
        elif ended:
            left[ended] += 1
        else:
            again[row["id"]] = now + gap * queued[row["target_id"]]
            queued[row["target_id"]] += 1
    return Replay(again=again, left=dict(left))


def carry_out(work: Work, replay: Replay) -> None:
    """Puts them back in the queue; the time to live of each begins when it is due."""
    again: dict[str, Any] = {"state": DeliveryState.PENDING.value, "reason": "sent again by hand", "held_for": ""}
    due: dict[str, Any] = {"due_at": bindparam("due"), "first_due_at": bindparam("due")}
    state = deliveries.c.state
    ended = or_(state == DeliveryState.DEAD.value, state == DeliveryState.UNKNOWN.value)
    if replay.again:
        work.connection.execute(
            update(deliveries).where(deliveries.c.id == bindparam("number"), ended).values(**again, **due),
            [{"number": number, "due": due_at} for number, due_at in replay.again.items()],
        )
