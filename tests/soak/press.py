"""Hundreds of feeds on one loopback port that post at their own pace, fail now and then, and watch who comes how."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from aiohttp import web

from sectorwatch.clock import Clock

SHOWN = 12  # items in a list
FAULTS = ("500", "503", "429", "404", "dropped", "page", "cut")
RETRY_AFTER_S = {"503": 90, "429": 1800}
CRAWL_DELAY_S = 5.0


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A feed: its n-th item is posted n gaps after the beginning; with pages, or with its text in the list."""

    host: str
    path: str
    gap: timedelta
    pages: bool

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.path}"


@dataclass
class _Host:
    busy: int = 0
    last: float | None = None  # when it was last asked, in seconds
    hold: float = 0.0  # the whole of it is not asked before
    rules_at: float | None = None  # its robots.txt was last asked for


class Press:
    """The server. What goes against good manners is in `rude`, in words."""

    def __init__(self, papers: list[Paper], *, clock: Clock, seed: int, faults: float, gap_s: float) -> None:
        self.papers = {(paper.host, paper.path): paper for paper in papers}
        self.begin, self.end = clock(), datetime.max.replace(tzinfo=clock().tzinfo)  # of posting
        self.faults, self.gap_s = faults, gap_s
        self.rude: list[str] = []
        self.answers: Counter[str] = Counter()
        self.cut: dict[str, list[datetime]] = defaultdict(list)  # when a feed's list broke off half-way
        self._clock, self._random = clock, Random(seed)
        self._hosts: dict[str, _Host] = defaultdict(_Host)
        self.slow = {paper.host for number, paper in enumerate(papers) if paper.pages and number % 3 == 0}

    async def start(self) -> web.ServerRunner:
        """Listens on a free port of the runner that it gives."""
        runner = web.ServerRunner(web.Server(self._handle, access_log=None))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner

    def posted(self, paper: Paper) -> int:
        """How many items it has posted since the beginning."""
        return int((min(self._clock(), self.end) - self.begin) / paper.gap)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        name = request.host.partition(":")[0]
        host = self._hosts[name]
        self._watch(name, host, request.path)
        host.busy += 1
        try:
            for _ in range(3):
                await asyncio.sleep(0)  # others may come meanwhile
            response = self._answer(request, name, host)
        finally:
            host.busy -= 1
        response.headers["Connection"] = "close"  # the idle time of a kept one would pass at once
        return response

    def _watch(self, name: str, host: _Host, path: str) -> None:
        now = (self._clock() - self.begin).total_seconds()
        if host.busy:
            self.rude.append(f"{name}: two requests at once")
        gap = CRAWL_DELAY_S if name in self.slow and path.startswith("/page/") else self.gap_s
        if host.last is not None and now - host.last < gap - 1e-6:
            self.rude.append(f"{name}{path}: {now - host.last:.2f} s after the one before, not {gap}")
        if now < host.hold - 1e-6:
            self.rude.append(f"{name}{path}: {host.hold - now:.0f} s before its Retry-After")
        if path == "/robots.txt":
            if host.rules_at is not None and now - host.rules_at < 86_400:
                self.rude.append(f"{name}{path}: again after {now - host.rules_at:.0f} s")
            host.rules_at = now
        host.last = now

    def _answer(self, request: web.BaseRequest, name: str, host: _Host) -> web.Response:
        path = request.path
        if path == "/robots.txt":
            delay = f"Crawl-delay: {CRAWL_DELAY_S:g}\n" if name in self.slow else ""
            return web.Response(text=f"User-agent: *\nDisallow: /private/\n{delay}")
        fault = self._random.choice(FAULTS) if self._random.random() < self.faults else ""
        self.answers[fault or ("page" if path.startswith("/page/") else "feed")] += 1
        if fault == "dropped":
            transport = request.transport
            assert transport is not None
            transport.close()
        if fault in RETRY_AFTER_S:
            pause = RETRY_AFTER_S[fault]
            host.hold = (self._clock() - self.begin).total_seconds() + pause
            return web.Response(status=int(fault), headers={"Retry-After": str(pause)})
        if fault.isdecimal():
            return web.Response(status=int(fault))
        if path.startswith("/page/"):
            return web.Response(text=f"<p>{name}{path} tells of Kupiansk.</p>", content_type="text/html")
        if fault == "page":
            return web.Response(text="<html><body>Prove that you are no robot.</body></html>", content_type="text/html")
        body = self._feed(self.papers[name, path])
        etag = f'"{hash(body)}"'
        if not fault and request.headers.get("If-None-Match") == etag:
            self.answers["not modified"] += 1
            return web.Response(status=304, headers={"ETag": etag})
        if fault == "cut":
            self.cut[f"http://{name}{path}"].append(self._clock())
        headers = {"ETag": etag, "Content-Type": "application/rss+xml"}
        return web.Response(body=body[: len(body) // 2] if fault == "cut" else body, headers=headers)

    def _feed(self, paper: Paper) -> bytes:
        last = self.posted(paper)
        items = []
        for number in range(last, last - SHOWN, -1):
            link = f"<link>http://{paper.host}/page{paper.path}/{number}</link>" if paper.pages else ""
            items.append(
                f"<item><guid isPermaLink='false'>{number}</guid>{link}<title>{paper.host}{paper.path} {number}</title>"
                f"<pubDate>{self.begin + paper.gap * number:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
                f"<description>News {number} of {paper.url} from Kupiansk.</description></item>"
            )
        head = f"<rss version='2.0'><channel><title>{paper.host}{paper.path}</title>"
        return f"{head}{''.join(items)}</channel></rss>".encode()
