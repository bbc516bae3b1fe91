"""Which addresses may be connected to."""

from __future__ import annotations

import errno
import socket
from ipaddress import ip_network

import pytest

from sectorwatch.net.guard import NOT_PUBLIC, guarded_sockets, refusal

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))

REFUSED = """
127.0.0.1 127.0.0.0 127.1.2.3 127.255.255.255 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255
192.168.0.1 192.168.255.255 169.254.169.254 169.254.170.2 100.64.0.1 100.127.255.255 192.0.0.8 192.0.0.170 192.0.2.1
192.88.99.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::a00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:a9fe:a9fe ::ffff:0:127.0.0.1 64:ff9b::7f00:1
64:ff9b::8.8.8.8 64:ff9b:1::a00:1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:db8::1 2002:7f00:1::
2002:a00:1:: 3fff::1 5f00::1 4000::1 fc00::1 fd12:3456:789a::1 fe80::1 fe80::1%lo fec0::1 ff02::1 ff0e::1
"""
NO_ADDRESSES = ["localhost", "", "127.1", "2130706433", "0x7f.1", "017700000001", "0177.0.0.1", "①②⑦.⓪.⓪.①", "[::1]"]
PUBLIC = [
    *("1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "192.167.255.255"),
    *("223.255.255.255", "::ffff:8.8.8.8", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e", "2003::1"),
]


@pytest.mark.parametrize("address", REFUSED.split())
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    """Private, local, reserved and translating addresses are refused, in whatever spelling, and the words say which."""
    words = refusal(address)

    assert words is not None
    assert address in words
    assert NOT_PUBLIC in words


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_what_is_no_canonical_address_is_refused(address: str) -> None:
    """Odd spellings that some systems read as addresses are refused, not interpreted."""
    assert refusal(address) is not None


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_let_through(address: str) -> None:
    """The neighbours of the refused networks stay reachable."""
    assert refusal(address) is None


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "::1"])
def test_an_operator_can_allow_a_network(address: str) -> None:
    """What lies in an allowed network may be reached, in its IPv4-mapped spelling too."""
    assert refusal(address, LOOPBACK) is None


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "fe80::1"])
def test_an_allowed_network_opens_no_other(address: str) -> None:
    """Allowing loopback allows loopback only."""
    assert refusal(address, LOOPBACK) is not None


def test_the_socket_factory_makes_no_socket_for_a_refused_address() -> None:
    """The hook raises with errno and words, which aiohttp passes on."""
    make = guarded_sockets(())

    with pytest.raises(PermissionError, match=NOT_PUBLIC) as caught:
        make((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 80)))

    assert caught.value.errno == errno.EACCES


def test_the_socket_factory_makes_a_socket_that_does_not_block() -> None:
    """An allowed address gets a socket as the event loop needs it."""
    made = guarded_sockets(LOOPBACK)((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80)))
    with made:
        assert not made.getblocking()
