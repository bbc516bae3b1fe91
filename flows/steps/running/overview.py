"""How the installation is: what there is, what waits, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from alerts.notices import conditions
from sectorwatch.notice import Condition, DeadFact, Facts, Known, Limits
from storage.intake import feeds
from storage.running import cycles, notices, watching
from storage.running import overview as store_of
from storage.running.overview import Queue
from storage.unit_of_work import Work
from storage.views import queries

_DEAD_WITHIN = timedelta(hours=24)
_REFUSED_WITHIN = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Overview:
    """Everything that is shown."""

    totals: dict[str, int]
    feeds: dict[str, int]  # by state
    facts: Facts
    queue: Queue
    waiting: int  # deliveries, due or not
    dead: list[DeadFact]
    silences: tuple[int, datetime | None]  # in force; when the first ends
    targets: int
    notices: list[Known]  # that are open
    wrong: list[Condition]
    finished_at: datetime | None  # the last cycle
    refused: dict[str, int]  # pages of the last week that did not give their article, by why

    @property
    def dead_lately(self) -> int:
        return sum(one.count for one in self.dead)

    def as_dict(self) -> dict[str, Any]:
        """For tools. A key is never taken away."""
        paused, ends = self.facts.paused, self.silences
        return {
            **self.totals,
            "alerts_paused": paused is not None,
            "paused": paused,
            "last_cycle_finished_at": self.finished_at,
            "feeds_by_state": self.feeds,
            "deliveries_by_state": self.queue.by_state,
            "deliveries_due": self.queue.due,
            "oldest_due_at": self.queue.oldest_due_at,
            "dead_24h": self.dead_lately,
            "targets": self.targets,
            "targets_not_reached": [
                {"id": one.id, "target": one.name, "circuit_open": one.circuit_open, "reason": one.disabled_reason}
                for one in self.facts.targets
            ],
            "pages_refused_7d": self.refused,
            "silences_active": ends[0],
            "notices_open": [{"kind": one.kind, "subject": one.subject, "since": one.since} for one in self.notices],
            "wrong": [
                {"kind": one.kind, "subject": one.subject, "detail": one.detail, "since": one.since}
                for one in self.wrong
            ],
        }


def overview(work: Work, limits: Limits, *, now: datetime) -> Overview:
    """One look at all of it."""
    facts = watching.facts(work, now=now)
    last = cycles.last_finished(work)
    return Overview(
        totals=queries.totals(work),
        feeds=feeds.counts_by_state(work),
        facts=facts,
        queue=store_of.queue(work, now=now),
        waiting=store_of.waiting(work),
        dead=watching.dead_since(work, now - _DEAD_WITHIN),
        silences=store_of.silences_active(work, now=now),
        targets=store_of.targets_count(work),
        notices=[one for one in notices.current(work) if one.opened_at is not None],
        wrong=conditions(facts, limits, now=now),
        finished_at=None if last is None else last.finished_at,
        refused=store_of.refusals(work, since=now - _REFUSED_WITHIN),
    )
