"""Workers share hosts through the store, on both databases: one asks a host at a time, and gaps hold between them."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from flows.steps.polling.sharing_hosts import StoredBoard
from flows.steps.running.prune import prune
from flows.steps.tools import Tools
from sectorwatch.clock import system_clock
from sectorwatch.domain import Hold
from sectorwatch.net import politeness
from sectorwatch.net.politeness import HostGate
from sectorwatch.settings import Settings
from sectorwatch.site_rules import said
from storage.intake import hosts, robots
from storage.unit_of_work import Store, Work
from storage.views import feeds as feed_views
from tests.builders import NOON, add_feed
from tests.conftest import FakeClock
from tests.raw_web import Request, answer, raw_web

LEASE = timedelta(seconds=15)
GAP = 0.5  # seconds
EARLY = 0.05  # a request may be seen so much sooner after the one before than it was sent
HELD_UP = 0.3  # where this process had to wait for a processor; without a gap it is 0.1 s, the time of an answer


WORKER = """
import json, sys
from flows.runtime import Runtime
from sectorwatch.settings import Settings
if __name__ == "__main__":
    with Runtime.open(Settings(**json.loads(sys.argv[1]))) as runtime:
        runtime.poll()
        runtime.read()
"""


def feed(host: str, path: str) -> str:
    """One with a page."""
    item = f"<item><title>News of {path}</title><link>http://{host}/page{path}</link><guid>{path}</guid></item>"
    return f"<rss version='2.0'><channel><title>{path}</title>{item}</channel></rss>"


def asks_for(work: Work, host: str, delay_s: float, at: datetime = NOON) -> None:
    """The robots.txt of the host asks for a pause."""
    robots.keep(work, said(f"http://{host}", host, status=200, body=b"", crawl_delay_s=delay_s, now=at))


def second(number: float) -> timedelta:
    return timedelta(seconds=number)


def test_a_host_is_one_workers_until_it_is_given_back(store: Store, clock: FakeClock) -> None:
    """Another worker marks it as wanted, learns from when on it may be asked, and of the pause that it asks for."""
    with store.write() as work:
        first = hosts.claim(work, ["a", "b"], "one", now=clock(), lease=LEASE)
        assert set(first) == {"a", "b"}
        assert first["a"].not_before is None
        asks_for(work, "a", 7)
        assert set(hosts.claim(work, ["a", "c"], "two", now=clock(), lease=LEASE)) == {"c"}
        assert hosts.renew(work, ["a", "b", "c"], "one", now=clock(), lease=LEASE) == {"a": True, "b": False}
        hosts.release(work, {"a": clock() + second(4), "b": None, "c": None}, "one")
        later = hosts.claim(work, ["a", "b", "c"], "three", now=clock(), lease=LEASE)
    assert set(later) == {"a", "b"}
    assert (later["a"].not_before, later["a"].crawl_delay_s) == (clock() + second(4), 7)
    assert (later["b"].not_before, later["b"].crawl_delay_s) == (None, None)


def test_the_hosts_of_a_killed_worker_come_free_with_their_lease(store: Store, clock: FakeClock) -> None:
    """Not before; its last request may have been at the end of the lease, so a Crawl-delay counts from there."""
    with store.write() as work:
        hosts.claim(work, ["a", "b"], "one", now=clock(), lease=LEASE)
        asks_for(work, "a", 30)
        nearly = clock() + LEASE - second(1)
        assert not hosts.claim(work, ["a", "b"], "two", now=nearly, lease=LEASE)
        found = hosts.claim(work, ["a", "b"], "two", now=clock() + LEASE, lease=LEASE)
        assert hosts.renew(work, ["a"], "one", now=clock() + LEASE, lease=LEASE) == {}
    assert found["a"].not_before == clock() + LEASE + second(30)
    assert found["b"].not_before == clock() + LEASE


def test_hosts_that_nobody_asks_any_more_go(store: Store, clock: FakeClock) -> None:
    """After 30 days, with what their sites said; not while somebody holds one, nor while one wants to be left alone."""
    tools = Tools(settings=Settings(), store=store, vault=None, clock=clock, random=None)  # type: ignore[arg-type]  # not used
    with store.write() as work:
        hosts.claim(work, ["old", "held", "asking"], "one", now=clock(), lease=LEASE)
        hosts.release(work, {"old": None, "asking": clock() + second(31 * 86_400)}, "one")
        hosts.claim(work, ["held"], "one", now=clock(), lease=timedelta(days=31))
        asks_for(work, "old", 7, at=clock() - timedelta(days=1))
        work.commit()
    clock.advance(days=30)
    assert not prune(tools)["hosts"]
    with store.write() as work:
        hosts.claim(work, ["new"], "one", now=clock(), lease=LEASE)
        hosts.hold(work, "new", Hold(until=clock() + timedelta(days=1), status=429))
        asks_for(work, "new", 7, at=clock())
        work.commit()
    clock.advance(seconds=1)
    removed = prune(tools)
    assert (removed["hosts"], removed["robots"]) == (1, 1)
    with store.read() as work:
        assert [feed_views.host_row(work, name) is None for name in ("old", "held", "asking", "new")] == [
            True,
            False,
            False,
            False,
        ]
        assert robots.crawl_delays(work, ["old", "new"]) == {"new": 7}


@pytest.mark.full
def test_two_gates_take_turns_at_a_host(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits gets the host after a renewal, no two requests come within a gap, and many are claimed at once."""
    for name in ("_TICK_S", "_RENEW_S", "_IDLE_S", "_AGAIN_S", "_GIVE_WAY_S"):
        monkeypatch.setattr(politeness, name, getattr(politeness, name) / 8)
    tools = Tools(settings=Settings(), store=store, vault=None, clock=system_clock, random=None)  # type: ignore[arg-type]  # not used
    starts: list[tuple[float, str]] = []
    claims: list[int] = []

    class Counted(StoredBoard):
        def claim(self, hosts):  # type: ignore[no-untyped-def]  # as the one above
            claims.append(len(hosts))
            return super().claim(hosts)

    async def worker(name: str, *asked: str) -> None:
        async with HostGate(gap=0.1, board=Counted(tools)) as gate:

            async def visit(host: str) -> None:
                async with gate.turn(host):
                    if host == "a":
                        starts.append((asyncio.get_running_loop().time(), name))

            await asyncio.gather(*map(visit, asked))

    async def scene() -> None:
        async with asyncio.timeout(30):
            await worker("first", *(f"host{number}" for number in range(50)))
            await asyncio.gather(worker("one", *["a"] * 20), worker("two", *["a"] * 20))

    asyncio.run(scene())
    assert claims[0] == 50
    assert min(later - earlier for (earlier, _), (later, _) in pairwise(starts)) >= 0.1 - 0.02
    assert {name for _, name in starts[:-20]} == {"one", "two"}  # neither waited for the other to end


