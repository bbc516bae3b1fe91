"""The words of Sectorwatch as types: what flows from feed to delivery.

Every type is a frozen, keyword-only dataclass that stands at a boundary between two rooms. Times are aware UTC
datetimes; `utc` refuses naive ones where a value enters. Scores are in [0, 1].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from sectorwatch.errors import Failure, Refusal
from sectorwatch.plurals import counted, in_a_row


def utc(moment: datetime) -> datetime:
    """`moment` in UTC. Raises ValueError for a naive datetime: it names no moment."""
    if moment.tzinfo is None:
        raise ValueError(f"a datetime without time zone names no moment: {moment.isoformat()}")
    return moment.astimezone(UTC)


def moment(at: datetime) -> str:
    """A moment in words for operators: to the minute, in UTC."""
    return f"{utc(at):%Y-%m-%d %H:%M} UTC"


# ---------------------------------------------------------------------------------------------------------- intake


def primary_language(tag: str) -> str:
    """The language of a tag without its region: "uk" of "uk-UA"."""
    return tag.replace("_", "-").partition("-")[0].strip().lower()


class Side(StrEnum):
    """Where a source stands, as operators declare it; used for filters and claims."""

    UKRAINIAN = "ukrainian"
    RUSSIAN = "russian"
    INTERNATIONAL = "international"
    OFFICIAL = "official"
    UNKNOWN = "unknown"


class DateQuality(StrEnum):
    """How far a publication time can be trusted."""

    STATED = "stated"  # with a zone
    NAIVE = "naive"  # no zone stated: taken as UTC
    MISSING = "missing"  # none or unreadable: published_at is None
    FUTURE = "future"  # later than first seen by more than an hour


class FeedState(StrEnum):
    OK = "ok"
    FAILING = "failing"
    SILENT = "silent"
    GONE = "gone"
    PAUSED = "paused"


class ReadState(StrEnum):
    """How far the page behind an entry has been read."""

    WAITING = "waiting"  # never tried
    RETRY = "retry"  # the page failed or refused; the feed's own text stands in until read_due_at
    READ = "read"  # the page's text is stored
    FEED_TEXT = "feed_text"  # given up on the page: the feed's own text stays
    QUARANTINED = "quarantined"  # the page killed its worker twice


@dataclass(frozen=True, kw_only=True)
class Source:
    """A publisher."""

    publisher: str = ""
    country: str = ""  # ISO 3166 alpha-2
    side: Side = Side.UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Validators:
    """What the server gave with the last body, echoed verbatim in the next conditional GET."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, kw_only=True)
