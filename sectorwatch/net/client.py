"""The guarded way to the web: bounded in time, bytes and redirects, and closed towards private addresses."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import aiohttp

from sectorwatch.clock import Clock, system_clock
from sectorwatch.domain import Validators
from sectorwatch.errors import FetchError
from sectorwatch.net.decoding import ACCEPT_CODING, decoder
from sectorwatch.net.guard import Network, guarded_sockets, refusal
from sectorwatch.net.headers import escaped, lowered, plain, seconds
from sectorwatch.net.resolver import OverridingResolver, address_and_port
from sectorwatch.net.wire_errors import Attempt, BrokenConnection, as_fetch_errors, never_repeated, shown

Turn = Callable[[str], AbstractAsyncContextManager[Callable[[], None] | None]]
"""Of a host: the block is one request to it; what it gives, if anything, is called when that is sent."""

_PERMANENT_MOVES = frozenset({301, 308})
_MOVES = frozenset({301, 302, 303, 307, 308})
_MOST_HOST = 255  # characters of a name: DNS knows no longer ones
_CHUNK = 65_536
_HEADER_BYTES = 32_768  # of one line or value; aiohttp takes 128 of them
_PACKING_OVERHEAD = 65_536  # bytes by which a packed body may be longer than what it unpacks to


@dataclass(frozen=True, kw_only=True)
class ClientOptions:
    user_agent: str = "Sectorwatch"
    timeout: float = 30.0  # seconds for one request, redirects and body included
    connections: int = 32
    redirects: int = 5
    allow_networks: Sequence[Network] = ()
    hosts: Mapping[str, str] = field(default_factory=dict)  # name -> "address:port", like curl's --resolve


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A usable answer: a body, or "not modified"."""

    url: str  # the last one, after redirects
    status: int  # 2xx or 304
    headers: Mapping[str, str]  # names in lower case
    body: bytes  # decoded; empty for 304
    moved_to: str | None  # where every hop was permanent
    ms: int
    retry_after: float | None = None  # seconds that the server asks to stay away for, although it answers


@dataclass(frozen=True, kw_only=True)
class Hop:
    """One answer on the way, a redirect or the last."""

    url: str
    status: int
    headers: Mapping[str, str]  # names in lower case
    location: str  # where it redirects to, as given; "" where it does not


@dataclass(frozen=True, kw_only=True)
class PostAnswer:
    status: int
    headers: Mapping[str, str]


@dataclass(kw_only=True)
class _Asked:
    """One call of `get`."""

    url: str
    headers: Mapping[str, str]
    max_bytes: int
    cut: bool
    hops: list[Hop]
    permit: Callable[[str], Awaitable[None]] | None
    before_each: Callable[[], None] | None
    spent: float = 0.0  # seconds in requests; the wait for turns is not counted


