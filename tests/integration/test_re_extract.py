"""The present extraction runs over the kept pages: counts first, revisions kept, nobody told unless asked, resumed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update

from extractors import reading
from extractors.gazetteer import Gazetteer, load_sector
from extractors.pages.extraction_version import extraction_version
from flows.steps.archive import re_extract as step
from flows.steps.archive.re_extract import Wanted, re_extract
from flows.steps.archive.reextracted import Reextraction
from flows.steps.running.prune import prune
from flows.steps.tools import Progress, Tools, silent
from sectorwatch.cli.re_extract import tell
from sectorwatch.domain import ArticleText, DateQuality, JobState, SearchQuery, SearchTerm, Source
from sectorwatch.errors import ConfigurationError, SandboxError
from sectorwatch.packing import pack
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import ReadSettings
from storage.reading import articles
from storage.reading.articles import NewArticle
from storage.reading.stories import open_story
from storage.search import full_text
from storage.secrets import Vault
from storage.tables import articles as articles_table
from storage.tables import entries as entries_table
from storage.tables import metadata
from storage.tables import raw_pages as pages_table
from storage.unit_of_work import Store
from tests.builders import NOON, add_entries, add_feed, add_subscription
from tests.conftest import FakeClock

PORT = load_sector('id = "port"\nnames = ["Norrhamn"]', "port.toml")
OTHER = load_sector('id = "kupiansk"\nnames = ["Kupiansk"]', "kupiansk.toml")
NOW = NOON + timedelta(days=1)
MENU = "Home\nKupiansk is far from here."
LINES = tuple(
    f"The harbour council of the town met for the {n} time this year, and ships waited outside." for n in "abcdef"
)
HEAD = (
    "<title>Ships</title><meta name='author' content='A. Writer'><meta property='og:image' content='/i.jpg'>"
    "<meta property='article:published_time' content='2026-02-01T08:00:00Z'>"
    "<meta property='article:modified_time' content='2026-02-02T08:00:00Z'>"
)


def page(*lines: str, head: str = HEAD) -> bytes:
    body = "".join(f"<p>{line}</p>" for line in lines)
    return f"<html lang='en'><head>{head}</head><body><article>{body}</article></body></html>".encode()


GOOD = page("Ships left Norrhamn in the night, and the port is shut until further notice.", *LINES)


class Direct:
    """Runs the function at once, in this process: the sandbox has tests of its own."""

    def __init__(self, before: Callable[[Any], None] = lambda page: None) -> None:
        self._before = before

    async def run(self, function: Callable[..., Any], *args: Any, timeout: float) -> Any:
        if args:
            self._before(args[0])
        return function(*args)


@pytest.fixture(autouse=True)
def gazetteer(monkeypatch: pytest.MonkeyPatch) -> Gazetteer:
    made = Gazetteer.of([PORT, OTHER])
    monkeypatch.setattr(reading, "_prepared", made)
    return made


@pytest.fixture
def late(clock: FakeClock) -> FakeClock:
    clock.now = NOW
    return clock


def add(store: Store, text: str = MENU, *, raw: bytes | None = GOOD, title: str = "Ships", method: str = "fast") -> int:
    """An article as an earlier version of extraction made it of its page."""
    read = reading.understand(
        ArticleText(
            title=title,
            text=text,
            language="en",
            published_at=None,
            canonical_url=None,
            method=method,
            extraction="old",
        )
    )
    new = NewArticle(
        canonical_url=None, url="https://news.example.org/1", feed_id=1, source=Source(publisher="News"),
        published_at=None, date_quality=DateQuality.MISSING, first_seen_at=NOON, baseline=False, read=read,
        raw=None if raw is None else pack(raw),
    )  # fmt: skip
    with store.write() as work:
        added = articles.add(work, new, story_id=open_story(work, now=NOON), story_reason="", now=NOON)
        work.commit()
    return added


def run(
    store: Store, clock: FakeClock, *, apply: bool = True, sandbox: Direct | None = None, progress: Progress = silent,
    **wanted: Any,
) -> Reextraction:  # fmt: skip
    tools = Tools(settings=Settings(), store=store, vault=Vault(), clock=clock, random=Random(1), progress=progress)
    with_ = sandbox or Direct()
    return asyncio.run(re_extract(tools, with_, Wanted(**wanted), apply=apply, by="process 1"))  # type: ignore[arg-type]  # a fake


def rows(store: Store, table: str) -> list[dict[str, Any]]:
    chosen = metadata.tables[table]
    with store.read() as work:
        found = work.connection.execute(select(chosen).order_by(*chosen.primary_key.columns)).mappings()
        return [dict(row) for row in found]


def finds(store: Store, word: str) -> list[int]:
    query = SearchQuery(terms=(SearchTerm(given=word, phrases=((word,),)),))
    with store.read() as work:
        return [match.id for match in full_text.latest(work, query, limit=9)]


@pytest.fixture
def kept(store: Store) -> Store:
    """Articles whose text changes, whose details change, which has no page, and which was only skimmed."""
    add_feed(store)
    add(store)
    add(store, "\n".join(LINES), raw=page(*LINES))
    add(store, raw=None)
    add(store, method="skimmed")
    return store


def test_a_dry_run_counts_and_writes_nothing(
    kept: Store, late: FakeClock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Texts and what is found in them, with the lines that come and go; no unit of work that may write is opened."""
    monkeypatch.setattr(Store, "write", None)
    result = run(kept, late, apply=False)
    assert (result.stored, result.outdated, result.looked_at, result.changed, result.details) == (2, 2, 2, 1, 1)
    assert {name: (one.gained, one.lost) for name, one in result.found.sectors.items()} == {
        "port": (1, 0),
        "kupiansk": (0, 1),
    }
    (change,) = result.examples
    assert (change.gone, change.came[:19]) == ("Home", "Ships left Norrhamn")
    tell(result, every=False)
    said = capsys.readouterr().out
    assert "2 kept, 2 of them read with another version" in said
    assert "+ Ships left Norrhamn" in said
    assert "nothing was written: --apply writes it" in said


