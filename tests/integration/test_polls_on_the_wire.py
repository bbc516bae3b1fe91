"""Polls of real servers, on both databases: what is sent, what is believed of the answer, and what operators read."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from typing import Any, cast

import aiohttp
import pytest

from flows.steps.polling import feed_words
from sectorwatch.errors import Failure, FetchError
from sectorwatch.net.client import Answer, ClientOptions, HttpClient
from sectorwatch.net.wire_errors import as_fetch_errors
from storage.running import watching
from storage.unit_of_work import Store
from tests.conftest import FakeClock
from tests.integration.test_poll_answers import FEED, Intake
from tests.raw_web import LOOPBACK, Request, answer, moved, raw_web, routes

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
OLD, NEW = "http://feed.test/old", "http://feed.test/rss"
PORTAL = "<html><title>Sign in</title><form>To use this network, sign in</form></html>"


def rss(status: str = "200 OK", **headers: str) -> bytes:
    return answer(FEED.encode() if status.startswith("200") else b"", status, **headers)


@dataclass
class Wire(Intake):
    """feed.test is a real server with these pages; every other name is asked of DNS."""

    pages: Mapping[str, bytes] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    async def get(self, url: str, **how: Any) -> Answer:
        async with raw_web(routes(**self.pages)) as web:
            hosts = {"feed.test": f"127.0.0.1:{web.port}"}
            async with HttpClient(ClientOptions(allow_networks=LOOPBACK, hosts=hosts), clock=self.clock) as http:
                try:
                    return await http.get(url, **how)
                finally:
                    self.requests += web.requests

    def polled(self, *, after: timedelta = MINUTE, **pages: bytes) -> dict[str, str]:
        """Polls once; the headers of the last request."""
        self.pages = pages
        self.poll(after=after)
        return dict(self.requests[-1].headers) if self.requests else {}

    @property
    def words(self) -> str:
        """How the first feed is, as operators read it."""
        return feed_words.words(self.rows()[0], self.clock())


@pytest.fixture
def wire(store: Store, clock: FakeClock) -> Wire:
    return Wire(store, clock)


def test_validators_go_back_as_they_came(wire: Wire) -> None:
    """Letter by letter, those of a 304 too; none with the daily full request, none where the last body had none."""
    wire.feeds(NEW)
    sent = [
        wire.polled(rss=page, after=after)
        for page, after in (
            (rss(ETag='W/"x;1-gzip"', Last_Modified="29 Febuary 2026, noon"), MINUTE),
            (rss("304 Not Modified", ETag="unquoted"), MINUTE),
            (rss("304 Not Modified"), MINUTE),
            (rss(), MINUTE),
            (rss(ETag='"2"'), MINUTE),
            (rss(ETag='"2"'), DAY),
        )
    ]
    conditions = [(headers.get("if-none-match"), headers.get("if-modified-since")) for headers in sent]
    when = "29 Febuary 2026, noon"
    assert conditions == [
        (None, None),
        ('W/"x;1-gzip"', when),
        ("unquoted", when),
        ("unquoted", when),
        (None, None),
        (None, None),
    ]


@pytest.mark.parametrize("status", ["200 OK", "304 Not Modified", "429 Too Many Requests", "503 Busy"])
@pytest.mark.parametrize("dated", [True, False])
def test_patience_is_kept_in_both_forms(wire: Wire, status: str, dated: bool) -> None:
    """Seconds or a date, with whatever answer: nothing is asked before."""
    wire.feeds(NEW)
    wire.polled(rss=rss(ETag='"1"'))
    until = wire.clock() + MINUTE + timedelta(hours=2)
    patience = format_datetime(until, usegmt=True) if dated else "7200"
    wire.polled(rss=rss(status, Retry_After=patience))
    count = len(wire.requests)
    wire.polled(rss=rss(), after=timedelta(minutes=119))
    assert (len(wire.requests), wire.rows()[0].hold_until) == (count, until)
    assert "as its server asked" in feed_words.next_poll(wire.rows()[0], wire.clock())
    wire.polled(rss=rss(), after=MINUTE)
    assert len(wire.requests) == count + 1
    assert "asked" not in feed_words.next_poll(wire.rows()[0], wire.clock())


@pytest.mark.parametrize(
    ("pages", "address"),
    [
        ({"old": moved("/mid", 308), "mid": moved("/rss"), "rss": rss()}, NEW),
        ({"old": moved("/mid"), "mid": moved("/rss", 302), "rss": rss()}, OLD),
        ({"old": moved("/rss", 307), "rss": rss()}, OLD),
        ({"old": moved("/login"), "login": answer(PORTAL.encode())}, OLD),
        ({"old": moved("/rss"), "rss": answer(status="404 Not Found")}, OLD),
        ({"old": moved("http://user:secret@feed.test/rss")}, OLD),
    ],
)
def test_an_address_is_rewritten_only_to_a_feed_by_permanent_hops(
    wire: Wire, pages: dict[str, bytes], address: str
) -> None:
    """Four polls over two days; a portal, an error or a hop that may be for today change nothing."""
    wire.feeds(OLD)
    wire.polled(old=rss())
    for _ in range(4):
        wire.polled(after=DAY / 2, **pages)
    assert [row.url for row in wire.rows()] == [address]
    assert "secret" not in wire.words


def test_a_portal_that_takes_everything_for_an_hour_changes_nothing(wire: Wire) -> None:
    """Each feed is sent to one page, for good as it says; an hour later all is as it was."""
    urls = [f"http://feed.test/{name}" for name in "abc"]
    feeds = {name: rss() for name in "abc"}
    wire.feeds(*urls)
    wire.polled(**feeds)
    for _ in range(12):
        wire.polled(after=5 * MINUTE, login=answer(PORTAL.encode()), **dict.fromkeys("abc", moved("/login")))
    assert {feed_words.condition(row) for row in wire.rows()} == {feed_words.Condition.HTML}
    assert wire.words.startswith("answers HTML since")
    wire.polled(**feeds)
    assert [(row.url, row.state, row.reason, row.failures) for row in wire.rows()] == [
        (url, "ok", "", 0) for url in urls
    ]


@pytest.mark.parametrize(
    ("page", "condition", "words"),
    [
        (answer(PORTAL.encode()), "html", "answers HTML since"),
        (answer(b"<html><body>Just a moment...</body></html>"), "html", "robot check"),
        (answer(b"<rss version='2.0'><channel><title>T</title></channel></rss>"), "ok", "ok"),
        (answer(status="410 Gone"), "gone", "gone since"),
        (
            answer(status="404 Not Found"),
            "failing",
            "answers 404 Not Found: look on the site for the feed's new",
        ),
        (answer(status="403 Forbidden"), "failing", "answers 403 Forbidden: the site keeps programs out"),
        (moved("http://nowhere.invalid/feed"), "failing", "redirects to http://nowhere.invalid/feed: "),
    ],
)
def test_what_a_server_answers_is_said_in_words(wire: Wire, page: bytes, condition: str, words: str) -> None:
    """A page is a failure and an empty feed is none; each condition is one that a list can be narrowed to."""
    wire.feeds(NEW)
    wire.polled(rss=page)
    assert feed_words.condition(wire.rows()[0]) == condition
    assert words in wire.words


def test_410_stops_polling_at_once_and_operators_are_told(wire: Wire) -> None:
    """Even a cycle that is wanted now leaves it alone; it is asked a day later, then weekly, and may come back."""
    wire.feeds(NEW)
    wire.polled(rss=rss())
    asked = []
    for after in (MINUTE, DAY / 2, DAY, DAY, 4 * DAY, 3 * DAY):
        before = len(wire.requests)
        wire.polled(after=after, rss=answer(status="410 Gone"))
        asked.append(len(wire.requests) - before)
    assert asked == [1, 0, 1, 0, 0, 1]
    with wire.store.read() as work:
        (told,) = watching.facts(work, now=wire.clock()).feeds
    assert (told.state, told.reason.partition(":")[0], told.failures) == ("gone", "answers 410 Gone", 3)
    wire.polled(after=8 * DAY, rss=rss())
    assert wire.words == "ok"


@pytest.mark.parametrize(
    ("code", "failure", "words"),
    [
        (socket.EAI_NONAME, Failure.NO_NAME, "there is no such host name"),
        (socket.EAI_NODATA, Failure.NO_NAME, "there is no such host name"),
        (socket.EAI_AGAIN, Failure.UNREACHED, "the name server does not answer"),
    ],
)
def test_a_name_that_does_not_exist_is_not_a_dead_name_server(code: int, failure: Failure, words: str) -> None:
    """The first is for operators to correct, the second passes."""
    with pytest.raises(FetchError, match=words) as caught, as_fetch_errors(NEW, 1):
        raise aiohttp.ClientConnectorDNSError(cast("Any", None), socket.gaierror(code, "no"))
    assert caught.value.failure is failure


@pytest.mark.parametrize(("names", "down"), [(["a"], False), (["a", "b"], False), (["a", "b", "c"], True)])
def test_names_that_nobody_knows_tell_of_the_network_when_they_are_many(
    wire: Wire, names: Sequence[str], down: bool
) -> None:
    """The real resolver: one or two names do not exist, three that fail alone are our fault."""
    wire.feeds(*(f"http://{name}.invalid/feed" for name in names))
    wire.polled()
    assert wire.network_is_down() is down
    assert {row.state for row in wire.rows()} == {"ok" if down else "failing"}