class HttpClient:
    """An async context manager; one for a cycle.

    Each request of `get`, be it a redirect's or one sent again, waits for a `turn` at its own host.
    """

    def __init__(self, options: ClientOptions, *, turn: Turn | None = None, clock: Clock = system_clock) -> None:
        self.options = options
        self._turn = turn
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None
        self._slots = asyncio.Semaphore(options.connections)
        self._overridden = frozenset(name.lower() for name in options.hosts)

    async def __aenter__(self) -> Self:
        options = self.options
        connector = aiohttp.TCPConnector(
            limit=0,  # `get` has slots of its own: waiting in the connector would count against the deadline
            resolver=OverridingResolver(options.hosts),
            socket_factory=guarded_sockets(options.allow_networks),
            use_dns_cache=True,
            ttl_dns_cache=300,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            headers={"User-Agent": options.user_agent},
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,  # through a proxy the guard would see the proxy's address only
            auto_decompress=False,  # see `decoding`
            read_bufsize=_CHUNK,
            max_line_size=_HEADER_BYTES,
            max_field_size=_HEADER_BYTES,
            trace_configs=[Attempt.tracing()],
            middlewares=(never_repeated,),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(
        self,
        url: str,
        *,
        max_bytes: int,
        validators: Validators | None = None,
        accept: str = "",
        cut: bool = False,
        hops: list[Hop] | None = None,
        permit: Callable[[str], Awaitable[None]] | None = None,
        before_each: Callable[[], None] | None = None,
    ) -> Answer:
        """The answer of `url`. Raises FetchError for everything that is neither 2xx nor 304.

        A body of more than `max_bytes` (decoded) is an error, or with `cut` ends there. The deadline counts the time
        in requests, not the wait for a turn or for one of the client's `connections`. Each answer on the way is put
        into `hops`. `permit` is asked before each address on the way, and raises FetchError where it must not be.
        `before_each` is called in the turn of each request, right before it; what it raises ends the call.
        """
        headers = {"Accept": accept or "*/*", "Accept-Encoding": ACCEPT_CODING}
        if validators is not None and validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators is not None and validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        way: list[Hop] = [] if hops is None else hops
        return await self._follow(
            _Asked(
                url=url,
                headers=headers,
                max_bytes=max_bytes,
                cut=cut,
                hops=way,
                permit=permit,
                before_each=before_each,
            )
        )

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes, timeout: float) -> PostAnswer:
        """Posts once, without redirects; any status is an answer. Raises FetchError where there is none."""
        # A connection kept from before may have been closed meanwhile, and then nobody knows whether the post arrived.
        own = {"Accept-Encoding": "identity", "Connection": "close"}
        attempt = Attempt()
        with as_fetch_errors(url, timeout, attempt=attempt):
            self._check(url)
            async with asyncio.timeout(timeout), self._open("POST", url, {**headers, **own}, body, attempt) as response:
                # The status decides; what the receiver says beyond it is not waited for.
                return PostAnswer(status=response.status, headers=lowered(response.headers))
        raise AssertionError("not reached")

    async def _follow(self, asked: _Asked) -> Answer:
        here, permanent, hops = asked.url, True, 0
        while True:
            if asked.permit is not None:
                await asked.permit(here)
            found = await self._hop(asked, here, here if permanent and hops else None)
            if isinstance(found, Answer):
                return found
            status, location = found
            permanent = permanent and status in _PERMANENT_MOVES
            hops += 1
            if hops > self.options.redirects:
                raise FetchError(f"{shown(asked.url)}: more than {self.options.redirects} redirects", status=status)
            there = _target(asked.url, here, location)
            if urlsplit(here).scheme == "https" and urlsplit(there).scheme == "http":
                permanent = False  # followed, but never remembered: the new address is the weaker one
            here = there

    async def _hop(self, asked: _Asked, url: str, moved_to: str | None) -> Answer | tuple[int, str]:
        """The answer of one address, or the status and target of its redirect. No turn is held when it ends: whoever
        waits for the next host holds none, so two chains that cross cannot block each other."""
        attempt = Attempt()
        try:
            return await self._request(asked, url, moved_to, attempt)
        except FetchError as error:
            # A connection kept from before may have been closed just then: the request is sent once more.
            if not attempt.reused or not isinstance(error.__cause__, BrokenConnection):
                raise
        return await self._request(asked, url, moved_to, Attempt())

    async def _request(
        self, asked: _Asked, url: str, moved_to: str | None, attempt: Attempt
    ) -> Answer | tuple[int, str]:
        """One request in a turn of its own."""
        with as_fetch_errors(asked.url, self.options.timeout):
            self._check(url)
            turn = self._turn(urlsplit(url).hostname or "") if self._turn else nullcontext()
            async with turn as attempt.on_connected, self._slots:
                if asked.before_each is not None:
                    asked.before_each()
                began = time.monotonic()
                try:
                    async with (
                        asyncio.timeout(self.options.timeout - asked.spent),
                        self._open("GET", url, asked.headers, attempt=attempt) as response,
                    ):
                        headers = lowered(response.headers)
                        asked.hops.append(_hop(response, url, headers))
                        if response.status in _MOVES:
                            return response.status, escaped(response.headers.get("Location", "").strip())
                        return await self._answer(response, headers, asked, url, moved_to, began)
                finally:
                    asked.spent += time.monotonic() - began
        raise AssertionError("not reached")

    async def _answer(
        self,
        response: aiohttp.ClientResponse,
        headers: Mapping[str, str],
        asked: _Asked,
        url: str,
        moved_to: str | None,
        began: float,
    ) -> Answer:
        status = response.status
        conditional = "If-None-Match" in asked.headers or "If-Modified-Since" in asked.headers
        retry_after = seconds(headers.get("retry-after", ""), self._clock)
        if not (200 <= status < 300 and status != 206) and not (status == 304 and conditional):
            words = f"{shown(url)}: answers {status} {plain(response.reason or '')}".rstrip()
            raise FetchError(words, status=status, retry_after=retry_after)
        body = b"" if status == 304 else await _read(response, asked, url)
        ms = int((asked.spent + time.monotonic() - began) * 1000)
        return Answer(
            url=url, status=status, headers=headers, body=body, moved_to=moved_to, ms=ms, retry_after=retry_after
        )

    def _open(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        attempt: Attempt | None = None,
    ) -> aiohttp.client._RequestContextManager:
        assert self._session is not None, "the client is used outside its context"
        return self._session.request(
            method,
            url,
            headers=headers,
            data=body,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=None),  # the one deadline is asyncio's, over all hops
            trace_request_ctx=attempt,
        )

    def _check(self, url: str) -> None:
        """Refuses what aiohttp would refuse in its own words, or connect to by way of an odd spelling."""
        parts = urlsplit(url)
        if parts.username is not None or parts.password is not None:
            raise FetchError(f"{shown(url)}: names a user: such addresses are refused", permanent=True)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https") or not 0 < len(host) <= _MOST_HOST or not host.isprintable():
            raise FetchError(f"{shown(url)}: is no web address", permanent=True)
        literal = address_and_port(host, 0)[0] if host not in self._overridden else None
        words = refusal(literal, self.options.allow_networks) if literal is not None else None
        if words is not None:
            raise FetchError(f"{shown(url)}: refused: {words}", permanent=True)