class Move:
    """A permanent redirect that the last successful polls of a feed were sent along."""

    to: str
    seen: int  # polls in a row
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Hints:
    """What a publisher says in a feed of when to come."""

    every: timedelta | None = None  # RSS's ttl or the sy: module
    skip_hours: frozenset[int] = frozenset()  # 0 to 23, GMT
    skip_days: frozenset[int] = frozenset()  # Monday is 0


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A feed as stored."""

    id: int
    url: str
    title: str
    language: str  # as declared by operators, else ""
    source: Source
    validators: Validators
    body_hash: str | None  # of the last body that was parsed
    interval: timedelta
    next_poll_at: datetime
    state: FeedState
    state_since: datetime
    reason: str  # of the state, in plain words
    failures: int  # in a row
    baseline_at: datetime | None  # when the first poll succeeded; entries up to then alert nobody
    last_full_at: datetime | None  # last time a body came without conditions
    last_new_at: datetime | None
    hold_until: datetime | None  # the server asked to stay away until then (Retry-After)
    move: Move | None = None
    hints: Hints = Hints()
    reach: timedelta | None = None  # time over which its list goes back, by the dates in the middle of it
    usual: timedelta | None = None  # between two of its items; None: not known
    listed: bytes = b""  # what is remembered of the items that it last listed


@dataclass(frozen=True, kw_only=True)
class ParsedEntry:
    """One item of a feed as it was parsed; texts are plain (no markup), `content` is HTML or None."""

    guid: str  # as given; the link, else a hash of title and text, where there is none
    url: str | None  # absolute, as given
    canonical_url: str | None  # normalised, for identity
    title: str
    summary: str
    content: str | None  # the feed's own full text as HTML, where it carries one
    published_at: datetime | None
    date_quality: DateQuality
    author: str = ""
    language: str = ""
    digest: bytes = b""  # of its text in the feed; empty where that cannot be told from the others'
    updated_at: datetime | None = None  # when it was edited, where the feed says so
    image_url: str = ""


@dataclass(frozen=True, kw_only=True)
class ParsedFeed:
    """What the bytes of a feed say."""

    format: str  # "rss20", "atom10", "rss10", "json11", ...
    title: str
    language: str
    link: str | None
    entries: tuple[ParsedEntry, ...]
    kept: tuple[bytes, ...] = ()  # digests of items that it lists besides: known, and not read again
    hints: Hints = Hints()
    problems: tuple[str, ...] = ()  # survivable oddities, in plain words


@dataclass(frozen=True, kw_only=True)
class Hold:
    """A host that asked to be left alone (Retry-After)."""

    until: datetime
    status: int  # HTTP, of the answer that said so

    def words(self, host: str) -> str:
        """For people, in UTC."""
        return f"{host}: asked to wait until {moment(self.until)} ({self.status})"


class PollStatus(StrEnum):
    NEW = "new"  # parsed, at least one new entry
    KNOWN = "known"  # parsed, nothing new
    UNCHANGED = "unchanged"  # 200 with the body hash of last time: not parsed
    NOT_MODIFIED = "not_modified"  # 304
    FAILED = "failed"
    GONE = "gone"  # 410
    HELD = "held"  # not asked: its host wants to be left alone for a while


@dataclass(frozen=True, kw_only=True)
class PollOutcome:
    """One poll of one feed as it is remembered."""

    feed_id: int
    at: datetime
    status: PollStatus
    http_status: int | None = None
    bytes: int = 0  # decoded
    ms: int = 0
    entries: int = 0  # listed in the body
    new_entries: int = 0
    changed_entries: int = 0
    overlap_lost: bool = False  # no known entry in a non-empty body after the baseline: some may be missed
    missed: int | None = None  # about how many then; None: it cannot be told
    error: str = ""  # plain words with what to do
    failure: Failure = Failure.SOFT  # of a failed poll
    excused: bool = False  # our network's fault, or its host asked to wait: nothing is held against the feed
    retry_after: timedelta | None = None  # what the server asks for, whatever it answers
    moved_to: str | None = None  # target of a permanent redirect
    hints: Hints | None = None  # None: no body was parsed
    reach: timedelta | None = None  # see Feed; None: not told by this poll
    fresh: timedelta | None = None  # how long the answer is fresh for caches (RFC 9111)


# --------------------------------------------------------------------------------------------------------- reading


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry as stored: one item of one feed, known by its guid."""

    id: int
    feed_id: int
    guid: str
    url: str | None
    canonical_url: str | None
    title: str
    summary: str
    content: str | None
    language: str  # the entry's, else the feed's
    published_at: datetime | None
    date_quality: DateQuality
    first_seen_at: datetime
    baseline: bool  # came with the first poll of its feed: stored, never alerted
    host: str  # of the page; "" where there is no page
    read_state: ReadState
    read_attempts: int
    article_id: int | None
    refusal: Refusal | None = None  # of the last attempt to read its page
    hold_until: datetime | None = None  # its page is not asked for before then
    page_validators: Validators = Validators()  # that its page came with, where it was read
    updated_at: datetime | None = None  # the last time that the feed states for it
    author: str = ""
    image_url: str = ""


@dataclass(frozen=True, kw_only=True)
class FeedText:
    """What the feed said of an article; title and summary are plain, the content is HTML."""

    title: str
    summary: str
    content: str | None
    language: str
    published_at: datetime | None
    modified_at: datetime | None = None
    author: str = ""
    image_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way that was tried to get an article's text."""

    name: str  # "fast", "full", ...
    characters: int  # that it gave
    note: str  # why it was tried, or what it came to


@dataclass(frozen=True, kw_only=True)
class Account:
    """How an article came out of its page, for people to look into."""

    ways: tuple[Way, ...] = ()  # in the order that they were tried
    why: str = ""  # the text was taken from where it is
    origins: Mapping[str, str] = field(default_factory=dict)  # where the rest is said, by its name


@dataclass(frozen=True, kw_only=True)
class ArticleText:
    """The text of a page or feed entry, and what the page says about itself."""

    title: str
    text: str  # paragraphs separated by newlines
    language: str  # ISO 639-1, "" when unknown
    published_at: datetime | None
    canonical_url: str | None
    method: str  # "fast", "full" (trafilatura's fallbacks), "feed" (the feed's own text), "plain", "skimmed"
    author: str = ""
    site: str = ""
    modified_at: datetime | None = None  # later than it was published
    image_url: str = ""  # of the picture that stands for it
    extraction: str = ""  # version of what made it of a page; "" for the feed's own text
    account: Account = Account()
    refusal: Refusal | None = None  # the page kept the article, or most of it, to itself
    live: bool = False  # a live blog: posts are added to it
    posts: int = 0  # moments that its page gives in its text, as a live blog does for each post


# ------------------------------------------------------------------------------------------------------- searching


@dataclass(frozen=True, kw_only=True)
class SearchTerm:
    """One thing that an article must have: one of the phrases in its title or text, or one of the mentions."""

    given: str  # as it was typed
    phrases: tuple[tuple[str, ...], ...] = ()  # words that follow one another, in the form that the index keeps
    prefix: bool = False  # the words may go on after what is given
    mentions: tuple[tuple[str, str], ...] = ()  # (sector, place), the place "" for any place of the sector


