"""Content codings undone piece by piece, so that a bomb never unpacks further than its reader looks.

aiohttp's own decoders are bounded too, but take a gzip or brotli body that ends early for a whole one: a feed cut so
would be stored together with its ETag, and what was cut off would be missed.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # has no types

ACCEPT_CODING = "gzip, deflate, br"
_PIECE = 65_536  # bytes, about what one step unpacks at most
_GZIP_MAGIC = b"\x1f\x8b"


class UndecodableError(Exception):
    """The bytes are not what their content coding says."""


class Decoder(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]:
        """What `data` unpacks to, in pieces made only when asked for. Raises UndecodableError."""
        ...

    def finish(self) -> None:
        """To be called after the last byte. Raises UndecodableError where the packed stream has not come to its end."""
        ...


def decoder(coding: str) -> Decoder | None:
    """The decoder for the value of a Content-Encoding header; None where it is unknown, or more than one is stacked."""
    named = [name for part in coding.split(",") if (name := part.strip().lower()) not in ("", "identity")]
    if len(named) > 1:
        return None
    make = _DECODERS.get(named[0] if named else "")
    return None if make is None else make()


class _Plain:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def finish(self) -> None:
        return


class _Gzip:
    """RFC 1952: members one after another; what follows the last and is no member is padding."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._begun = False
        self._rest = b""  # after a member, until it is long enough to show whether another one follows
        self._padding = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._begun = self._begun or bool(data)
        while data and not self._padding:
            if self._member.eof:
                self._rest += data
                data = b""
                if len(self._rest) < len(_GZIP_MAGIC):
                    return
                if not self._rest.startswith(_GZIP_MAGIC):
                    self._padding = True
                    return
                self._member, data, self._rest = zlib.decompressobj(16 + zlib.MAX_WBITS), self._rest, b""
            yield _inflated(self._member, data)
            data = self._member.unused_data if self._member.eof else self._member.unconsumed_tail

    def finish(self) -> None:
        if self._begun and not self._member.eof:
            raise UndecodableError("the gzip stream ends early")


class _Deflate:
    """zlib (RFC 1950), or the bare deflate (RFC 1951) that some servers send by that name."""

    def __init__(self) -> None:
        self._stream: zlib._Decompress | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._stream is None and data:
            zlib_method = data[0] & 0x0F == 8
            self._stream = zlib.decompressobj(zlib.MAX_WBITS if zlib_method else -zlib.MAX_WBITS)
        while self._stream is not None and data and not self._stream.eof:
            yield _inflated(self._stream, data)
            data = self._stream.unconsumed_tail

    def finish(self) -> None:
        if self._stream is not None and not self._stream.eof:
            raise UndecodableError("the deflate stream ends early")


class _Brotli:
    """RFC 7932."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._begun = self._begun or bool(data)
        if not data or self._stream.is_finished():
            return
        try:
            yield self._stream.process(data, output_buffer_limit=_PIECE)
            while not self._stream.can_accept_more_data() and not self._stream.is_finished():
                yield self._stream.process(b"", output_buffer_limit=_PIECE)
        except brotli.error as error:
            raise UndecodableError("the brotli stream is broken") from error

    def finish(self) -> None:
        if self._begun and not self._stream.is_finished():
            raise UndecodableError("the brotli stream ends early")


def _inflated(stream: zlib._Decompress, data: bytes) -> bytes:
    try:
        return stream.decompress(data, _PIECE)
    except zlib.error as error:
        raise UndecodableError("the gzip or deflate stream is broken") from error


_DECODERS: dict[str, Callable[[], Decoder]] = {
    "": _Plain,
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
}
