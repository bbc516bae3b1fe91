"""Looks how things are and tells operators, in one transaction with what is on record: nothing is told twice."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from alerts.channels import channel_of
from alerts.notice_text import render_notice, rerouted
from alerts.notices import Note, Plan, conditions, next_way, plan, way
from flows.steps.alerting.deliver_alerts import thawed
from flows.steps.running import on_watch
from flows.steps.tools import Tools
from sectorwatch.domain import DeliveryKind, Message, Target
from sectorwatch.errors import SectorwatchError
from sectorwatch.notice import NoticeKind, TargetFact
from storage.alerting import outbox
from storage.running import notices, watching
from storage.running.notices import Untaken
from storage.subscribers import operators
from storage.unit_of_work import Work

EVERY = timedelta(seconds=30)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What a look came to."""

    posted: int = 0  # notices put in the outbox
    stopped: bool = False  # nobody sends what is due


@dataclass(frozen=True, kw_only=True)
class _Look:
    plan: Plan
    detours: tuple[Untaken, ...]  # to be told another way
    stopped: bool

    def __bool__(self) -> bool:
        return bool(self.plan or self.detours)


def watch(tools: Tools) -> Watched:
    """One look. Where nothing has changed it only reads, but for the sign that it was made."""
    now = tools.clock()
    on_watch.look(tools.store, tools.settings.operators.limits.cycle_overdue, now=now)
    with tools.store.read() as work:
        look = _look(work, tools, now)
    if not look:
        return Watched(stopped=look.stopped)
    with tools.store.write() as work:
        notices.alone(work)
        look, own = _look(work, tools, now), watching.own_targets(work)
        secrets = operators.secrets_of(work, tools.vault)
        notices.record(work, new=look.plan.new, changed=look.plan.changed, forgotten=look.plan.forgotten)
        posted = sum(_tell(work, note, own, secrets, now) for note in look.plan.notes)
        posted += sum(_tell_another_way(work, one, own, secrets, now) for one in look.detours)
        work.commit()
    return Watched(posted=posted, stopped=look.stopped)


class Watcher:
    """Looks now and then, whoever asks how often. Alerts go out whether it can or not."""

    def __init__(self, tools: Tools, *, lasts: timedelta = timedelta(0)) -> None:
        """For whoever sends for so long: the first look leaves them time to send what came due while nobody did."""
        self._tools = tools
        self._next = tools.clock() + (EVERY if lasts > EVERY else timedelta(0))

    def look(self) -> None:
        """Looks, unless that was done a moment ago."""
        now = self._tools.clock()
        if now >= self._next:
            self._next = now + EVERY
            try:
                watch(self._tools)
            except SectorwatchError as error:
                _log.warning("operators cannot be told: %s", error)


def _look(work: Work, tools: Tools, now: datetime) -> _Look:
    limits = tools.settings.operators.limits
    found = conditions(watching.facts(work, now=now), limits, now=now)
    known = notices.current(work)
    own = watching.own_targets(work)
    then = plan(found, known, notices.last_told(work), limits, now=now, heard=bool(own))
    late = notices.untaken(work, now=now, before=now - limits.fallback)
    keys = {_detour_key(one.dedup_key): one for one in late}
    done = notices.on_record(work, list(keys)) if keys else set()
    detours = tuple(one for key, one in keys.items() if key not in done and next_way(_tried(one), own))
    stopped = any(one.kind is NoticeKind.DELIVERY_STOPPED for one in found)
    return _Look(plan=then, detours=detours, stopped=stopped)


def _tell(work: Work, note: Note, own: list[TargetFact], secrets: Mapping[int, Target], now: datetime) -> bool:
    """Posts a note; False where there is nobody to tell."""
    goes_to = way(note, own)
    if goes_to is None:
        return False
    target = secrets[goes_to.id]
    key = _key("notice", note.kind.value, note.phase.value, now.isoformat(), *(one.key for one in note.items))
    channel = channel_of(target.kind, target.secret.reveal())
    message = render_notice(note, delivery_id=key, channel=channel, zone=operators.zone(work), now=now)
    return _post(work, target, message, now)


def _tell_another_way(
    work: Work, late: Untaken, own: list[TargetFact], secrets: Mapping[int, Target], now: datetime
) -> bool:
    message, tried = thawed(late.payload), _tried(late)
    goes_to = next_way(tried, own)
    if message is None or goes_to is None:
        return False
    target = secrets[goes_to.id]
    message = rerouted(
        message,
        delivery_id=_detour_key(late.dedup_key),
        channel=channel_of(target.kind, target.secret.reveal()),
        instead_of=tried,
        why=late.reason or "no answer yet",
    )
    return _post(work, target, message, now)


def _post(work: Work, target: Target, message: Message, now: datetime) -> bool:
    payload = asdict(message)
    return outbox.post(
        work, target_id=target.id, kind=DeliveryKind.NOTICE, dedup_key=message.id, payload=payload, now=now
    )


def _tried(late: Untaken) -> list[str]:
    """The labels of those that a notice was sent to, the last one included."""
    return [*late.payload.get("payload", {}).get("instead_of", ()), late.label]


def _detour_key(dedup_key: str) -> str:
    return _key("another way", dedup_key)


def _key(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:40]