@dataclass(frozen=True, kw_only=True)
class SearchQuery:
    """What is looked for in the archive; all of it must hold."""

    terms: tuple[SearchTerm, ...] = ()
    sources: tuple[str, ...] = ()  # part of a publisher's or feed's name or address, in any letter case; one is enough
    languages: tuple[str, ...] = ()  # one is enough
    since: datetime | None = None  # of publication, or first seen where that is not known
    until: datetime | None = None  # before then


# ------------------------------------------------------------------------------------------------------- detection


class Zone(StrEnum):
    """Where in an article a mention stands; offsets count within the title, or within the text (lead and body)."""

    TITLE = "title"
    LEAD = "lead"
    BODY = "body"

    @property
    def salience(self) -> Salience:
        """How prominent a mention here is."""
        return {Zone.TITLE: Salience.HEADLINE, Zone.LEAD: Salience.LEAD, Zone.BODY: Salience.BODY}[self]


class Salience(StrEnum):
    """The most prominent place an article mentions a sector in, best first."""

    HEADLINE = "headline"
    LEAD = "lead"
    BODY = "body"


class Context(StrEnum):
    """What a place is named for, the more urgent first."""

    FRONT = "front"  # for the war, or for whatever its sector is watched for
    PLACE = "place"  # for its court, school, club or history: the town is meant, and nothing happens to it


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One signal that counted for or against a candidate. The weights of a mention's reasons sum to its raw score."""

    code: str  # stable, e.g. "capital", "cue", "company"
    weight: float
    detail: str  # in words, with the evidence: 'cue word "sector" 3 characters on'


SETTLEMENTS = frozenset({"city", "town", "settlement", "village", "hamlet", "suburb"})
"""Kinds of places where people live."""


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A resolved candidate: this place of this sector is meant here."""

    sector: str
    place: str  # stable id of the toponym, or the sector's id when the sector itself is named
    kind: str  # "sector", "city", "town", "settlement", "village", "river", ...
    surface: str
    start: int  # code points, [start, end) in the title (zone title) or the text (else)
    end: int
    zone: Zone
    sentence: str  # as written
    sentence_start: int  # code points, in the same string as start
    context: Context = Context.FRONT
    score: float
    reasons: tuple[Reason, ...]


class Naming(NamedTuple):
    """A mention, as far as deciding whom to tell needs."""

    sector: str
    place: str
    kind: str
    zone: Zone
    context: Context
    score: float


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """A candidate that was not taken, and why."""

    surface: str
    start: int
    end: int
    zone: Zone
    sectors: tuple[str, ...]
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class SectorScore:
    """What one article says of one sector."""

    sector: str
    score: float  # of its best mention
    salience: Salience
    context: Context = Context.FRONT  # "front" where one mention is
    count: int


@dataclass(frozen=True, kw_only=True)
class Detection:
    """Everything found in one title and text."""

    language: str
    sectors: tuple[SectorScore, ...]  # best first
    mentions: tuple[Mention, ...]  # in the order of the text, title first
    rejected: tuple[Rejected, ...]
    gazetteer_version: str


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """What near-duplicates share: compare by `extractors.stories.fingerprints`."""

    content_hash: str  # of the normalised text
    sketch: tuple[int, ...]  # min-hashes, 64 bits each; empty for a text too short to judge
    bands: tuple[int, ...]  # candidate keys: two articles that share one may be copies


@dataclass(frozen=True, kw_only=True)
class Gist:
    """What a rewrite keeps of its original, as keys (`extractors.stories.gist`); of a new article also as written."""

    names: Mapping[str, str] = field(default_factory=dict)  # key -> as written (of a stored article: the key)
    perhaps: Mapping[str, str] = field(default_factory=dict)  # first words of sentences, which may be names
    numbers: frozenset[str] = frozenset()
    counts: frozenset[str] = frozenset()  # what some of the numbers count: "dead=3"
    days: frozenset[str] = frozenset()  # "3-2": the second of March
    words: frozenset[int] = frozenset()
    terms: tuple[
        str, ...
    ] = ()  # that it is looked up by, the most telling first: "n:hrdnk", "u:187"; not of a stored one


NO_GIST = Gist()


@dataclass(frozen=True, kw_only=True)
class ReadArticle:
    """What the sandbox makes of a page (or of the feed's own text): ready to be stored."""

    article: ArticleText
    detection: Detection
    fingerprint: Fingerprint
    gist: Gist = NO_GIST
    search_title: str = ""  # normalised, for the full-text index
    search_text: str = ""
    packed: bytes | None = None  # the page as it was fetched, packed, where it is to be kept


# ---------------------------------------------------------------------------------------------------------- alerts


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


class JobState(StrEnum):
    OPEN = "open"  # to be gone on with; whoever holds its lease is at work
    DONE = "done"
    SUPERSEDED = "superseded"  # closed unfinished: another one was begun with other options or another gazetteer


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
