"""SQLite with a worker and a web page at once: how often somebody is told that the database is locked.

    python -m benchmarks locks [--seconds 600] [--rate 200]

Two processes write as the product does, each write a transaction that is safe on the disk: the worker polls (three of
four), the web takes readers' pauses and the use of tokens; both read meanwhile, and retention runs beside them.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from random import Random

from benchmarks.year_store import FEEDS, NOW, Year, build
from flows.steps.running.prune import prune
from flows.steps.tools import Tools
from sectorwatch.errors import StoreError
from sectorwatch.settings import Settings
from storage.alerting import outbox
from storage.engine import open_engine
from storage.intake import feeds as feed_store
from storage.running import watching
from storage.secrets import Vault
from storage.unit_of_work import Store, Work
from storage.views import sectors as sector_views
from storage.views.stories import story_view

ARTICLES = 5_000
_WORKERS_SHARE = 0.75


@dataclass(kw_only=True)
class Counts:
    """What was done, by all."""

    writes: int = 0
    reads: int = 0
    errors: int = 0
    slowest_s: float = 0.0

    def add(self, other: Counts) -> None:
        for one in fields(self):
            mine, theirs = getattr(self, one.name), getattr(other, one.name)
            setattr(self, one.name, max(mine, theirs) if one.name == "slowest_s" else mine + theirs)


Write = Callable[[Work, int], object]
Read = Callable[[Work, int], object]


def _poll(work: Work, number: int) -> None:
    feed_store.claim_due(work, now=NOW, limit=1, lease=timedelta(seconds=1), among=[1 + number % FEEDS])
    outbox.pause_alerts(work, paused=False, author="bench", now=NOW)


def _pause(work: Work, number: int) -> None:
    outbox.pause_alerts(work, paused=number % 2 == 0, author=f"reader {number}", now=NOW)


def _look(work: Work, _: int) -> None:
    watching.facts(work, now=NOW)


def _page(work: Work, number: int) -> None:
    story_view(work, 1 + number % ARTICLES // 4 * 4)
    sector_views.by_day(work, ["huliaipole"], now=NOW, days=14)


def _at_work(url: str, seconds: float, rate: float, write: Write, read: Read, told: SimpleQueue[Counts]) -> None:
    store, done, began = Store(open_engine(url)), Counts(), time.monotonic()
    while (now := time.monotonic()) < began + seconds:
        tick = done.writes + done.errors
        if (early := began + tick / rate - now) > 0:
            time.sleep(early)
        started = time.monotonic()
        try:
            with store.write() as work:
                write(work, tick)
                work.commit()
            done.writes += 1
            if tick % 10 == 0:
                with store.read() as work:
                    read(work, tick)
                done.reads += 1
        except StoreError:
            done.errors += 1
        done.slowest_s = max(done.slowest_s, time.monotonic() - started)
    store.close()
    told.put(done)


def _at_prune(url: str, seconds: float, told: SimpleQueue[Counts]) -> None:
    store, done, until = Store(open_engine(url)), Counts(), time.monotonic() + seconds
    later = NOW
    while time.monotonic() < until:
        later += timedelta(hours=12)
        tools = Tools(settings=Settings(), store=store, vault=Vault(), clock=lambda at=later: at, random=Random(1))
        try:
            prune(tools)
        except StoreError:
            done.errors += 1
        time.sleep(1)
    store.close()
    told.put(done)


def both(url: str, *, seconds: float, rate: float) -> Counts:
    """Builds a small store at an address of SQLite, and lets them work on it."""
    from storage import schema

    store = Store(open_engine(url))
    schema.upgrade(store)
    build(store, Year(articles=ARTICLES).articles)
    store.close()
    context = multiprocessing.get_context("spawn")
    told: SimpleQueue[Counts] = context.SimpleQueue()
    worker = (url, seconds, rate * _WORKERS_SHARE, _poll, _look, told)
    web = (url, seconds, rate * (1 - _WORKERS_SHARE), _pause, _page, told)
    processes = [context.Process(target=_at_work, args=args) for args in (worker, web)]
    processes.append(context.Process(target=_at_prune, args=(url, seconds, told)))
    for process in processes:
        process.start()
    found = Counts()
    for _ in processes:
        found.add(told.get())
    for process in processes:
        process.join()
    return found


def main(arguments: list[str] | None = None) -> int:
    """Lets them work and prints what came of it; 1 where anybody was told of a lock."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=float, default=200, help="writes a second, of both together")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sectorwatch-bench-") as folder:
        found = both(f"sqlite:///{Path(folder) / 'locks.db'}", seconds=options.seconds, rate=options.rate)
    print(f"{found.writes} writes in {options.seconds:.0f} s: {found.writes / options.seconds:.0f} a second")
    print(f"  {found.reads} reads beside them, slowest turn {found.slowest_s:.2f} s, {found.errors} errors (asked: 0)")
    return 1 if found.errors else 0
