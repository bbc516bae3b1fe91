"""Subscriptions as operators see them: who is told of what, where and when, and whether it is on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sectorwatch.clock import ago
from sectorwatch.domain import Every, Mode, ReaderPause, Rule, Schedule, Subscription
from storage.secrets import Vault
from storage.subscribers import subscriptions as store_of
from storage.unit_of_work import Work

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, kw_only=True)
class SubscriptionRow:
    """A subscription; addresses are not shown."""

    id: int
    subscriber: str
    name: str
    rule: Rule
    schedule: Schedule
    targets: list[str]  # labels
    active_from: datetime
    paused: bool
    state: str  # in words
    ended_at: datetime | None
    paused_by_reader: ReaderPause | None
    changed_by_reader_at: datetime | None


def subscription_rows(work: Work, vault: Vault, *, now: datetime) -> list[SubscriptionRow]:
    """All of them, those that their readers have ended among them."""
    return [
        SubscriptionRow(
            id=one.id,
            subscriber=one.subscriber.name,
            name=one.name,
            rule=one.rule,
            schedule=one.schedule,
            targets=[target.label for target in one.targets],
            active_from=one.active_from,
            paused=one.paused,
            state=state(one, now),
            ended_at=one.reader.ended_at,
            paused_by_reader=one.reader.pause,
            changed_by_reader_at=one.reader.changed_at,
        )
        for one in store_of.every(work, vault, ended=True)
    ]


def state(row: Subscription, now: datetime) -> str:
    """Whether it is on, in a few words."""
    reader = row.reader
    if reader.ended_at is not None:
        return f"ended by its reader, {ago(reader.ended_at, now)}"
    if row.paused:
        return "paused"
    if reader.pause is not None and reader.pause.holds(now):
        return f"paused by its reader {reader.pause.words}"
    return f"active, but left by {len(reader.left)}" if reader.left else "active"


def when(schedule: Schedule) -> str:
    """The schedule in a few words."""
    at, day = f" at {schedule.digest_at:%H:%M}", _DAYS[schedule.weekday]
    digests = {Every.HOUR: "every hour", Every.DAY: f"every day{at}", Every.WEEK: f"every {day}{at}"}
    words = [digests[schedule.every] if schedule.mode is Mode.DIGEST else "at once"]
    if schedule.quiet and schedule.quiet[0] != schedule.quiet[1]:
        words.append(f"quiet {schedule.quiet[0]:%H:%M}-{schedule.quiet[1]:%H:%M}")
    if schedule.hourly_cap is not None:
        words.append(f"at most {schedule.hourly_cap} an hour")
    return ", ".join(words)
