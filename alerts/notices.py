"""What operators are told, and when: facts become conditions, and conditions become few messages.

Pure. A condition is told once when it begins, again at most once a day while it lasts, and once when it is over. What
comes and goes must hold for a while before it counts, and be over for a while before it is said to be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sectorwatch.domain import TargetKind
from sectorwatch.notice import Condition, Facts, FeedFact, Known, Limits, NoticeKind, Phase, TargetFact
from sectorwatch.overlap import missed_words
from sectorwatch.plurals import in_a_row

PAUSED_LONG = timedelta(hours=12)
"""A pause that lasts longer may have been forgotten."""

_STEADY = frozenset(
    {
        NoticeKind.CYCLE_OVERDUE,
        NoticeKind.DELIVERY_STOPPED,
        NoticeKind.RUN_FAILED,
        NoticeKind.TARGET_DISABLED,
        NoticeKind.QUARANTINE,
        NoticeKind.FEED_MOVED,
        NoticeKind.FEED_MISSED,
        NoticeKind.ALERTS_HELD,
        NoticeKind.ALERTS_PAUSED,
    }
)
"""Told as soon as they are noticed: they do not come and go."""

_SLOW = frozenset({NoticeKind.FEED_SILENT, NoticeKind.FEED_GONE, NoticeKind.FEED_MOVED, NoticeKind.QUARANTINE})
"""Nobody has to hurry: a reminder a week."""

_NO_ALL_CLEAR = frozenset({NoticeKind.FEED_MOVED, NoticeKind.QUARANTINE})
"""Nothing gets better by itself: it was long ago, that is all."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """One message to operators, before it is rendered."""

    kind: NoticeKind
    phase: Phase
    items: tuple[Known, ...]  # the oldest first
    lasting: int = 0  # of an all-clear: how many others of its kind are not over


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What follows from a look at the conditions: rows to write, notes to send."""

    new: tuple[Known, ...] = ()  # their id is 0 until they are stored
    changed: tuple[Known, ...] = ()
    forgotten: tuple[int, ...] = ()  # over before anybody was told
    notes: tuple[Note, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.forgotten or self.notes)


def conditions(facts: Facts, limits: Limits, *, now: datetime) -> list[Condition]:
    """What is wrong."""
    return [
        *(found for feed in facts.feeds if (found := _of_feed(feed, limits, now))),
        *(
            Condition(
                key=f"moved:{one.key}",
                kind=NoticeKind.FEED_MOVED,
                since=one.at,
                subject=one.name,
                detail=one.detail,
            )
            for one in facts.moved
        ),
        *(
            Condition(
                key=f"missed:{one.id}",
                kind=NoticeKind.FEED_MISSED,
                since=one.at,
                subject=one.name,
                detail=f"{missed_words(one.count)}; it is polled faster now",
            )
            for one in facts.missed
        ),
        *(found for target in facts.targets if (found := _of_target(target, now))),
        *(
            Condition(
                key=f"target:{dead.target_id}:dead",
                kind=NoticeKind.DELIVERY_DEAD,
                since=dead.since,
                subject=dead.target,
                detail=f"{dead.count} given up on; the last: {dead.reason}",
            )
            for dead in facts.dead
        ),
        *(
            Condition(
                key=f"quarantine:{one.key}",
                kind=NoticeKind.QUARANTINE,
                since=one.at,
                subject=one.url,
                detail=one.reason,
            )
            for one in facts.quarantined
        ),
        *_of_the_whole(facts, limits, now),
    ]


def _of_feed(feed: FeedFact, limits: Limits, now: datetime) -> Condition | None:
    def found(kind: NoticeKind, since: datetime, detail: str) -> Condition:
        return Condition(key=f"feed:{feed.id}:{kind}", kind=kind, since=since, subject=feed.name, detail=detail)

    if feed.state == "gone":
        return found(NoticeKind.FEED_GONE, feed.since, feed.reason)
    if feed.state == "failing":
        long = now - feed.since >= limits.feed_failing or feed.failures >= limits.feed_failures
        times = in_a_row(max(feed.failures, 1))
        return found(NoticeKind.FEED_FAILING, feed.since, f"{feed.reason} ({times})") if long else None
    if feed.state == "silent":
        return found(NoticeKind.FEED_SILENT, feed.since, feed.reason) if now - feed.since > limits.feed_silent else None
    return None


