"""Beside `sectorwatch up`: what no run can tell, as none begins. A disk that fills up, and cycles that have stopped."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from flows.steps.running import on_watch
from sectorwatch.clock import Clock
from storage.running import watching
from storage.shared_clock import shared_clock
from storage.unit_of_work import Store

EVERY_S = 60.0
LOW = 100_000_000  # bytes: Prefect's database grows by some 40 MB a day
AGAIN = timedelta(minutes=5)  # operators are told of what is new; between, it is not looked for
TELL_S = 300.0  # for a look and what it sends
JOIN_S = 1.0  # for a look that is at work when all ends
STOP_S = 5.0  # for what is sent then: Docker kills after ten
_log = logging.getLogger(__name__)


class Disk:
    """That of Prefect's folder: says when it fills up, and when there is room again."""

    def __init__(self, home: Path, say: Callable[[str], None], *, free: Callable[[Path], int] | None = None) -> None:
        self._home, self._say = home, say
        self._free = free or (lambda folder: shutil.disk_usage(folder).free)
        self._low = False

    def look(self) -> None:
        """Says what has changed."""
        try:
            free = self._free(self._home)
        except OSError:
            return
        if free < LOW and not self._low:
            self._low = True
            self._say(
                f"{free / 1e6:.0f} MB are free for Prefect's folder {self._home}: on a full disk no run begins."
                " Free some, or name another folder with --home; nothing is lost, and runs go on when there is room"
            )
        elif free > LOW * 1.1 and self._low:
            self._low = False
            self._say(f"there is room again for Prefect's folder {self._home}")


class Cycles:
    """Whether any comes to its end. Where none does, runs cannot say so: then `tell` does."""

    def __init__(
        self, store: Store, *, allowed: timedelta, tell: Callable[[], None], clock: Clock | None = None
    ) -> None:
        self._store, self._allowed, self._tell, self._clock = store, allowed, tell, clock
        self._told_at: datetime | None = None

    def look(self) -> None:
        """Tells of it, not more often than each five minutes. Raises StoreError where the store is away."""
        if not self._allowed:
            return
        self._clock = self._clock or shared_clock(self._store)  # a database may come up later than `up`
        now = self._clock()
        on_watch.look(self._store, self._allowed, now=now)
        with self._store.read() as work:
            since = watching.cycles_since(work)
        told_lately = self._told_at is not None and now - self._told_at < AGAIN
        if since is not None and now - since > self._allowed and not told_lately:
            self._told_at = now
            self._tell()


@contextmanager
def looked_after(looks: Sequence[Callable[[], None]], *, every_s: float = EVERY_S) -> Iterator[None]:
    """Looks at once, and every minute of the block; one that cannot is tried the next time."""
    over = threading.Event()

    def keep_looking() -> None:
        while True:
            for look in looks:
                try:
                    look()
                except Exception as error:  # noqa: BLE001 - of a thread that has ended, nobody would hear
                    _log.debug("a look that could not be made: %s", type(error).__name__)
            if over.wait(every_s):
                return

    thread = threading.Thread(target=keep_looking, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(JOIN_S)


@contextmanager
def told_by(command: Sequence[str]) -> Iterator[Callable[[], None]]:
    """Has a command tell, in a process of its own: sending is interrupted by signals, which threads do not get.

    One that is at work when the block ends is interrupted: `up` would wait for it, and be killed.
    """
    at_work: list[subprocess.Popen[bytes]] = []

    def tell() -> None:
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, env=os.environ) as process:  # noqa: S603 - our own command
            at_work[:] = [process]
            _end(process, after_s=TELL_S)

    try:
        yield tell
    finally:
        for process in at_work:
            process.terminate()
            _end(process, after_s=STOP_S)


def _end(process: subprocess.Popen[bytes], *, after_s: float) -> None:
    """Waits for it, not longer than that."""
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        process.kill()
