"""Polls the feeds that are due and stores what they list."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import blake2b

from extractors.reading import read_feed
from extractors.urls import feed_key, host_of, site_of
from flows.steps.apart import apart
from flows.steps.fetching import advice, fetch
from flows.steps.identity import Sorted, addresses, candidate, sort_out
from flows.steps.leasing import LEASE, kept
from flows.steps.together import Together
from flows.steps.tools import Reader, Tools
from sectorwatch.clock import Clock
from sectorwatch.domain import DateQuality, Feed, ParsedFeed, PollOutcome, PollStatus, Validators
from sectorwatch.errors import UNREACHED, Failure, FetchError, InputError, RowRefused, SandboxError, StoreError
from sectorwatch.hints import reach_of
from sectorwatch.net.client import Answer, Hop
from sectorwatch.net.headers import fresh_for
from sectorwatch.overlap import missed
from sectorwatch.polling import network_is_down, next_poll
from storage import entries as entry_store
from storage import feed_rhythms, network
from storage import feeds as feed_store
from storage.feeds import FinishedPoll
from storage.tables import feeds as feeds_table
from storage.unit_of_work import Work

PARSE_S = 5.0  # limit of one feed in the sandbox
FULL_EVERY = timedelta(hours=24)  # a GET without conditions, in case a feed's validators lie
REREAD_WITHIN = timedelta(hours=48)  # an edit of an older entry is not worth a request
ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json,"
    " application/xml;q=0.9, application/json;q=0.8, text/xml;q=0.8, */*;q=0.1"
)


@dataclass(kw_only=True)
class PollSummary:
    """What polling did."""

    due: int = 0  # when it began
    polled: int = 0
    by_status: Counter[str] = field(default_factory=Counter)
    new_entries: int = 0
    changed_entries: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)  # (url, why and what to do)
    answered: set[str] = field(default_factory=set)  # hosts that said something, whatever it was
    network_down: bool = False  # then nothing is held against the feeds
    network_is_up: bool = False  # and that is on record


STORED_AT_ONCE = 50  # polls in one transaction


@dataclass(frozen=True, kw_only=True)
class Polled:
    """What one poll found, before anything is stored."""

    outcome: PollOutcome
    parsed: ParsedFeed | None = None  # None: nothing to store
    validators: Validators | None = None
    body_hash: str | None = None
    full: bool = False


Poll = tuple[Feed, Polled]
Storing = Together[Poll, None]


@dataclass(kw_only=True)
class _Batch:
    """Feeds that were claimed together, as long as one of them is being polled."""

    token: str
    storing: Storing
    unreached: list[Poll] = field(default_factory=list)
    left: int


async def poll_feeds(reader: Reader, *, not_since: datetime | None = None) -> PollSummary:
    """Polls every feed that is due; with `not_since` also those not due yet (see `claim_due`).

    More are claimed as soon as half of a batch is done: a feed that answers late holds up no other. What comes due
    meanwhile is left for the next cycle: where polling takes longer than the feeds' intervals, a cycle would never come
    to reading what it found.
    """
    tools, began = reader.tools, reader.tools.clock()
    if not_since is None:
        _spread_backlog(tools, began)
    with tools.store.read() as work:
        summary = PollSummary(due=feed_store.count_due(work, now=began, not_since=not_since))
    most, more = tools.settings.poll.batch, True
    flights: dict[asyncio.Task[None], _Batch] = {}
    ended: asyncio.Queue[asyncio.Task[None]] = asyncio.Queue()
    async with kept(tools, feeds_table) as tokens:
        try:
            while True:
                room = most - len(flights)
                claimed = _claim(reader, summary, room, not_since, began) if more and 2 * room >= most else None
                more = more and (claimed is not None or 2 * room < most)
                if claimed is not None:
                    batch, feeds = claimed
                    tokens.add(batch.token)
                    for feed in feeds:
                        task = asyncio.create_task(_poll_one(reader, feed, summary, batch))
                        task.add_done_callback(ended.put_nowait)
                        flights[task] = batch
                if not flights:
                    return summary
                batch = flights.pop(task := await ended.get())
                task.result()
                batch.left -= 1
                if batch.left == 0:
                    _store_unreached(reader, batch, summary)
                    tokens.discard(batch.token)
        finally:
            for task in flights:
                task.cancel()
            await asyncio.gather(*flights, return_exceptions=True)
            _give_back(tools, tokens)


def _give_back(tools: Tools, tokens: Collection[str]) -> None:
    """Whatever ends a poll early: the feeds that it has not stored are free at once, and due as before."""
    if tokens:
        with suppress(StoreError), tools.store.write() as work:  # else they are when their leases end
            for token in tokens:
                feed_store.release(work, token)
            work.commit()


def _spread_backlog(tools: Tools, now: datetime) -> None:
    with tools.store.read() as work:
        later = feed_store.backlog(work, now=now)
    if later:
        with tools.store.write() as work:
            feed_store.postpone(work, later, now=now)
            work.commit()


def _claim(
    reader: Reader, summary: PollSummary, room: int, not_since: datetime | None, by: datetime
) -> tuple[_Batch, list[Feed]] | None:
    with reader.tools.store.write() as work:
        now = reader.tools.clock()
        token, feeds = feed_store.claim_due(work, now=now, limit=room, lease=LEASE, not_since=not_since, by=by)
        work.commit()
    if not feeds:
        return None
    storing = Storing(partial(store_polls, reader, token, summary), in_flight=len(feeds), most=STORED_AT_ONCE)
    return _Batch(token=token, storing=storing, left=len(feeds)), feeds


async def _poll_one(reader: Reader, feed: Feed, summary: PollSummary, batch: _Batch) -> None:
    polled = await ask(reader, feed)
    if polled.outcome.failure in UNREACHED:
        batch.unreached.append((feed, polled))  # whether it is the feed's fault, the others of the batch tell
        batch.storing.in_flight -= 1
        return
    if polled.outcome.http_status is not None:
        summary.answered.add(host_of(feed.url))
    try:
        await batch.storing.record((feed, polled))
    except RowRefused as error:  # one feed's odd value ends no cycle
        failed = replace(polled.outcome, status=PollStatus.FAILED, error=str(error))
        await batch.storing.record((feed, Polled(outcome=failed)))
    batch.storing.in_flight -= 1


def _store_unreached(reader: Reader, batch: _Batch, summary: PollSummary) -> None:
    """Stores the polls that reached no server; where (nearly) none did, it is our network, and no feed's failure."""
    unreached = batch.unreached
    lost = {site_of(feed.url) for feed, _ in unreached if feed.failures == 0}
    down = network_is_down(lost, answered=len(summary.answered))
    if down:
        unreached = [(feed, _excused(polled)) for feed, polled in unreached]
    store_polls(reader, batch.token, summary, unreached)
    _note_network(reader.tools, summary, down=down, feeds=len(unreached))


