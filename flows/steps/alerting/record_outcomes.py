"""Puts on record how sends ended: of each delivery, and of the health of its target, in one transaction."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alerts.breaker import LOOKED_BACK, after_answer, is_gone, ours_to_blame
from alerts.outbox import Transition, after
from flows.steps.tools import Tools
from sectorwatch.domain import DeliveryState, Outcome, OutcomeKind, TargetHealth
from sectorwatch.logs import about
from sectorwatch.plurals import counted
from storage.alerting import outbox
from storage.alerting.outbox import Delivery
from storage.subscribers import target_health
from storage.unit_of_work import Work

_log = logging.getLogger(__name__)
_LEVELS = {
    DeliveryState.RETRY: logging.WARNING,
    DeliveryState.UNKNOWN: logging.WARNING,
    DeliveryState.DEAD: logging.ERROR,
}


@dataclass(kw_only=True)
class DeliverySummary:
    """What delivering did."""

    by_state: Counter[str] = field(default_factory=Counter)  # of each attempt's end
    failed: list[tuple[int, str, str]] = field(default_factory=list)  # (number, target's label, why), an attempt each

    @property
    def sent(self) -> int:
        return self.by_state[DeliveryState.SENT.value]


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A claimed delivery that was sent, or is not to be sent (no outcome)."""

    delivery: Delivery
    outcome: Outcome | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Targets:
    """How the targets are, after all that was recorded."""

    health: Mapping[int, TargetHealth]
    disabled: Mapping[int, str]  # just now, and why


def record(tools: Tools, ended: Sequence[Ended], summary: DeliverySummary) -> Targets:
    """Records them; gives how the targets are now. What somebody else holds by now is theirs to record."""
    told: list[tuple[Ended, Transition]] = []
    disabled: dict[int, str] = {}
    with tools.store.write() as work:
        health = _health(work, ended)
        before = dict(health)
        for one in ended:
            then = _transition(tools, one)
            mine = outbox.finish(
                work,
                one.delivery,
                state=then.state,
                due_at=then.due_at,
                reason=then.reason,
                outcome=one.outcome,
                now=one.at,
            )
            if mine:
                told.append((one, then))
            if mine and one.outcome is not None:
                target = one.delivery.target.id
                health[target] = after_answer(health[target], one.outcome, now=one.at)
        for target, found in health.items():
            if found != before[target]:
                target_health.put(work, target, found)
        for one, _then in told:
            found = health[one.delivery.target.id]
            if one.outcome is not None and one.outcome.refused and is_gone(found):
                disabled |= _disabled(work, one, found)
        work.commit()
    for one, then in told:
        with about(delivery=one.delivery.id, alerts=list(one.delivery.alert_ids), target=one.delivery.target.id):
            level = _LEVELS.get(then.state, logging.INFO)
            _log.log(level, "delivery %s%s", then.state, f": {then.reason}" if then.reason else "")
        summary.by_state[then.state.value] += 1
        if one.outcome is not None and one.outcome.kind is not OutcomeKind.SENT:
            summary.failed.append((one.delivery.id, one.delivery.target.label, then.reason))
    return Targets(health=health, disabled=disabled)


def _disabled(work: Work, one: Ended, found: TargetHealth) -> dict[int, str]:
    """Disables a target that is gone, unless so many are that the fault is likely ours."""
    if one.outcome is None or ours_to_blame(*target_health.refusing_of_tried(work, since=one.at - LOOKED_BACK)):
        return {}
    reason = (
        f"{counted(found.refusals, 'answer')} in a row that it is gone, or shut to us; the last: {one.outcome.detail}"
    )
    target_health.disable(work, one.delivery.target.id, reason, now=one.at)
    return {one.delivery.target.id: reason}


def _health(work: Work, ended: Sequence[Ended]) -> dict[int, TargetHealth]:
    """Of all targets; locked where it is going to change."""
    found = target_health.health(work, {one.delivery.target.id for one in ended})
    changing = {
        one.delivery.target.id
        for one in ended
        if one.outcome is not None
        and one.delivery.target.id in found  # not erased meanwhile
        and after_answer(found[one.delivery.target.id], one.outcome, now=one.at) != found[one.delivery.target.id]
    }
    return found | (target_health.health(work, changing, lock=True) if changing else {})


def _transition(tools: Tools, one: Ended) -> Transition:
    delivery = one.delivery
    if one.outcome is None:
        return Transition(state=DeliveryState.SUPPRESSED, due_at=None, reason=delivery.ended)
    return after(
        one.outcome,
        attempts=delivery.attempt,
        first_due=delivery.first_due_at,
        now=one.at,
        random=tools.random,
        on_unknown=delivery.target.on_unknown,
    )
