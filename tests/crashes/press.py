"""Papers with feeds, as a web and a sandbox without network or processes: what they list is known for any time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import select

from flows.steps.tools import Reader, Tools, Web
from sectorwatch.clock import Clock
from sectorwatch.domain import Validators
from sectorwatch.errors import Failure, FetchError
from sectorwatch.net.client import Answer
from storage.tables import entries, feeds, polls
from storage.unit_of_work import Store
from tests.builders import NOON, add_feed

LISTED = 6  # items in an edition
NEW = 2  # of them new
DEAD = "https://dead.test/feed"  # nobody answers there


class Press:
    """Each paper has an edition an hour, from NOON on. Who names the edition by its ETag gets a 304.

    From the second edition on, the oldest item that is listed has another headline.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.asked: list[str] = []

    async def get(self, url: str, *, validators: Validators | None = None, **_options: Any) -> Answer:
        self.asked.append(url)
        if url == DEAD:
            raise FetchError("nobody answers", failure=Failure.UNREACHED, permanent=True)
        edition = (self.clock() - NOON) // timedelta(hours=1)
        headers = {"etag": f'"{edition}"', "content-type": "application/rss+xml"}
        if validators is not None and validators.etag == headers["etag"]:
            return Answer(url=url, status=304, headers=headers, body=b"", moved_to=None, ms=1)
        items = "".join(
            f"<item><title>{self._title(number, edition)}</title><guid isPermaLink='false'>{number}</guid>"
            f"<link>https://pages.test/{number}</link></item>"
            for number in self._listed(edition)
        )
        body = f"<rss version='2.0'><channel><title>Paper</title>{items}</channel></rss>"
        return Answer(url=url, status=200, headers=headers, body=body.encode(), moved_to=None, ms=1)

    async def run(self, function: Callable[..., Any], *args: Any, timeout: float) -> Any:
        return function(*args)

    def reader(self, tools: Tools) -> Reader:
        """What polling needs, with these papers for the world."""
        world = cast("Any", self)
        return Reader(tools=tools, web=Web(http=world, robots=world), sandbox=world)

    def subscribe(self, store: Store, *urls: str) -> None:
        """Feeds of the store, due at NOON."""
        for url in urls:
            add_feed(store, url)

    def expected(self, urls: Iterable[str], *, editions: int) -> Counter[tuple[str, str, str, bool]]:
        """What is to be stored when each of the first editions was polled: address, guid, title, baseline."""
        titles = {
            number: self._title(number, edition) for edition in range(editions) for number in self._listed(edition)
        }
        return Counter((url, str(number), title, number < LISTED) for url in urls for number, title in titles.items())

    def stored(self, store: Store) -> Counter[tuple[str, str, str, bool]]:
        """The same, of the store."""
        columns = (feeds.c.url, entries.c.guid, entries.c.title, entries.c.baseline)
        with store.read() as work:
            return Counter(work.connection.execute(select(*columns).join_from(entries, feeds)).tuples())

    def polls(self, store: Store) -> dict[str, list[str]]:
        """How the polls on record ended, by address."""
        wanted = select(feeds.c.url, polls.c.status).join_from(polls, feeds).order_by(polls.c.id)
        found: dict[str, list[str]] = defaultdict(list)
        with store.read() as work:
            for url, status in work.connection.execute(wanted).tuples():
                found[url].append(status)
        return dict(found)

    @staticmethod
    def _listed(edition: int) -> range:
        return range(edition * NEW, edition * NEW + LISTED)

    @staticmethod
    def _title(number: int, edition: int) -> str:
        return f"News {number}, corrected" if edition and number == edition * NEW else f"News {number}"
