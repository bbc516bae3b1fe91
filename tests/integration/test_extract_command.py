"""`extract` on addresses and files: what it gives, how it explains itself, and what it says of what is no article."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner, Result

from sectorwatch.cli.main import app
from sectorwatch.domain import DateQuality, Source
from sectorwatch.errors import ConfigurationError, SectorwatchError
from sectorwatch.packing import pack
from storage.reading import articles
from storage.reading.articles import NewArticle
from storage.reading.stories import open_story
from storage.tables import entries
from storage.unit_of_work import Store
from tests.builders import NOON, add_entries, add_feed, read_article
from tests.plugins.commands import Run
from tests.raw_web import RawWeb, answer, moved
from tests.served import Pages, served

LINE = "The bridge over the river was closed for repairs on Monday, the council of the town said in a statement."
HEAD = (
    "<title>Bridge closed</title><meta name='author' content='A. Writer'><meta property='og:image' content='/b.jpg'>"
    "<meta property='article:published_time' content='2026-03-01T08:00:00Z'>"
    "<meta property='article:modified_time' content='2026-03-01T09:30:00Z'>"
)
PARAGRAPHS = "".join(f"<p>{LINE} It was the {n}th time.</p>" for n in range(4, 10))
PAGE = f"<html lang='de'><head>{HEAD}</head><body><article>{PARAGRAPHS}</article></body></html>".encode()
HTML = {"Content_Type": "text/html; charset=utf-8"}


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[Pages], RawWeb]]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SECTORWATCH_FETCH__ALLOW_NETWORKS", '["127.0.0.0/8"]')
    monkeypatch.setenv("SECTORWATCH_FETCH__PAGE_GAP_S", "0")
    with ExitStack() as stack:
        yield lambda pages: stack.enter_context(served(pages))


def extract(*words: str) -> Result:
    return CliRunner().invoke(app, ["extract", *words], catch_exceptions=False)


def test_an_address_is_fetched_as_in_a_cycle_and_explained(site: Callable[[Pages], RawWeb]) -> None:
    """Redirects, the ways that were tried, and where each thing is said; the language is that of the words."""
    web = site({"/old": moved("/new"), "/new": answer(PAGE, **HTML)})
    got = json.loads(extract(f"{web.url}/old", "--json", "--explain").stdout)
    assert [(hop["status"], hop["url"]) for hop in got["explanation"]["fetched"]] == [
        (301, f"{web.url}/old"),
        (200, f"{web.url}/new"),
    ]
    assert {key: got[key] for key in ("url", "title", "language", "published", "modified", "author", "image")} == {
        "url": f"{web.url}/new",
        "title": "Bridge closed",
        "language": "en",
        "published": "2026-03-01T08:00:00+00:00",
        "modified": "2026-03-01T09:30:00+00:00",
        "author": "A. Writer",
        "image": f"{web.url}/b.jpg",
    }
    assert got["method"] == "fast"
    assert [way["name"] for way in got["explanation"]["ways"]] == ["fast"]
    assert got["explanation"]["origins"]["language"] == "its own words"
    assert [request.path for request in web.requests] == ["/robots.txt", "/old", "/new"]
    words = extract(f"{web.url}/new", "--explain").stdout
    for said in (
        "200 ",
        "(meta author)",
        "(where it was fetched)",
        "taken        fast",
        "charset utf-8 declared",
        LINE,
    ):
        assert said in words


def test_what_is_in_the_way_is_said(site: Callable[[Pages], RawWeb], tmp_path: Path) -> None:
    """robots.txt, statuses, private addresses, schemes, files that are none: in words, with the right exit code."""
    robots = answer(b"User-agent: *\nDisallow: /closed", Content_Type="text/plain")
    check = answer(b"<html><head><title>Just a moment...</title></head><body><p>Wait</p></body></html>", **HTML)
    web = site({"/robots.txt": robots, "/check": check, "/pdf": answer(b"%PDF-1.7 x", Content_Type="application/pdf")})
    (tmp_path / "empty.html").write_bytes(b"")
    for source, code, words in (
        (f"{web.url}/closed/1", 1, "robots.txt of the site asks robots to stay away"),
        (f"{web.url}/none", 1, "404"),
        (f"{web.url}/check", 1, "robot"),
        (f"{web.url}/pdf", 1, "PDF"),
        ("http://10.1.2.3/", 1, "not a public address"),
        ("ftp://example.org/x", 2, "only http and https"),
        ("empty.html", 1, "empty"),
        ("nowhere.html", 2, "cannot be read"),
    ):
        with pytest.raises(SectorwatchError, match=words) as refused:
            extract(source)
        assert refused.value.exit_code == code, source


def test_a_stored_article_is_read_from_its_kept_page(store: Store, run: Run) -> None:
    """With its feed's words, as `re-extract` would; what has no page says so."""
    feed = add_feed(store)
    for raw in (PAGE, None):
        new = NewArticle(
            canonical_url=None, url="https://news.example.org/1", feed_id=feed, source=Source(), published_at=None,
            date_quality=DateQuality.MISSING, first_seen_at=NOON, baseline=False, read=read_article(),
            raw=raw and pack(raw),
        )  # fmt: skip
        with store.write() as work:
            articles.add(work, new, story_id=open_story(work, now=NOON), story_reason="", now=NOON)
            work.commit()
    add_entries(store, feed, 1)
    with store.write() as work:
        work.connection.execute(update(entries).values(article_id=1, title="Of the feed", author="Feed"))
        work.commit()
    got = run("extract", "--article", "1", "--explain", "--json")
    assert (got["title"], got["author"], got["image"]) == ("Of the feed", "A. Writer", "https://news.example.org/b.jpg")
    assert got["explanation"]["origins"]["title"] == "feed"
    for words, said in (
        (["2"], "is not kept"),
        (["9"], "there is no article 9"),
        (["1", "x.html"], "leave out the rest"),
    ):
        with pytest.raises(ConfigurationError, match=said):
            run("extract", "--article", *words)
