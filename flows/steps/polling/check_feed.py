"""One poll explained: what the server says, what the feed is like, what would come of it; and the feeds of a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from extractors.feeds.feedlinks import WELL_KNOWN, FeedLink
from extractors.reading import read_feed, read_feed_links
from extractors.urls import absolute, feed_key, host_of
from flows.steps.apart import apart
from flows.steps.fetching import advice, fetch
from flows.steps.polling.ask_feed import ACCEPT, PARSE_S, believed_dates, fresh
from flows.steps.polling.identity import sort_out
from flows.steps.polling.store_entries import recalled
from flows.steps.tools import Reader
from sectorwatch.domain import (
    DateQuality,
    Feed,
    FeedState,
    Move,
    ParsedFeed,
    PollOutcome,
    PollStatus,
    Source,
    Validators,
)
from sectorwatch.errors import FetchError, HostHeld, InputError, SandboxError
from sectorwatch.hints import reach_of
from sectorwatch.net.client import Answer, Hop
from sectorwatch.polling import next_poll
from storage.views import feeds as feed_views
from storage.views.feeds import HostRow

DECLARED = 6  # links of a page that are tried: those it declares ...
LIKELY = 4  # ... and, where none of them is a feed, those that look like one


@dataclass(frozen=True, kw_only=True)
class FoundFeed:
    """A feed that a page has."""

    url: str
    title: str
    entries: int
    how: str  # it was found
    watched_as: int | None


@dataclass(frozen=True, kw_only=True)
class FeedFacts:
    """What a feed is like."""

    format: str
    title: str
    language: str
    entries: int
    dates: dict[str, int]  # how many entries are of each date quality
    newest: datetime | None
    oldest: datetime | None
    ttl: timedelta | None
    problems: tuple[str, ...]
    examples: tuple[str, ...]  # the first titles
    with_text: int  # entries that carry their full text


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """What the store would make of the entries."""

    new: int
    changed: int
    known: int
    elsewhere: tuple[tuple[int, str, int], ...]  # other feeds that brought the same pages: number, title, how many


@dataclass(frozen=True, kw_only=True)
class Check:
    """A poll that stores nothing."""

    asked: str
    watched_as: int | None
    hops: tuple[Hop, ...]  # each answer, redirects first
    problem: str = ""  # why it is no usable feed
    todo: str = ""
    bytes: int = 0
    ms: int = 0
    moved_to: str | None = None
    moved_onto: int | None = None  # the number of another feed that is watched there
    move: Move | None = None  # as the polls before have seen it
    feed: FeedFacts | None = None
    overlap: Overlap | None = None
    host: HostRow | None = None  # what is known of that of its address; None: nothing yet
    unchanged: str = ""  # what it costs to ask again
    interval: timedelta | None = None
    interval_why: str = ""
    found: tuple[FoundFeed, ...] = ()  # where a page was given
    looked_at: tuple[tuple[str, str], ...] = ()  # addresses that were tried for a feed, and what they are


class _Middle(Random):
    """No jitter: what would follow on average."""

    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


async def check_feed(reader: Reader, url: str, *, feed: Feed | None, watched: Sequence[tuple[int, str]]) -> Check:
    """Polls once, stores nothing. `feed` is the stored one, `watched` the numbers and addresses of all."""
    hops: list[Hop] = []
    keys = {feed_key(address): number for number, address in watched}
    start = Check(asked=url, watched_as=feed.id if feed else keys.get(feed_key(url)), hops=())
    try:
        answer = await _get(reader, url, hops)
    except FetchError as error:
        words = str(error).removeprefix(f"{url}: ")
        return replace(start, hops=tuple(hops), problem=words, todo=_todo(error), host=_host(reader, url))
    start = replace(start, hops=tuple(hops), bytes=len(answer.body), ms=answer.ms, host=_host(reader, answer.url))
    if answer.moved_to is not None:
        there = keys.get(feed_key(answer.moved_to))
        onto = there if there != start.watched_as else None
        start = replace(start, moved_to=answer.moved_to, moved_onto=onto, move=feed.move if feed else None)
    try:
        parsed = await _parse(reader, answer)
    except (InputError, SandboxError) as error:
        found, looked_at = await _look(reader, answer, keys)
        todo = "" if found else "give the address of the feed itself; the site may have none"
        return replace(start, problem=str(error), todo=todo, found=tuple(found), looked_at=tuple(looked_at))
    overlap = _overlap(reader, feed, parsed)
    known = feed or _stranger(reader, url)
    status = PollStatus.NEW if overlap.new else PollStatus.KNOWN
    now = reader.tools.clock()
    outcome = PollOutcome(
        feed_id=known.id,
        at=now,
        status=status,
        entries=len(parsed.entries),
        new_entries=overlap.new,
        hints=parsed.hints,
        reach=reach_of(believed_dates(parsed.entries)),
        fresh=fresh(answer, reader.tools.clock),
    )
    plan = next_poll(known, outcome, now=now, random=_Middle())
    return replace(
        start,
        feed=_facts(parsed),
        overlap=overlap,
        unchanged=await _again(reader, answer),
        interval=plan.interval,
        interval_why=plan.interval_why,
    )


def _host(reader: Reader, url: str) -> HostRow | None:
    with reader.tools.store.read() as work:
        return feed_views.host_row(work, host_of(url))


async def _get(reader: Reader, url: str, hops: list[Hop], validators: Validators | None = None) -> Answer:
    most = reader.tools.settings.fetch.feed_bytes
    return await fetch(reader, url, max_bytes=most, validators=validators, accept=ACCEPT, hops=hops)


async def _parse(reader: Reader, answer: Answer) -> ParsedFeed:
    content_type, now = answer.headers.get("content-type", ""), reader.tools.clock()
    return await apart(reader.sandbox, read_feed, answer.body, content_type, answer.url, now, timeout=PARSE_S)


async def _again(reader: Reader, answer: Answer) -> str:
    """Whether the server keeps to its validators."""
    given = Validators(etag=answer.headers.get("etag"), last_modified=answer.headers.get("last-modified"))
    if not (given.etag or given.last_modified):
        return "the server gives no validators: each poll brings the whole feed"
    try:
        second = await _get(reader, answer.url, [], given)
    except FetchError as error:
        return f"asked again with its validators, it fails: {error}"
    if second.status == 304:
        return "asked again with its validators, the server answers 304: an unchanged feed costs next to nothing"
    same = second.body == answer.body
    return f"the server ignores its validators: asked again, it sends {'the same' if same else 'another'} body"


def _todo(error: FetchError) -> str:
    known = advice(error)
    if known:
        return known
    if error.status in (429, 503) or isinstance(error, HostHeld):
        return "try again later: the server asks for patience"
    if error.permanent:
        return "correct the address"
    return "try again later; where it lasts, open the address in a browser"


# ------------------------------------------------------------------------------------------------- the feed of a page


async def _look(reader: Reader, page: Answer, watched: dict[str, int]) -> tuple[list[FoundFeed], list[tuple[str, str]]]:
    """The feeds that a page declares; else those that it links to; else the first at a usual place of its site."""
    try:
        content_type = page.headers.get("content-type", "")
        links = await apart(reader.sandbox, read_feed_links, page.body, content_type, page.url, timeout=PARSE_S)
    except (InputError, SandboxError):
        links = []
    declared = [link for link in links if link.declared][:DECLARED]
    likely = [link for link in links if not link.declared][:LIKELY]
    usual = [FeedLink(url=absolute(page.url, path), title="", declared=False) for path in WELL_KNOWN]
    looked_at: list[tuple[str, str]] = []
    tried = {feed_key(page.url)}
    for some, how in ((declared, "named by the page"), (likely, "linked by the page"), (usual, "at a usual place")):
        found: list[FoundFeed] = []
        for link in some:
            if feed_key(link.url) in tried or (found and some is usual):
                continue
            tried.add(feed_key(link.url))
            parsed, words = await _tried(reader, link)
            looked_at.append((link.url, words))
            if parsed is not None:
                number = watched.get(feed_key(link.url))
                title, entries = parsed.title or link.title, len(parsed.entries)
                found.append(FoundFeed(url=link.url, title=title, entries=entries, how=how, watched_as=number))
        if found:
            return found, looked_at
    return [], looked_at


async def _tried(reader: Reader, link: FeedLink) -> tuple[ParsedFeed | None, str]:
    """The feed behind a link, or why there is none. What the page does not declare is asked for as robots may."""
    try:
        if not link.declared and reader.tools.settings.fetch.robots and not await reader.web.robots.allows(link.url):
            return None, "robots.txt of the site asks robots to stay away from it"
        parsed = await _parse(reader, await _get(reader, link.url, []))
    except (FetchError, InputError, SandboxError) as error:
        return None, str(error).removeprefix(f"{link.url}: ")
    count = len(parsed.entries)
    return parsed, f"a feed with {count} entr{'y' if count == 1 else 'ies'}"


# ------------------------------------------------------------------------------------------------------ what it is like


def _facts(parsed: ParsedFeed) -> FeedFacts:
    dates = sorted(entry.published_at for entry in parsed.entries if entry.published_at is not None)
    qualities = Counter(entry.date_quality.value for entry in parsed.entries)
    return FeedFacts(
        format=parsed.format,
        title=parsed.title,
        language=parsed.language,
        entries=len(parsed.entries),
        dates={quality.value: qualities[quality.value] for quality in DateQuality if qualities[quality.value]},
        newest=dates[-1] if dates else None,
        oldest=dates[0] if dates else None,
        ttl=parsed.hints.every,
        problems=parsed.problems,
        examples=tuple(entry.title for entry in parsed.entries[:3]),
        with_text=sum(entry.content is not None for entry in parsed.entries),
    )


def _overlap(reader: Reader, feed: Feed | None, parsed: ParsedFeed) -> Overlap:
    urls = [entry.canonical_url for entry in parsed.entries if entry.canonical_url]
    language = (feed.language if feed else "") or parsed.language
    with reader.tools.store.read() as work:
        others = feed_views.brought_by(work, urls)
        if feed is None:
            new, changed, seen = len(parsed.entries), 0, 0
        else:
            known = recalled(work, feed.id, parsed, language=language)
            found = sort_out(parsed.entries, known, language=language)
            new, changed, seen = len(found.new), len(found.changed), len(found.known)
    elsewhere = tuple(one for one in others if feed is None or one[0] != feed.id)
    return Overlap(new=new, changed=changed, known=seen, elsewhere=elsewhere)


def _stranger(reader: Reader, url: str) -> Feed:
    """The feed as it would be stored."""
    now = reader.tools.clock()
    return Feed(
        id=0,
        url=url,
        title="",
        language="",
        source=Source(),
        validators=Validators(),
        body_hash=None,
        interval=timedelta(seconds=reader.tools.settings.poll.interval_s),
        next_poll_at=now,
        state=FeedState.OK,
        state_since=now,
        reason="",
        failures=0,
        baseline_at=None,
        last_full_at=None,
        last_new_at=None,
        hold_until=None,
    )
