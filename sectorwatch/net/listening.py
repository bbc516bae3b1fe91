"""Where something will listen, looked at before anything is started."""

from __future__ import annotations

import errno
import os
import socket
import time
from dataclasses import dataclass
from typing import Any

from sectorwatch.errors import ConfigurationError


@dataclass(frozen=True, kw_only=True)
class Listens:
    """An address and a port of this machine, and what to do where they are not to be had."""

    host: str
    port: int
    cure: str  # "choose another with --port"

    def wait_until_free(self, seconds: float = 0.0) -> None:
        """Raises ConfigurationError where somebody keeps it: what answers there would be taken for ours."""
        deadline = time.monotonic() + seconds
        while (why := self._refused()) is not None:
            if time.monotonic() > deadline:
                raise ConfigurationError(f"port {self.port} is not to be had ({why}): {self.cure}")
            time.sleep(0.5)

    def _refused(self) -> str | None:
        """Why nothing can listen there, if so: a server listens at each address of the name that the machine has."""
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        except OSError as error:
            return f"{self.host}: {error.strerror}"
        why = [_refused(family, address) for family, _, _, _, address in found]
        had = [one for one in why if one not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)]  # IPv6 may be off
        if not had:
            return f"{self.host}: {os.strerror(errno.EADDRNOTAVAIL)}"
        return next((os.strerror(one) for one in had if one), None)


def _refused(family: int, address: Any) -> int:
    """The number of the system's error; 0: it can be had."""
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:  # which else would take the port of IPv4 too
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            probe.bind(address)
    except OSError as error:
        return error.errno or errno.EADDRNOTAVAIL
    return 0