def test_what_is_applied_is_the_new_text_and_all_that_follows(kept: Store, late: FakeClock) -> None:
    """Revision, mentions, details, search and version; the page, the story and its age stay, and nobody is told."""
    add_subscription(kept, "mail", sectors=("port",), now=NOON - timedelta(days=30))
    before = {name: rows(kept, name) for name in ("raw_pages", "stories", "articles")}
    result = run(kept, late)
    assert (result.changed, result.details, result.skipped_in_all) == (1, 1, 0)
    first, second, *others = rows(kept, "articles")
    assert first["text"].startswith("Ships left Norrhamn")
    assert [(row["text"], row["replaced_at"]) for row in rows(kept, "revisions")] == [(MENU, NOW)]
    assert [row["sector"] for row in rows(kept, "mentions") if row["article_id"] == 1] == ["port"]
    for row in (first, second):
        assert (row["author"], row["image_url"]) == ("A. Writer", "https://news.example.org/i.jpg")
        assert (row["published_at"].day, row["date_quality"], row["modified_at"].day) == (1, "stated", 2)
        assert row["extraction"] == extraction_version()
    assert (first["read_at"], second["read_at"], first["story_id"]) == (NOW, NOON, 1)
    assert others == before["articles"][2:]
    assert [rows(kept, name) for name in ("raw_pages", "stories")] == [before["raw_pages"], before["stories"]]
    assert {row["seen_at"] for row in rows(kept, "story_bands")} == {NOON}
    assert (finds(kept, "norrhamn"), 1 in finds(kept, "home")) == ([1], False)
    assert (rows(kept, "alerts"), rows(kept, "suppressions")) == ([], [])
    job = rows(kept, "jobs")[-1]
    assert (job["kind"], job["state"], job["watermark"]) == ("re-extract", JobState.DONE, 2)
    assert run(kept, late).looked_at == 0
    assert run(kept, late, every=True).changed == 0
    assert len(rows(kept, "revisions")) == 1


def test_what_was_found_before_is_not_new(store: Store, late: FakeClock) -> None:
    """A sector that both texts name keeps the moment at which it was first found, and is not told again."""
    add_feed(store)
    add_subscription(store, "mail", sectors=("port",), now=NOON - timedelta(days=30))
    add(store, "Norrhamn. Home.")
    add(store, "Home.")
    result = run(store, late, alert=True)
    assert [(row["article_id"], row["found_at"]) for row in rows(store, "mentions")] == [(1, NOON), (2, NOW)]
    assert result.found.decided == {"alerts": 1, "folded": 0, "suppressed": 0}
    assert run(store, late, alert=True, every=True).found.decided["alerts"] == 0
    with pytest.raises(ConfigurationError, match="--apply"):
        run(store, late, alert=True, apply=False)


