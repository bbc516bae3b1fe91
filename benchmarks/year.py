"""The store after a year: what each hot question costs then, and by which plan it is answered.

    python -m benchmarks year [--store postgresql://...] [--articles 2000000] [--plans] [--only preview]

The store is made by large statements (`benchmarks.year_store`); questions are asked by the functions that the product
asks them by (`benchmarks.hot_queries`). Of five times, the middle one counts; the first, with nothing in the caches, is
beside it. What a question writes is undone, so the wait for the disk at a commit is not in it. A store that is named is
kept: with `--built` and as many articles it is asked again.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.hot_queries import HOT, Hot, noted, plan
from benchmarks.year_store import Year, build
from storage import schema
from storage.engine import open_engine
from storage.unit_of_work import Store
from storage.upkeep.room import used_bytes

ASKED_MS = 50
_TIMES = 5


def asked(store: Store, year: Year, hot: Hot) -> list[float]:
    """Milliseconds of each time that it was asked."""
    times = []
    for _ in range(_TIMES):
        with store.write() if hot.writes else store.read() as work:
            began = time.perf_counter()
            hot.ask(work, year)
            times.append((time.perf_counter() - began) * 1000)
    return times


def plans(store: Store, year: Year, hot: Hot) -> list[str]:
    """How the database answers each statement of it."""
    with store.write() as work:
        with noted(store.engine) as seen:
            hot.ask(work, year)
        return [line for one in seen for line in plan(work, one)]


def main(arguments: list[str] | None = None) -> int:
    """Builds, asks, prints; 1 where a question took too long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", default="", help="address of an empty store (default: SQLite in a new folder)")
    parser.add_argument("--articles", type=int, default=20_000, help="of the year; a newsroom of 500 feeds has 2000000")
    parser.add_argument("--built", action="store_true", help="the store was built before, with as many articles")
    parser.add_argument("--plans", action="store_true", help="show how each is answered")
    parser.add_argument("--only", default="", help="those questions that have this in their names")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sectorwatch-bench-") as folder:
        store = Store(open_engine(options.store or f"sqlite:///{Path(folder) / 'year.db'}"))
        schema.ensure(store, migrate=True)
        began = time.monotonic()
        year = Year(articles=options.articles) if options.built else build(store, options.articles, say=print)
        with store.read() as work:
            size = used_bytes(work) / 1e6
        kind = store.engine.dialect.name
        print(f"a year of {year.articles} articles: {kind}, {size:.0f} MB, {time.monotonic() - began:.0f} s to build")
        slow, chosen = 0, [hot for hot in HOT if options.only in hot.name]
        print(f"load {os.getloadavg()[0]:.1f}")
        for hot in chosen:
            first, *rest = asked(store, year, hot)
            slow += median(rest) > ASKED_MS
            print(
                f"{median(rest):9.1f} ms (first {first:8.1f})  {hot.name}{'  SLOW' if median(rest) > ASKED_MS else ''}"
            )
            for line in plans(store, year, hot) if options.plans else ():
                print(f"            {line}")
        print(f"{slow} of {len(chosen)} took over {ASKED_MS} ms; load {os.getloadavg()[0]:.1f}")
        store.close()
    return 1 if slow else 0
