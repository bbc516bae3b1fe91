"""Whether a queued delivery may still be sent: target, subscription or reader may have changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select

from sectorwatch.domain import moment
from storage.subscribers.subscriptions import reader_state_of
from storage.tables import deliveries, subscription_targets, subscriptions, targets

COLUMNS = (
    targets.c.enabled,
    targets.c.confirmed_at,
    subscriptions.c.paused,
    subscriptions.c.ended_at,
    subscriptions.c.ended_reason,
    subscriptions.c.paused_at,
    subscriptions.c.paused_until,
    subscriptions.c.changed_at,
    subscription_targets.c.target_id.label("wanted"),
    subscription_targets.c.ended_at.label("left_at"),
)
"""What `why_not` asks of a row, beside `subscription_id` of the delivery."""


def joined(chosen: Select[Any]) -> Select[Any]:
    """A selection from deliveries and targets, with what COLUMNS come from."""
    return chosen.outerjoin(subscriptions, subscriptions.c.id == deliveries.c.subscription_id).outerjoin(
        subscription_targets,
        (subscription_targets.c.subscription_id == subscriptions.c.id)
        & (subscription_targets.c.target_id == deliveries.c.target_id),
    )


def why_not(row: RowMapping, now: datetime) -> str:
    """Why the delivery of this row must not be sent any more, or "" when it must."""
    if row["subscription_id"] is None:  # a notice, a confirmation
        return "" if row["enabled"] else "the target is disabled"
    reader = reader_state_of(row)
    if reader.ended_at is not None:
        return f"the subscription ended on {moment(reader.ended_at)}: {reader.ended_reason}"
    if row["left_at"] is not None:
        return f"the reader unsubscribed this target on {moment(row['left_at'])}"
    if row["paused"]:
        return "the subscription is paused"
    if reader.pause is not None and reader.pause.holds(now):
        return f"the reader paused the subscription {reader.pause.words}"
    if row["wanted"] is None:
        return "the subscription does not use this target any more"
    if row["confirmed_at"] is None:
        return "the address was not confirmed yet when this came due"
    return "" if row["enabled"] else "the target is disabled"
