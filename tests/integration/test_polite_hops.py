"""Every request waits for its turn at its own host: those of redirects, and one that is sent again, too."""

from __future__ import annotations

import asyncio
from collections import Counter
from itertools import pairwise

import pytest

from sectorwatch.errors import FetchError
from sectorwatch.net.client import ClientOptions, HttpClient
from sectorwatch.net.politeness import HostGate
from sectorwatch.net.robots import Robots
from tests.raw_web import LOOPBACK, Handler, RawWeb, Request, answer, moved, raw_web

GAP = 0.5  # seconds
EARLY = 0.3  # where the loop was held up, a request is seen so much later than it was sent, and the next one is not


class Hosts:
    """a.test and b.test on one server, asked through a gate: when each request came, and how many at a time."""

    def __init__(self, pages: dict[str, bytes], *, slow: float = 0.0) -> None:
        self.pages, self.slow = pages, slow
        self.came: list[tuple[str, str, float]] = []  # host, path, when
        self.inside: Counter[str] = Counter()
        self.most: Counter[str] = Counter()

    async def answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        host = request.headers["host"].partition(":")[0]
        self.came.append((host, request.path, asyncio.get_running_loop().time()))
        self.inside[host] += 1
        self.most[host] = max(self.most[host], self.inside[host])
        await asyncio.sleep(self.slow)
        self.inside[host] -= 1
        writer.write(self.pages.get(f"{host}{request.path}", answer(status="404 No")))
        await writer.drain()

    def gaps(self, host: str) -> list[float]:
        times = [when for name, _, when in self.came if name == host]
        return [later - earlier for earlier, later in pairwise(times)]

    def get(self, *urls: str, robots: bool = False, handler: Handler | None = None) -> list[bytes | str]:
        """The bodies, or why there is none, of addresses that are asked for together."""

        async def scene() -> list[bytes | str]:
            async with raw_web(handler or self.answer) as web:
                gate = HostGate(gap=GAP)
                async with HttpClient(options(web), turn=gate.turn) as http:
                    permit = Robots(http, gate=gate).permit if robots else None

                    async def one(url: str) -> bytes | str:
                        try:
                            return (await http.get(url, max_bytes=1000, permit=permit)).body
                        except FetchError as error:
                            return str(error)

                    async with asyncio.timeout(20):
                        return await asyncio.gather(*map(one, urls))

        return asyncio.run(scene())


def options(web: RawWeb) -> ClientOptions:
    hosts = dict.fromkeys(("a.test", "b.test"), f"127.0.0.1:{web.port}")
    return ClientOptions(allow_networks=LOOPBACK, hosts=hosts, connections=2, timeout=5)


def test_redirects_that_cross_keep_gap_and_one_connection_at_both_hosts() -> None:
    """Chains a to b and b to a, many at once, all arrive, and neither host is asked twice at a time or within a gap."""
    pages = {"a.test/go": moved("http://b.test/end"), "b.test/go": moved("http://a.test/end")}
    hosts = Hosts({**pages, "a.test/end": answer(b"A"), "b.test/end": answer(b"B")}, slow=0.05)

    found = hosts.get(*["http://a.test/go", "http://b.test/go"] * 3)

    assert found == [b"B", b"A"] * 3
    assert hosts.most == {"a.test": 1, "b.test": 1}
    assert min(hosts.gaps("a.test") + hosts.gaps("b.test")) >= GAP - EARLY


@pytest.mark.full
def test_a_redirect_within_a_host_waits_too_and_holds_up_no_other_host() -> None:
    """Three hops take two gaps; a client with two connections serves another host meanwhile."""
    pages = {"a.test/1": moved("/2"), "a.test/2": moved("/3"), "a.test/3": answer(b"A"), "b.test/": answer(b"B")}
    hosts = Hosts(pages)

    assert hosts.get(*["http://a.test/1"] * 4, "http://b.test/") == [b"A"] * 4 + [b"B"]
    assert min(hosts.gaps("a.test")) >= GAP - EARLY
    assert [host for host, _, _ in hosts.came[:3]].count("b.test") == 1


def test_the_target_of_a_redirect_is_asked_for_as_its_own_robots_txt_allows() -> None:
    """A page that leads to where another site wants no robots ends there, unasked."""
    rules = answer(b"User-agent: *\nDisallow: /closed\n")
    pages = {"a.test/1": moved("http://b.test/closed"), "a.test/2": moved("http://b.test/open")}
    hosts = Hosts({**pages, "b.test/robots.txt": rules, "b.test/closed": answer(b"!"), "b.test/open": answer(b"B")})

    closed, opened = hosts.get("http://a.test/1", "http://a.test/2", robots=True)

    assert closed == "robots.txt of the site asks robots to stay away from this page"
    assert opened == b"B"
    assert ("b.test", "/closed") not in [(host, path) for host, path, _ in hosts.came]
    assert min(hosts.gaps("a.test") + hosts.gaps("b.test")) >= GAP - EARLY


@pytest.mark.parametrize(("resets", "requests"), [(1, 3), (9, 3)])
def test_a_request_sent_again_over_a_new_connection_waits_too(resets: int, requests: int) -> None:
    """A kept connection that is reset under a request costs one more, a gap later; a new one that is, ends it."""
    hosts = Hosts({"a.test/first": moved("/then"), "a.test/then": answer(b"2")})
    left = resets

    async def reset(request: Request, writer: asyncio.StreamWriter) -> None:
        nonlocal left
        if request.path == "/first" or left == 0:
            await hosts.answer(request, writer)
            return
        left -= 1
        hosts.came.append(("a.test", request.path, asyncio.get_running_loop().time()))
        writer.transport.abort()

    found = hosts.get("http://a.test/first", handler=reset)

    assert found == ([b"2"] if resets == 1 else ["http://a.test/first: the connection broke off"])
    assert len(hosts.came) == requests
    assert min(hosts.gaps("a.test")) >= GAP - EARLY
