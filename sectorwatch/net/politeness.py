"""One connection a host, and a pause between two requests to it."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    started: float | None = None  # monotonic seconds, of the last request
    gap: float = 0.0  # its own, where it asks for more than we keep


class HostGate:
    """Lets one request a host through at a time, each at least `gap` seconds after the start of the one before."""

    def __init__(
        self,
        *,
        gap: float,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._gap, self._now, self._sleep = gap, now, sleep
        self._hosts: dict[str, _Host] = defaultdict(_Host)

    def ask_for(self, host: str, gap: float) -> None:
        """Keeps a longer pause for a host that asks for it (Crawl-delay); it counts from the last request on."""
        self._hosts[host].gap = gap

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Waits for our turn at `host`; the block is the request. Whoever is cancelled gives the turn on."""
        state = self._hosts[host]
        async with state.lock:
            if state.started is not None:
                # Asked anew after the pause: the host may have been given a longer one meanwhile.
                while (pause := state.started + max(self._gap, state.gap) - self._now()) > 0:
                    await self._sleep(pause)
            state.started = self._now()
            yield
