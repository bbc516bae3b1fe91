"""One patient request: a passing failure is tried again within the cycle."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from random import Random

from flows.steps.tools import Reader
from sectorwatch.domain import Validators
from sectorwatch.errors import FetchError
from sectorwatch.net.client import Answer, Hop

ATTEMPTS = 3
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


def pause_before_retry(error: FetchError, attempt: int, random: Random) -> float | None:
    """Seconds to wait before trying again within this cycle; None: it makes no sense."""
    if error.permanent or attempt >= ATTEMPTS:
        return None
    if error.status is not None and error.status not in _PASSING:
        return None
    own = (1.0, 3.0)[attempt - 1] * random.uniform(0.8, 1.2)
    return own if error.retry_after is None else max(own, error.retry_after + 0.2)


def advice(error: FetchError) -> str:
    """What operators can do where a feed's server answers so; "" where nothing, or where it passes by itself."""
    match error.status:
        case 401 | 403:
            return "the site keeps programs out: ask it to let ours in, by its User-Agent, or look for another feed"
        case 404:
            return "look on the site for the feed's new address, or give the site's page to 'sectorwatch feeds check'"
        case 410:
            return "the publisher has ended it: look for a successor"
    return ""


async def fetch(
    reader: Reader,
    url: str,
    *,
    max_bytes: int,
    validators: Validators | None = None,
    accept: str = "",
    hops: list[Hop] | None = None,
    permit: Callable[[str], Awaitable[None]] | None = None,
) -> Answer:
    """The answer of `url`; what is handed on is as in `HttpClient.get`.

    Raises FetchError when it stays out within the cycle's patience.
    """
    tools, http = reader.tools, reader.web.http
    attempt = 1
    while True:
        try:
            return await http.get(
                url, max_bytes=max_bytes, validators=validators, accept=accept, hops=hops, permit=permit
            )
        except FetchError as error:
            pause = pause_before_retry(error, attempt, tools.random)
            if pause is None or pause > tools.settings.fetch.patience_s:
                raise
        await tools.sleep(pause)
        attempt += 1
