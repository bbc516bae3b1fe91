"""Reads the pages behind new entries: fetch, extract and detect in the sandbox, file with every decision.

A page that fails leaves the feed's own text in its place, and is tried again later.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence, Set
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from extractors.declared import charset_of
from extractors.prefilter import SKIMMED
from extractors.reading import PageToRead, read_page
from flows.steps.apart import apart
from flows.steps.fetching import fetch
from flows.steps.leasing import LEASE, Contest, kept
from flows.steps.reading.feed_text import feed_text
from flows.steps.reading.known import Known, known_of
from flows.steps.reading.own_network import OwnNetwork
from flows.steps.reading.page_failures import Failure, failure_of, left_alone
from flows.steps.reading.store_article import FEED_TEXT, NOTHING_FILED, Filed, file_article, locks, marks_of
from flows.steps.rereads import live_again
from flows.steps.together import Together
from flows.steps.tools import Reader
from sectorwatch import VERSION
from sectorwatch.domain import Entry, ReadArticle, ReadState, Source, Subscription, Validators
from sectorwatch.errors import FetchError, InputError, PageRefused, RowRefused, SandboxError
from sectorwatch.logs import about
from storage.alerting import storms
from storage.alerting.storms import Storm
from storage.intake import entries as entry_store
from storage.intake import feeds as feed_store
from storage.intake import network, quarantine
from storage.intake.entries import ReadEnd
from storage.reading import articles as article_store
from storage.reading.detected import raw_pages_of
from storage.reading.gists import Shelf
from storage.subscribers import subscriptions as subscription_store
from storage.tables import entries as entries_table
from storage.unit_of_work import Work
from storage.upkeep import room

PAGE_S = 10.0  # limit of one page in the sandbox
KILLS = 2  # before a page is quarantined
PER_HOST = 4  # of one host in flight: they wait for one another, so more would only fill the room
CLAIMED_AFTER = 16  # entries that were done since the last claim: a claim costs as much as filing a few
LOOKED_EVERY_S = 0.1  # where nothing is due, and may come
FILED_TOGETHER = 32  # at most: nobody else writes to SQLite meanwhile, about 0.1 s
GATHERED_S = 0.2  # a mention is told of within seconds, and a commit costs as much as filing an article
ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


@dataclass(kw_only=True)
class ReadSummary:
    """What reading did."""

    read: int = 0  # pages read
    skimmed: int = 0  # of them, those that name nothing watched: their text was not extracted
    from_feed: int = 0  # articles whose page failed: the feed's own text
    known: int = 0  # already stored, by another entry or unchanged
    put_off: int = 0  # pages that were not tried: their hosts want to be left alone, or our own network is down
    alerts: int = 0
    folded: int = 0
    suppressed: int = 0
    storm: Storm | None = None  # what the brake holds, now
    mentions: Counter[str] = field(default_factory=Counter)  # articles by sector
    failed: list[tuple[str, str]] = field(default_factory=list)  # (url, why)
    extractions: int = 0  # calls of the sandbox
    extraction_seconds: float = 0.0  # that they took, with the wait for a free process
    refused: Counter[str] = field(default_factory=Counter)  # the same, by Refusal


_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Page:
    """What came of an entry's page."""

    fetched: bool  # False: the text is the feed's own
    charset: str
    read: ReadArticle | None  # None: not even the feed's text could be read
    failure: Failure | None
    validators: Validators | None = None  # of a page that was read; None: those before hold


@dataclass(frozen=True, kw_only=True)
class Done:
    """An entry that has been read and waits to be filed."""

    token: str
    entry: Entry
    page: Page


