"""What operators are told of: the facts, the conditions that follow from them, and how long each must last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sectorwatch.domain import TargetKind

OPERATORS = "operators"
"""The subscriber whose targets get notices. Set by `apply`; no subscription can use it."""


class NoticeKind(StrEnum):
    """What can be wrong."""

    FEED_FAILING = "feed_failing"
    FEED_SILENT = "feed_silent"
    FEED_GONE = "feed_gone"
    FEED_MOVED = "feed_moved"
    FEED_MISSED = "feed_missed"  # items, between two polls
    DELIVERY_DEAD = "delivery_dead"
    TARGET_CIRCUIT = "target_circuit"  # it fails so often that it is left alone for a while
    TARGET_DISABLED = "target_disabled"
    CYCLE_OVERDUE = "cycle_overdue"
    DELIVERY_STOPPED = "delivery_stopped"  # something is due, and nobody sends
    RUN_FAILED = "run_failed"  # or died, or no worker takes it
    NETWORK_DOWN = "network_down"  # ours: no feed is reached
    NO_ROOM = "no_room"  # on the disk of the store
    QUARANTINE = "quarantine"
    ALERTS_HELD = "alerts_held"  # by the storm brake
    ALERTS_PAUSED = "alerts_paused"


class Phase(StrEnum):
    """What a notice says of its conditions."""

    BEGUN = "begun"
    REMINDER = "reminder"
    CLEARED = "cleared"
    TEST = "test"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """From when on something is worth a notice."""

    feed_failing: timedelta = timedelta(hours=1)
    feed_failures: int = 5  # in a row; whichever comes first
    feed_silent: timedelta = timedelta(days=3)  # that it has been silent by its own rhythm
    cycle_overdue: timedelta = timedelta(minutes=15)  # zero: cycles are not watched
    settle: timedelta = timedelta(minutes=5)  # what comes and goes must hold, or be over, so long
    gather: timedelta = timedelta(minutes=10)  # between two notices of one kind
    remind: timedelta = timedelta(hours=24)
    fallback: timedelta = timedelta(minutes=10)  # until a notice that was not accepted goes another way


@dataclass(frozen=True, kw_only=True)
class FeedFact:
    """A feed that does not do well."""

    id: int
    name: str
    state: str
    since: datetime
    reason: str
    failures: int


@dataclass(frozen=True, kw_only=True)
class TargetFact:
    """A target that is not sent to, or one of the operators' own."""

    id: int
    name: str  # "subscriber/label"
    label: str
    kind: TargetKind
    enabled: bool
    disabled_reason: str
    circuit_open: bool
    refusing: bool = False  # its last answer was that it is gone, or shut to us
    open_since: datetime | None = None  # the circuit


@dataclass(frozen=True, kw_only=True)
class DeadFact:
    """Deliveries to one target that were given up on lately."""

    target_id: int
    target: str  # "subscriber/label"
    count: int
    since: datetime
    reason: str  # of the last one


@dataclass(frozen=True, kw_only=True)
class QuarantineFact:
    """An input that killed its process."""

    key: str
    url: str
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MovedFact:
    """A feed that a lasting permanent redirect has given another address lately, or that it has paused."""

    key: str
    name: str
    at: datetime
    detail: str  # from where to where


@dataclass(frozen=True, kw_only=True)
class MissedFact:
    """A feed of which items may have been missed lately."""

    id: int
    name: str
    at: datetime  # the last time
    count: int | None  # about how many then


@dataclass(frozen=True, kw_only=True)
class RunFact:
    """A flow whose runs failed, died or waited lately."""

    flow: str
    at: datetime  # the last time
    detail: str


@dataclass(frozen=True, kw_only=True)
class HeldFact:
    """Something that holds everything up until operators do something."""

    since: datetime
    detail: str


@dataclass(frozen=True, kw_only=True)
class Facts:
    """How things are, as far as operators should know."""

    feeds: tuple[FeedFact, ...] = ()
    moved: tuple[MovedFact, ...] = ()
    missed: tuple[MissedFact, ...] = ()
    targets: tuple[TargetFact, ...] = ()
    dead: tuple[DeadFact, ...] = ()
    quarantined: tuple[QuarantineFact, ...] = ()
    cycles_since: datetime | None = None  # since when one could have finished; None: no feeds
    delivery_stopped_since: datetime | None = None  # when the oldest due delivery came due; None: somebody sends
    runs: tuple[RunFact, ...] = ()
    network_down: HeldFact | None = None
    no_room: HeldFact | None = None
    held: HeldFact | None = None  # by the storm brake
    paused: HeldFact | None = None


@dataclass(frozen=True, kw_only=True)
class Condition:
    """Something that is wrong now."""

    key: str  # the same as long as it lasts
    kind: NoticeKind
    since: datetime
    subject: str  # which feed, which target
    detail: str  # why, in plain words


@dataclass(frozen=True, kw_only=True)
class Known:
    """A condition on record."""

    id: int
    key: str
    kind: NoticeKind
    subject: str
    detail: str
    since: datetime
    seen_at: datetime  # when it was first noticed
    opened_at: datetime | None = None  # since when it is to be told; None: it must hold for a while first
    told_at: datetime | None = None  # when operators were last told; None: they were not, they have no target
    over_at: datetime | None = None  # since when it is not there any more; None: it is
    cleared_at: datetime | None = None  # when it was taken for over
