"""A feed that kills the process that reads it, among others, on both databases: real processes, only the web is not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from random import Random
from typing import Any, cast

import pytest

from extractors.reading import PRELOAD
from flows.steps.polling import ask_feed, feed_words
from flows.steps.polling.poll_feeds import poll_feeds
from flows.steps.tools import Reader, Tools, Web
from sectorwatch.net.client import Answer
from sectorwatch.sandbox import Sandbox
from sectorwatch.settings import Settings
from storage.secrets import Vault
from storage.unit_of_work import Store
from storage.views import feeds as feed_views
from tests.builders import add_feed
from tests.conftest import FakeClock
from tests.hostile_feeds import FEEDS, item, rss

POISON = FEEDS["an author that costs too much"]
HOSTILE = [name for name, feed in FEEDS.items() if not feed.killed]
GOOD = "https://good.test/"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(workers=2, preload=PRELOAD) as made:
        yield made


class Servers:
    """Each address answers with the body that it was given."""

    def __init__(self, bodies: dict[str, tuple[bytes, str]]) -> None:
        self.bodies = bodies

    async def get(self, url: str, **_options: Any) -> Answer:
        body, content_type = self.bodies[url]
        return Answer(url=url, status=200, headers={"content-type": content_type}, body=body, moved_to=None, ms=1)


def polled(store: Store, clock: FakeClock, sandbox: Sandbox, bodies: dict[str, tuple[bytes, str]]) -> dict[str, str]:
    """What `feeds list` says of each feed, after a poll of all."""
    web = cast("Any", Servers(bodies))
    tools = Tools(settings=Settings(), store=store, vault=Vault(), clock=clock, random=Random(1))
    reader = Reader(tools=tools, web=Web(http=web, robots=web), sandbox=sandbox)
    asyncio.run(poll_feeds(reader, not_since=clock()))
    with store.read() as work:
        return {row.url: feed_words.words(row, clock()) for row in feed_views.feed_rows(work)}


def test_a_feed_that_kills_its_process_harms_no_other(
    store: Store, clock: FakeClock, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others of its batch are read, the list says in words what it did, and it is well as soon as its feed is."""
    monkeypatch.setattr(ask_feed, "PARSE_S", 1.0)
    bodies = {f"{GOOD}{number}": (rss(item())(), "") for number in range(5)} | {
        "https://bad.test/": (POISON.body(), "")
    }
    for url in bodies:
        add_feed(store, url, now=clock())

    said = polled(store, clock, sandbox, bodies)

    assert {words for url, words in said.items() if url.startswith(GOOD)} == {"ok"}
    assert "failing since" in said["https://bad.test/"]
    assert "took over 1 s and was stopped" in said["https://bad.test/"]
    clock.advance(days=2)
    said = polled(store, clock, sandbox, bodies | {"https://bad.test/": (rss(item())(), "")})
    assert said["https://bad.test/"] == "ok"


@pytest.mark.full
def test_every_hostile_feed_is_stored_or_says_why_not(
    store: Store, clock: FakeClock, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch of all of them: no cycle ends, no database refuses a row, and the good feed among them is read."""
    monkeypatch.setattr(ask_feed, "PARSE_S", 30.0)  # a busy machine: what they cost is told in another test
    bodies = {f"https://bad{n}.test/": (FEEDS[name].body(), FEEDS[name].content_type) for n, name in enumerate(HOSTILE)}
    bodies[GOOD] = (rss(item())(), "")
    for url in bodies:
        add_feed(store, url, now=clock())

    said = polled(store, clock, sandbox, bodies)

    assert said[GOOD] == "ok"
    for number, name in enumerate(HOSTILE):
        words = said[f"https://bad{number}.test/"]
        assert words.startswith("failing since" if FEEDS[name].refused else "ok") or "answers HTML" in words, name
