"""What each page takes over HTTP where a year is stored, beside what the store took of it.

    python -m benchmarks pages [--articles 1000000] [--feeds 5000] [--store sqlite:////folder/year.db] [--only search]

The store is that of `benchmarks.year_store`; one named with --store is kept, and used as it is where it was filled
before. The application is the product's own, in a process of its own. Of the times that an address is asked for, the
middle one and the one that 95 of 100 do not exceed are shown; beside them the first, with nothing in the caches.
"""

from __future__ import annotations

import argparse
import http.client
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.pages_asked import OPERATOR, PAGES, TOKEN, Asked
from benchmarks.pages_served import free_port, served
from benchmarks.year_store import NOW, READERS, SECTORS, Year, build, built
from sectorwatch.domain import Secret
from sectorwatch.settings import Settings
from storage import schema
from storage.access import api_tokens
from storage.engine import open_engine
from storage.unit_of_work import Store
from storage.upkeep.room import used_bytes

ASKED_MS = 100
HEADER = "X-Operator"
_DAY_US = 86_400 * 1_000_000


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One answer."""

    ms: float
    sql_ms: float
    statements: int
    size: int


class Client:
    """Asks the application, by one connection, each time as another client behind a proxy: none asks too often."""

    def __init__(self, port: int, token: Secret) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._token, self._number = token, count()

    def ask(self, asked: Asked, values: Mapping[str, object]) -> Taken:
        """Raises ValueError for an answer that is no page."""
        headers = headers_for(asked, next(self._number), self._token)
        path = asked.path.format(**values)
        self._connection.close()  # the server lets go of one that waits; a new one costs 0.1 ms
        self._connection.connect()
        began = time.perf_counter()
        self._connection.request("GET", path, headers=headers)
        answer = self._connection.getresponse()
        body = answer.read(1)
        first = time.perf_counter()
        body += answer.read()
        took = (first if asked.file else time.perf_counter()) - began
        if answer.status not in (200, 404) or (answer.status == 404) != (asked.name == "no such page"):
            raise ValueError(f"{path} is answered {answer.status}")
        _, duration, statements = answer.headers["server-timing"].split(";")
        return Taken(
            ms=took * 1000,
            sql_ms=float(duration.partition("=")[2]),
            statements=int(statements.partition("=")[2].strip('"')),
            size=len(body),
        )

    def close(self) -> None:
        self._connection.close()


def headers_for(asked: Asked, number: int, token: Secret) -> dict[str, str]:
    """Those of whoever may see the page, each number another client behind a proxy."""
    headers = {"X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"}
    if asked.who == TOKEN:
        headers["Authorization"] = f"Bearer {token.reveal()}"
    if asked.who == OPERATOR:
        headers[HEADER] = "bench"
    return {} if asked.path == "/metrics" else headers  # which is not answered through a proxy


def values(year: Year) -> Iterator[dict[str, object]]:
    """What stands for the names in addresses, another one each time, the same ones in each run."""
    random, end = Random(1), int(NOW.timestamp()) * 1_000_000
    while True:
        yield {
            "sector": random.choice(SECTORS),
            "story": random.randrange(1, year.articles // 50) * 50 // 4 * 4,
            "publisher": random.randrange(500),
            "before": f"{end - random.randrange(30, 330) * _DAY_US}-1",
            "feed": random.randrange(1, year.feeds),
            "delivery": random.randrange(1, year.articles // 50),
            "reader": random.randrange(1, READERS),
        }


def shown(asked: Asked, found: list[Taken]) -> bool:
    """Prints one line; returns whether the address took too long."""
    times = sorted(one.ms for one in found)
    middle, most = median(times), times[min(len(times) - 1, int(len(times) * 0.95))]
    sql, statements, size = (median(getattr(one, name) for one in found) for name in ("sql_ms", "statements", "size"))
    slow = "  SLOW" if middle > ASKED_MS else ""
    print(
        f"{middle:8.1f} {most:8.1f} {found[0].ms:8.1f}   {sql:8.1f} in {statements:3.0f}  {size / 1000:7.1f} KB "
        f" {asked.who:8} {asked.name}{', to the first byte' * asked.file}{slow}",
        flush=True,
    )
    return bool(slow)


def main(arguments: list[str] | None = None) -> int:
    """Builds, serves, asks, prints; 1 where a page took too long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--store", default="", help="address of a store to fill, or that was filled before, and is kept"
    )
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--times", type=int, default=20, help="that each is asked for")
    parser.add_argument("--only", default="", help="what is in the names of those that are asked for")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sectorwatch-bench-") as folder:
        url = options.store or f"sqlite:///{Path(folder) / 'year.db'}"
        with closing(Store(open_engine(url))) as store:
            schema.ensure(store, migrate=True)
            year = built(store) or build(store, options.articles, sources=options.feeds, say=print)
            with store.write() as work:
                api_tokens.revoke(work, "bench", now=NOW)
                token = api_tokens.add(work, "bench", now=NOW)
                kind, size = store.engine.dialect.name, used_bytes(work) / 1e6
                work.commit()
        assert token is not None
        load = os.getloadavg()[0]
        print(f"a year of {year.articles} articles, {year.feeds} feeds: {kind}, {size:.0f} MB, load {load:.1f}")
        print("  median       95    first   in SQL, statements     size  for      page")
        settings = Settings.model_validate(
            {"store": {"url": url}, "web": {"port": free_port(), "login_header": HEADER}}
        )
        chosen = [asked for asked in PAGES if options.only in f"{asked.who} {asked.name}"]
        with served(settings), closing(Client(settings.web.port, token)) as client:
            each, slow = values(year), 0
            for asked in chosen:
                slow += shown(asked, [client.ask(asked, next(each)) for _ in range(options.times)])
        print(f"{slow} of {len(chosen)} took over {ASKED_MS} ms in the middle; load {os.getloadavg()[0]:.1f}")
    return 1 if slow else 0
