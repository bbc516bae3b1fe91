"""The time by which all machines that share a store go: its database's, whatever their own clocks say.

Two machines whose clocks were further apart than a lease lasts would take each other's claims for abandoned.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import func, select
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from sectorwatch.clock import Clock, lasting, system_clock
from sectorwatch.errors import StoreError
from storage.unit_of_work import Store, Work

APART = timedelta(seconds=5)  # more is told: logs and Prefect's schedules go by the machine's own clock
_ASK_AGAIN_S = 60.0  # two clocks drift by milliseconds meanwhile

_log = logging.getLogger(__name__)


def _since_boot() -> float:
    """Seconds that no setting of the clock changes, with those in which the machine slept (not on macOS)."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def shared_clock(store: Store, *, own: Clock = system_clock, steady: Callable[[], float] = _since_boot) -> Clock:
    """The clock for work on `store`: `own` for an SQLite file, which one machine has. Raises StoreError."""
    if store.engine.dialect.name != "postgresql":
        return own
    shared = _DatabaseClock(store, steady)
    _tell(own() - shared())
    return shared


def now_of(work: Work, *, own: Clock = system_clock) -> datetime:
    """What `shared_clock` would say, for commands, which ask once. Raises StoreError."""
    if not work.postgresql:
        return own()
    said = _ask(work)
    _tell(own() - said)
    return said


def _ask(work: Work) -> datetime:
    said: datetime = work.connection.execute(select(func.clock_timestamp())).scalar_one()
    return said


def _tell(off: timedelta) -> None:
    if abs(off) > APART:
        which = "ahead of" if off > timedelta() else "behind"
        _log.warning("this machine's clock is %s %s the database's, by which all goes", lasting(abs(off)), which)


class _DatabaseClock:
    """What the database said last, and what has passed since; it is asked once a minute at most."""

    def __init__(self, store: Store, steady: Callable[[], float]) -> None:
        self._store, self._steady, self._asking = store, steady, Lock()
        self._heard, self._ask_at = self._ask(), steady() + _ASK_AGAIN_S

    def __call__(self) -> datetime:
        if self._steady() >= self._ask_at and self._asking.acquire(blocking=False):
            try:
                self._ask_at = self._steady() + _ASK_AGAIN_S
                with suppress(StoreError, NoConnectionFree):  # told of by whoever works on it
                    self._heard = self._ask()
            finally:
                self._asking.release()
        said, at = self._heard
        return said + timedelta(seconds=self._steady() - at)

    def _ask(self) -> tuple[datetime, float]:
        with self._store.read() as work:
            return _ask(work), self._steady()