def test_the_feeds_words_are_read_with_the_page(store: Store, late: FakeClock) -> None:
    """Its title stands, its longer text is taken, and its date goes before the page's."""
    feed = add_feed(store)
    add(store)
    add_entries(store, feed, 1)
    with store.write() as work:
        long = "".join(f"<p>{line} And more.</p>" for line in LINES * 3)
        work.connection.execute(update(entries_table).values(article_id=1, title="Of the feed", content=long))
        work.commit()
    run(store, late)
    (row,) = rows(store, "articles")
    assert (row["title"], row["method"], row["published_at"]) == ("Of the feed", "feed", NOON - timedelta(hours=1))


def test_a_page_that_gives_no_article_now_keeps_its_text(
    store: Store, late: FakeClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named once; one whose process was stopped is tried again."""
    add_feed(store)
    add(store, raw=page(head="<title>Just a moment...</title>"))
    add(store)

    def stopped(page: Any) -> None:
        if page.html == GOOD:
            raise SandboxError("stopped after 10 s", kind="timeout")

    result = run(store, late, sandbox=Direct(stopped))
    assert [number for number, _, _ in result.skipped] == [1, 2]
    tell(result, every=False)
    assert "skipped, their texts are as before" in capsys.readouterr().out
    assert [row["text"] for row in rows(store, "articles")] == [MENU, MENU]
    again = run(store, late)
    assert (again.changed, again.skipped) == (1, [])


def test_a_run_that_was_stopped_is_gone_on_with(store: Store, late: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the watermark, with the counts so far; another version of extraction begins anew."""
    monkeypatch.setattr(step, "BATCH", 1)
    add_feed(store)
    for _ in range(3):
        add(store)

    class Stopped(Exception):
        pass

    def stop(step: str, done: int, total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        run(store, late, progress=stop)
    whole = run(store, late)
    assert (whole.resumed_after, whole.looked_at, whole.changed, whole.found.sectors["port"].gained) == (1, 3, 3, 3)
    with pytest.raises(Stopped):
        run(store, late, progress=stop, every=True)
    monkeypatch.setattr(step, "extraction_version", lambda: "another")
    assert run(store, late, every=True).resumed_after is None
    assert [row["state"] for row in rows(store, "jobs")] == [JobState.DONE, JobState.SUPERSEDED, JobState.DONE]


def test_an_article_edited_meanwhile_is_left_alone(store: Store, late: FakeClock) -> None:
    """What the live path has read anew is not written over by what its old page gives."""
    add_feed(store)
    add(store)

    def edit(_: Any) -> None:
        with store.write() as work:
            work.connection.execute(update(articles_table).values(text="New.", content_hash="new"))
            work.commit()

    result = run(store, late, sandbox=Direct(edit))
    assert (result.edited, result.looked_at) == (1, 0)
    assert [row["text"] for row in rows(store, "articles")] == ["New."]


def test_pages_are_kept_by_age_and_by_room(store: Store, late: FakeClock) -> None:
    """The oldest go first; what there is room for stays, and 0 is no bound."""
    add_feed(store)
    for days in range(4):
        number = add(store, raw=Random(days).randbytes(600_000))
        with store.write() as work:
            of_it = update(pages_table).where(pages_table.c.article_id == number)
            work.connection.execute(of_it.values(fetched_at=NOON + timedelta(days=days)))
            work.commit()
    late.now = NOON + timedelta(days=3)

    def left(**read: int) -> list[int]:
        settings = Settings(read=ReadSettings(**read))
        prune(Tools(settings=settings, store=store, vault=Vault(), clock=late, random=Random(1)))
        return [row["article_id"] for row in rows(store, "raw_pages")]

    assert left(keep_raw_days=9, keep_raw_mb=0) == [1, 2, 3, 4]
    assert left(keep_raw_days=9, keep_raw_mb=3) == [1, 2, 3, 4]
    assert left(keep_raw_days=2, keep_raw_mb=3) == [2, 3, 4]
    assert left(keep_raw_days=9, keep_raw_mb=1) == [4]
    late.advance(seconds=1)
    assert left(keep_raw_days=0) == []
