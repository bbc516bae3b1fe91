"""A name that changes its mind (DNS rebinding) reaches nothing private: each connection is judged by its own address.

127.0.0.2 stands for the public internet, as the only network that is allowed; 127.0.0.1 is private.
"""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from typing import Any

import pytest

from sectorwatch.errors import FetchError
from sectorwatch.net import resolver
from sectorwatch.net.client import ClientOptions, HttpClient
from tests.raw_web import answer, moved

PUBLIC, PRIVATE = "127.0.0.2", "127.0.0.1"


class Names:
    """A name server whose answers are used up one by one; the last one stays."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self.answers = {f"{name}.test": list(said) for name, said in answers.items()}
        self.asked: Counter[str] = Counter()

    def __call__(self, host: str, port: int, _family: object) -> list[Any]:
        self.asked[host] += 1
        said = self.answers[host]
        addresses = said.pop(0) if len(said) > 1 else said[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]


class Listeners:
    """One port on both addresses, and another one; who was connected to."""

    def __init__(self) -> None:
        self.connections: Counter[str] = Counter()
        self.ports: list[int] = []
        self.pages: dict[str, bytes] = {}

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections[writer.get_extra_info("sockname")[0]] += 1
        path = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].decode()
        writer.write(self.pages.get(path, answer(b"hello", Connection="close")))
        writer.close()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[HttpClient]:
        """Gives the client."""
        servers = []
        for _ in range(2):
            public = await asyncio.start_server(self._serve, PUBLIC, 0)
            port = public.sockets[0].getsockname()[1]
            servers += [public, await asyncio.start_server(self._serve, PRIVATE, port)]
            self.ports.append(port)
        async with HttpClient(ClientOptions(allow_networks=(ip_network(f"{PUBLIC}/32"),), timeout=5)) as http:
            yield http
        for server in servers:
            server.close()


@pytest.fixture
def there() -> Listeners:
    return Listeners()


def known(monkeypatch: pytest.MonkeyPatch, **answers: list[list[str]]) -> Names:
    names = Names(**answers)
    monkeypatch.setattr(resolver, "_ask_dns", names)
    return names


async def refused(http: HttpClient, url: str) -> None:
    with pytest.raises(FetchError, match="is not a public address") as caught:
        await http.get(url, max_bytes=99)
    assert caught.value.permanent


def test_a_name_that_was_public_and_is_private_now_is_refused(
    there: Listeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it said before counts for nothing; and it is not asked again between judgement and connection."""
    names = known(monkeypatch, flip=[[PUBLIC], [PRIVATE]])

    async def scene() -> None:
        async with there.listening() as http:
            url = f"http://flip.test:{there.ports[0]}/"
            assert (await http.get(url, max_bytes=99)).body == b"hello"
            assert names.asked == {"flip.test": 1}
            assert http._session is not None
            connector: Any = http._session.connector
            connector.clear_dns_cache()  # its time is over
            await refused(http, url)

    asyncio.run(scene())
    assert (names.asked, there.connections) == ({"flip.test": 2}, {PUBLIC: 1})


@pytest.mark.parametrize("target", ["flip.test", "inner.test"])
def test_each_hop_of_a_redirect_is_judged(there: Listeners, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    """Whether it leads to the same name, which says something else meanwhile, or to another."""
    known(monkeypatch, flip=[[PUBLIC], [PRIVATE]], inner=[[PRIVATE]])

    async def scene() -> None:
        async with there.listening() as http:
            there.pages["/go"] = moved(f"http://{target}:{there.ports[1]}/")
            await refused(http, f"http://flip.test:{there.ports[0]}/go")

    asyncio.run(scene())
    assert there.connections == {PUBLIC: 1}


@pytest.mark.parametrize("addresses", [[PUBLIC, PRIVATE], [PRIVATE, PUBLIC]])
def test_of_several_addresses_only_the_public_ones_are_tried(
    there: Listeners, monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    """In whatever order they come, and even if nobody listens at the public one."""
    known(monkeypatch, both=[addresses])

    async def scene() -> None:
        async with there.listening() as http:
            assert (await http.get(f"http://both.test:{there.ports[0]}/", max_bytes=99)).body == b"hello"
            lonely = await asyncio.start_server(there._serve, PRIVATE, 0)
            with pytest.raises(FetchError):
                await http.get(f"http://both.test:{lonely.sockets[0].getsockname()[1]}/", max_bytes=99)
            lonely.close()

    asyncio.run(scene())
    assert there.connections == {PUBLIC: 1}
