"""How a feed is, in plain words: what is the matter, since when, why, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from sectorwatch.clock import ago, lasting
from sectorwatch.domain import FeedState, Hold, moment
from sectorwatch.overlap import missed_words
from sectorwatch.plurals import in_a_row
from sectorwatch.site_rules import UNREACHED_MOST

if TYPE_CHECKING:
    from storage.views.feeds import FeedRow, HostRow, RobotsRow


class Condition(StrEnum):
    """What a list can be narrowed to. Each feed has one."""

    OK = "ok"
    NEW = "new"  # not polled yet
    MISSED = "missed"  # items may have been missed between two polls
    MOVED = "moved"
    SILENT = "silent"
    FAILING = "failing"
    HTML = "html"  # answers a web page or a robot check; counts as failing too
    GONE = "gone"
    PAUSED = "paused"


MISSED_SHOWN = timedelta(hours=12)
_PAGE = ("HTML page", "robot check")


class Judged(Protocol):
    """What the condition of a feed is told from."""

    @property
    def state(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def last_poll_at(self) -> datetime | None: ...
    @property
    def missed_at(self) -> datetime | None: ...


def condition(feed: Judged) -> Condition:
    """What is the matter with a feed, the gravest first."""
    if feed.state == FeedState.FAILING and any(words in feed.reason for words in _PAGE):
        return Condition.HTML
    if feed.state != FeedState.OK:
        return Condition(feed.state)
    if feed.last_poll_at is None:
        return Condition.NEW
    if feed.missed_at is not None and feed.last_poll_at - feed.missed_at <= MISSED_SHOWN:
        return Condition.MISSED
    return Condition.MOVED if "moved to" in feed.reason else Condition.OK


def wanted(feed: Judged, chosen: Sequence[Condition]) -> bool:
    """Whether a list narrowed to these shows the feed."""
    found, also = condition(feed), set[Condition]()
    if found is Condition.HTML:
        also.add(Condition.FAILING)
    if found is Condition.PAUSED and feed.reason.startswith("moved to"):  # to where another feed is
        also.add(Condition.MOVED)
    return not chosen or found in chosen or bool(also & set(chosen))


def words(feed: FeedRow, now: datetime) -> str:
    """How a feed is, in one line."""
    since = f"{feed.state_since:%Y-%m-%d %H:%M}"
    match condition(feed):
        case Condition.NEW:
            return "new: not polled yet"
        case Condition.FAILING | Condition.HTML:
            what = "answers HTML" if condition(feed) is Condition.HTML else "failing"
            return f"{what} since {since}, {in_a_row(feed.failures)}: {feed.reason}"
        case Condition.GONE:
            return f"gone since {since}: {feed.reason or 'the server answers 410'}; asked again once a week"
        case Condition.PAUSED:
            who = f" by {feed.paused_by}" if feed.paused_by else ""
            end = f" until {feed.paused_until:%Y-%m-%d %H:%M}" if feed.paused_until else ""
            return f"paused since {since}{who}{end}" + f": {feed.reason}" * bool(feed.reason)
        case Condition.SILENT:
            rhythm, _, beside = feed.reason.partition("; ")
            quiet = f"silent: {rhythm} and has been quiet for {lasting(now - feed.state_since)}"
            return f"{quiet}; {beside}" if beside else quiet
        case Condition.MISSED if "missed" not in feed.reason:
            before = f"{missed_words(feed.missed_items)} at {feed.missed_at:%H:%M} UTC, none since"
            return f"{before}; {feed.reason}" if feed.reason else before
    return feed.reason or "ok"


def usual(feed: FeedRow) -> str:
    """How often a feed posts."""
    if feed.item_gap_s is None:
        return "how often it posts is not known yet"
    return f"usually posts every {lasting(timedelta(seconds=feed.item_gap_s))}"


def missed(feed: FeedRow) -> str:
    """When it last may have missed items, and about how many."""
    return "" if feed.missed_at is None else f"{feed.missed_at:%Y-%m-%d %H:%M}: {missed_words(feed.missed_items)}"


def pace(feed: FeedRow) -> str:
    """How often it is polled, and why."""
    every = f"every {lasting(timedelta(seconds=feed.interval_s))}"
    return f"{every} ({feed.interval_why})" if feed.interval_why else every


def next_poll(feed: FeedRow, now: datetime) -> str:
    """When it is polled next."""
    if feed.state == FeedState.PAUSED and feed.paused_until is None:
        return "when resumed"
    due = max(feed.next_poll_at, feed.hold_until or feed.next_poll_at)
    if due <= now:
        return "due"
    asked = feed.hold_until is not None and feed.hold_until > now
    return ago(due, now) + ", as its server asked for patience" * asked


def host(known: HostRow, now: datetime) -> list[str]:
    """What is known of a feed's host, a line each."""
    lines = []
    if known.hold_until is not None and known.hold_until > now:
        lines.append(Hold(until=known.hold_until, status=known.hold_status or 0).words(known.host))
    delay = "asks for no pause of its own"
    if known.crawl_delay_s:
        delay = f"its robots.txt asks for {known.crawl_delay_s:g} s between two requests"
    return [*lines, f"{known.host}: {delay}", *(_robots(one, now) for one in known.robots)]


def _robots(kept: RobotsRow, now: datetime) -> str:
    of = f" of {moment(kept.fetched_at)}" if kept.fetched_at else ""
    what = "rules for robots" if kept.has_rules else "none, robots may read all"
    if kept.unreached_since is None:
        words = f"{what} ({kept.status}){of}"
    elif now - kept.unreached_since >= UNREACHED_MOST:
        words = f"not had since {moment(kept.unreached_since)} ({kept.note}): robots may read all"
    elif kept.fetched_at is not None:
        words = f"not had since {moment(kept.unreached_since)} ({kept.note}): that{of} holds, {what}"
    else:
        words = f"not had since {moment(kept.unreached_since)} ({kept.note}): its pages are left alone"
    return f"{kept.site}/robots.txt: {words}; asked again after {moment(kept.expires_at)}"