@pytest.mark.full
@pytest.mark.parametrize("killed", [False, True])
def test_two_workers_are_as_polite_as_one(store: Store, killed: bool) -> None:
    """40 feeds of four hosts, two processes, one killed on its way: the server's log shows gap and one at a time."""
    names = [f"h{number}.test" for number in range(4)]
    for number in range(40):
        add_feed(store, f"http://{names[number % 4]}/feed{number}", now=system_clock())
    log: list[tuple[str, str, float, float]] = []  # host, path, came, went

    async def answer_slowly(request: Request, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        host, came = request.headers["host"].partition(":")[0], loop.time()
        await asyncio.sleep(0.1)
        if request.path == "/robots.txt":
            body = answer(status="404 No")
        elif request.path.startswith("/feed"):
            body = answer(feed(host, request.path).encode())
        else:
            body = answer(b"<html><article><p>" + b"News of a town on a river. " * 20 + b"</p></article></html>")
        log.append((host, request.path, came, loop.time()))
        writer.write(body)
        await writer.drain()

    async def scene() -> None:
        async with raw_web(answer_slowly) as web, asyncio.timeout(240):
            settings = {
                "store": {"url": store.engine.url.render_as_string(hide_password=False)},
                "fetch": {
                    "allow_networks": ["127.0.0.0/8"],
                    "hosts": dict.fromkeys(names, f"127.0.0.1:{web.port}"),
                    "page_gap_s": GAP,
                },
                "poll": {"batch": 10},
            }
            command = (sys.executable, "-c", WORKER, json.dumps(settings))
            workers = [await asyncio.create_subprocess_exec(*command) for _ in range(2)]
            if killed:
                while len(log) < 12:
                    await asyncio.sleep(0.05)
                workers[0].send_signal(signal.SIGKILL)
            codes = await asyncio.gather(*(worker.wait() for worker in workers))
            assert codes == ([-signal.SIGKILL, 0] if killed else [0, 0])

    asyncio.run(scene())
    for name in names:
        times = sorted((came, went) for host, _, came, went in log if host == name)
        gaps = sorted(later[0] - earlier[0] for earlier, later in pairwise(times))
        assert gaps[0] >= GAP - HELD_UP
        assert gaps[len(gaps) // 2] >= GAP - EARLY
        assert all(later[0] >= earlier[1] for earlier, later in pairwise(times))
    assert killed or len([path for _, path, _, _ in log if path.startswith("/feed")]) == 40
