"""The sample newsroom over real loopback HTTP."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from urllib.parse import urlsplit

import pytest

from sectorwatch.newsroom import Newsroom, running

ANCHOR = datetime(2026, 9, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with running(ANCHOR) as started:
        yield started


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes


def get(newsroom: Newsroom, url: str, method: str = "GET", **headers: str) -> Answer:
    """Ask the address that `hosts` gives for the URL's host, as an HTTP client with overrides does."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(newsroom.hosts[parts.netloc], timeout=5)
    connection.request(method, parts.path, headers={"Host": parts.netloc, **headers})
    try:
        response = connection.getresponse()
        return Answer(status=response.status, headers=response.headers, body=response.read())
    finally:
        connection.close()


def test_every_article_is_reachable(newsroom: Newsroom) -> None:
    """Each article answers with the status that its truth states, in both editions."""
    morning = newsroom.truth
    newsroom.publish()
    day = newsroom.truth
    assert {truth.url for truth in morning} < {truth.url for truth in day}
    for truth in day:
        assert get(newsroom, truth.url).status == truth.status, truth.url
    assert [truth.url for truth in day if truth.status == 403] == ["http://dnipro-khronika.test/viina/kupiansk-convoy"]


def test_news_of_the_day_is_not_there_in_the_morning(newsroom: Newsroom) -> None:
    """An article of the day is a 404 and unlisted until the day edition is published, then both page and entry."""
    url, feed = "http://northern-wire.test/world/kupiansk-crossing", "http://northern-wire.test/rss.xml"
    assert newsroom.edition.value == "morning"
    assert get(newsroom, url).status == 404
    assert url.encode() not in get(newsroom, feed).body
    newsroom.publish()
    assert newsroom.edition.value == "day"
    assert get(newsroom, url).status == 200
    assert url.encode() in get(newsroom, feed).body


def test_conditional_requests_save_bodies(newsroom: Newsroom) -> None:
    """Each validator that a feed gives earns a 304 when it comes back alone, until the day edition changes the feed."""
    validators: dict[str, dict[str, str]] = {}
    for feed in (feed for feed in newsroom.feeds if feed.works):
        first = get(newsroom, feed.url)
        assert first.status == 200
        conditions = {"If-None-Match": first.headers["ETag"], "If-Modified-Since": first.headers["Last-Modified"]}
        for name, value in conditions.items():
            if value is not None:
                again = get(newsroom, feed.url, **{name: value})
                assert (again.status, again.body) == (304, b""), feed.url
                assert again.headers["ETag"] == first.headers["ETag"]
                assert get(newsroom, feed.url, method="HEAD", **{name: value}).status == 304
        assert get(newsroom, feed.url, **{"If-None-Match": '"another"'}).status == 200
        validators[feed.url] = {name: value for name, value in conditions.items() if value is not None}
    newsroom.publish()
    for url, present in validators.items():
        assert get(newsroom, url, **present).status == 200, url
    given = {urlsplit(url).netloc: set(present) for url, present in validators.items()}
    assert given["uferbote.test"] == {"If-None-Match"}
    assert given["harbour-post.test"] == {"If-Modified-Since"}
    assert given["echo-znad-brdy.test"] == set()


def test_dead_feeds_are_dead(newsroom: Newsroom) -> None:
    """One feed answers 410, the host of another refuses the connection."""
    dead = [feed.url for feed in newsroom.feeds if not feed.works]
    assert dead == ["http://northern-wire.test/live.xml", "http://old-lantern.test/feed"]
    assert get(newsroom, dead[0]).status == 410
    with pytest.raises(ConnectionRefusedError):
        get(newsroom, dead[1])


def test_front_pages_lead_to_feeds_and_articles(newsroom: Newsroom) -> None:
    """A publisher's front page names its feeds as alternate links and links every article it shows."""
    page = get(newsroom, "http://slobozhanskyi-visnyk.test/").body.decode()
    assert page.count('rel="alternate" type="application/rss+xml"') == 2
    for truth in newsroom.truth:
        if truth.url.startswith("http://slobozhanskyi-visnyk.test/"):
            assert f'href="{truth.url}"' in page
    assert b"Disallow: /search" in get(newsroom, "http://slobozhanskyi-visnyk.test/robots.txt").body


def test_hosts_are_told_apart_by_name(newsroom: Newsroom) -> None:
    """A host serves its own articles only; writing is refused; every request is kept in order."""
    assert get(newsroom, "http://uferbote.test/rss.xml").status == 404
    assert get(newsroom, "http://northern-wire.test/rss.xml", method="POST").status == 405
    assert get(newsroom, "http://northern-wire.test/rss.xml", **{"If-None-Match": '"x"'}).status == 200
    seen = [(visit.host, visit.status, visit.conditional) for visit in newsroom.visits]
    northern = "northern-wire.test"
    assert seen == [("uferbote.test", 404, False), (northern, 405, False), (northern, 200, True)]
    assert newsroom.requests == {"http://uferbote.test/rss.xml": 1, "http://northern-wire.test/rss.xml": 2}


def test_nothing_is_left_behind() -> None:
    """After the block no port listens, and a second newsroom with the same anchor serves the same bytes."""
    bodies = []
    for _ in range(2):
        with running(ANCHOR) as started:
            host, port = started.hosts["uferbote.test"].split(":")
            bodies.append(get(started, "http://uferbote.test/feed.json").body)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((host, int(port)), timeout=5)
    assert bodies[0] == bodies[1]


def test_an_open_connection_does_not_delay_the_end() -> None:
    """A client that keeps its connection open is disconnected when the newsroom stops."""
    with running(ANCHOR) as started:
        connection = http.client.HTTPConnection(started.hosts["uferbote.test"], timeout=5)
        connection.request("GET", "/robots.txt", headers={"Host": "uferbote.test"})
        assert connection.getresponse().read().startswith(b"User-agent")
        assert connection.sock is not None
    assert connection.sock.recv(1) == b""
    connection.close()


def test_an_anchor_needs_a_zone() -> None:
    """A naive anchor is refused, for it names no moment."""
    with pytest.raises(ValueError, match="time zone"):
        Newsroom(datetime(2026, 9, 20, 12, 0))  # noqa: DTZ001  the naive datetime is what is tested
