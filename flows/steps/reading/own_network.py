"""Whether our own network fails while pages are read: then they are not tried one by one, and none is to blame."""

from __future__ import annotations

from extractors.urls import host_of, site_of
from sectorwatch.errors import UNREACHED, FetchError, OwnNetworkDown
from sectorwatch.polling import network_is_down


class OwnNetwork:
    """What the requests of one cycle tell of it. `on_record`: the polls have found it down."""

    def __init__(self, *, on_record: bool) -> None:
        self._down = on_record
        self._lost: set[str] = set()
        self._answered: set[str] = set()

    def check(self) -> None:
        """Raises OwnNetworkDown where it is of no use to ask."""
        if self._down:
            raise OwnNetworkDown("our own network or its name server is down: not asked")

    def answered(self, url: str) -> None:
        """A server has said something."""
        self._answered.add(host_of(url))

    def failed(self, url: str, error: FetchError, *, before: bool) -> None:
        """A request failed, `before` too or for the first time. Raises OwnNetworkDown where that is our fault."""
        if error.status is not None:
            self.answered(url)
        elif error.failure in UNREACHED:
            if not before:  # what failed by itself before says nothing of us
                self._lost.add(site_of(url))
                self._down = self._down or network_is_down(self._lost, answered=len(self._answered))
            if self._down:
                raise OwnNetworkDown(f"our own network or its name server is down: {error}") from error
