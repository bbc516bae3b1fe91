"""One connection a host, a pause between two requests to it, and none while it asks to wait, whichever worker asks."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol, Self

from sectorwatch.clock import Clock, system_clock
from sectorwatch.domain import Hold
from sectorwatch.errors import FetchError, HostHeld, StoreError
from sectorwatch.polling import HOLD_MOST

LEASE_S = 15.0  # a killed worker blocks its hosts for so long
_TICK_S = 1.0
_RENEW_S = 5.0  # after the last renewal
_IDLE_S = 2.0  # a host that nobody waits for is given back
_AGAIN_S = 1.0  # pause before a host that another worker has is tried again
_GIVE_WAY_S = 2.5  # more than that, so that the other one gets it
_UNSAFE_S = 3.0  # before its end, a lease is not relied on
_PATIENCE = frozenset({429, 503})  # with a Retry-After, they speak for the whole host


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A host that is ours for a while."""

    wait: float = 0.0  # seconds until a request may start
    gap: float = 0.0  # the pause that it asks for, in seconds
    hold: Hold | None = None  # it wants to be left alone


class Board(Protocol):
    """Where workers agree on who may ask which host."""

    def claim(self, hosts: Collection[str]) -> Mapping[str, Claimed]:
        """Those that are ours now."""

    def renew(self, hosts: Collection[str]) -> Mapping[str, bool]:
        """Those that still are ours, and whether another worker wants them."""

    def release(self, hosts: Mapping[str, float]) -> None:
        """Gives them back, each with the seconds for which nobody may ask it."""

    def hold(self, host: str, asked: Hold) -> None:
        """Tells the others that a host wants to be left alone."""


@dataclass
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    not_before: float | None = None  # monotonic seconds; a request may start
    started: float | None = None  # the last request
    gap: float = 0.0  # its own, where it asks for more than we keep
    waiting: int = 0  # who is in turn or waits for it
    busy: bool = False  # a request is on its way
    ended: float = 0.0  # somebody was done here
    renewed: float | None = None  # the lease began; None: not ours
    wanted: bool = False  # by another worker
    claim_after: float = 0.0
    hold: Hold | None = None


class HostGate:
    """Lets one request a host through at a time, each at least `gap` seconds after the start of the one before.

    A host that answers 429 or 503 with a Retry-After gets no request until then, for a day at most.

    With a `board` this holds for all workers that share it, in an `async with`: a host is leased from it, for as long
    as we have requests for it and no other worker wants it.
    """

    def __init__(
        self,
        *,
        gap: float,
        board: Board | None = None,
        clock: Clock = system_clock,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._gap, self._board = gap, board
        self._clock, self._now, self._sleep = clock, now, sleep
        self._hosts: dict[str, _Host] = defaultdict(_Host)
        self._wanted: set[str] = set()
        self._claiming: asyncio.Task[None] | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        if self._board is not None:
            self._keeper = asyncio.create_task(self._keep())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._keeper is not None and self._board is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            self._give_back([host for host, state in self._hosts.items() if state.renewed is not None])

    def ask_for(self, host: str, gap: float) -> None:
        """Keeps a longer pause for a host that asks for it (Crawl-delay); it counts from the last request on."""
        self._hosts[host].gap = gap

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[Callable[[], None]]:
        """Waits for our turn at `host`; the block is the request. Whoever is cancelled gives the turn on.

        What it gives is to be called when the request is sent: the pause counts from there, and from the beginning of
        the block where it is not. Raises HostHeld where the host wants to be left alone.
        """
        state = self._hosts[host]
        state.waiting += 1
        try:
            async with state.lock:
                # Asked anew after each pause: the host may have been given a longer one, or been taken, meanwhile.
                while (pause := await self._pause(host, state)) > 0:
                    await self._sleep(pause)
                state.started = self._now()
                state.busy = True
                try:
                    yield lambda: self._sent(state)
                except FetchError as error:
                    self._heed(host, state, error)
                    raise
                finally:
                    state.busy = False
        finally:
            state.waiting -= 1
            state.ended = self._now()

    def _sent(self, state: _Host) -> None:
        state.started = self._now()

    async def _pause(self, host: str, state: _Host) -> float:
        """Seconds until a request may start, with the host in our hands. Raises HostHeld where none may."""
        _leave_alone(host, state.hold, self._clock)
        while self._board is not None and not self._ours(state):
            while (wait := state.claim_after - self._now()) > 0:
                await self._sleep(wait)
            self._wanted.add(host)
            if self._claiming is None:  # begins when all who are about to ask have asked: one transaction for them all
                self._claiming = asyncio.create_task(self._claim())
            await asyncio.shield(self._claiming)
            if not self._ours(state):
                await self._sleep(_AGAIN_S)
        _leave_alone(host, state.hold, self._clock)  # as the board may have said
        return self._left(state)

    def _heed(self, host: str, state: _Host, error: FetchError) -> None:
        """Takes a host by its word that wants to be left alone."""
        if error.status in _PATIENCE and error.retry_after:
            wait = min(timedelta(seconds=error.retry_after), HOLD_MOST)
            state.hold = Hold(until=self._clock() + wait, status=error.status)
            if self._board is not None:
                self._board.hold(host, state.hold)

    def _ours(self, state: _Host) -> bool:
        return state.renewed is not None and not state.wanted and self._now() < state.renewed + LEASE_S - _UNSAFE_S

    def _left(self, state: _Host) -> float:
        """Seconds until the host may be asked again."""
        after = 0.0 if state.started is None else state.started + max(self._gap, state.gap) - self._now()
        held = 0.0 if state.not_before is None else state.not_before - self._now()
        return max(after, held)

    async def _claim(self) -> None:
        assert self._board is not None
        hosts, self._wanted, self._claiming = self._wanted, set(), None
        began = self._now()
        for host, claimed in self._board.claim(hosts).items():
            state = self._hosts[host]
            state.renewed, state.wanted, state.not_before = began, False, began + claimed.wait
            state.gap, state.hold = claimed.gap, claimed.hold

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(_TICK_S)
            with suppress(StoreError):  # the next one is in time, too
                self._tick()

    def _tick(self) -> None:
        """Renews the leases that are in use, and gives back those that are not, or that another worker waits for."""
        now, old, idle = self._now(), [], []
        for host, state in self._hosts.items():
            if state.renewed is None:
                continue
            if not state.busy and (state.wanted or (not state.waiting and now - state.ended >= _IDLE_S)):
                idle.append(host)
            elif now - state.renewed >= _RENEW_S:
                old.append(host)
        if old and self._board is not None:
            ours = self._board.renew(old)
            for host in old:
                state = self._hosts[host]
                state.renewed, state.wanted = (now, ours[host]) if host in ours else (None, False)
                if state.wanted:
                    state.claim_after = now + _GIVE_WAY_S
                    if not state.busy:
                        idle.append(host)
        self._give_back(idle)

    def _give_back(self, hosts: Collection[str]) -> None:
        if not hosts or self._board is None:
            return
        self._board.release({host: max(self._left(self._hosts[host]), 0.0) for host in hosts})
        for host in hosts:
            state = self._hosts[host]
            state.claim_after = self._now() + _GIVE_WAY_S if state.wanted else 0.0
            state.renewed, state.wanted = None, False


def _leave_alone(host: str, hold: Hold | None, clock: Clock) -> None:
    """Raises HostHeld while a hold lasts; one of more than a day is of a clock that was wrong."""
    left = timedelta(0) if hold is None else hold.until - clock()
    if hold is not None and timedelta(0) < left <= HOLD_MOST:
        raise HostHeld(hold.words(host), retry_after=left.total_seconds())