def _of_target(target: TargetFact, now: datetime) -> Condition | None:
    if not target.enabled:
        kind, since, detail = NoticeKind.TARGET_DISABLED, now, target.disabled_reason or "no reason on record"
    elif target.circuit_open:
        kind, since = NoticeKind.TARGET_CIRCUIT, target.open_since or now
        detail = "it fails again and again, and is tried only now and then"
    else:
        return None
    key = f"target:{target.id}:{kind}:{target.kind}"
    return Condition(key=key, kind=kind, since=since, subject=target.name, detail=detail)


def _of_the_whole(facts: Facts, limits: Limits, now: datetime) -> Iterator[Condition]:
    since, allowed = facts.cycles_since, limits.cycle_overdue
    if allowed and since is not None and now - since > allowed:
        detail = f"none finished for {duration(now - since)}"
        yield Condition(
            key="cycle", kind=NoticeKind.CYCLE_OVERDUE, since=since, subject="the monitor cycle", detail=detail
        )
    stopped = facts.delivery_stopped_since
    if allowed and stopped is not None and now - stopped > allowed:
        detail = f"the oldest waits for {duration(now - stopped)}, and nothing is being sent"
        yield Condition(
            key="delivery", kind=NoticeKind.DELIVERY_STOPPED, since=stopped, subject="what is due", detail=detail
        )
    for run in facts.runs:
        yield Condition(
            key=f"run:{run.flow}", kind=NoticeKind.RUN_FAILED, since=run.at, subject=run.flow, detail=run.detail
        )
    if facts.network_down is not None:
        yield Condition(
            key="network",
            kind=NoticeKind.NETWORK_DOWN,
            since=facts.network_down.since,
            subject="the network of this machine",
            detail=facts.network_down.detail,
        )
    if facts.no_room is not None:
        yield Condition(
            key="room",
            kind=NoticeKind.NO_ROOM,
            since=facts.no_room.since,
            subject="the disk of the store",
            detail=facts.no_room.detail,
        )
    if facts.held is not None:
        yield Condition(
            key="held",
            kind=NoticeKind.ALERTS_HELD,
            since=facts.held.since,
            subject="the storm brake",
            detail=facts.held.detail,
        )
    if facts.paused is not None and now - facts.paused.since > PAUSED_LONG:
        yield Condition(
            key="paused",
            kind=NoticeKind.ALERTS_PAUSED,
            since=facts.paused.since,
            subject="all alerts",
            detail=facts.paused.detail,
        )


def plan(
    found: Sequence[Condition],
    known: Sequence[Known],
    last_told: Mapping[NoticeKind, datetime],
    limits: Limits,
    *,
    now: datetime,
    heard: bool = True,
) -> Plan:
    """What is new, what goes on, what is over, and which messages say so.

    `known` are the conditions on record that are not cleared, `last_told` the last message of each kind. Where nobody
    hears them (operators have no target) there are no messages, and what lasts is told as soon as somebody does.
    """
    by_key = {one.key: one for one in known}
    present = {condition.key: condition for condition in found}
    new = [
        Known(
            id=0,
            key=one.key,
            kind=one.kind,
            subject=one.subject,
            detail=one.detail,
            since=one.since,
            seen_at=now,
        )
        for one in present.values()
        if one.key not in by_key
    ]
    rows = {one.key: _followed(one, present.get(one.key), now) for one in known}
    forgotten = tuple(one.id for one in rows.values() if one.opened_at is None and one.over_at is not None)
    rows = {key: one for key, one in rows.items() if one.id not in forgotten} | {one.key: one for one in new}
    notes: list[Note] = []
    for kind in NoticeKind:
        mine = [one for one in rows.values() if one.kind is kind]
        quiet = now - last_told.get(kind, now - limits.gather) < limits.gather
        for note, changed in _notes(kind, mine, present, limits, now, quiet=quiet, heard=heard):
            rows |= {one.key: one for one in changed}
            if note is not None:
                notes.append(note)
    return Plan(
        new=tuple(one for one in rows.values() if one.id == 0),
        changed=tuple(one for one in rows.values() if one.id and one != by_key[one.key]),
        forgotten=forgotten,
        notes=tuple(notes),
    )


