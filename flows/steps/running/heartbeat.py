"""A sign of life after each good cycle, to a service that tells operators when it does not come: a dead man's switch.

Nobody here can tell that this machine is off, or that nothing is scheduled any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sectorwatch.domain import Secret
from sectorwatch.errors import FetchError
from sectorwatch.net.client import HttpClient

_BODY = 10_000  # bytes; nobody reads it


def is_good(summary: Mapping[str, Any]) -> bool:
    """Whether a cycle that came to its end did what it is for: feeds that fail are told of, our own network is not."""
    return not summary.get("feeds", {}).get("network_down")


async def beat(http: HttpClient, url: Secret) -> str | None:
    """Asks for the address once; why that failed, in words without it (whoever has it can send signs of life)."""
    try:
        await http.get(url.reveal(), max_bytes=_BODY, cut=True)
    except FetchError as error:
        answered = f"HTTP {error.status}" if error.status else f"no answer ({error.failure.value})"
        return f"the sign of life to {urlsplit(url.reveal()).hostname} was not taken: {answered}"
    return None