def _excused(polled: Polled) -> Polled:
    words = f"our own network or its name server is down: {polled.outcome.error}"
    return Polled(outcome=replace(polled.outcome, excused=True, error=words))


def _note_network(tools: Tools, summary: PollSummary, *, down: bool, feeds: int) -> None:
    """Puts on record that the network went down, or that it is back: each once in a cycle at most."""
    if down and not summary.network_down:
        with tools.store.write() as work:
            reached = f"only {len(summary.answered)} answered" if summary.answered else "no server answered"
            network.went_down(work, f"{feeds} feeds were not reached, {reached}", now=tools.clock())
            work.commit()
        summary.network_down = True
    elif summary.answered and not summary.network_is_up:
        summary.network_is_up = True
        with tools.store.read() as work:
            was_down = network.outage(work) is not None
        if was_down:
            with tools.store.write() as work:
                network.came_back(work)
                work.commit()


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
    try:
        parsed = await apart(
            reader.sandbox, read_feed, answer.body, content_type, answer.url, outcome.at, timeout=PARSE_S
        )
    except (InputError, SandboxError) as error:
        # A process that was stopped may have been slow for want of a free core: that is no word on the feed.
        weight = Failure.HARD if isinstance(error, InputError) else Failure.SOFT
        return Polled(outcome=replace(outcome, status=PollStatus.FAILED, error=str(error), failure=weight))
    return Polled(
        outcome=replace(
            outcome,
            status=PollStatus.KNOWN,
            entries=len(parsed.entries),
            hints=parsed.hints,
            reach=listed_over(parsed),
        ),
        parsed=parsed,
        validators=given,
        body_hash=body_hash,
        full=full,
    )


def listed_over(parsed: ParsedFeed) -> timedelta | None:
    """How far the list of a feed goes back."""
    return reach_of(_dates(parsed))


def _dates(parsed: ParsedFeed) -> list[datetime]:
    """What a feed dates, and not into the future."""
    believed = (DateQuality.STATED, DateQuality.NAIVE)
    return [one.published_at for one in parsed.entries if one.published_at and one.date_quality in believed]


def fresh(answer: Answer, clock: Clock) -> timedelta | None:
    """How long the server lets caches keep an answer."""
    for_s = fresh_for(answer.headers, clock)
    return None if for_s is None else timedelta(seconds=for_s)


