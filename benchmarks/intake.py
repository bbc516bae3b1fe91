"""Polling beside a bare loop: feeds a CPU second when nothing changed (304; the same bytes), and with two new items.

    python -m benchmarks intake [--feeds 500] [--latency-ms 0] [--store postgresql://...] [--reader path/to/python]

Each feed has a host of its own on loopback, for all three: nobody finds a connection open. A process whose CPU does not
count serves them. The bare loop asks with aiohttp, as many at once as we do, and parses what changed with feedparser;
it stores nothing. `--reader` is a Python that lemon24/reader is installed for: its update of the same feeds stands
beside, in a process of its own, with a database file as we have one. Ours counts all that a cycle takes: the store is
opened, and the processes that parse start and end; of reader only the update itself counts.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import aiohttp
import feedparser
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from benchmarks.beside import beside
from flows.runtime import Runtime
from sectorwatch.domain import Source
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import FetchSettings, StoreSettings
from storage.intake import feeds as feed_store

ITEMS = 20
NEW = 2  # items of a feed that changed
# Of several alike the cheapest is shown: others use the machine, too.
MODES = ("first", *("304",) * 4, *("bytes",) * 3, *("changed",) * 3)
READER = """
import json, resource, socket, sys, time
from reader import make_reader
asked = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: asked("127.0.0.1" if host.endswith(".test") else host, *rest, **more)
reader = make_reader(sys.argv[1], feed_root=None)
for url in json.loads(sys.stdin.readline()):
    reader.add_feed(url)
for line in sys.stdin:
    used, began = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    reader.update_feeds(workers=1, scheduled=False)
    now = resource.getrusage(resource.RUSAGE_SELF)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    print(json.dumps([time.monotonic() - began, cpu]), flush=True)
"""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one cycle over all feeds took, in seconds."""

    wall: float
    cpu: float


