"""The guarded client against servers that do everything wrong: a typed error each time, soon, and little memory."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import time
import tracemalloc
import zlib

import brotli  # type: ignore[import-untyped]  # has no types
import pytest

from sectorwatch.errors import FetchError
from tests.raw_web import Handler, Request, answer, answering, client, raw_web

DEADLINE_S = 0.4  # for those who never come to an end
PLENTY_S = 20.0  # for the others: how soon they are found out does not depend on a deadline
SLACK_S = 15.0  # a busy machine; those who would hang would for ever
LIMIT = 200_000
TEXT = b"<rss>" + bytes(range(256)) * 200
HEAD = b"HTTP/1.1 200 OK\r\n"


def packed(coding: str, data: bytes, **headers: str) -> bytes:
    return answer(data, Content_Encoding=coding, **headers)


def dripping(first: bytes, drip: bytes) -> Handler:
    """Says something every 50 ms, for ever: no timeout of a single read would end it."""

    async def handle(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(drip)
            await writer.drain()
            await asyncio.sleep(0.05)

    return handle


def endless(first: bytes, more: bytes) -> Handler:
    async def handle(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(more)
            await writer.drain()

    return handle


def resetting(first: bytes) -> Handler:
    async def handle(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        await writer.drain()
        await asyncio.sleep(0.05)
        own = writer.get_extra_info("socket")
        own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return handle


async def _silent(_request: Request, _writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


LATE = "no complete answer within"
BROKEN = "broke off or cannot be decoded|connection broke off"
IMPROPER = "no proper HTTP"
LARGE = "is larger than"
CODING = "content encoding"
ONE_PIECE = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
FAULTS: dict[str, tuple[Handler, str]] = {
    "silence": (_silent, LATE),
    "slow status line": (dripping(b"HTTP/1.1 2", b"0"), f"{LATE}|{IMPROPER}"),
    "slow headers": (dripping(HEAD, b"X: 1\r\n"), LATE),
    "endless early hints": (dripping(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"), LATE),
    "slow body": (dripping(HEAD + b"Content-Length: 100000\r\n\r\n", b"x"), LATE),
    "slow chunks": (dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"), LATE),
    "endless chunks": (endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", ONE_PIECE), LARGE),
    "endless until close": (endless(HEAD + b"\r\n", b"x" * 65_536), LARGE),
    "endless headers": (endless(HEAD, b"X-Flood: " + b"x" * 1_000 + b"\r\n"), IMPROPER),
    "5 MB in one header": (answering(HEAD + b"X: " + b"x" * 5_000_000 + b"\r\n\r\n"), IMPROPER),
    "5 MB of headers": (answering(HEAD + b"X: abcdefghijklmno\r\n" * 250_000 + b"\r\n"), IMPROPER),
    "5 MB reason": (answering(b"HTTP/1.1 200 " + b"x" * 5_000_000 + b"\r\n\r\n"), IMPROPER),
    "no HTTP": (answering(b"SSH-2.0-OpenSSH_9.6\r\n"), IMPROPER),
    "status of letters": (answering(b"HTTP/1.1 abc OK\r\n\r\n"), IMPROPER),
    "HTTP/9.9": (answering(b"HTTP/9.9 200 OK\r\n\r\n"), IMPROPER),
    "header without colon": (answering(HEAD + b"nonsense\r\n\r\n"), IMPROPER),
    "NUL in a header": (answering(HEAD + b"ETag: a\x00b\r\nContent-Length: 0\r\n\r\n"), IMPROPER),
    "negative length": (answering(HEAD + b"Content-Length: -1\r\n\r\n"), IMPROPER),
    "two lengths": (answering(HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), IMPROPER),
    "astronomic length": (answering(HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n"), IMPROPER),
    "length and chunks": (answering(HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc"), IMPROPER),
    "length too long": (answering(HEAD + b"Content-Length: 100\r\n\r\nshort"), BROKEN),
    "length beyond the limit": (answering(answer(b"x" * (LIMIT + 1))), LARGE),
    "bad chunk size": (answering(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n"), f"{BROKEN}|{IMPROPER}"),
    "chunks cut": (answering(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n"), BROKEN),
    "chunk longer than said": (
        answering(HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nabcde\r\n0\r\n\r\n"),
        f"{BROKEN}|{IMPROPER}",
    ),
    "closed at once": (answering(), BROKEN),
    "closed amid headers": (answering(HEAD + b"Content-Le"), f"{BROKEN}|{IMPROPER}"),
    "reset before the answer": (resetting(b""), BROKEN),
    "reset amid headers": (resetting(HEAD + b"X: 1\r\n"), BROKEN),
    "reset amid the body": (resetting(HEAD + b"Content-Length: 100\r\n\r\nabc"), BROKEN),
    "gzip bomb": (answering(packed("gzip", gzip.compress(bytes(20_000_000)))), LARGE),
    "brotli bomb": (answering(packed("br", brotli.compress(bytes(50_000_000), quality=5))), LARGE),
    "deflate bomb": (answering(packed("deflate", zlib.compress(bytes(20_000_000)))), LARGE),
    "endless empty gzip members": (
        endless(HEAD + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"") * 3_000),
        LARGE,
    ),
    "gzip cut": (answering(packed("gzip", gzip.compress(TEXT)[:-20])), BROKEN),
    "gzip cut, chunked": (
        answering(HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n\x1f\x8b\x08\r\n0\r\n\r\n"),
        BROKEN,
    ),
    "gzip that is none": (answering(packed("gzip", TEXT)), BROKEN),
    "gzip with a wrong checksum": (answering(packed("gzip", gzip.compress(TEXT)[:-8] + bytes(8))), BROKEN),
    "brotli cut": (answering(packed("br", brotli.compress(TEXT)[:-20])), BROKEN),
    "brotli that is none": (answering(packed("br", TEXT)), BROKEN),
    "deflate cut": (answering(packed("deflate", zlib.compress(TEXT)[:-20])), BROKEN),
    "unknown encoding": (answering(packed("zstd", TEXT)), CODING),
    "invented encoding": (answering(packed("möbius", TEXT)), CODING),
    "stacked encodings": (answering(packed("gzip, gzip", gzip.compress(gzip.compress(TEXT)))), CODING),
    "encodings in two headers": (
        answering(HEAD + b"Content-Encoding: gzip\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx"),
        CODING,
    ),
    "304 that was not asked for": (answering(answer(status="304 Not Modified")), "answers 304"),
    "a part that was not asked for": (answering(answer(b"<rss>", status="206 Partial Content")), "answers 206"),
    "protocol switch": (answering(answer(status="101 Switching Protocols", Upgrade="websocket")), "answers 101|HTTP"),
    "hostile reason": (answering(b"HTTP/1.1 404 \xff\xfe\x9b31m\r\nContent-Length: 0\r\n\r\n"), "answers 404|HTTP"),
    "hostile retry-after": (answering(answer(status="503 No", Retry_After="\xb2")), "answers 503"),
    "redirect without a target": (answering(answer(status="302 Found")), "no web address"),
    "redirect to a broken target": (answering(answer(status="302 Found", Location="http://[::1")), "no web address"),
    "redirect to port 99999": (answering(answer(status="302 Found", Location="http://a:99999/")), "no web address"),
    "redirect to itself": (answering(answer(status="301 Moved", Location="/")), "more than 5 redirects"),
}


def test_there_are_enough_of_them() -> None:
    """At least forty faults, of every stage of an answer."""
    assert len(FAULTS) >= 55


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_a_typed_error_in_time(fault: str) -> None:
    """Whatever a server does, the caller gets a FetchError that can be stored, within the deadline."""
    handler, words = FAULTS[fault]
    deadline = DEADLINE_S if LATE in words else PLENTY_S

    async def scene() -> FetchError:
        async with raw_web(handler) as web, client(timeout=deadline) as http:
            with pytest.raises(FetchError, match=words) as caught:
                await http.get(f"{web.url}/", max_bytes=LIMIT)
            return caught.value

    began = time.monotonic()
    error = asyncio.run(scene())

    assert time.monotonic() - began < deadline + SLACK_S
    assert str(error).isprintable()
    assert len(str(error)) < 700
    assert str(error).encode()


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_bombs_do_not_fill_the_memory(coding: str) -> None:
    """An answer that unpacks to 200 MB is left after the first pieces: memory stays near the limit of the body."""
    blank, pieces = bytes(1_000_000), 200
    if coding == "br":
        packer = brotli.Compressor(quality=1)
        bomb = b"".join([packer.process(blank) for _ in range(pieces)]) + packer.finish()
    else:
        deflater = zlib.compressobj(1, wbits=31)
        bomb = b"".join([deflater.compress(blank) for _ in range(pieces)]) + deflater.flush()

    async def scene() -> None:
        async with raw_web(answering(packed(coding, bomb))) as web, client() as http:
            with pytest.raises(FetchError, match=LARGE):
                await http.get(web.url, max_bytes=LIMIT)

    tracemalloc.start()
    try:
        asyncio.run(scene())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 10_000_000
