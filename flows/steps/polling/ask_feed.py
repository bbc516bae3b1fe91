"""Asks one feed: what it answered, and what its body lists. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from extractors.reading import read_feed
from flows.steps.apart import apart
from flows.steps.fetching import advice, fetch
from flows.steps.polling.remembered import digests
from flows.steps.tools import Reader, Tools
from sectorwatch import VERSION
from sectorwatch.clock import Clock
from sectorwatch.domain import DateQuality, Feed, ParsedEntry, ParsedFeed, PollOutcome, PollStatus, Validators
from sectorwatch.errors import UNREACHED, Failure, FetchError, HostHeld, InputError, SandboxError
from sectorwatch.net.client import Answer, Hop
from sectorwatch.net.headers import fresh_for
from storage.intake import quarantine

PARSE_S = 5.0  # limit of one feed in the sandbox
KILLS = 2  # by one body: then it is left alone ...
ALONE_FOR = timedelta(days=1)  # ... for so long
FULL_EVERY = timedelta(hours=24)  # a GET without conditions, in case a feed's validators lie
ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json,"
    " application/xml;q=0.9, application/json;q=0.8, text/xml;q=0.8, */*;q=0.1"
)


@dataclass(frozen=True, kw_only=True)
class Polled:
    """What one poll found, before anything is stored."""

    outcome: PollOutcome
    parsed: ParsedFeed | None = None  # None: nothing to store
    validators: Validators | None = None
    body_hash: str | None = None
    full: bool = False
    poison: str = ""  # hash of a body that killed the process it was parsed in


async def ask(reader: Reader, feed: Feed) -> Polled:
    """Fetches and parses one feed; a failure is an outcome, not an exception."""
    tools, now = reader.tools, reader.tools.clock()
    # The poll after this one would be too late; its pause may be longer by a little.
    full = feed.last_full_at is None or now + feed.interval * 1.2 - feed.last_full_at >= FULL_EVERY
    hops: list[Hop] = []
    try:
        answer = await fetch(
            reader,
            feed.url,
            max_bytes=tools.settings.fetch.feed_bytes,
            validators=None if full else feed.validators,
            accept=ACCEPT,
            hops=hops,
        )
    except FetchError as error:
        if isinstance(error, HostHeld):
            return Polled(outcome=_put_off(feed, tools.clock(), error))
        return Polled(outcome=_failure(feed, now, error, hops))
    outcome = PollOutcome(
        feed_id=feed.id,
        at=now,
        status=PollStatus.NOT_MODIFIED,
        http_status=answer.status,
        bytes=len(answer.body),
        ms=answer.ms,
        moved_to=answer.moved_to,
        retry_after=None if answer.retry_after is None else timedelta(seconds=answer.retry_after),
        fresh=fresh(answer, tools.clock),
    )
    if answer.status == 304:
        new = _validators(answer)
        kept = Validators(
            etag=new.etag or feed.validators.etag, last_modified=new.last_modified or feed.validators.last_modified
        )
        return Polled(outcome=outcome, validators=kept)
    return await _parsed(reader, feed, answer, outcome, full=full)


async def _parsed(reader: Reader, feed: Feed, answer: Answer, outcome: PollOutcome, *, full: bool) -> Polled:
    given = _validators(answer)
    body_hash = blake2b(answer.body, digest_size=16).hexdigest()
    if body_hash == feed.body_hash:
        return Polled(outcome=replace(outcome, status=PollStatus.UNCHANGED), validators=given, full=full)
    content_type = answer.headers.get("content-type", "")
    if feed.failures and (words := _left_alone(reader.tools, feed, body_hash, outcome.at)):
        return Polled(outcome=replace(outcome, status=PollStatus.FAILED, error=words, failure=Failure.HARD))
    try:
        # Once a day all items are read, whatever is remembered of them.
        known = frozenset() if full else digests(feed.listed)
        parsed = await apart(
            reader.sandbox, read_feed, answer.body, content_type, answer.url, outcome.at, known, timeout=PARSE_S
        )
    except (InputError, SandboxError) as error:
        # What costs a process too much of something may be a slip of its publisher, and stalled ones are our own fault.
        weight = Failure.HARD if isinstance(error, InputError) else Failure.SOFT
        failed = replace(outcome, status=PollStatus.FAILED, error=str(error), failure=weight)
        return Polled(outcome=failed, poison=body_hash if _is_poison(error) else "")
    return Polled(
        outcome=replace(
            outcome,
            status=PollStatus.KNOWN,
            entries=len(parsed.entries) + len(parsed.kept),
            hints=parsed.hints,
        ),
        parsed=parsed,
        validators=given,
        body_hash=body_hash,
        full=full,
    )


def _is_poison(error: InputError | SandboxError) -> bool:
    return isinstance(error, SandboxError) and error.kind != "stalled"


def _left_alone(tools: Tools, feed: Feed, body_hash: str, now: datetime) -> str:
    """Why a body is not parsed again: it has killed its process before. A day later it is, and by each release."""
    with tools.store.read() as work:
        kills, reason = quarantine.kills(
            work, kind="feed", url=feed.url, body=body_hash, version=VERSION, since=now - ALONE_FOR
        )
    return "" if kills < KILLS else f"{reason}, {kills} times; left alone until it changes, for a day at most"


def believed_dates(entries: Iterable[ParsedEntry]) -> list[datetime]:
    """What a feed dates, and not into the future."""
    believed = (DateQuality.STATED, DateQuality.NAIVE)
    return [one.published_at for one in entries if one.published_at and one.date_quality in believed]


def fresh(answer: Answer, clock: Clock) -> timedelta | None:
    """How long the server lets caches keep an answer."""
    for_s = fresh_for(answer.headers, clock)
    return None if for_s is None else timedelta(seconds=for_s)


def _validators(answer: Answer) -> Validators:
    return Validators(etag=answer.headers.get("etag"), last_modified=answer.headers.get("last-modified"))


def _failure(feed: Feed, now: datetime, error: FetchError, hops: Sequence[Hop]) -> PollOutcome:
    words, failure, status = str(error).removeprefix(f"{feed.url}: "), error.failure, error.status
    if failure in UNREACHED and hops:  # its server answers: it is not the network, but where it sends us
        there = hops[-1].location.partition("?")[0]
        words, failure, status = f"redirects to {there}: {words}", Failure.HARD, hops[-1].status
    todo = advice(error)
    return PollOutcome(
        feed_id=feed.id,
        at=now,
        status=PollStatus.GONE if error.status == 410 else PollStatus.FAILED,
        http_status=status,
        error=f"{words}: {todo}" if todo else words,
        failure=failure,
        retry_after=None if error.retry_after is None else timedelta(seconds=error.retry_after),
    )


def _put_off(feed: Feed, now: datetime, held: HostHeld) -> PollOutcome:
    left = timedelta(seconds=held.retry_after or 0)
    return PollOutcome(feed_id=feed.id, at=now, status=PollStatus.HELD, error=str(held), excused=True, retry_after=left)
