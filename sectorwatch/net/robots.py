"""robots.txt (RFC 9309): asked once a day and host, and kept."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from sectorwatch.clock import Clock, system_clock
from sectorwatch.errors import FetchError, HostHeld, RobotsRefused
from sectorwatch.net.client import HttpClient
from sectorwatch.net.politeness import HostGate
from sectorwatch.net.wire_errors import shown

KEPT = timedelta(hours=24)
KEPT_UNREACHABLE = timedelta(minutes=10)  # a server that could not answer may do so soon
MAX_BYTES = 524_288  # the RFC demands at least 500 KiB
MAX_DELAY_S = 60.0
AGENT = "Sectorwatch"
FORBIDDEN = "robots.txt of the site asks robots to stay away from this page"


@dataclass(frozen=True)
class _Rules:
    rules: Protego | None  # None: everything is allowed
    until: datetime
    failure: FetchError | None = None  # unreachable: nothing is allowed (RFC 9309, section 2.3.1.4)


class Robots:
    """What each site lets robots read. 4xx means no rules; a server error means stay away for now."""

    def __init__(self, http: HttpClient, *, gate: HostGate, clock: Clock = system_clock) -> None:
        self._http, self._gate, self._clock = http, gate, clock
        self._known: dict[str, _Rules] = {}
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def allows(self, url: str) -> bool:
        """Whether the site lets us read this page. Raises FetchError when its robots.txt cannot be had for now."""
        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise FetchError(f"{shown(url)}: is no web address", permanent=True) from error
        site = f"{parts.scheme}://{parts.netloc}"
        async with self._locks[site]:
            known = self._known.get(site)
            if known is None or known.until <= self._clock():
                known = self._known[site] = await self._ask(site, parts.hostname or "")
        if known.failure is not None:
            words = f"robots.txt cannot be had, so the pages of the site are left alone for now: {known.failure}"
            raise FetchError(words, permanent=known.failure.permanent)
        return known.rules is None or known.rules.can_fetch(url, AGENT)

    async def permit(self, url: str) -> None:
        """Raises FetchError where the site does not let us read this page."""
        if not await self.allows(url):
            raise RobotsRefused(FORBIDDEN, permanent=True)

    async def _ask(self, site: str, host: str) -> _Rules:
        now = self._clock()
        try:
            answer = await self._http.get(f"{site}/robots.txt", max_bytes=MAX_BYTES, cut=True)
        except HostHeld:
            raise  # nothing was asked, so there is nothing to keep
        except FetchError as error:
            # 429 asks for patience; endless redirects count as no rules (section 2.3.1.2).
            if error.status is not None and 300 <= error.status < 500 and error.status != 429:
                return _Rules(None, now + KEPT)
            return _Rules(None, now + KEPT_UNREACHABLE, failure=error)
        rules = Protego.parse(answer.body.decode("utf-8-sig", "replace"))
        delay = rules.crawl_delay(AGENT)
        if delay:
            self._gate.ask_for(host, min(float(delay), MAX_DELAY_S))
        return _Rules(rules, now + KEPT)
