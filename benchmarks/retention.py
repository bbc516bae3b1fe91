"""Retention by size beside everything else: what cycles and pages take before, during and after a `db prune`.

    python -m benchmarks retention --newsroom path/to/newsroom.py [--store postgresql://...] [--articles 120000]

The store is that of a year (`benchmarks.year_store`), of which nothing was let go yet: polls are past their time, and
it may take only `--room` of what it does. Cycles follow one another, each with a new entry in every feed; a page is
asked for twice a second meanwhile. It is an error if anybody is told of a lock, or a page is not answered.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from sqlalchemy import delete, update

from benchmarks.cycle import call, serving, write_config
from benchmarks.cycle import sectorwatch as command
from benchmarks.pages_served import free_port
from benchmarks.year_store import build
from sectorwatch.newsroom import Receivers
from storage import schema
from storage.engine import open_engine
from storage.tables import deliveries, entries, feeds
from storage.unit_of_work import Store
from storage.upkeep.retention import OPEN
from storage.upkeep.room import used_bytes

PATHS = ("/", "/sectors/kupiansk", "/stories", "/sectors/lyman")
BETWEEN_S = 0.5  # two pages: more would meet the limit on requests
PROGRAM = Path(sys.executable).with_name("sectorwatch")


class Pages:
    """Asked for one after the other; how long each took, by what went on."""

    def __init__(self, port: int) -> None:
        self.phase, self.took, self.failed = "", list[tuple[str, float]](), list[str]()
        self._port, self._over = port, threading.Event()

    def ask(self) -> None:
        number = 0
        while not self._over.wait(BETWEEN_S):
            began = time.perf_counter()
            try:
                with urlopen(f"http://127.0.0.1:{self._port}{PATHS[number % len(PATHS)]}", timeout=60) as answer:
                    answer.read()
                self.took.append((self.phase, time.perf_counter() - began))
            except OSError as error:
                self.failed.append(str(error))
            number += 1

    @contextmanager
    def asked(self) -> Iterator[None]:
        thread = threading.Thread(target=self.ask)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()


def made(url: str, articles: int) -> float:
    """Builds the store; nobody is sent what the year left open, nor is it read. Gives its bytes."""
    store = Store(open_engine(url))
    schema.ensure(store, migrate=True)
    build(store, articles, say=print)
    with store.write() as work:
        work.connection.execute(delete(deliveries).where(deliveries.c.state.in_(OPEN)))
        work.connection.execute(update(feeds).values(state="paused", managed=False))
        work.connection.execute(update(entries).values(read_state="read", read_due_at=None))
        size = used_bytes(work)
        work.commit()
    store.close()
    return size


def main(arguments: list[str] | None = None) -> int:
    """Prints what it took; 2 where there is no newsroom, 1 where anybody was told of a lock or got no page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("NEWSROOM")
    parser.add_argument("--newsroom", type=Path, default=Path(default) if default else None)
    parser.add_argument("--port", type=int, default=8702)
    parser.add_argument("--feeds", type=int, default=100)
    parser.add_argument("--store", default="", help="address of an empty store (default: SQLite in a new folder)")
    parser.add_argument("--articles", type=int, default=120_000)
    parser.add_argument("--room", type=float, default=0.7, help="part of what the store takes that it may take")
    parser.add_argument("--cycles", type=int, default=5, help="before, and after")
    options = parser.parse_args(arguments)
    if options.newsroom is None or not options.newsroom.is_file():
        print("RETENTION WAS NOT MEASURED: there is no newsroom. Give its path: --newsroom", file=sys.stderr)
        return 2
    options.entries, options.faults, options.watched = 3, 0.0, 0.05
    with (
        tempfile.TemporaryDirectory(prefix="sectorwatch-bench-") as folder,
        serving(options.newsroom, options) as control,
        Receivers() as receivers,
    ):
        url = options.store or f"sqlite:///{Path(folder) / 'year.db'}"
        size, port = made(url, options.articles), free_port()
        config = write_config(Path(folder) / "retention", control, receivers, url)
        with config.open("a", encoding="utf-8") as file:
            file.write(f"\n[keep]\ndatabase_mb = {size * options.room / 1e6:.0f}\n[web]\nport = {port}\n")
        command("-c", str(config), "apply")
        print(f"{options.articles} articles, {size / 1e6:.0f} MB, load {os.getloadavg()[0]:.1f}", flush=True)
        return measured(config, control, port, options.cycles)


def measured(config: Path, control: str, port: int, cycles: int) -> int:
    """Cycles before, during and after a prune, with pages beside them."""
    pages, took, locked = Pages(port), list[tuple[str, float]](), 0
    with tempfile.TemporaryFile() as log:
        web = subprocess.Popen([PROGRAM, "-c", config, "web"], stdout=log, stderr=log)

        def cycle(phase: str) -> int:
            call(control, "publish?n=1", method="POST")
            pages.phase, began = phase, time.monotonic()
            done = subprocess.run([PROGRAM, "-c", config, "run"], capture_output=True, text=True, check=False)
            took.append((phase, time.monotonic() - began))
            return (done.stdout + done.stderr).count("is locked")

        try:
            subprocess.run([PROGRAM, "-c", config, "run"], capture_output=True, check=False)  # the baseline
            with pages.asked():
                locked += sum(cycle("before") for _ in range(cycles))
                began = time.monotonic()
                prune = subprocess.Popen([PROGRAM, "-c", config, "db", "prune"], stdout=log, stderr=log)
                while prune.poll() is None:
                    locked += cycle("during")
                print(
                    f"the prune took {time.monotonic() - began:.0f} s or a little less, load {os.getloadavg()[0]:.1f}"
                )
                locked += sum(cycle("after") for _ in range(cycles))
        finally:
            web.terminate()
            web.wait()
        log.seek(0)
        said = log.read().decode("utf-8", "replace")
    locked += said.count("is locked")
    for phase in ("before", "during", "after"):
        mine = [seconds for name, seconds in took if name == phase]
        asked = sorted(seconds * 1000 for name, seconds in pages.took if name == phase)
        print(f"{phase:8} {len(mine):3} cycles, median {median(mine):5.1f} s, the longest {max(mine):5.1f};", end=" ")
        p95 = asked[int(len(asked) * 0.95)]
        print(f"{len(asked):4} pages, median {median(asked):4.0f} ms, p95 {p95:4.0f}, the slowest {asked[-1]:4.0f}")
    print("\n".join(line for line in said.splitlines() if line.startswith(("removed", "past"))))
    print(f"{locked} times locked, {len(pages.failed)} pages without an answer (asked: 0, 0)")
    return 1 if locked or pages.failed or prune.returncode else 0
