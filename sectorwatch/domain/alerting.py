"""What was decided and sent: deliveries, their outcomes, and what a message holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sectorwatch.domain.detection import Context, Reason, Salience
from sectorwatch.domain.intake import Side
from sectorwatch.domain.moments import moment
from sectorwatch.domain.subscribers import Rule, Subscriber
from sectorwatch.plurals import counted, in_a_row


class DeliveryKind(StrEnum):
    ALERT = "alert"  # of one story
    DIGEST = "digest"  # of many
    NOTICE = "notice"  # to operators
    CONFIRMATION = "confirmation"  # asks whether an address is the subscriber's


class DeliveryState(StrEnum):
    HELD = "held"  # group window, quiet hours, digest
    PENDING = "pending"
    LEASED = "leased"
    SENT = "sent"
    RETRY = "retry"
    UNKNOWN = "unknown"  # acceptance unknowable, and the target prefers a loss to a repeat
    DEAD = "dead"
    SUPPRESSED = "suppressed"


class OutcomeKind(StrEnum):
    SENT = "sent"
    RETRYABLE = "retryable"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How one attempt to send ended, as its notifier judges it."""

    kind: OutcomeKind
    detail: str  # plain words, no secrets
    status: int | None = None  # HTTP or SMTP
    retry_after: timedelta | None = None
    refused: bool = False  # the answer speaks of the target and of no single message: it is gone, or shut to us

    @property
    def words(self) -> str:
        """What an operator reads who tries a target out."""
        return f"{self.kind.value}: {self.detail}"


class Circuit(StrEnum):
    """Whether a target is sent to."""

    CLOSED = "closed"
    OPEN = "open"  # after failures in a row: nothing, until a time
    HALF = "half"  # one message is on its way as a probe


@dataclass(frozen=True, kw_only=True)
class TargetHealth:
    """How sending to a target has gone, whoever sent."""

    circuit: Circuit = Circuit.CLOSED
    until: datetime | None = None  # of an open circuit; of a probe: then it is taken for lost
    since: datetime | None = None  # when the circuit opened
    failures: int = 0  # in a row
    refusals: int = 0  # answers in a row that the target is gone, or shut to us
    refused_at: datetime | None = None  # the last of them
    allowed_at: datetime | None = None  # nothing before: the target asked for it, or its channel wants a gap

    def waits(self, now: datetime) -> bool:
        """Whether nothing may be sent there now, except what is on its way."""
        held = self.allowed_at is not None and self.allowed_at > now
        return held or (self.circuit is not Circuit.CLOSED and self.until is not None and self.until > now)

    def words(self, now: datetime) -> str:
        """How it is, for operators."""
        if self.circuit is Circuit.OPEN and self.until is not None:
            when = f"until {moment(self.until)}" if self.until > now else "and tried with the next message"
            return f"open {when}, {counted(self.failures, 'failure')} in a row"
        if self.circuit is Circuit.HALF:
            return f"being tried after {counted(self.failures, 'failure')} in a row"
        if self.allowed_at is not None and self.allowed_at > now + timedelta(seconds=5):
            if self.refusals:
                return f"refused {in_a_row(self.refusals)}, and tried once more after {moment(self.allowed_at)}"
            return f"asked us to wait until {moment(self.allowed_at)}"
        return f"ok, {counted(self.failures, 'failure')} in a row" if self.failures else "ok"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One article of an alert: the sentence that matters and where it comes from."""

    article_id: int
    sector: str
    title: str
    url: str | None
    publisher: str
    side: Side
    language: str
    published_at: datetime | None
    first_seen_at: datetime
    sentence: str
    match_start: int  # code points within `sentence`
    match_end: int
    score: float
    salience: Salience
    context: Context = Context.FRONT
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StoryNews:
    """What a follow-up says that its reader was not told before."""

    sides: tuple[Side, ...] = ()
    places: tuple[str, ...] = ()  # ids, or names in the reader's language
    sources: int = 0  # publishers of the story; 0: their number is no news


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What an alert was told for: the rule as it was then, and the single places of it ((): the whole sector)."""

    rule: Rule
    places: tuple[str, ...] = ()
    news: StoryNews | None = None  # of a follow-up, what opened it


@dataclass(frozen=True, kw_only=True)
class AlertView:
    """What an alert says, before it is rendered for a channel."""

    alert_id: int
    sector: str
    sector_name: str  # in the reader's language, where the sector has a name in it
    story_id: int
    subscription: str  # its name
    subscriber: Subscriber
    evidence: tuple[Evidence, ...]  # lead article first
    why: str  # as it is on record: "you follow kupiansk with a score of at least 0.5"
    news: StoryNews | None = None  # of a follow-up, with what joined it
    grounds: Grounds | None = None  # the same, to be said in the reader's language; with the names of places


@dataclass(frozen=True, kw_only=True)
class ReaderLinks:
    """Where a reader answers a delivery: absolute https links, made for this reader; None where there is none."""

    pause: str | None = None
    change: str | None = None
    unsubscribe: str | None = None  # a POST there is the one click of RFC 8058
    false_alarm: Mapping[int, str] = field(default_factory=dict)  # by alert id


NO_LINKS = ReaderLinks()


@dataclass(frozen=True, kw_only=True)
class Message:
    """One or several alerts rendered for sending."""

    id: str  # of the delivery (its dedup key): Message-ID, webhook-id
    title: str  # one line, no control characters
    text: str
    html: str | None
    payload: Mapping[str, object] = field(default_factory=dict)  # the webhook's JSON body
    unsubscribe: str | None = None  # List-Unsubscribe of a mail, and its one click