def _validators(answer: Answer) -> Validators:
    return Validators(etag=answer.headers.get("etag"), last_modified=answer.headers.get("last-modified"))


def store_polls(reader: Reader, token: str, summary: PollSummary, polls: Sequence[Poll]) -> None:
    """Decides what is new and stores it with the polls and their validators, in one transaction.

    A feed that somebody else has taken over, or that was removed, is left out: nothing of ours is stored.
    """
    tools, finished = reader.tools, list[FinishedPoll]()
    with tools.store.write() as work:
        ours = feed_store.holding(work, token, [feed.id for feed, _ in polls])
        for feed, polled in polls:
            if feed.id in ours:
                outcome, baseline = _store_entries(work, feed, polled)
                finished.append(
                    FinishedPoll(
                        feed=feed,
                        outcome=outcome,
                        plan=next_poll(feed, outcome, now=outcome.at, random=tools.random),
                        validators=polled.validators,
                        body_hash=polled.body_hash,
                        title="" if polled.parsed is None else polled.parsed.title,
                        baseline=baseline,
                        full=polled.full,
                    )
                )
        feed_store.finish_polls(work, token, finished)
        for one in finished:
            if one.plan.new_url is not None:
                _move(work, one.feed, one.plan.new_url, now=one.outcome.at)
        work.commit()
    for one in finished:
        outcome = one.outcome
        summary.polled += 1
        summary.by_status[outcome.status.value] += 1
        summary.new_entries += outcome.new_entries
        summary.changed_entries += outcome.changed_entries
        if outcome.error and not outcome.excused:
            summary.failed.append((one.feed.url, outcome.error))
        tools.progress("feeds", summary.polled, max(summary.due, summary.polled))


def _store_entries(work: Work, feed: Feed, polled: Polled) -> tuple[PollOutcome, bool]:
    """Stores what the feed lists; what came of it, and whether it was its baseline."""
    outcome, parsed = polled.outcome, polled.parsed
    if parsed is None:
        return outcome, False
    baseline = feed.baseline_at is None
    guids = [entry.guid for entry in parsed.entries]
    language = feed.language or parsed.language
    items = [candidate(item, language=language) for item in parsed.entries]
    known = entry_store.known(
        work,
        feed.id,
        guids=guids,
        canonical_urls=addresses(parsed.entries),
        title_day_keys=[item.title_day_key for item in items if item.title_day_key],
        content_keys=[item.content_key for item in items],
    )
    found = sort_out(parsed.entries, known, language=language, news_since=feed.last_new_at or feed.baseline_at)
    lost = not baseline and bool(found.new) and not found.known and not found.changed
    gap = _missed(work, feed, parsed) if lost else None
    for entry, guid in (*found.displaced.items(), *found.renamed.items()):
        entry_store.rename(work, entry, guid)
    entry_store.add(work, feed.id, found.new, baseline=baseline, now=outcome.at)
    entry_store.add(work, feed.id, found.archive, baseline=True, now=outcome.at)
    _store_old(work, found, outcome.at)
    outcome = replace(
        outcome,
        status=PollStatus.NEW if found.new else PollStatus.KNOWN,
        new_entries=len(found.new) + len(found.archive),
        changed_entries=len(found.changed),
        overlap_lost=lost,
        missed=gap,
    )
    return outcome, baseline


def _move(work: Work, feed: Feed, url: str, *, now: datetime) -> None:
    """The feed's publisher has moved it for good. Where that feed is watched already, it is polled there alone."""
    others = {feed_key(known): number for known, number in feed_store.addresses(work).items() if number != feed.id}
    twin = others.get(feed_key(url))
    if twin is None:
        feed_store.move(work, feed.id, url=url, now=now)
    else:
        reason = f"moved to {url}, which is feed {twin}: polled there; remove this one"
        feed_store.pause(work, feed.id, by="sectorwatch", reason=reason, until=None, now=now)


def _missed(work: Work, feed: Feed, parsed: ParsedFeed) -> int | None:
    """About how many items came and went between the last poll and this one, before its own are stored."""
    return missed(feed_rhythms.times(work, [feed.id]).get(feed.id, []), _dates(parsed))


def _store_old(work: Work, found: Sorted, now: datetime) -> None:
    for old, item in found.changed:
        recent = now - (item.published_at or old.first_seen_at) <= REREAD_WITHIN
        entry_store.change(work, old.id, item, now=now, reread=recent)
    entry_store.seen(work, [old.id for old in found.known], now=now)


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
