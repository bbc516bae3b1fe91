"""What is asked, and what came: feeds, their polls and entries as they stand in a feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sectorwatch.domain.moments import moment
from sectorwatch.errors import Failure, Refusal


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
