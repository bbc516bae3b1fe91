"""A web server that says exactly the bytes it is told, well-formed or not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_network

import pytest

from sectorwatch.errors import FetchError
from sectorwatch.net.client import Answer, ClientOptions, HttpClient

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@dataclass
class Request:
    method: str
    path: str
    headers: Mapping[str, str]  # names in lower case
    body: bytes


@dataclass
class RawWeb:
    """What it was asked, and where it is."""

    port: int = 0
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


Handler = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


def answering(*pieces: bytes) -> Handler:
    """A handler that writes these bytes and closes the connection."""

    async def handle(_request: Request, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        writer.close()

    return handle


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A well-formed answer; header names are given with underscores."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if not any(line.lower().startswith("content-length") for line in lines):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1") + body


@asynccontextmanager
async def raw_web(handler: Handler) -> AsyncIterator[RawWeb]:
    """Runs the handler for every request, on a free port of loopback."""
    web, tasks = RawWeb(), set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        web.connections += 1
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while not writer.is_closing():
                request = await _read(reader)
                web.requests.append(request)
                await handler(request, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    web.port = server.sockets[0].getsockname()[1]
    try:
        yield web
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    return Request(method, path, headers, await reader.readexactly(int(headers.get("content-length", 0))))


def client(**options: object) -> HttpClient:
    """The guarded client, allowed on loopback, with a short deadline."""
    given: dict[str, object] = {"allow_networks": LOOPBACK, "timeout": 5.0, **options}
    return HttpClient(ClientOptions(**given))  # type: ignore[arg-type]  # names are checked by the dataclass itself


def routes(**pages: bytes) -> Handler:
    """Answers by the last part of the path, and keeps the connection."""

    async def handle(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(pages[request.path.strip("/").partition("?")[0]])
        await writer.drain()

    return handle


def fetched(handler: Handler, path: str = "/", **how: object) -> tuple[Answer, RawWeb]:
    async def scene() -> tuple[Answer, RawWeb]:
        async with raw_web(handler) as web, client() as http:
            return await http.get(web.url + path, **{"max_bytes": 1_000_000, **how}), web  # type: ignore[arg-type]

    return asyncio.run(scene())


def refused(handler: Handler, path: str = "/", **how: object) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetched(handler, path, **how)
    return caught.value


def moved(where: str, status: int = 301) -> bytes:
    return answer(status=f"{status} Moved", Location=where)
