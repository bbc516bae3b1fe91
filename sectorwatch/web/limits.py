"""How often one client may ask: a bucket that fills by and by, in memory, for so many clients at most."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

BURST = 120.0  # requests at once: many readers share an address, and mail services unsubscribe for all theirs
RATE = 2.0  # requests a second after that
CLIENTS = 10_000


class RateLimit:
    """Asks `now`, in seconds, how much time has gone by."""

    def __init__(
        self, now: Callable[[], float], *, burst: float = BURST, rate: float = RATE, clients: int = CLIENTS
    ) -> None:
        self._now, self._burst, self._rate, self._most = now, burst, rate, clients
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # client to (tokens, when)

    def wait(self, client: str) -> float:
        """Seconds until this client may ask again; 0: it may, and has asked now."""
        key, now = network_of(client), self._now()
        tokens, then = self._left.pop(key, (self._burst, now))
        tokens = min(self._burst, tokens + (now - then) * self._rate)
        allowed = tokens >= 1
        self._left[key] = (tokens - 1 if allowed else tokens, now)
        while len(self._left) > self._most:
            self._left.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / self._rate


def network_of(client: str) -> str:
    """The address, or of IPv6 the network of 64 bits that one customer has."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(IPv6Address(int(address) >> 64 << 64))
    return str(address)