def _hop(response: aiohttp.ClientResponse, url: str, headers: Mapping[str, str]) -> Hop:
    return Hop(
        url=shown(url),
        status=response.status,
        headers={name: plain(value, 300) for name, value in headers.items()},
        location=shown(escaped(response.headers.get("Location", "").strip())) if response.status in _MOVES else "",
    )


def _target(asked: str, here: str, location: str) -> str:
    """Where a redirect leads, without a fragment. Raises FetchError where that is no web address."""
    try:
        there = urljoin(here, location).partition("#")[0]
        if location and urlsplit(there).scheme in ("http", "https"):
            return there
    except ValueError:
        there = location
    raise FetchError(f"{shown(asked)}: redirects to {shown(there)!r}, which is no web address", permanent=True)


async def _read(response: aiohttp.ClientResponse, asked: _Asked, url: str) -> bytes:
    """The decoded body, never more than a piece beyond `max_bytes` of it in memory."""
    coding = ",".join(response.headers.getall("Content-Encoding", ()))
    unpacked = decoder(coding)
    if unpacked is None:
        words = f"{shown(url)}: sends the content encoding {plain(coding)!r}, which was not asked for"
        raise FetchError(words, permanent=True)
    body, wire = bytearray(), 0
    async for chunk in response.content.iter_chunked(_CHUNK):
        wire += len(chunk)
        for piece in unpacked.feed(chunk):
            body += piece
            if len(body) > asked.max_bytes:
                break
        if len(body) > asked.max_bytes or wire > asked.max_bytes + _PACKING_OVERHEAD:
            if asked.cut:
                return bytes(body[: asked.max_bytes])
            raise FetchError(f"{shown(url)}: is larger than {asked.max_bytes:,} bytes", permanent=True)
    unpacked.finish()
    return bytes(body)
