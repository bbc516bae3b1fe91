"""What workers of a store share of hosts: who may ask them now, and what their robots.txt say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

from flows.steps.tools import Tools
from sectorwatch.domain import Hold
from sectorwatch.errors import StoreError
from sectorwatch.net.politeness import LEASE_S, Claimed
from sectorwatch.net.robots import MAX_DELAY_S
from sectorwatch.site_rules import SiteRules
from storage.intake import hosts as host_store
from storage.intake import robots as robots_store

_LEASE = timedelta(seconds=LEASE_S)
_MOST_WAIT_S = MAX_DELAY_S  # more would be of a clock that was wrong


class StoredBoard:
    """One of a worker's run."""

    def __init__(self, tools: Tools) -> None:
        self._tools, self._token = tools, str(uuid4())

    def claim(self, hosts: Collection[str]) -> Mapping[str, Claimed]:
        now = self._tools.clock()
        with self._tools.store.write() as work:
            found = host_store.claim(work, hosts, self._token, now=now, lease=_LEASE)
            work.commit()
        waits = {
            host: (turn.not_before - now).total_seconds() if turn.not_before else 0.0 for host, turn in found.items()
        }
        return {
            host: Claimed(wait=min(max(waits[host], 0.0), _MOST_WAIT_S), gap=turn.crawl_delay_s or 0.0, hold=turn.hold)
            for host, turn in found.items()
        }

    def renew(self, hosts: Collection[str]) -> Mapping[str, bool]:
        with self._tools.store.write() as work:
            found = host_store.renew(work, hosts, self._token, now=self._tools.clock(), lease=_LEASE)
            work.commit()
        return found

    def release(self, hosts: Mapping[str, float]) -> None:
        now = self._tools.clock()
        until = {host: now + timedelta(seconds=wait) if wait > 0 else None for host, wait in hosts.items()}
        with suppress(StoreError), self._tools.store.write() as work:  # else they come free with their lease
            host_store.release(work, until, self._token)
            work.commit()

    def hold(self, host: str, asked: Hold) -> None:
        with self._tools.store.write() as work:
            host_store.hold(work, host, asked)
            work.commit()


class StoredRules:
    """The shelf of what sites' robots.txt say."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def find(self, site: str) -> SiteRules | None:
        with self._tools.store.read() as work:
            return robots_store.find(work, site)

    def keep(self, rules: SiteRules) -> None:
        with self._tools.store.write() as work:
            robots_store.keep(work, rules)
            work.commit()
