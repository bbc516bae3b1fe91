"""Pages made to hurt, in the real sandbox: read, refused by name or ended at a limit, and nobody else is harmed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any, cast

import pytest
from sqlalchemy import select

from extractors.reading import PRELOAD, PageToRead, prepare
from flows.steps.reading import read_articles as reading
from flows.steps.reading.read_articles import PAGE_S, read_articles
from flows.steps.tools import Reader, Tools, Web
from sectorwatch.domain import ReadArticle
from sectorwatch.errors import PageRefused, SandboxError
from sectorwatch.net.client import Answer
from sectorwatch.sandbox import DEFAULT_MEMORY, Sandbox
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import FetchSettings, ReadSettings
from storage.secrets import Vault
from storage.tables import articles, entries
from storage.unit_of_work import Store
from tests.builders import NOON, add_entries, add_feed
from tests.conftest import FakeClock
from tests.hostile_pages import FEED, LEAD, PAGES, URL, Hostile, page, read_measured

BUSY = 4  # times as long on a machine that does other things: then the seconds of CPU are what counts
FEW = [name for name, one in PAGES.items() if not one.costly]
COSTLY = [name for name, one in PAGES.items() if one.costly]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(workers=1, preload=PRELOAD, initializer=prepare, initargs=((),)) as made:
        yield made


def measured(sandbox: Sandbox, case: Hostile, *, timeout: float) -> tuple[ReadArticle, float, int]:
    asked = PageToRead(html=case.body(), url=URL, charset=case.charset, feed=FEED)
    return sandbox.call(read_measured, asked, timeout=timeout)


def check(case: Hostile, found: tuple[ReadArticle, float, int]) -> None:
    read, seconds, memory = found
    article = read.article
    assert seconds < PAGE_S
    assert memory < DEFAULT_MEMORY
    assert not case.reads or LEAD in article.text
    stored = (article.title, article.text, article.author, article.site, article.language, article.canonical_url or "")
    assert not any("\0" in text or not text.isprintable() for text in stored if text is not article.text)
    assert "\0" not in article.text
    "".join(stored).encode()  # every database takes it
    assert article.language == "" or len(article.language) <= 8


def test_there_are_enough_of_them() -> None:
    """More than a hundred, most of whose articles come through all the same."""
    assert len(PAGES) >= 100
    assert sum(one.reads and one.refused is None for one in PAGES.values()) >= 90


@pytest.mark.parametrize("name", FEW)
def test_a_hostile_page_is_read_or_refused(sandbox: Sandbox, name: str) -> None:
    """Within the limits of time and memory; the article around the trouble is found."""
    case = PAGES[name]
    if case.refused is None:
        check(case, measured(sandbox, case, timeout=BUSY * PAGE_S))
        return
    with pytest.raises(PageRefused) as caught:
        measured(sandbox, case, timeout=BUSY * PAGE_S)
    assert caught.value.refusal is case.refused
    assert len(str(caught.value)) < 300


@pytest.mark.full
@pytest.mark.parametrize("name", COSTLY)
def test_a_costly_page_is_read_or_ended(sandbox: Sandbox, name: str) -> None:
    """What takes too long or too much is over at its limit, and the next page finds a process."""
    case = PAGES[name]
    with suppress_ended():
        check(case, measured(sandbox, case, timeout=PAGE_S))
    check(Hostile(body=page), measured(sandbox, Hostile(body=page), timeout=BUSY * PAGE_S))


@contextmanager
def suppress_ended() -> Iterator[None]:
    """Lets a call be ended for its time or its memory, and for nothing else."""
    try:
        yield
    except SandboxError as error:
        if error.kind not in ("timeout", "memory"):
            raise


@pytest.mark.full
@pytest.mark.parametrize("name", [name for name in FEW if PAGES[name].refused is None])
def test_a_hostile_page_that_names_nothing_watched_is_skimmed_as_safely(sandbox: Sandbox, name: str) -> None:
    """The quicker way through a page has to bear the same."""
    case = PAGES[name]
    body = case.body()
    for watched in ("Kupiansk", "Lyman"):
        for charset in ("utf-8", "utf-16-le", "cp037"):
            body = body.replace(watched.encode(charset), "Nowhere".encode(charset))
    asked = PageToRead(html=body, url=URL, charset=case.charset, feed=FEED)
    read, seconds, memory = sandbox.call(read_measured, asked, timeout=BUSY * PAGE_S)
    assert seconds < PAGE_S
    assert memory < DEFAULT_MEMORY
    assert "\0" not in read.article.text


class Hosts:
    """A web of ten good pages, and between them those that hurt."""

    def __init__(self, names: list[str]) -> None:
        self.bodies = [page() if number % 2 else PAGES[name].body() for number, name in enumerate(names)]

    async def get(self, url: str, **_options: Any) -> Answer:
        body = self.bodies[int(url.rpartition("/")[2])]
        return Answer(url=url, status=200, headers={}, body=body, moved_to=None, ms=0)


@pytest.mark.full
def test_hostile_pages_harm_no_other_page_of_their_batch(
    store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that are ended leave their feed's words and are tried later; the rest is read in the same cycle."""
    monkeypatch.setattr(reading, "PAGE_S", 5.0)  # half of the real limit
    clock.now = NOON + timedelta(hours=1)
    ended = ["200,000 divs deep", "20,000 articles", "100,000 attributes"]
    names = [name for one in (*ended, "a feed", "noise behind the end") for name in (one, "good")]
    web = cast("Any", Hosts(names))
    add_entries(store, add_feed(store), *range(len(names)), now=clock.now)
    settings = Settings(fetch=FetchSettings(robots=False), read=ReadSettings(workers=2))
    tools = Tools(settings=settings, store=store, vault=Vault(), clock=clock, random=Random(1))
    with Sandbox(workers=2, patience=4, preload=PRELOAD, initializer=prepare, initargs=((),)) as sandbox:
        reader = Reader(tools=tools, web=Web(http=web, robots=web), sandbox=sandbox)
        summary = asyncio.run(read_articles(reader))

    assert summary.refused == {"too_costly": len(ended), "not_html": 2}
    with store.read() as work:
        read = work.connection.execute(select(entries.c.guid, entries.c.read_state, entries.c.refusal)).all()
        told = (
            work.connection.execute(select(articles.c.text).where(articles.c.refusal == "too_costly")).scalars().all()
        )
    good = [row for row in read if int(row.guid.removeprefix("guid-")) % 2]
    assert [row.read_state for row in good] == ["read"] * (len(names) // 2)
    assert [row.refusal for row in good] == [""] * (len(names) // 2)
    assert len(told) == len(ended)
    assert all(text.startswith("Summary") for text in told)
