"""Which addresses may be connected to: public ones, and private networks that the operator allows.

`ipaddress.is_global` is not enough: on Python 3.11 it is true for multicast, NAT64, 6to4, IPv4-compatible and
site-local addresses, through which private hosts can be reached.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

Network = IPv4Network | IPv6Network

NOT_PUBLIC = "is not a public address"  # in the words of every refusal
_GLOBAL_UNICAST = ip_network("2000::/3")  # all that IANA has given out for the public IPv6 internet
_NEVER = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "192.0.0.0/24",  # protocol assignments: 192.0.0.8 counts as global
        "192.88.99.0/24",  # 6to4 relays
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",
        "2001::/23",  # Teredo and other protocol assignments
        "2001:db8::/32",  # documentation, like the next but one (RFC 9637, unknown to Python 3.11)
        "2002::/16",  # 6to4, of private addresses too
        "3fff::/20",
    )
)


def refusal(address: str, allowed: Sequence[Network] = ()) -> str | None:
    """Why `address` (an IP literal) must not be connected to, in words; None when it may."""
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address} is no IP address"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    if any(parsed in network for network in allowed if network.version == parsed.version) or _is_public(parsed):
        return None
    return f"{address} {NOT_PUBLIC}; an operator can allow its network in fetch.allow_networks"


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return False  # among them ::/96 and 64:ff9b::/96, which carry IPv4 addresses, private ones too
    return address.is_global and not any(address in network for network in _NEVER if network.version == address.version)


def guarded_sockets(allowed: Sequence[Network]) -> Callable[[Any], socket.socket]:
    """aiohttp's `socket_factory`: it sees every address before a connection, of names, literals and redirects alike.

    The address that was judged is the one connected to, so a name cannot change its mind in between.
    """

    def make(addr_info: Any) -> socket.socket:
        family, kind, protocol, _, where = addr_info
        words = refusal(str(where[0]), allowed)
        if words is not None:
            raise PermissionError(errno.EACCES, words)
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made

    return make
