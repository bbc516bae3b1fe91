"""Polls the feeds that are due and stores what they list."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from extractors.urls import host_of, site_of
from flows.steps.leasing import LEASE, Contest, kept
from flows.steps.polling.ask_feed import Polled, ask
from flows.steps.polling.store_polls import Poll, PollSummary, store_polls
from flows.steps.together import Together
from flows.steps.tools import Reader, Tools
from sectorwatch.clock import lasting
from sectorwatch.domain import Feed, PollStatus
from sectorwatch.errors import UNREACHED, RowRefused, StoreError
from sectorwatch.plurals import counted
from sectorwatch.polling import network_is_down
from storage.intake import feeds as feed_store
from storage.intake import network
from storage.running import gone_back
from storage.tables import feeds as feeds_table
from storage.unit_of_work import Work

STORED_AT_ONCE = 50  # polls in one transaction ...
GATHERED_S = 0.05  # ... if so many end within that time
BATCHES_AHEAD = 10  # for which it is settled whose turn it is

_log = logging.getLogger(__name__)

Storing = Together[Poll, frozenset[int]]


@dataclass(kw_only=True)
class _Batch:
    """Feeds that were claimed together, as long as one of them is being polled."""

    token: str
    storing: Storing
    unreached: list[Poll] = field(default_factory=list)
    left: int


@dataclass(kw_only=True)
class _Due:
    """What this cycle polls, and whose turn it is next."""

    not_since: datetime | None
    by: datetime
    turns: list[list[int]] = field(default_factory=list)


async def poll_feeds(reader: Reader, *, not_since: datetime | None = None) -> PollSummary:
    """Polls every feed that is due; with `not_since` also those not due yet (see `claim_due`).

    More are claimed as soon as half of a batch is done: a feed that answers late holds up no other. What comes due
    meanwhile is left for the next cycle: where polling takes longer than the feeds' intervals, a cycle would never come
    to reading what it found.
    """
    tools, began = reader.tools, reader.tools.clock()
    _heed_clock(tools, began)
    if not_since is None:
        _spread_backlog(tools, began)
    with tools.store.read() as work:
        summary = PollSummary(due=feed_store.count_due(work, now=began, not_since=not_since))
    most, more, contest = tools.settings.poll.batch, True, Contest(tools)
    due = _Due(not_since=not_since, by=began)
    flights: dict[asyncio.Task[None], _Batch] = {}
    ended: asyncio.Queue[asyncio.Task[None]] = asyncio.Queue()
    async with kept(tools, feeds_table) as tokens:
        try:
            while True:
                room = most - len(flights)
                claimed = _claim(reader, summary, max(most // 2, 1), due) if more and 2 * room >= most else None
                if claimed is None and more and 2 * room >= most:
                    more = contest.lost(lambda work: _still_due(work, tools, due))
                if claimed is not None:
                    contest.won()
                    batch, feeds = claimed
                    tokens.add(batch.token)
                    for feed in feeds:
                        task = asyncio.create_task(_poll_one(reader, feed, summary, batch))
                        task.add_done_callback(ended.put_nowait)
                        flights[task] = batch
                if not flights and not more:
                    return summary
                if not flights:
                    await contest.pause()
                    continue
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


def _heed_clock(tools: Tools, now: datetime) -> None:
    """Where it was ahead and was put right, nothing waits for the time that it said."""
    with tools.store.read() as work:
        ahead = gone_back.by_how_much(work, now=now)
    if ahead is None:
        return
    _log.warning("the clock was %s ahead, here or elsewhere: what waits for that time is due now", lasting(ahead))
    with tools.store.write() as work:
        gone_back.put_right(work, now=now, lease=LEASE)
        work.commit()


def _spread_backlog(tools: Tools, now: datetime) -> None:
    with tools.store.read() as work:
        later = feed_store.backlog(work, now=now)
    if later:
        with tools.store.write() as work:
            feed_store.postpone(work, later, now=now)
            work.commit()


def _claim(reader: Reader, summary: PollSummary, size: int, due: _Due) -> tuple[_Batch, list[Feed]] | None:
    feeds: list[Feed] = []
    with reader.tools.store.write() as work:
        now = reader.tools.clock()
        due.turns = due.turns or feed_store.next_batches(
            work, now=now, size=size, batches=BATCHES_AHEAD, not_since=due.not_since, by=due.by
        )
        while due.turns and not feeds:  # others may have taken those whose turn it is
            among = due.turns.pop(0)
            token, feeds = feed_store.claim_due(
                work, now=now, limit=size, lease=LEASE, among=among, not_since=due.not_since, by=due.by
            )
        work.commit()
    if not feeds:
        return None
    record = partial(store_polls, reader, token, summary)
    storing = Storing(record, in_flight=len(feeds), most=STORED_AT_ONCE, gather_s=GATHERED_S)
    return _Batch(token=token, storing=storing, left=len(feeds)), feeds


def _still_due(work: Work, tools: Tools, due: _Due) -> bool:
    return feed_store.count_due(work, now=tools.clock(), not_since=due.not_since, by=due.by) > 0


async def _poll_one(reader: Reader, feed: Feed, summary: PollSummary, batch: _Batch) -> None:
    polled = await ask(reader, feed)
    if polled.outcome.failure in UNREACHED:
        batch.unreached.append((feed, polled))  # whether it is the feed's fault, the others of the batch tell
        batch.storing.in_flight -= 1
        return
    if polled.outcome.http_status is not None:
        summary.answered.add(host_of(feed.url))
    try:
        if feed.id in await batch.storing.record((feed, polled)):
            polled = await ask(reader, replace(feed, listed=b""))
            await batch.storing.record((feed, polled))
    except RowRefused as error:  # one feed's odd value ends no cycle
        await batch.storing.record((feed, _refused(polled, error)))
    batch.storing.in_flight -= 1


def _store_unreached(reader: Reader, batch: _Batch, summary: PollSummary) -> None:
    """Stores the polls that reached no server; where (nearly) none did, it is our network, and no feed's failure."""
    unreached = batch.unreached
    lost = {site_of(feed.url) for feed, _ in unreached if feed.failures == 0}
    down = network_is_down(lost, answered=len(summary.answered))
    if down:
        unreached = [(feed, _excused(polled)) for feed, polled in unreached]
    try:
        store_polls(reader, batch.token, summary, unreached)
    except RowRefused:
        for poll in unreached:
            _store_alone(reader, batch, summary, poll)
    _note_network(reader.tools, summary, down=down, feeds=len(unreached))


def _store_alone(reader: Reader, batch: _Batch, summary: PollSummary, poll: Poll) -> None:
    try:
        store_polls(reader, batch.token, summary, [poll])
    except RowRefused as error:
        store_polls(reader, batch.token, summary, [(poll[0], _refused(poll[1], error))])


def _refused(polled: Polled, error: RowRefused) -> Polled:
    """What is stored of a poll in place of what the store does not take."""
    return Polled(outcome=replace(polled.outcome, status=PollStatus.FAILED, error=str(error)))


def _excused(polled: Polled) -> Polled:
    words = f"our own network or its name server is down: {polled.outcome.error}"
    return Polled(outcome=replace(polled.outcome, excused=True, error=words))


def _note_network(tools: Tools, summary: PollSummary, *, down: bool, feeds: int) -> None:
    """Puts on record that the network went down, or that it is back: each once in a cycle at most."""
    if down and not summary.network_down:
        with tools.store.write() as work:
            reached = f"only {len(summary.answered)} answered" if summary.answered else "no server answered"
            missed = counted(feeds, "feed was", "feeds were")
            network.went_down(work, f"{missed} not reached, {reached}", now=tools.clock())
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
