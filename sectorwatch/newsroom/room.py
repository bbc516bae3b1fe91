"""The sample newsroom as a running server: virtual hosts on one loopback port."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from sectorwatch.domain import Side, utc
from sectorwatch.newsroom.content import Edition, Library, Presence, Publisher, load_library
from sectorwatch.newsroom.documents import build_site
from sectorwatch.newsroom.loop import SHUTDOWN_TIMEOUT, LoopThread
from sectorwatch.newsroom.pages import address

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class FeedInfo:
    """A feed as an operator would enter it."""

    url: str
    title: str
    language: str
    publisher: str
    country: str  # ISO 3166 alpha-2
    side: Side
    format: str  # "rss20", "atom10", "rss10", "json11"
    works: bool  # False for the two that are dead on purpose


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request that the newsroom answered."""

    host: str
    path: str
    status: int
    conditional: bool  # it carried a validator


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What a perfect reader would make of one article."""

    url: str
    story: str  # copies of one text share it
    title: str
    edition: Edition
    expect: tuple[str, ...]  # sectors it is truly about
    alerts: bool  # followers of those sectors are told of it, or of another copy of its story, in the day edition
    status: int  # what its page answers


class Newsroom:
    """Serves the bundled articles; every date in them is relative to `anchor`, the hour of the day edition.

    Hosts are virtual: hand `hosts` to the HTTP client as an override (as curl's --resolve does). The same anchor gives
    the same bytes on every run. Raises ValueError for an anchor without time zone.
    """

    def __init__(self, anchor: datetime, library: Library | None = None) -> None:
        self.anchor = utc(anchor).replace(microsecond=0)  # HTTP and RSS dates know whole seconds only
        self.library = library or load_library()
        self.edition = Edition.MORNING
        self.hosts: dict[str, str] = {}  # host name -> "127.0.0.1:port", filled by start()
        self.visits: list[Visit] = []
        self._sites = {edition: build_site(self.library, edition, self.anchor) for edition in Edition}
        self._runner: web.ServerRunner | None = None
        self._closed_port: socket.socket | None = None

    @property
    def feeds(self) -> list[FeedInfo]:
        return [
            FeedInfo(
                url=address(publisher, feed.path),
                title=feed.title,
                language=feed.language,
                publisher=publisher.name,
                country=publisher.country,
                side=publisher.side,
                format=feed.format,
                works=feed.presence is Presence.ONLINE,
            )
            for publisher in self.library.publishers
            for feed in publisher.feeds
        ]

    @property
    def requests(self) -> Counter[str]:
        """How often each address was asked for."""
        return Counter(f"http://{visit.host}{visit.path}" for visit in self.visits)

    @property
    def truth(self) -> list[Truth]:
        """What is true of each article that the present edition shows, newest first."""
        publishers = {publisher.id: publisher for publisher in self.library.publishers}
        return [
            Truth(
                url=address(publishers[article.publisher], article.path),
                story=article.story,
                title=article.title,
                edition=article.edition,
                expect=article.expect,
                alerts=article.alerts,
                status=article.status,
            )
            for article in self.library.articles(self.edition)
        ]

    def publish(self) -> None:
        """Bring out the day edition. Safe to call from any thread."""
        self.edition = Edition.DAY

    async def start(self) -> None:
        """Listen on a free loopback port and fill `hosts`."""
        self._runner = web.ServerRunner(web.Server(self._handle, access_log=None), shutdown_timeout=SHUTDOWN_TIMEOUT)
        await self._runner.setup()
        listener = _bound_socket()
        await web.SockSite(self._runner, listener).start()
        # Bound but never listening: a connection is refused at once, and nobody else can take the port meanwhile.
        self._closed_port = _bound_socket()
        for publisher in self.library.publishers:
            reachable = listener if _is_reachable(publisher) else self._closed_port
            self.hosts[publisher.host] = f"{LOOPBACK}:{reachable.getsockname()[1]}"

    async def stop(self) -> None:
        """Close the port. A newsroom that was not started is left as it is."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._closed_port is not None:
            self._closed_port.close()
            self._closed_port = None
        self.hosts.clear()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        host = request.host.partition(":")[0].lower()
        etag, since = request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
        response = self._answer(request.method, host, request.path, etag, since)
        conditional = etag is not None or since is not None
        self.visits.append(Visit(host=host, path=request.path, status=response.status, conditional=conditional))
        return response

    def _answer(self, method: str, host: str, path: str, etag: str | None, since: str | None) -> web.Response:
        if method not in ("GET", "HEAD"):
            return web.Response(status=405, headers={"Allow": "GET, HEAD"})
        document = self._sites[self.edition].get((host, path))
        if document is None:
            return web.Response(status=404, text="There is no such page in the sample newsroom.\n")
        if document.unchanged_for(etag, since):
            return web.Response(status=304, headers=document.headers())
        headers = {**document.headers(), "Content-Type": document.content_type}
        return web.Response(status=document.status, body=document.body, headers=headers)


def _is_reachable(publisher: Publisher) -> bool:
    return any(feed.presence is not Presence.UNREACHABLE for feed in publisher.feeds)


def _bound_socket() -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.bind((LOOPBACK, 0))
    return bound


@contextmanager
def running(anchor: datetime) -> Iterator[Newsroom]:
    """A started newsroom in a thread of its own; stopped on leaving."""
    newsroom = Newsroom(anchor)
    loop = LoopThread("newsroom")
    try:
        loop.call(newsroom.start())
        yield newsroom
    finally:
        loop.call(newsroom.stop())
        loop.close()
