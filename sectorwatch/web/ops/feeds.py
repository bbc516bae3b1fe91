"""Feeds: how each is and what to do about it; one of them with its polls and its newest entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from alerts.plain import plain
from flows.steps.polling import feed_words
from flows.steps.polling.feed_words import Condition
from flows.steps.tools import Tools
from sectorwatch.domain import FeedState, Side
from sectorwatch.moments import span
from sectorwatch.web.body import BadRequest
from sectorwatch.web.ops.listing import Slice, cut
from sectorwatch.web.ops.overview import LONGEST_REASON
from sectorwatch.web.ops.rooms import ROOT, Asking, Rooms
from sectorwatch.web.public_views import NoSuchPage, check
from storage.intake import feeds as feed_store
from storage.intake.feeds import host_of
from storage.unit_of_work import Work
from storage.views import feeds as feed_views
from storage.views.feeds import FeedOutline, FeedRow

PATH = f"{ROOT}/feeds"
POLLS = 30
ENTRIES = 20
_GRAVEST = (
    Condition.GONE, Condition.FAILING, Condition.HTML, Condition.MISSED, Condition.MOVED, Condition.SILENT,
    Condition.PAUSED, Condition.NEW, Condition.OK,
)  # fmt: skip
_GRAVITY = {condition: number for number, condition in enumerate(_GRAVEST)}
_COLUMNS = {"since": "state_since", "next": "next_poll_at", "last_new": "last_new_at", "entries": "entries"}  # by sort


def register(rooms: Rooms, tools: Tools) -> None:
    """Adds the pages of this file."""

    def act(asking: Asking) -> str:
        number, wanted = asking.number(), asking.form.one("act")
        if wanted not in ("pause", "poll"):
            raise BadRequest(400)
        with tools.store.write() as work:
            feed = feed_views.feed_row(work, number)
            if feed is None:
                raise NoSuchPage
            done = "polled_next" if wanted == "poll" else "paused"
            if wanted == "poll" and feed.state == FeedState.PAUSED:
                feed_store.resume(work, number, now=asking.now)
            elif wanted == "poll":
                feed_store.poll_next(work, number, now=asking.now)
            else:
                reason = asking.form.one("reason").strip()[:LONGEST_REASON]
                until = _end(asking.form.one("for"))
                ends = None if until is None else asking.now + until
                feed_store.pause(work, number, by=asking.who, reason=reason, until=ends, now=asking.now)
            work.commit()
        return asking.site.link(f"{PATH}/{number}", done=done)

    rooms.list(PATH, "feeds", ("state", "feed", "since", "next", "last_new", "entries"), _rows, _beside)
    rooms.page(f"{PATH}/{{id}}", "feed", _one)
    rooms.act(f"{PATH}/{{id}}", act)


def _end(text: str) -> timedelta | None:
    """How long a pause lasts, of those that the page offers."""
    if text not in ("", "6h", "1d", "7d"):
        raise BadRequest(400)
    return span(text) if text else None


def _rows(work: Work, asking: Asking, wanted: Slice) -> Sequence[FeedRow]:
    query = asking.site.query
    state, side, words = query.get("state", ""), query.get("side", ""), plain(query.get("q", "")).casefold()
    check(query, "state", *Condition)
    check(query, "side", *Side)
    found = [
        feed
        for feed in feed_views.feed_outlines(work, _COLUMNS.get(wanted.sort, "id"))
        if (not state or feed_words.wanted(feed, [Condition(state)]))
        and (not side or feed.side == side)
        and (not words or words in f"{feed.title}\n{feed.url}\n{feed.publisher}".casefold())
    ]
    keys: dict[str, Callable[[FeedOutline], Any]] = {
        "state": lambda feed: _GRAVITY[feed_words.condition(feed)],
        "feed": lambda feed: (feed.title or feed.url).casefold(),
        **dict.fromkeys(_COLUMNS, lambda feed: feed.value),
    }
    return feed_views.feed_rows_of(work, [feed.id for feed in cut(found, wanted, keys)])


def _beside(_work: Work, _asking: Asking) -> dict[str, Any]:
    return {"condition": feed_words.condition, "state_words": feed_words.words, "next_poll": feed_words.next_poll}


def _one(work: Work, asking: Asking) -> dict[str, Any]:
    number = asking.number()
    feed = feed_views.feed_row(work, number)
    if feed is None:
        raise NoSuchPage
    host = feed_views.host_row(work, host_of(feed.url))
    return {
        "feed": feed,
        "condition": feed_words.condition(feed),
        "state_words": feed_words.words(feed, asking.now),
        "next_poll": feed_words.next_poll(feed, asking.now),
        "pace": feed_words.pace(feed),
        "rhythm": feed_words.usual(feed),
        "missed": feed_words.missed(feed),
        "host": [] if host is None else feed_words.host(host, asking.now),
        "former": feed_views.former_rows(work, number),
        "polls": feed_views.poll_rows(work, number, limit=POLLS),
        "entries": feed_views.entry_rows(work, number, limit=ENTRIES),
        "longest": LONGEST_REASON,
    }
