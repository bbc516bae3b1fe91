"""A webhook receiver that counts what it accepts by its id, in good weather or bad."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from aiohttp import web

from sectorwatch.newsroom.loop import LoopThread

_HANG_S = 10.0  # longer than the deadline of a sender in fast time


@dataclass(frozen=True, kw_only=True)
class Post:
    """One message as it was accepted."""

    path: str
    id: str
    body: bytes

    @property
    def articles(self) -> tuple[str, ...]:
        """The addresses of the articles that it tells of."""
        body = json.loads(self.body)
        return tuple(article["url"] for alert in body.get("alerts", [body]) for article in alert["articles"])


@dataclass(kw_only=True)
class Receiver:
    """Accepts with 204; with `random`, one request in five meets a fault."""

    random: Random | None = None
    port: int = 0
    requests: int = 0
    accepted: list[Post] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)

    def to(self, path: str) -> list[Post]:
        """What was accepted below a path."""
        return [post for post in list(self.accepted) if post.path.startswith(path)]

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        self.requests += 1
        fault = self._fault()
        if fault:
            self.faults[fault] += 1
        if fault == "503":
            return web.Response(status=503)
        if fault == "429":
            return web.Response(status=429, headers={"Retry-After": "7"})
        if not fault or fault.startswith("accepted"):
            self.accepted.append(Post(path=request.path, id=request.headers["webhook-id"], body=body))
        if "hang" in fault:
            await asyncio.sleep(_HANG_S)
        if fault and request.transport is not None:
            request.transport.abort()
        return web.Response(status=204)

    def _fault(self) -> str:
        luck = 1.0 if self.random is None else self.random.random()
        for fault, share in FAULTS.items():
            if luck < share:
                return fault
            luck -= share
        return ""


FAULTS = {"503": 0.06, "429": 0.04, "reset": 0.04, "hang": 0.01, "accepted, reset": 0.04, "accepted, hang": 0.01}
"""One request in five."""


@contextmanager
def receiving(random: Random | None = None) -> Iterator[Receiver]:
    """A receiver on a free loopback port, in a thread of its own."""
    receiver, loop = Receiver(random=random), LoopThread("receiver")

    async def start() -> web.ServerRunner:
        started = web.ServerRunner(web.Server(receiver.answer, access_log=None), shutdown_timeout=0.1)
        await started.setup()
        await web.TCPSite(started, "127.0.0.1", 0).start()
        receiver.port = int(started.addresses[0][1])
        return started

    runner = loop.call(start())
    try:
        yield receiver
    finally:
        loop.call(runner.cleanup())
        loop.close()
