"""A feed with its pages, polled, read and told of by the real steps: only the web and the sandbox are not real."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, cast
from urllib.parse import urlsplit

from sqlalchemy import select

from extractors.reading import read_feed
from flows.steps.alerting.deliver_alerts import deliver_alerts
from flows.steps.polling.poll_feeds import poll_feeds
from flows.steps.reading.read_articles import read_articles
from flows.steps.tools import Reader, Sender, Tools, Web
from sectorwatch.domain import Message, Outcome, OutcomeKind, Target
from sectorwatch.net.client import Answer
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import FetchSettings
from storage.secrets import Vault
from storage.tables import entries
from storage.unit_of_work import Store
from storage.views import queries
from tests.builders import read_article
from tests.conftest import FakeClock

FEED = "https://news.example.org/rss"


@dataclass(frozen=True, kw_only=True)
class Item:
    """What a feed lists."""

    number: int
    at: datetime
    guid: str = ""
    url: str = ""
    title: str = ""

    def xml(self, *, dated: bool = True) -> str:
        link = self.url or f"https://news.example.org/{self.number}"
        return (
            f"<item><title>{self.title or f'News {self.number}'}</title><link>{link}</link>"
            f"<guid isPermaLink='false'>{self.guid or f'id-{self.number}'}</guid>"
            + (f"<pubDate>{self.at:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>" if dated else "</item>")
        )


class OneFeed:
    """One feed and its pages: each page speaks of Kupiansk in its own words, at whatever address it is asked for."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.store, self.clock, self.items = store, clock, list[Item]()
        self.undated = False  # whether the feed keeps its items' dates to itself
        self.sent: list[tuple[str, Message]] = []
        settings = Settings(fetch=FetchSettings(robots=False))
        self.tools = Tools(settings=settings, store=store, vault=Vault(), clock=clock, random=Random(1))

    async def get(self, url: str, **_options: Any) -> Answer:
        listed = "".join(item.xml(dated=not self.undated) for item in self.items)
        feed = f"<rss version='2.0'><channel><title>News</title>{listed}</channel></rss>"
        text = feed if url == FEED else f"News {urlsplit(url).path.rpartition('/')[2]} of Kupiansk."
        return Answer(url=url, status=200, headers={}, body=text.encode(), moved_to=None, ms=0)

    async def run(self, function: Callable[..., Any], *args: Any, timeout: float) -> Any:
        return read_feed(*args) if function is read_feed else read_article(args[0].html.decode())

    async def send(self, target: Target, message: Message) -> Outcome:
        self.sent.append((target.label, message))
        return Outcome(kind=OutcomeKind.SENT, detail="accepted", status=200)

    def cycle(self, *, scheduled: bool = False) -> Counter[str]:
        """Polls, reads, delivers, now, or what is due where it is `scheduled`; how many messages each target got."""
        web = cast("Any", self)
        reader = Reader(tools=self.tools, web=Web(http=web, robots=web), sandbox=web)
        before = len(self.sent)

        async def steps() -> None:
            polled = await poll_feeds(reader, not_since=None if scheduled else self.clock())
            assert not polled.failed
            await read_articles(reader)
            await deliver_alerts(Sender(tools=self.tools, notifier=self))

        asyncio.run(steps())
        return Counter(label for label, _ in self.sent[before:])

    def totals(self) -> dict[str, int]:
        with self.store.read() as work:
            return queries.totals(work)

    def titles(self) -> list[str]:
        """Of the stored entries, the latest first."""
        with self.store.read() as work:
            return list(work.connection.execute(select(entries.c.title).order_by(entries.c.id.desc())).scalars())
