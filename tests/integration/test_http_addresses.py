"""Where the guarded client does not go: nothing is connected to, whatever the spelling."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from sectorwatch.errors import FetchError
from sectorwatch.net.client import ClientOptions, HttpClient
from tests.raw_web import answer, answering, raw_web

DANGEROUS = Path(__file__).parents[2].parent / "shared/data/hostile/ssrf_urls.txt"
BAD_ADDRESSES = [
    *("http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://2130706433/", "http://0x7f.1/", "http://0/"),
    *("http://017700000001/", "http://127.1/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/"),
    *("http://[2002:7f00:1::]/", "http://[::127.0.0.1]/", "http://[fec0::1]/", "http://169.254.169.254/"),
    *("http://100.64.0.1/", "http://10.1.2.3/", "http://0.0.0.0/", "http://[fe80::1%25lo]/", "http://224.0.0.1/"),
    *("http://user:secret@127.0.0.1/", "http://①②⑦.⓪.⓪.①/", "file:///etc/passwd", "gopher://127.0.0.1/", "", "x"),
    *("http://", "http://[::1", "http://a b/", "http://127.0.0.1:99999/", "http://\x00/", f"http://{'a' * 300}/"),
    *("http://0177.0.0.1/", "http://0x7f000001/", "http://[::ffff:7f00:1]/", "http://LOCALHOST/", "http://localhost./"),
    *("http://example.org@127.0.0.1/", "http://127.0.0.1#@example.org/", "http://127。0。0。1/", "http://[::1]:80/"),
    *(
        "http://192.168.0.1:65536/",
        "http://[2001:db8::1]/",
        "http://255.255.255.255/",
        "http://[::]/",
        "http://[::1%251]/",
    ),
    *("http://127.0.0.1\\@example.invalid/", "//127.0.0.1/", "ftp://user:secret@127.0.0.1/", "http://127.0.0.1./"),
]


def port_of(url: str, port: int) -> str:
    """`url` with the port of our listener, where it names a host and no port."""
    for host in ("127.0.0.1", "localhost", "[::1]", "2130706433", "127.1", "0", "0.0.0.0", "①②⑦.⓪.⓪.①"):
        url = url.replace(f"//{host}/", f"//{host}:{port}/")
    return url


async def _connected_to(urls: list[str]) -> tuple[list[str], int]:
    """Which of the URLs gave anything but a FetchError, and how many connections a listener here saw."""
    wrong = []
    async with raw_web(answering(answer(b"secret"))) as web, HttpClient(ClientOptions(timeout=5)) as http:
        for url in urls:
            try:
                await http.get(port_of(url, web.port), max_bytes=99)
            except FetchError as error:
                if "secret" not in str(error):
                    continue
            wrong.append(url)
        return wrong, web.connections


def test_there_are_enough_of_them() -> None:
    """At least forty spellings, each once."""
    assert len(set(BAD_ADDRESSES)) == len(BAD_ADDRESSES) >= 45


def test_bad_addresses_are_refused_without_a_connection() -> None:
    """No spelling of a private address, and nothing that is no web address, is ever connected to."""
    assert asyncio.run(_connected_to(BAD_ADDRESSES)) == ([], 0)


@pytest.mark.skipif(not DANGEROUS.exists(), reason="needs ../shared/data/hostile/ssrf_urls.txt")
def test_the_public_list_of_dangerous_urls_is_refused() -> None:
    """Every URL of a public list whose host is a local name or address is refused, and nothing is connected to."""
    local = ("127.", "0.0.0.0", "0177", "0251", "0x", "169.254.", "2130706433", "[", "localhost", "ip6-localhost")
    urls = [line.strip() for line in DANGEROUS.read_text("utf-8").splitlines() if line.strip()]
    dangerous = [
        url
        for url in urls
        if url.lower().partition("://")[2].startswith(local) and not url.startswith("http://169.254.169.254.nip.io")
    ]

    assert len(dangerous) >= 60
    assert asyncio.run(_connected_to(dangerous)) == ([], 0)
