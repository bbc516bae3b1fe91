"""The operators' own targets, in their order."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, case, func, select, update

from sectorwatch.domain import Target
from sectorwatch.notice import OPERATORS
from storage.secrets import Vault
from storage.subscribers.subscriptions import target_of
from storage.tables import subscribers, targets
from storage.unit_of_work import Work

TAKEN_OUT = "taken out of the configuration"
_BEFORE = f"{TAKEN_OUT}; before that: "


def secrets_of(work: Work, vault: Vault) -> dict[int, Target]:
    """The operators' targets by their number, with their addresses."""
    owned = select(targets).join_from(targets, subscribers).where(subscribers.c.name == OPERATORS)
    return {row["id"]: target_of(row, vault) for row in work.connection.execute(owned).mappings()}


def zone(work: Work) -> str:
    """The time zone that operators read."""
    found = work.connection.execute(select(subscribers.c.zone).where(subscribers.c.name == OPERATORS)).scalar()
    return found or "UTC"


def is_out() -> ColumnElement[bool]:
    """Targets that were taken out of the configuration."""
    return targets.c.disabled_reason.startswith(TAKEN_OUT)


def set_order(work: Work, subscriber_id: int, ordered: Sequence[int]) -> list[str]:
    """Ranks the targets (ids) of the operators; the others are disabled, and their labels returned.

    What comes back is as it was before it was taken out: one that was disabled by then stays so.
    """
    back = {"enabled": True, "disabled_reason": ""}
    reason = targets.c.disabled_reason
    still = {"disabled_reason": func.substr(reason, len(_BEFORE) + 1)}
    for rank, number in enumerate(ordered):
        here = targets.c.id == number
        work.connection.execute(update(targets).where(here).values(rank=rank))
        work.connection.execute(update(targets).where(here, reason == TAKEN_OUT).values(**back))
        work.connection.execute(update(targets).where(here, reason.startswith(_BEFORE)).values(**still))
    others = (targets.c.subscriber_id == subscriber_id) & targets.c.id.not_in(ordered)
    before = case((targets.c.enabled, TAKEN_OUT), else_=_BEFORE + reason)
    gone = update(targets).where(others, ~is_out())
    out = gone.values(enabled=False, disabled_reason=before).returning(targets.c.label)
    return list(work.connection.execute(out).scalars())
