"""The guarded client against well-behaved servers: what it sends, follows, keeps and refuses."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from datetime import UTC, datetime

import brotli  # type: ignore[import-untyped]  # has no types
import pytest

from sectorwatch.domain import Validators
from sectorwatch.errors import ConfigurationError, FetchError
from sectorwatch.net.client import Answer, ClientOptions, HttpClient
from tests.raw_web import RawWeb, Request, answer, answering, client, fetched, moved, raw_web, refused, routes

TEXT = "Куп'янськ ".encode() * 5_000


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("x-gzip", gzip.compress(TEXT)),
        (" GZIP ", gzip.compress(TEXT)),
        ("gzip", gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:])),  # two members
        ("gzip", gzip.compress(TEXT) + bytes(512)),  # padded
        ("deflate", zlib.compress(TEXT)),
        ("deflate", zlib.compress(TEXT)[2:-4]),  # bare, as some servers send it
        ("br", brotli.compress(TEXT)),
        ("identity, br", brotli.compress(TEXT)),
    ],
)
def test_a_packed_body_arrives_unpacked(coding: str, body: bytes) -> None:
    """Each coding that is asked for gives the bytes of the page."""
    found, _ = fetched(answering(answer(body, Content_Encoding=coding)))

    assert found.body == TEXT


def test_a_packed_body_of_nothing_is_empty() -> None:
    """A Content-Encoding without any body is no error."""
    assert fetched(answering(answer(Content_Encoding="gzip")))[0].body == b""


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_the_limit_counts_decoded_bytes(coding: str) -> None:
    """A body of exactly the limit passes, one byte more does not, and with `cut` it ends there."""
    body = gzip.compress(TEXT) if coding == "gzip" else TEXT
    page = answering(answer(body, Content_Encoding=coding))

    assert fetched(page, max_bytes=len(TEXT))[0].body == TEXT
    assert refused(page, max_bytes=len(TEXT) - 1).permanent
    assert fetched(page, max_bytes=999, cut=True)[0].body == TEXT[:999]


@pytest.mark.parametrize("etag", ['W/"a-gzip"', "unquoted", '"Ку"', '"a, b"'])
def test_validators_are_echoed_as_they_came(etag: str) -> None:
    """ETag and Last-Modified go back byte for byte, malformed or not, and 304 is an answer."""
    not_modified = answer(status="304 Not Modified", ETag="new")
    date = "yesterday, about noon"

    found, web = fetched(answering(not_modified), validators=Validators(etag=etag, last_modified=date))

    assert web.requests[0].headers["if-none-match"].encode("latin-1").decode() == etag
    assert web.requests[0].headers["if-modified-since"] == date
    assert (found.status, found.body, found.headers["etag"]) == (304, b"", "new")


def test_no_condition_is_made_up() -> None:
    """Without validators the request is unconditional, and it says who asks."""
    asked = fetched(answering(answer(b"x")))[1].requests[0].headers

    assert not {"if-none-match", "if-modified-since", "cookie"} & asked.keys()
    assert asked["user-agent"] == "Sectorwatch"
    assert asked["accept-encoding"] == "gzip, deflate, br"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("7", 7.0), ("Sun, 01 Mar 2026 12:02:00 GMT", 120.0), ("later", None), ("", None)],
)
def test_an_error_status_says_when_to_come_back(value: str, expected: float | None) -> None:
    """Status and Retry-After, in seconds or as a date, reach the caller."""
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)

    async def scene() -> FetchError:
        slow_down = answering(answer(status="429 Slow Down", Retry_After=value))
        async with raw_web(slow_down) as web, HttpClient(client().options, clock=lambda: noon) as http:
            with pytest.raises(FetchError, match="answers 429 Slow Down") as caught:
                await http.get(web.url, max_bytes=1_000)
            return caught.value

    error = asyncio.run(scene())

    assert (error.status, error.retry_after, error.permanent) == (429, expected, False)


def test_a_name_can_be_mapped_to_an_address_and_port() -> None:
    """`hosts` replaces DNS for a name in any case, port included, and the server still sees the name."""

    async def scene() -> RawWeb:
        async with raw_web(answering(answer(b"x"))) as web:
            async with client(hosts={"News.Example": f"127.0.0.1:{web.port}"}) as http:
                await http.get("http://news.example/a", max_bytes=9)
                await http.get("http://NEWS.example:81/a", max_bytes=9)
            return web

    hosts = [request.headers["host"] for request in asyncio.run(scene()).requests]

    assert [host.lower() for host in hosts] == ["news.example", "news.example:81"]


def test_a_mapped_name_gets_no_further_than_others() -> None:
    """The guard judges the mapped address too, unless its network is allowed."""

    async def scene() -> None:
        async with HttpClient(ClientOptions(hosts={"news.example": "10.0.0.1:80"})) as http:
            await http.get("http://news.example/", max_bytes=9)

    with pytest.raises(FetchError, match="not a public address") as caught:
        asyncio.run(scene())
    assert caught.value.permanent


@pytest.mark.parametrize("where", ["localhost:80", "127.0.0.1:99999", "127.1", ""])
def test_a_bad_mapping_is_a_configuration_error(where: str) -> None:
    """The operator hears of it when the client opens, in words that show the right form."""

    async def scene() -> None:
        async with client(hosts={"news.example": where}):
            pass

    with pytest.raises(ConfigurationError, match=r"fetch\.hosts: news\.example"):
        asyncio.run(scene())


def test_connections_are_kept() -> None:
    """Ten pages of one site, a redirect among them, need one connection."""

    async def scene() -> RawWeb:
        async with raw_web(routes(a=answer(TEXT), b=moved("/a", 302))) as web, client() as http:
            for path in "aabaaaaba":
                await http.get(f"{web.url}/{path}", max_bytes=1_000_000)
            return web

    assert asyncio.run(scene()).connections == 1


def test_waiting_for_a_free_connection_is_not_counted() -> None:
    """With one connection, twelve pages of 0.25 s each all arrive within a deadline of 2.5 s each."""

    async def slow(_request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.25)
        writer.write(answer(b"x"))

    async def scene() -> list[Answer]:
        async with raw_web(slow) as web, client(connections=1, timeout=2.5) as http:
            return await asyncio.gather(*(http.get(web.url, max_bytes=9) for _ in range(12)))

    assert len(asyncio.run(scene())) == 12


def test_a_cancelled_request_frees_its_connection() -> None:
    """Whoever stops waiting leaves no slot taken and no connection open."""

    async def scene() -> None:
        gone = asyncio.Event()

        async def hang(request: Request, writer: asyncio.StreamWriter) -> None:
            if request.path != "/hang":
                writer.write(answer(b"x"))
                return
            writer.write(answer(Content_Length="1000000"))
            try:
                while True:
                    writer.write(b"x")
                    await writer.drain()
                    await asyncio.sleep(0.01)
            except ConnectionError:
                gone.set()

        async with raw_web(hang) as web, client(connections=1) as http:
            waiting = asyncio.create_task(http.get(f"{web.url}/hang", max_bytes=9))
            while not web.requests:
                await asyncio.sleep(0.01)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            async with asyncio.timeout(30):
                await http.get(web.url, max_bytes=9)
                await gone.wait()

    asyncio.run(scene())