class ReadingRoom:
    """The entries in hand, and what every one of them needs."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.summary = ReadSummary()
        self.hosts: Counter[str] = Counter()
        self.tasks: set[asyncio.Task[None]] = set()
        self.sources: Mapping[int, Source] = {}
        self.tokens: Counter[str] = Counter()  # entries in hand by lease token
        self.network = OwnNetwork(on_record=False)
        self.gists = Shelf()
        self.filing = Together(self._file_all, most=FILED_TOGETHER, gather_s=GATHERED_S)

    def refresh(self) -> None:
        """Reads anew who publishes what, and whether our network is known to be down."""
        with self.reader.tools.store.read() as work:
            self.network = OwnNetwork(on_record=network.outage(work) is not None)
            self.sources = {feed.id: feed.source for feed in feed_store.every(work)}

    def claim(self, retry_before: datetime | None) -> list[tuple[str, Entry]]:
        """Takes more entries in hand, as many as there is room for."""
        tools = self.reader.tools
        room = tools.settings.read.in_flight - len(self.tasks)
        with tools.store.write() as work:
            token, entries = entry_store.claim_unread(
                work,
                now=tools.clock(),
                limit=room,
                per_host=PER_HOST,
                lease=LEASE,
                avoid_hosts=[host for host, count in self.hosts.items() if host and count >= PER_HOST],
                retry_before=retry_before,
            )
            known = self._known(work, token, entries)
            work.commit()
        self.summary.known += len(known)
        return [(token, entry) for entry in entries if entry.id not in known]

    def is_any_left(self, work: Work, retry_before: datetime | None) -> bool:
        """Whether something is due."""
        return entry_store.is_any_unread(work, now=self.reader.tools.clock(), retry_before=retry_before)

    def _known(self, work: Work, token: str, entries: Sequence[Entry]) -> set[int]:
        """Those whose page another entry has brought already: there is nothing to fetch, and they are done."""
        urls = {entry.canonical_url for entry in entries if entry.article_id is None and entry.canonical_url}
        found = article_store.find_all(work, urls)
        ends = []
        for entry in entries:
            article = found.get(entry.canonical_url or "") if entry.article_id is None else None
            if article is None or article.method == FEED_TEXT or article.feed_id == entry.feed_id:
                continue  # a feed that lists an address twice (a live blog) has two things to say
            if article.baseline and not entry.baseline:
                continue  # it is news here: decided anew
            ends.append(
                ReadEnd(
                    entry_id=entry.id,
                    token=token,
                    state=ReadState.READ,
                    article_id=article.id,
                    due_at=None,
                    attempts=entry.read_attempts,
                )
            )
        entry_store.finish_read(work, *ends)
        return {end.entry_id for end in ends}

    async def handle(self, token: str, entry: Entry) -> None:
        """Reads and files one entry; whatever happens, it is given back."""
        with about(feed=entry.feed_id, entry=entry.id):
            await self._handle(token, entry)

    async def _handle(self, token: str, entry: Entry) -> None:
        page = await read_entry(self.reader, entry, self.network)
        done = Done(token=token, entry=entry, page=page)
        try:
            filed = await self.filing.record(done)
        except RowRefused as error:  # one page's odd value ends no cycle
            failure = failure_of(InputError(str(error)), entry, self.reader.tools.clock())
            done = replace(done, page=Page(fetched=False, charset="", read=None, failure=failure))
            filed = await self.filing.record(done)
        if (one := filed[entry.id]) is not None:
            self._count(entry, done.page, one)
            with about(article=one.article_id):
                _say(done.page, one)

    def _file_all(self, done: Sequence[Done]) -> dict[int, Filed | None]:
        """Files what has been read, by entry, in one transaction; None for what somebody else has taken over."""
        read = [(one.entry, one.page.read) for one in done if one.page.read]
        try:
            with self.reader.tools.store.write() as work:
                # All at once and in one order: two workers that hold copies of two texts do not wait in a circle.
                work.lock(*(lock for entry, text in read for lock in locks(entry, text)))
                held = entry_store.held(work, {one.entry.id: one.token for one in done})
                subscriptions = self._subscriptions(work, done)
                known = known_of(work, [marks_of(entry, text) for entry, text in read], self.gists)
                filed = {
                    one.entry.id: self._file(work, one, subscriptions, known) for one in done if one.entry.id in held
                }
                entry_store.finish_read(work, *(end for _, end in filed.values()))
                work.commit()
        except BaseException:
            self.gists.clear()
            raise
        return {one.entry.id: filed[one.entry.id][0] if one.entry.id in filed else None for one in done}

    def _subscriptions(self, work: Work, done: Sequence[Done]) -> Sequence[Subscription]:
        """All of them, where anything that is watched was found."""
        wanted = any(one.page.read and one.page.read.detection.sectors for one in done)
        return subscription_store.every(work, self.reader.tools.vault) if wanted else ()

    def _file(
        self, work: Work, done: Done, subscriptions: Sequence[Subscription], known: Known
    ) -> tuple[Filed, ReadEnd]:
        tools, entry, page, failure = self.reader.tools, done.entry, done.page, done.page.failure
        now = tools.clock()
        filed = NOTHING_FILED
        if failure is not None and failure.killed:
            failure = self._after_kill(work, entry, failure, now)
        if page.read is not None:
            filed = file_article(
                work,
                entry,
                self.sources.get(entry.feed_id, Source()),
                page.read,
                raw=page.read.packed,
                charset=page.charset,
                subscriptions=subscriptions,
                now=now,
                guards=tools.settings.guards,
                known=known,
            )
        return filed, ReadEnd(
            entry_id=entry.id,
            token=done.token,
            state=ReadState.READ if failure is None else failure.state,
            article_id=filed.article_id,
            due_at=_live_again(entry, filed, now) if failure is None else failure.due_at,
            hold_until=None if failure is None else failure.hold_until,
            attempts=entry.read_attempts + (failure is None or not failure.put_off),
            note="" if failure is None else failure.words,
            refusal=None if failure is None else failure.refusal,
            validators=page.validators,
        )

    def _after_kill(self, work: Work, entry: Entry, failure: Failure, now: datetime) -> Failure:
        """A page that killed its process twice under one release is left alone until the next."""
        kills = quarantine.record(
            work, kind="page", url=entry.url or entry.guid, version=VERSION, reason=failure.words, now=now
        )
        if kills < KILLS:
            return failure
        words = f"{failure.words}; {kills} times now: quarantined"
        return replace(failure, words=words, state=ReadState.QUARANTINED, due_at=None)

    def _count(self, entry: Entry, page: Page, filed: Filed) -> None:
        summary = self.summary
        if page.failure is not None and page.failure.put_off:
            summary.put_off += 1
        elif page.failure is not None:
            summary.failed.append((entry.url or entry.guid, page.failure.words))
            summary.refused[page.failure.refusal.value] += 1
        if page.read is None:
            return
        if not filed.created and not filed.changed:
            summary.known += 1
        elif not page.fetched:
            summary.from_feed += 1
        else:
            summary.read += 1
            summary.skimmed += page.read.article.method == SKIMMED
        summary.mentions.update(filed.sectors)
        summary.alerts += filed.alerts
        summary.folded += filed.folded
        summary.suppressed += filed.suppressed


def _say(page: Page, filed: Filed) -> None:
    if page.failure is not None:
        _log.info("the page was not read: %s", page.failure.words)
    if page.read is not None:
        _log.info(
            "%s by %s: %s; alerts: %d opened, %d joined, %d suppressed",
            "stored" if filed.created else "changed" if filed.changed else "known",
            page.read.article.method,
            ", ".join(filed.sectors) or "no sector",
            filed.alerts,
            filed.folded,
            filed.suppressed,
        )


def _live_again(entry: Entry, filed: Filed, now: datetime) -> datetime | None:
    if filed.live_grew_at is None:
        return None
    return live_again(since=entry.first_seen_at, grew_at=filed.live_grew_at, now=now)


@asynccontextmanager
async def _none_left(tasks: Set[asyncio.Task[None]]) -> AsyncIterator[None]:
    """At the end of the block no task is at work: where the store is gone, all fail, and the first alone is raised."""
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def read_articles(
    reader: Reader, *, retry_before: datetime | None = None, more: Callable[[], bool] = lambda: False
) -> ReadSummary:
    """Reads every entry whose page is due; with `retry_before` also those that wait for a later try.

    Claims are small and often, over many hosts at once: a slow host holds up nobody but itself. As long as there may be
    `more`, it waits for what comes due.
    """
    tools, room, contest = reader.tools, ReadingRoom(reader), Contest(reader.tools)
    room.refresh()
    async with kept(tools, entries_table) as held, _none_left(room.tasks):
        done_since = CLAIMED_AFTER
        while True:
            in_flight = tools.settings.read.in_flight
            expected = more()  # asked before the claim: what comes after it is claimed the next time
            ready = len(room.tasks) <= in_flight * 3 // 4 and (done_since >= CLAIMED_AFTER or not room.tasks)
            claimed = room.claim(retry_before) if ready else []
            done_since = 0 if ready else done_since
            for token, entry in claimed:
                held.add(token)
                _start(room, token, entry, held)
            if claimed:
                contest.won()
            elif not room.tasks and expected:
                await tools.sleep(LOOKED_EVERY_S)
                continue
            elif not room.tasks and contest.lost(lambda work: room.is_any_left(work, retry_before)):
                await contest.pause()
                continue
            if not room.tasks:
                break
            finished, _ = await asyncio.wait(room.tasks, timeout=0.25, return_when=asyncio.FIRST_COMPLETED)
            done_since += len(finished) or CLAIMED_AFTER
            for done in [task for task in room.tasks if task.done()]:
                room.tasks.discard(done)
                done.result()  # an error of the store ends the cycle; leases give the rest back
    with tools.store.read() as work:
        room.summary.storm = storms.current(work)
    return room.summary


def _start(room: ReadingRoom, token: str, entry: Entry, held: set[str]) -> None:
    """Begins with one entry; its token is let go with the last entry that it holds."""

    async def handle() -> None:
        try:
            await room.handle(token, entry)
        finally:
            room.hosts[entry.host] -= 1
            room.filing.in_flight -= 1
            room.tokens[token] -= 1
            if not room.tokens[token]:
                held.discard(token)

    room.hosts[entry.host] += 1
    room.filing.in_flight += 1
    room.tokens[token] += 1
    room.tasks.add(asyncio.create_task(handle()))


async def read_entry(reader: Reader, entry: Entry, own: OwnNetwork) -> Page:
    """The article of an entry: of its page, or of the feed's own text where the page fails or refuses."""
    feed = feed_text(entry)
    failure = left_alone(entry, reader.tools.clock())
    if entry.url is not None and failure is None:
        try:
            settings = reader.tools.settings.read
            fetched = await _page(reader, entry, entry.url, own)
            charset = fetched.charset
            page = PageToRead(
                html=fetched.html,
                url=fetched.url,
                charset=charset,
                feed=feed,
                asked=entry.url,
                whole=settings.everything or entry.article_id is not None,  # what it was before is compared with it
                keep=settings.keep_raw_days > 0 and not room.is_low(reader.tools.store.engine),
            )
            read = await _understood(reader, page)
            if read.article.refusal is None:
                return Page(fetched=True, charset=charset, read=read, failure=None, validators=fetched.validators)
            locked = PageRefused("a paywall: the page gives only a beginning", read.article.refusal)
            failure = failure_of(locked, entry, reader.tools.clock())
            return Page(fetched=True, charset=charset, read=read, failure=failure)
        except (FetchError, InputError, SandboxError) as error:
            failure = failure_of(error, entry, reader.tools.clock())
            if failure.put_off and entry.article_id is not None and entry.read_state is ReadState.RETRY:
                return Page(fetched=False, charset="", read=None, failure=failure)  # the feed's words are known
    try:
        read = await _understood(reader, PageToRead(html=None, url=entry.url or "", charset="", feed=feed))
    except (InputError, SandboxError) as error:
        failure = failure_of(error, entry, reader.tools.clock())
        return Page(fetched=False, charset="", read=None, failure=failure)
    if failure is not None:
        read = replace(read, article=replace(read.article, refusal=failure.refusal))
    return Page(fetched=False, charset="", read=read, failure=failure)


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A page as it came, or as it was kept where its server says that it has not changed."""

    html: bytes
    charset: str
    url: str
    validators: Validators | None  # None: those of the entry hold


async def _page(reader: Reader, entry: Entry, url: str, own: OwnNetwork) -> Fetched:
    tools, settings = reader.tools, reader.tools.settings.fetch
    permit = reader.web.robots.permit if settings.robots else None
    kept = None
    if entry.article_id is not None and entry.refusal is None and entry.page_validators != Validators():
        with tools.store.read() as work:
            kept = raw_pages_of(work, [entry.article_id]).get(entry.article_id)
    # Without the page as it was there is nothing that "not modified" could stand for.
    validators = None if kept is None else entry.page_validators
    own.check()
    try:
        answer = await fetch(
            reader, url, max_bytes=settings.page_bytes, validators=validators, accept=ACCEPT, permit=permit
        )
    except FetchError as error:
        own.failed(url, error, before=entry.read_attempts > 0)
        raise
    own.answered(url)
    if answer.status == 304 and kept is not None:
        return Fetched(html=kept.body, charset=kept.charset, url=answer.url, validators=None)
    return Fetched(
        html=answer.body,
        charset=charset_of(answer.headers.get("content-type", "")),
        url=answer.url,
        validators=Validators(etag=answer.headers.get("etag"), last_modified=answer.headers.get("last-modified")),
    )


async def _understood(reader: Reader, page: PageToRead) -> ReadArticle:
    return await apart(reader.sandbox, read_page, page, timeout=PAGE_S)
