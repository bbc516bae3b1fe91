"""Feeds that others collected over twenty years: read as a person would, or refused in words, and fast."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from lxml import etree

from extractors.feeds.feed import parse_feed
from sectorwatch.domain import ParsedFeed
from sectorwatch.errors import FeedError
from tests.corpora import differs, feedparser_case, gofeed_case
from tests.cpu_time import measured

LISTED = Path(__file__).with_name("feed_differences.toml")
FEEDS = Path(__file__).parents[2].parent / "shared/data/feeds"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
pytestmark = pytest.mark.skipif(not FEEDS.is_dir(), reason="needs ../shared/data/feeds")


def read(file: Path) -> ParsedFeed | str:
    """The feed, or the words that refuse it; anything else is an error of the test."""
    try:
        return parse_feed(file.read_bytes(), url="http://feeds.example/f", now=NOW)
    except FeedError as error:
        return str(error)


def files(folder: str) -> list[Path]:
    return sorted(file for file in (FEEDS / folder).rglob("*") if file.suffix in (".xml", ".rss", ".atom"))


@pytest.mark.parametrize("folder", ["feedparser", "feedvalidator", "gofeed", "real"])
def test_every_file_is_a_feed_or_refused_in_words(folder: str) -> None:
    """No file of the collections raises anything else, takes long, or gives two entries one guid."""
    for file in files(folder):
        feed, seconds = measured(read, file)

        assert seconds < 2, file
        if isinstance(feed, ParsedFeed):
            assert len({entry.guid for entry in feed.entries}) == len(feed.entries), file


def test_hardly_any_feed_is_refused() -> None:
    """Of feedparser's own files only channels without a feed around them (CDF), and one that ends in its last tag."""
    refused = {file.relative_to(FEEDS): words for file in files("feedparser") if isinstance(words := read(file), str)}

    cut_off = [file.name for file, words in refused.items() if words.startswith("a feed that is cut off")]
    assert cut_off == ["aaa_illformed.xml"]
    assert {words for file, words in refused.items() if file.name not in cut_off} <= {
        "not a feed: XML with the root <channel>"
    }
    assert len(refused) < 10


def test_other_xml_is_refused() -> None:
    """Maps are no feeds, also where they mention a feed's namespace."""
    assert all(
        isinstance(read(file), str) for file in files("feedvalidator/kml") if b"<kml" in file.read_bytes()[:2000]
    )


def test_entries_are_those_that_another_parser_finds() -> None:
    """Against rss-parser on feeds as captured: as many entries in the same order, with the same links and dates."""
    compared = 0
    for expected in sorted((FEEDS / "real/rss-parser/expected").glob("*.json")):
        [file] = (FEEDS / "real/rss-parser").glob(f"{expected.stem}.*")
        items = json.loads(expected.read_text("utf-8"))["feed"]["items"]
        feed = read(file)
        assert isinstance(feed, ParsedFeed), feed
        for item, entry in zip(items, feed.entries, strict=True):
            link = urljoin("http://feeds.example/f", item["link"].strip()) if item.get("link") else None
            if link is None or "feedproxy" not in link:  # there we take the publisher's own address
                assert entry.url == link, file
            if item.get("isoDate"):
                assert entry.published_at == datetime.fromisoformat(item["isoDate"]).replace(microsecond=0), file
            compared += 1

    assert compared > 300


def test_titles_are_those_that_another_parser_finds() -> None:
    """Against rss-parser: the same titles but for entities, where the expectation was read in the right charset."""
    for name in ("guardian.rss", "reddit-atom.rss", "heise.atom", "rss-1.rss", "feedburner.atom"):
        file = FEEDS / "real/rss-parser" / name
        document: dict[str, Any] = json.loads((file.parent / "expected" / f"{file.stem}.json").read_text("utf-8"))
        feed = read(file)
        assert isinstance(feed, ParsedFeed), feed

        titles = [" ".join(unescape(item["title"]).split()) for item in document["feed"]["items"]]
        assert [entry.title for entry in feed.entries] == titles


def listed(*folders: str) -> list[str]:
    """The differences that were reviewed, of these collections."""
    document = tomllib.loads(LISTED.read_text("utf-8"))
    cases = [case for difference in document["difference"] for case in difference["cases"]]
    assert len(set(cases)) == len(cases)
    return sorted(case for case in cases if case.startswith(folders))


def compared(folder: str) -> Iterator[tuple[str, bool]]:
    """Each claim of a collection, and whether we differ from it."""
    for file in files(folder):
        case = feedparser_case(file) if folder == "feedparser" else gofeed_case(file)
        url = urljoin("http://127.0.0.1:8097/", case.headers.get("content-location", ""))
        try:
            feed = parse_feed(case.body, content_type=case.headers.get("content-type", ""), url=url, now=NOW)
        except FeedError:
            feed = None
        for claim in case.claims:
            yield f"{file.relative_to(FEEDS)}: {claim}", feed is None or differs(feed, claim)


@pytest.mark.parametrize(("folder", "least"), [("feedparser", 600), ("gofeed", 350)])
def test_each_feed_says_what_its_collection_expects(folder: str, least: int) -> None:
    """Entries, titles, texts, links, ids, authors and dates are those expected, but for reviewed differences."""
    claims = list(compared(folder))

    assert len(claims) >= least
    assert sorted(name for name, differ in claims if differ) == listed(f"{folder}/")


def test_there_is_an_entry_for_each_element_with_words() -> None:
    """Another parser's count of items with a title, text, link or id is ours, but for reviewed differences."""
    wrong, counted = [], 0
    for file in [*files("feedvalidator"), *files("real")]:
        feed, count = read(file), len(elements(file))
        counted += count
        if count != (len(feed.entries) if isinstance(feed, ParsedFeed) else 0):
            wrong.append(f"{file.relative_to(FEEDS)}: entries")

    assert counted > 900
    assert sorted(wrong) == listed("feedvalidator/", "real/")


def elements(file: Path) -> list[Any]:
    """The items and entries of a document that hold something to read."""
    told = {"title", "link", "id", "guid", "description", "summary", "content", "encoded"}
    try:
        root = etree.fromstring(file.read_bytes(), etree.XMLParser(recover=True, resolve_entities=False))
    except etree.XMLSyntaxError:
        return []
    return [
        element
        for element in (() if root is None else root.iter("{*}item", "{*}entry"))
        if any(local(child) in told and (child.get("href") or "".join(child.itertext()).strip()) for child in element)
    ]


def local(element: Any) -> str:
    """The name of an element without its namespace, declared or not; "" for comments."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""
