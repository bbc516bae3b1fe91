"""A feed whose pages answer as they are told, read by the real steps and the real extraction: the web alone is not."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import Any, cast
from xml.sax.saxutils import escape

from sqlalchemy import select

from flows.steps.alerting.deliver_alerts import deliver_alerts
from flows.steps.polling.poll_feeds import poll_feeds
from flows.steps.reading.read_articles import ReadSummary, read_articles
from flows.steps.tools import Reader, Sender, Tools, Web
from sectorwatch.domain import Message, Outcome, OutcomeKind, ReadArticle, Target, TargetKind, Validators
from sectorwatch.errors import FetchError
from sectorwatch.net.client import Answer
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import FetchSettings
from storage.secrets import Vault
from storage.tables import articles, entries, mentions, revisions
from storage.unit_of_work import Store
from tests.builders import NOON, add_feed, add_subscription
from tests.conftest import FakeClock

FEED = "https://news.example.org/rss"
PAGE = "https://news.example.org/1"
SENTENCES = {
    "kupiansk": "Troops repelled three assaults near Kupiansk overnight, the General Staff said.",
    "lyman": "Fighting went on in the Lyman sector, the General Staff said on the front line.",
    "pokrovsk": "Russian troops shelled the city of Pokrovsk on the front line with artillery.",
}
FILLER = "The report was published in the morning, and officials added that they would say more later in the day."

Said = bytes | FetchError


def html(*paragraphs: str, head: str = "") -> bytes:
    """A page with an article of these paragraphs and some more."""
    lines = "".join(f"<p>{line}</p>" for line in (*paragraphs, FILLER, f"{FILLER} It did.", f"{FILLER} It did not."))
    return (
        f"<html><head><title>Morning report</title>{head}</head><body><article>{lines}</article></body></html>".encode()
    )


class OnePage:
    """A site whose only item is new at the next cycle, or was `listed` at the first; three sectors are followed."""

    def __init__(self, store: Store, clock: FakeClock, *, listed: bool = False) -> None:
        self.store, self.clock = store, clock
        clock.now = NOON
        add_subscription(store, "desk", kind=TargetKind.WEBHOOK, sectors=tuple(SENTENCES))
        add_feed(store, FEED)
        self.summary = f"{SENTENCES['kupiansk']} Read more on our site."
        self.listed, self.published = listed, clock()
        self.title = "Morning report"
        self.updated: datetime | None = None
        self.page: Said = html(SENTENCES["kupiansk"])
        self.etag = ""
        self.unknown: Collection[str] = ()  # sectors that an older gazetteer does not have: then that one is in force
        self.asked: list[timedelta] = []  # when the page was asked for, since noon
        self.conditions: list[Validators | None] = []
        self.sent: list[Message] = []
        settings = Settings(fetch=FetchSettings(robots=False, patience_s=0))
        self.tools = Tools(settings=settings, store=store, vault=Vault(), clock=clock, random=Random(1))
        self.cycle()  # the baseline: an empty feed, unless told otherwise
        if not listed:
            clock.advance(minutes=20)
            self.listed, self.published = True, clock()

    async def get(self, url: str, *, validators: Validators | None = None, **_options: Any) -> Answer:
        if url == FEED:
            return self._answer(url, self._feed().encode())
        self.asked.append(self.clock() - NOON)
        self.conditions.append(validators)
        if isinstance(self.page, FetchError):
            raise self.page
        if self.etag and validators is not None and validators.etag == self.etag:
            return self._answer(url, b"", status=304)
        return self._answer(url, self.page, etag=self.etag)

    def _answer(self, url: str, body: bytes, *, status: int = 200, etag: str = "") -> Answer:
        headers = {"content-type": "text/html; charset=utf-8"} | ({"etag": etag} if etag else {})
        return Answer(url=url, status=status, headers=headers, body=body, moved_to=None, ms=0)

    def _feed(self) -> str:
        updated = f"<atom:updated>{self.updated.isoformat()}</atom:updated>" if self.updated else ""
        item = (
            f"<item><title>{self.title}</title><link>{PAGE}</link><guid>1</guid>"
            f"<pubDate>{format_datetime(self.published)}</pubDate>{updated}"
            f"<description>{escape(self.summary)}</description></item>"
            if self.listed
            else ""
        )
        atom = "xmlns:atom='http://www.w3.org/2005/Atom'"
        return f"<rss version='2.0' {atom}><channel><title>News</title>{item}</channel></rss>"

    async def run(self, function: Callable[..., Any], *args: Any, timeout: float) -> Any:
        found = function(*args)
        if not self.unknown or not isinstance(found, ReadArticle):
            return found
        seen = found.detection
        older = replace(
            seen,
            sectors=tuple(one for one in seen.sectors if one.sector not in self.unknown),
            mentions=tuple(one for one in seen.mentions if one.sector not in self.unknown),
            gazetteer_version="older",
        )
        return replace(found, detection=older)

    async def send(self, target: Target, message: Message) -> Outcome:
        self.sent.append(message)
        return Outcome(kind=OutcomeKind.SENT, detail="accepted", status=200)

    def cycle(self, *, retry_before: datetime | None = None) -> tuple[Counter[str], ReadSummary]:
        """Polls, reads, delivers, now; the sectors that subscribers are told of, and what reading did."""
        web = cast("Any", self)
        reader = Reader(tools=self.tools, web=Web(http=web, robots=web), sandbox=web)
        before = len(self.sent)

        async def steps() -> ReadSummary:
            polled = await poll_feeds(reader, not_since=self.clock())
            assert not polled.failed
            summary = await read_articles(reader, retry_before=retry_before)
            await deliver_alerts(Sender(tools=self.tools, notifier=self))
            return summary

        summary = asyncio.run(steps())
        return Counter(str(message.payload["sector"]) for message in self.sent[before:]), summary

    def later(self, **span: float) -> Counter[str]:
        """A cycle so much later; what is told, after the minute that alerts wait for more sources."""
        self.clock.advance(**span)
        return self.cycle()[0]

    def row(self, table: str = "articles") -> dict[str, Any]:
        """The one article, or entry."""
        with self.store.read() as work:
            found = work.connection.execute(select({"articles": articles, "entries": entries}[table])).mappings().one()
            return dict(found)

    def texts(self) -> list[str]:
        """The texts that the article had before, the oldest first."""
        with self.store.read() as work:
            return list(work.connection.execute(select(revisions.c.text).order_by(revisions.c.id)).scalars())

    def found(self) -> dict[str, datetime]:
        """The sectors that the article mentions, and when each was found."""
        with self.store.read() as work:
            return dict(work.connection.execute(select(mentions.c.sector, mentions.c.found_at)).tuples().all())
