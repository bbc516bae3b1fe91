"""What goes wrong on the wire, mapped to FetchError in words that hold no credentials."""

from __future__ import annotations

import asyncio
import errno
import re
import socket
import ssl
from collections.abc import Callable
from types import SimpleNamespace, TracebackType

import aiohttp

from sectorwatch.errors import Failure, FetchError
from sectorwatch.net.decoding import UndecodableError
from sectorwatch.net.guard import NOT_PUBLIC
from sectorwatch.net.headers import plain

_USER = re.compile(r"(?<=//)[^/?#]*@")
_NO_WAY = frozenset({errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL})
_NO_NAME = frozenset({socket.EAI_NONAME, socket.EAI_NODATA})
_LONGEST_URL = 300  # characters of one that is shown


def shown(url: str) -> str:
    """`url` as it may be shown: on one line, not endless, and without user and password."""
    return plain(_USER.sub("…@", url), _LONGEST_URL)


class BrokenConnection(aiohttp.ClientError):
    """The connection ended before an answer: the cause says how."""


async def never_repeated(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """A middleware: aiohttp sends a GET again by itself where its connection ended, and nobody would see the second."""
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise BrokenConnection from error


class Attempt:
    """Whether a request has got a connection, before which nothing can have been sent, and one used before."""

    def __init__(self) -> None:
        self.connected = self.reused = False
        self.on_connected: Callable[[], None] | None = None

    def note(self, *, reused: bool) -> None:
        """The request has its connection, and is sent on it at once."""
        self.connected, self.reused = True, reused
        if self.on_connected is not None:
            self.on_connected()

    @classmethod
    def tracing(cls) -> aiohttp.TraceConfig:
        """What tells the attempt that is handed to aiohttp as `trace_request_ctx`."""

        async def note(_session: aiohttp.ClientSession, context: SimpleNamespace, params: object) -> None:
            if isinstance(context.trace_request_ctx, cls):
                context.trace_request_ctx.note(reused=isinstance(params, aiohttp.TraceConnectionReuseconnParams))

        config = aiohttp.TraceConfig()
        config.on_connection_create_end.append(note)
        config.on_connection_reuseconn.append(note)
        return config


class as_fetch_errors:
    """Maps what goes wrong in its block; `attempt` is that of a request that acts on its receiver."""

    def __init__(self, url: str, timeout: float, *, attempt: Attempt | None = None) -> None:
        self._url, self._timeout, self._attempt = url, timeout, attempt

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, (FetchError, asyncio.CancelledError)):
            return
        how = error.__cause__ if isinstance(error, BrokenConnection) and error.__cause__ else error
        words, permanent = _words(how, self._timeout)
        if words is not None:
            sent = self._attempt is not None and self._attempt.connected
            shown_words = f"{shown(self._url)}: {words}"
            raise FetchError(shown_words, permanent=permanent, sent=sent, failure=_failure(how)) from error


def _failure(error: BaseException) -> Failure | None:
    """Of what only the exception tells; None: as of any error."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return Failure.NO_NAME if error.os_error.errno in _NO_NAME else Failure.UNREACHED
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientConnectorSSLError() | ssl.SSLError():
            return None
        case aiohttp.ClientConnectorError() if error.os_error.errno in _NO_WAY:
            return Failure.UNREACHED
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientPayloadError():
            return Failure.TEMPORARY
        case aiohttp.ClientOSError() if not isinstance(error, aiohttp.ClientConnectorError):
            return Failure.TEMPORARY
    return None


def _words(error: BaseException, timeout: float) -> tuple[str | None, bool]:
    """What an exception of the wire means, and whether it will always be so; None for one that is not of the wire."""
    match error:
        case TimeoutError():
            return f"no complete answer within {timeout:g} s", False
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return "is no web address", True
        case aiohttp.ClientConnectorDNSError() if error.os_error.errno in _NO_NAME:
            return "there is no such host name: correct the address, or the site has ended", False
        case aiohttp.ClientConnectorDNSError():
            return "the name server does not answer for this host", False
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientConnectorSSLError() | ssl.SSLError():
            return "the secure connection failed: the certificate or TLS of the site is not right", False
        case aiohttp.ClientConnectorError() if NOT_PUBLIC in str(error.os_error):
            return f"refused: {plain(error.os_error.strerror or '', 300)}", True
        case aiohttp.ClientConnectorError():
            return f"no connection: {plain(error.os_error.strerror or str(error.os_error))}", False
        case aiohttp.ClientPayloadError() | UndecodableError():
            return "the answer broke off or cannot be decoded", False
        case aiohttp.ClientResponseError():
            return f"the answer is no proper HTTP: {plain(error.message)}", False
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError() | OSError():
            return "the connection broke off", False
        case ValueError():  # of urlsplit, yarl or the IDNA codec; their words may hold the URL
            return "is no web address", True
        case aiohttp.ClientError():
            return f"the request failed ({type(error).__name__})", False
    return None, False
