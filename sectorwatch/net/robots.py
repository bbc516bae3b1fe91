"""robots.txt (RFC 9309): asked once a day and site, by one worker for all."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from protego import Protego

from sectorwatch.clock import Clock, system_clock
from sectorwatch.errors import UNREACHED, FetchError, HostHeld, RobotsRefused
from sectorwatch.net.client import HttpClient
from sectorwatch.net.politeness import HostGate
from sectorwatch.net.wire_errors import shown
from sectorwatch.site_rules import Access, SiteRules, access, not_said, said

MAX_BYTES = 524_288  # the RFC demands at least 500 KiB
MAX_DELAY_S = 60.0
AGENT = "Sectorwatch"
FORBIDDEN = "robots.txt of the site asks robots to stay away from this page"


class Shelf(Protocol):
    """Where workers keep what sites say."""

    def find(self, site: str) -> SiteRules | None:
        """What is kept, be it too old."""

    def keep(self, rules: SiteRules) -> None:
        """Puts it in the place of what was kept."""


@dataclass(frozen=True)
class _Known:
    kept: SiteRules
    rules: Protego | None
    error: FetchError | None = None  # why it cannot be had


class _KeptMeanwhile(Exception):
    """Another worker has asked while we waited for our turn."""

    def __init__(self, rules: SiteRules) -> None:
        super().__init__(rules.site)
        self.rules = rules


class Robots:
    """What each site lets robots read. 4xx means no rules; a server error means stay away for now."""

    def __init__(
        self, http: HttpClient, *, gate: HostGate, shelf: Shelf | None = None, clock: Clock = system_clock
    ) -> None:
        self._http, self._gate, self._shelf, self._clock = http, gate, shelf, clock
        self._known: dict[str, _Known] = {}
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def allows(self, url: str) -> bool:
        """Whether the site lets us read this page. Raises FetchError when its robots.txt cannot be had for now."""
        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise FetchError(f"{shown(url)}: is no web address", permanent=True) from error
        site = f"{parts.scheme}://{parts.netloc}"
        if not site.isprintable():
            raise FetchError(f"{shown(url)}: is no web address", permanent=True)
        async with self._locks[site]:
            known = self._known.get(site)
            if known is None or known.kept.expires_at <= self._clock():
                known = self._known[site] = await self._learn(site, parts.hostname or "")
        match access(known.kept, self._clock()):
            case Access.NONE:
                words = f"robots.txt cannot be had, so the pages of the site are left alone for now: {known.kept.note}"
                why = known.error
                raise FetchError(words, permanent=bool(why and why.permanent), failure=why.failure if why else None)
            case Access.RULES if known.rules is not None:
                return known.rules.can_fetch(url, AGENT)
        return True

    async def permit(self, url: str) -> None:
        """Raises FetchError where the site does not let us read this page."""
        if not await self.allows(url):
            raise RobotsRefused(FORBIDDEN, permanent=True)

    async def _learn(self, site: str, host: str) -> _Known:
        kept = self._find(site)
        if kept is not None and kept.expires_at > self._clock():
            return _Known(kept, _parsed(kept.body))

        def not_needed_any_more() -> None:
            found = self._find(site)
            if found is not None and found.expires_at > self._clock():
                raise _KeptMeanwhile(found)

        try:
            answer = await self._http.get(
                f"{site}/robots.txt", max_bytes=MAX_BYTES, cut=True, before_each=not_needed_any_more
            )
        except _KeptMeanwhile as other:
            return _Known(other.rules, _parsed(other.rules.body))
        except HostHeld:
            raise  # nothing was asked, so there is nothing to keep
        except FetchError as error:
            return self._keep(kept, *self._failed(kept, site, host, error))
        rules = _parsed(answer.body)
        delay = rules.crawl_delay(AGENT) if rules else None
        crawl_delay_s = min(float(delay), MAX_DELAY_S) if delay else None
        found = said(site, host, status=answer.status, body=answer.body, crawl_delay_s=crawl_delay_s, now=self._clock())
        return self._keep(kept, _Known(found, rules), of_the_site=True)

    def _failed(self, kept: SiteRules | None, site: str, host: str, error: FetchError) -> tuple[_Known, bool]:
        """What follows from a failure, and whether it is the site's: only then the other workers are told."""
        now = self._clock()
        # 429 asks for patience; endless redirects count as no rules (section 2.3.1.2).
        if error.status is not None and 300 <= error.status < 500 and error.status != 429:
            return _Known(said(site, host, status=error.status, body=None, crawl_delay_s=None, now=now), None), True
        found = not_said(kept, site, host, status=error.status, note=str(error), now=now)
        ours = error.permanent or error.failure in UNREACHED
        return _Known(found, _parsed(found.body), error=error), not ours

    def _keep(self, before: SiteRules | None, known: _Known, of_the_site: bool) -> _Known:
        delay = known.kept.crawl_delay_s
        if self._shelf is not None and of_the_site:
            self._shelf.keep(known.kept)
        if delay or (before is not None and before.crawl_delay_s):
            self._gate.ask_for(known.kept.host, delay or 0.0)
        return known

    def _find(self, site: str) -> SiteRules | None:
        if self._shelf is not None:
            return self._shelf.find(site)
        known = self._known.get(site)
        return None if known is None else known.kept


def _parsed(body: bytes | None) -> Protego | None:
    return None if body is None else Protego.parse(body.decode("utf-8-sig", "replace"))
