"""Holds alerts in a storm, and does with them what operators decide. Does not commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alerts.outbox import digest_key
from alerts.rules import Code
from alerts.storm import USUAL_OVER, WINDOW, limit, words
from sectorwatch.domain import Guards
from storage.alerting import digests, outbox, storms
from storage.alerting.suppressions import suppress_alert
from storage.unit_of_work import Work


@dataclass(kw_only=True)
class Brake:
    """The brake in one unit of work, which has its turn (see `outbox.take_turn`): so the counts hold."""

    guards: Guards
    on: bool | None = None  # None: not asked yet

    def holds(self, work: Work, now: datetime) -> bool:
        """Whether an alert that would go out alone is held; the one that is too many pulls the brake."""
        if self.guards.storm_floor is None:
            return False
        if self.on is None:
            self.on = storms.is_on(work)
        if not self.on:
            self.on = self._pulled(work, self.guards.storm_floor, now)
        return self.on

    def _pulled(self, work: Work, floor: int, now: datetime) -> bool:
        recent = storms.stories_told(work, since=now - WINDOW)
        if recent < floor:
            return False
        most = limit(floor, storms.stories_told(work, since=now - USUAL_OVER, until=now - WINDOW))
        if recent < most:
            return False
        storms.begin(work, words=words(most), since=now - WINDOW, now=now)
        return True


def release(work: Work, *, author: str, now: datetime) -> int:
    """Lets the brake go: the alerts of a subscription and target are told in one message; how many those are."""
    outbox.take_turn(work)
    storm, held = storms.current(work), storms.held_deliveries(work)
    if storm is None:
        return 0
    period = f"storm:{storm.since:%Y-%m-%dT%H:%M:%SZ}"
    messages: set[str] = set()
    for one in held:
        key = digest_key(one.subscription_id, one.target_id, period)
        digests.join(
            work,
            subscription_id=one.subscription_id,
            alert_id=one.alert_id,
            target_id=one.target_id,
            dedup_key=key,
            due_at=now,
            held_for="digest",
            heading="storm",
            now=now,
        )
        messages.add(key)
    storms.close(work, [one.id for one in held], reason=f"told in a digest: released from the storm by {author}")
    storms.end(work)
    return len(messages)


def drop(work: Work, *, author: str, reason: str, now: datetime) -> int:
    """Lets the brake go and tells nobody of what it held; how many alerts those are."""
    outbox.take_turn(work)
    held, words = storms.held_deliveries(work), f"dropped in a storm by {author}: {reason}"
    dropped = {one.alert_id for one in held}
    for alert in sorted(dropped):
        suppress_alert(work, alert, code=Code.STORM.value, reason=words, now=now)
    storms.close(work, [one.id for one in held], reason=words)
    storms.end(work)
    return len(dropped)