def serve(pipe: Any, latency: float) -> None:
    """The newsroom's process. `/next/MODE` moves it on: "changed" brings new items, "bytes" forgets its validators."""
    state = {"first": 0, "validators": True}

    async def feed(request: web.Request) -> web.Response:
        await asyncio.sleep(latency)
        number, first = request.match_info["number"], state["first"]
        tag = f'"{number}-{first}"'
        if state["validators"] and request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        items = "".join(
            f"<item><title>Item {one} of feed {number}</title><guid isPermaLink='false'>{number}-{one}</guid>"
            f"<link>http://pages.test/{number}/{one}</link><pubDate>{formatdate(1_790_000_000 + 60 * one)}</pubDate>"
            f"<description>{'What was said on the morning of the day. ' * 5}</description></item>"
            for one in range(first, first + ITEMS)
        )
        body = f"<rss version='2.0'><channel><title>Feed {number}</title>{items}</channel></rss>"
        return web.Response(body=body.encode(), content_type="application/rss+xml", headers={"ETag": tag})

    async def turn(request: web.Request) -> web.Response:
        if request.match_info["mode"] == "changed":
            state["first"] += NEW
        state["validators"] = request.match_info["mode"] != "bytes"
        return web.Response()

    async def run() -> None:
        app = web.Application()
        app.add_routes([web.get("/feed/{number}", feed), web.get("/next/{mode}", turn)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
        pipe.send(runner.addresses[0][1])
        await asyncio.sleep(3600)

    asyncio.run(run())


def main(options: list[str]) -> int:
    """Prints a line for each way of polling."""
    asked = _parse(options)
    print(f"{asked.feeds} feeds of {ITEMS} items, {asked.latency_ms} ms of latency: feeds a CPU second (wall seconds)")
    print(f"{'':14}{''.join(f'{name:>17}' for name in dict.fromkeys(MODES))}")
    with tempfile.TemporaryDirectory() as folder:
        for name, way in (("sectorwatch", _ours), ("bare loop", _bare), ("reader", _reader)):
            if name == "reader" and asked.reader is None:
                continue
            with beside(serve, asked.latency_ms / 1000) as port:
                costs = way(port, asked, Path(folder))
            least = {
                name: min((cost for mode, cost in zip(MODES, costs, strict=True) if mode == name), key=lambda c: c.cpu)
                for name in MODES
            }
            shown = "".join(f"{asked.feeds / one.cpu:9.0f} ({one.wall:5.1f})" for one in least.values())
            print(f"{name:14}{shown}", flush=True)
    own, pool = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"peak memory: {own:.0f} MB here, {pool:.0f} MB the largest process that parses")
    return 0


def _parse(options: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks intake")
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--latency-ms", type=int, default=0)
    parser.add_argument("--store", help="database; a fresh SQLite file by default")
    parser.add_argument("--reader", help="a Python with lemon24/reader")
    return parser.parse_args(options)


def _hosts(asked: argparse.Namespace) -> list[str]:
    return [f"feed{number}.test" for number in range(asked.feeds)]


def _urls(port: int, asked: argparse.Namespace) -> list[str]:
    return [f"http://{host}:{port}/feed/{number}" for number, host in enumerate(_hosts(asked))]


def _turns(port: int) -> Iterator[str]:
    """The cycles, each after the newsroom has moved on to it."""
    for mode in MODES:
        with urlopen(f"http://127.0.0.1:{port}/next/{mode}", timeout=5):
            yield mode


def _ours(port: int, asked: argparse.Namespace, folder: Path) -> list[Cost]:
    settings = Settings(
        store=StoreSettings(url=asked.store or f"sqlite:///{folder / 'bench.db'}"),
        fetch=FetchSettings(allow_networks=["127.0.0.0/8"], hosts=dict.fromkeys(_hosts(asked), "127.0.0.1")),
    )
    costs = []
    for name in _turns(port):
        used, began = _cpu(), time.monotonic()
        with Runtime.open(settings, migrate=True) as runtime:
            if name == MODES[0]:
                _add(runtime, _urls(port, asked))
                used, began = _cpu(), time.monotonic()
            summary = runtime.poll(not_since=runtime.tools.clock())
        wall = time.monotonic() - began
        if summary.polled != asked.feeds or summary.failed:
            raise SystemExit(f"{summary.polled} of {asked.feeds} feeds were polled; {summary.failed[:3]}")
        print(f"  {name}: {dict(summary.by_status)}, {summary.new_entries} new", file=sys.stderr)
        costs.append(Cost(wall=wall, cpu=_cpu() - used))
    return costs


def _add(runtime: Runtime, urls: list[str]) -> None:
    now = runtime.tools.clock()
    with runtime.tools.store.write() as work:
        for url in urls:
            feed_store.add(
                work,
                url=url,
                title="",
                language="en",
                source=Source(),
                interval=timedelta(minutes=15),
                managed=False,
                now=now,
            )
        work.commit()


def _bare(port: int, asked: argparse.Namespace, _folder: Path) -> list[Cost]:
    tags: dict[str, str] = {}
    costs = []
    for _ in _turns(port):
        used, began = _cpu(), time.monotonic()
        asyncio.run(_asked_bare(_urls(port, asked), tags))
        costs.append(Cost(wall=time.monotonic() - began, cpu=_cpu() - used))
    return costs


class _Loopback(AbstractResolver):
    """Every name is this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        own = ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0)
        return [] if family is socket.AF_INET6 else [own]

    async def close(self) -> None:
        return


async def _asked_bare(urls: list[str], tags: dict[str, str]) -> None:
    slots = asyncio.Semaphore(FetchSettings().connections)

    async def ask(session: aiohttp.ClientSession, url: str) -> None:
        headers = {"If-None-Match": tags[url]} if url in tags else {}
        async with slots, session.get(url, headers=headers) as answer:
            body = await answer.read()
        tags[url] = answer.headers["ETag"]
        if answer.status == 200:
            feedparser.parse(body)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, resolver=_Loopback())) as session:
        asking: list[Awaitable[None]] = [ask(session, url) for url in urls]
        await asyncio.gather(*asking)


def _reader(port: int, asked: argparse.Namespace, folder: Path) -> list[Cost]:
    process = subprocess.Popen(
        [asked.reader, "-c", READER, str(folder / "reader.db")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    say: Callable[[str], int] = process.stdin.write
    say(json.dumps(_urls(port, asked)) + "\n")
    costs = []
    for name in _turns(port):
        say(f"{name}\n")
        process.stdin.flush()
        wall, cpu = json.loads(process.stdout.readline())
        costs.append(Cost(wall=wall, cpu=cpu))
    process.stdin.close()
    process.wait()
    return costs


def _cpu() -> float:
    """CPU seconds of this process and of its children that have ended."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)
