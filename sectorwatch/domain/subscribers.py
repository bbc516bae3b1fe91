"""Whom to tell: subscribers, their targets, what they asked for and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from sectorwatch.domain.detection import Context, Salience
from sectorwatch.domain.intake import Side
from sectorwatch.domain.moments import moment, utc


class TargetKind(StrEnum):
    EMAIL = "email"  # secret: the address
    WEBHOOK = "webhook"  # secret: the URL; signing_secret: Standard Webhooks key or None
    APPRISE = "apprise"  # secret: an Apprise URL


class OnUnknown(StrEnum):
    """What a target prefers when nobody can know whether the last attempt arrived."""

    RETRY = "retry"  # a repeat, with the same key
    HOLD = "hold"  # a loss, visible as unknown


class Secret(str):
    """A string that no repr, log line or traceback shows; `.reveal()` gives it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret(…)"

    def __str__(self) -> str:
        return "…"

    def __format__(self, spec: str) -> str:
        return format("…", spec)

    def reveal(self) -> str:
        return str.__str__(self)


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a subscriber is told."""

    id: int
    subscriber_id: int
    kind: TargetKind
    label: str  # shown instead of the secret
    secret: Secret
    signing_secret: Secret | None = None
    enabled: bool = True
    confirmed: bool = True  # False: its owner has not said yet that it is theirs; no alert goes there
    links: bool = True  # False: many read it, and none of them may end it for all
    on_unknown: OnUnknown = OnUnknown.RETRY


@dataclass(frozen=True, kw_only=True)
class Subscriber:
    id: int
    name: str
    zone: str = "UTC"  # IANA time zone of the reader
    language: str = "en"


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """What is news of a story that was told already: nothing, unless it is asked for."""

    other_side: bool = False  # a source of a side that none of those told was of
    new_place: bool = False  # a settlement of the sector that nothing told named
    sources: int | None = None  # the story has so many publishers now
    interval_s: int = 600  # seconds between two messages of one story and sector, at least


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a subscription wants; an empty tuple means "any".

    Sectors and places stand side by side: a whole sector, and single places of others. With places alone, only these.
    """

    sectors: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # ids of toponyms
    languages: tuple[str, ...] = ()
    sides: tuple[Side, ...] = ()
    publishers: tuple[str, ...] = ()
    min_score: float = 0.5
    min_salience: Salience = Salience.BODY
    context: Context = Context.FRONT  # "place": every mention; "front": not those of its peaceful life alone
    follow_up: FollowUp = FollowUp()


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a subscription was told of one story and sector."""

    window: int = 0  # of the last alert: the first is 0
    closed_at: datetime | None = None  # when that alert was put into words; None: it waits, and takes what comes
    sides: frozenset[Side] = frozenset()  # of the articles in these words
    places: frozenset[str] = frozenset()  # settlements that they named for the front
    publishers: frozenset[str] = frozenset()  # of all that joined the story's alerts, in the words or not


class Mode(StrEnum):
    """Whether a subscription's alerts go out one by one or together."""

    IMMEDIATE = "immediate"
    DIGEST = "digest"


class Every(StrEnum):
    """How often a digest goes out."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, kw_only=True)
class Critical:
    """What goes out at once, whatever the schedule says: all that is stated has to hold; nothing stated, nothing is."""

    min_score: float | None = None
    headline: bool = False  # the sector stands in the headline
    sectors: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When a subscription's alerts go out; clock times are those of the subscriber's zone."""

    mode: Mode = Mode.IMMEDIATE
    every: Every = Every.DAY  # of a digest
    digest_at: time = time(8, 0)  # of a daily or weekly digest
    weekday: int = 0  # of a weekly digest; 0 is Monday
    quiet: tuple[time, time] | None = None  # from, until; two equal times mean none
    critical: Critical = Critical()
    hourly_cap: int | None = None  # alerts to one target in an hour; the rest comes together at its end


@dataclass(frozen=True, kw_only=True)
class ReaderPause:
    """A pause that the reader asked for: nothing of its time is told, then or later."""

    since: datetime
    until: datetime | None  # None: until they resume

    def holds(self, now: datetime) -> bool:
        """Whether it has not ended yet."""
        return self.until is None or utc(now) < self.until

    @property
    def words(self) -> str:
        """Until when."""
        return "until they resume it" if self.until is None else f"until {moment(self.until)}"


@dataclass(frozen=True, kw_only=True)
class ReaderState:
    """What a reader has done to a subscription by its links. The applied file changes nothing of it."""

    pause: ReaderPause | None = None
    ended_at: datetime | None = None  # unsubscribed
    ended_reason: str = ""
    left: frozenset[int] = frozenset()  # targets that it is not sent to any more
    changed_at: datetime | None = None  # rule and schedule are the reader's own since


@dataclass(frozen=True, kw_only=True)
class Subscription:
    id: int
    subscriber: Subscriber
    name: str
    rule: Rule
    targets: tuple[Target, ...]
    active_from: datetime  # nothing first seen before is alerted (flood guard)
    group_wait: timedelta = timedelta(seconds=60)  # collect the first sources of a story
    paused: bool = False
    schedule: Schedule = Schedule()
    reader: ReaderState = ReaderState()


@dataclass(frozen=True, kw_only=True)
class Silence:
    """A time in which operators keep back what matches; of the three matchers all that are stated have to hold."""

    id: int
    sector: str | None = None
    subscription_id: int | None = None
    subscriber_id: int | None = None
    starts_at: datetime
    ends_at: datetime  # always: nobody forgets a silence that ends by itself
    author: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Guards:
    """What keeps a flood from the readers; None: nothing does."""

    feed_cap: int | None = None  # alerts of one feed to one subscription in an hour; the rest comes together
    storm_floor: int | None = None  # stories told of in ten minutes that are no storm, however unusual


NO_GUARDS = Guards()