def _followed(one: Known, condition: Condition | None, now: datetime) -> Known:
    """The row as it is now: still there, there again, or just over. A detail alone is no reason to write."""
    if condition is not None:
        return one if one.over_at is None else replace(one, over_at=None)
    return one if one.over_at is not None else replace(one, over_at=now)


def _notes(
    kind: NoticeKind,
    rows: Sequence[Known],
    present: Mapping[str, Condition],
    limits: Limits,
    now: datetime,
    *,
    quiet: bool,
    heard: bool,
) -> Iterator[tuple[Note | None, list[Known]]]:
    """The messages of one kind, each with the rows that it changes."""
    settle = timedelta(0) if kind in _STEADY else limits.settle
    over = [one for one in rows if one.opened_at and one.over_at and now - one.over_at >= limits.settle]
    there = [one for one in rows if one not in over]
    if over and not quiet:
        cleared = [replace(one, cleared_at=now) for one in _oldest_first(over)]
        lasting = sum(one.opened_at is not None for one in there)
        told = tuple(one for one in cleared if one.told_at is not None)
        note = Note(kind=kind, phase=Phase.CLEARED, items=told, lasting=lasting)
        yield (note if told and heard and kind not in _NO_ALL_CLEAR else None), cleared
    ripe = [one for one in there if one.opened_at is None and one.over_at is None and now - one.seen_at >= settle]
    lasting_ones = [one for one in there if one.opened_at is not None and one.over_at is None]
    untold = [one for one in lasting_ones if one.told_at is None]
    if heard and (ripe or untold) and not quiet:
        begun = [
            replace(_fresh(one, present), opened_at=one.opened_at or now, told_at=now)
            for one in _oldest_first([*ripe, *untold])
        ]
        yield Note(kind=kind, phase=Phase.BEGUN, items=tuple(begun)), begun
    if not heard:
        yield None, [replace(_fresh(one, present), opened_at=now) for one in ripe]
        return
    known = [one for one in lasting_ones if one.told_at is not None]
    remind = limits.remind * (7 if kind in _SLOW else 1)
    if any(one.told_at is not None and now - one.told_at >= remind for one in known):
        reminded = [replace(_fresh(one, present), told_at=now) for one in _oldest_first(known)]
        yield Note(kind=kind, phase=Phase.REMINDER, items=tuple(reminded)), reminded


def _fresh(one: Known, present: Mapping[str, Condition]) -> Known:
    """With the words of today: figures have changed since it began."""
    return replace(one, subject=present[one.key].subject, detail=present[one.key].detail)


def _oldest_first(rows: Sequence[Known]) -> list[Known]:
    return sorted(rows, key=lambda one: (one.since, one.key))


def way(note: Note, own: Sequence[TargetFact]) -> TargetFact | None:
    """The operators' target that a note goes to: the main one, unless it is what is broken. None where none is set up.

    `own` are the operators' targets, the main one first. All e-mail goes through one relay: while a mailbox cannot be
    reached, word of it does not go by e-mail.
    """
    keys = [one.key.split(":") for one in note.items if one.key.startswith("target:")]
    troubled = {key[1] for key in keys}
    mail_broke = note.phase is not Phase.CLEARED and [NoticeKind.TARGET_CIRCUIT, TargetKind.EMAIL] in [
        key[2:] for key in keys
    ]
    usable = [target for target in own if target.enabled and not target.circuit_open and not target.refusing]
    best = [
        target
        for target in usable
        if str(target.id) not in troubled and not (mail_broke and target.kind is TargetKind.EMAIL)
    ]
    return next(iter([*best, *usable, *own]), None)


def next_way(tried: Collection[str], own: Sequence[TargetFact]) -> TargetFact | None:
    """The first of the operators' targets that a notice has not been sent to yet; `tried` are labels."""
    return next((target for target in own if target.enabled and target.label not in tried), None)


def duration(length: timedelta) -> str:
    """A length of time in one or two words."""
    seconds = int(length.total_seconds())
    for unit, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= unit:
            count = seconds // unit
            return f"{count} {name}{'s' if count != 1 else ''}"
    return "under a minute"
