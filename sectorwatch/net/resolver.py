"""Names that the operator maps to addresses by hand; all others are asked of DNS."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from sectorwatch.errors import ConfigurationError

_NUMERIC = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV


class OverridingResolver(AbstractResolver):
    """Answers for the names in `hosts` (name to "address:port"), like curl's --resolve.

    DNS is asked as this machine does (hosts file included), in `threads` of our own: the event loop's few are soon all
    taken by names whose servers do not answer, and then every other name waits for them.
    """

    def __init__(self, hosts: Mapping[str, str], *, threads: int = 32) -> None:
        self._hosts = {name.lower().rstrip("."): address_of(name, where) for name, where in hosts.items()}
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="sectorwatch-dns")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        known = self._hosts.get(host.lower().rstrip("."))
        if known is not None:
            address, own_port = known
            version = socket.AF_INET6 if ":" in address else socket.AF_INET
            return [_found(host, address, own_port or port, version, 0)]
        infos = await asyncio.get_running_loop().run_in_executor(self._threads, _ask_dns, host, port, family)
        return [
            _found(host, str(where[0]), port, version, protocol)
            for version, _, protocol, _, where in infos
            if version in (socket.AF_INET, socket.AF_INET6)
        ]

    async def close(self) -> None:
        """Lets go of the threads; a question that is still open ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _found(name: str, address: str, port: int, family: int, protocol: int) -> ResolveResult:
    return ResolveResult(hostname=name, host=address, port=port, family=family, proto=protocol, flags=_NUMERIC)


def _ask_dns(
    host: str, port: int, family: socket.AddressFamily
) -> Sequence[tuple[int, int, int, str, tuple[Any, ...]]]:
    """Raises OSError for a name that has no address, or an over-long one."""
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG)
    except UnicodeError as error:
        raise socket.gaierror(socket.EAI_NONAME, f"no host name: {error}") from error


def address_of(name: str, where: str) -> tuple[str, int]:
    """The address and port of an override; port 0: that of the URL. Raises ConfigurationError."""
    address, port = address_and_port(where, 0)
    if address is None or port > 65_535:
        raise ConfigurationError(f"fetch.hosts: {name} must be mapped to address:port, such as 127.0.0.1:8080")
    return address, port


def address_and_port(where: str, port: int) -> tuple[str | None, int]:
    """An IP literal with an optional port, taken apart; None for the address where it is a name."""
    host, colon, given = where.rpartition(":")
    own_port = int(given) if colon and given.isascii() and given.isdigit() and len(given) < 9 else port
    for candidate, its_port in ((where, port), (host, own_port)):
        try:
            return str(ip_address(candidate.removeprefix("[").removesuffix("]"))), its_port
        except ValueError:
            continue
    return None, port
