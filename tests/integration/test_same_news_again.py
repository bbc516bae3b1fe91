"""A feed that says the same again tells nobody anything, however it says it; the real steps, on both databases."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, cast
from urllib.parse import urlsplit

import pytest

from extractors.reading import read_feed
from flows.steps.deliver_alerts import deliver_alerts
from flows.steps.poll_feeds import poll_feeds
from flows.steps.read_articles import read_articles
from flows.steps.tools import Reader, Sender, Tools, Web
from sectorwatch.domain import Message, Outcome, OutcomeKind, Target
from sectorwatch.net.client import Answer
from sectorwatch.settings import FetchSettings, Settings
from storage import queries
from storage.secrets import Vault
from storage.unit_of_work import Store
from tests.builders import NOON, add_feed, add_subscription, read_article
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

    def xml(self) -> str:
        link = self.url or f"https://news.example.org/{self.number}"
        return (
            f"<item><title>{self.title or f'News {self.number}'}</title><link>{link}</link>"
            f"<guid isPermaLink='false'>{self.guid or f'id-{self.number}'}</guid>"
            f"<pubDate>{self.at:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        )


class Site:
    """One feed and its pages: each page speaks of Kupiansk in its own words, at whatever address it is asked for."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.store, self.clock, self.items = store, clock, list[Item]()
        self.sent: list[tuple[str, Message]] = []
        settings = Settings(fetch=FetchSettings(robots=False))
        self.tools = Tools(settings=settings, store=store, vault=Vault(), clock=clock, random=Random(1))

    async def get(self, url: str, **_options: Any) -> Answer:
        listed = "".join(item.xml() for item in self.items)
        feed = f"<rss version='2.0'><channel><title>News</title>{listed}</channel></rss>"
        text = feed if url == FEED else f"News {urlsplit(url).path.rpartition('/')[2]} of Kupiansk."
        return Answer(url=url, status=200, headers={}, body=text.encode(), moved_to=None, ms=0)

    @asynccontextmanager
    async def turn(self, _host: str) -> AsyncIterator[None]:
        yield

    async def run(self, function: Callable[..., Any], *args: Any, timeout: float) -> Any:
        return read_feed(*args) if function is read_feed else read_article(args[0].html.decode())

    async def send(self, target: Target, message: Message) -> Outcome:
        self.sent.append((target.label, message))
        return Outcome(kind=OutcomeKind.SENT, detail="accepted", status=200)

    def cycle(self) -> Counter[str]:
        """Twenty minutes later: polls, reads, delivers; how many messages each target got."""
        self.clock.advance(minutes=20)
        web = cast("Any", self)
        reader = Reader(tools=self.tools, web=Web(http=web, gate=web, robots=web), sandbox=web)
        before = len(self.sent)

        async def steps() -> None:
            polled = await poll_feeds(reader, not_since=self.clock())
            assert not polled.failed
            await read_articles(reader)
            await deliver_alerts(Sender(tools=self.tools, notifier=self))

        asyncio.run(steps())
        return Counter(label for label, _ in self.sent[before:])

    def totals(self) -> dict[str, int]:
        with self.store.read() as work:
            return queries.totals(work)


@pytest.fixture
def site(store: Store, clock: FakeClock) -> Site:
    """A feed that was added after its two subscribers' targets began to listen."""
    clock.now = NOON
    add_subscription(store, "one", "two", sectors=("kupiansk",))
    add_feed(store, FEED)
    return Site(store, clock)


def again(items: list[Item], number: int) -> list[Item]:
    """The same news as a site brings them after a rebuild: the so many-th way."""
    later = timedelta(hours=number)
    ways: list[Callable[[Item], Item]] = [
        lambda item: item,
        lambda item: replace(item, guid=f"new-{number}-{item.number}"),
        lambda item: replace(item, at=item.at + timedelta(minutes=number)),
        lambda item: replace(item, at=item.at + later, guid=f"new-{number}-{item.number}"),
        lambda item: replace(item, url=f"https://news.example.org/{item.number}?utm_source=rss{number}"),
        lambda item: replace(item, url=f"https://www.example.org/moved/{item.number}"),
        lambda item: replace(item, url=f"https://m.example.org/{item.number}", guid=f"m-{item.number}"),
        lambda item: replace(
            item, url=f"https://m.example.org/a/{item.number}", guid=f"a-{item.number}", at=NOON + later
        ),
        lambda item: replace(item, title=f"Updated: News {item.number}"),
        lambda item: Item(
            number=item.number,
            at=NOON + timedelta(days=1),
            guid=f"x-{item.number}",
            url=f"https://x.example.org/{item.number}",
            title=f"Once more {item.number}",
        ),
    ]
    found = [ways[number](item) for item in items]
    return found[::-1] if number % 2 else found


def test_the_same_news_ten_times_over_is_told_once(site: Site) -> None:
    """New guids, dates, addresses, titles or another order of what is known add no delivery and no suppression."""
    old = [Item(number=number, at=NOON - timedelta(hours=1)) for number in range(5)]
    news = [Item(number=number, at=NOON + timedelta(minutes=30)) for number in range(5, 15)]
    site.items = old
    assert site.cycle() == Counter()
    site.items = [*news, *old]
    assert site.cycle() == Counter(one=10, two=10)
    before = site.totals()
    for number in range(10):
        site.items = again([*news, *old], number)
        assert site.cycle() == Counter(), f"the {number}. way of saying it again"
    after = site.totals()
    same = ("stories", "deliveries_sent", "deliveries_waiting", "deliveries_dead")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert len({message.id for _, message in site.sent}) == len(site.sent) == 20


@pytest.mark.full
def test_the_import_of_a_long_feed_tells_nobody_and_what_follows_is_told(site: Site) -> None:
    """Five hundred old items, all about the sector, are no alert; the next new one is one."""
    site.items = [Item(number=number, at=NOON - timedelta(minutes=number)) for number in range(500)]
    assert site.cycle() == Counter()
    assert site.totals()["articles"] == 500
    site.items = [Item(number=500, at=NOON + timedelta(minutes=25)), *site.items]
    assert site.cycle() == Counter(one=1, two=1)
    assert site.cycle() == Counter()
