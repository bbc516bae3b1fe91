"""Items that a feed lists as it did last time are not read again, and nothing else changes by that."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.feeds.feed import parse_feed
from extractors.feeds.pieces import MOST, pieces
from sectorwatch.domain import ParsedFeed
from sectorwatch.errors import FeedError

NOW = datetime(2026, 3, 1, tzinfo=UTC)
URL = "https://news.example/feed"
FEEDS = Path(__file__).parents[2].parent / "shared/data/feeds"


def item(number: int, said: str = "Said.") -> str:
    named = f"<title>News {number}</title><link>/{number}</link><guid>g-{number}</guid>"
    return f"<item>{named}<description>{said}</description></item>"


def rss(*items: str, head: str = "", root: str = "<rss version='2.0'>") -> str:
    return f"<?xml version='1.0'?>{root}<channel><title>Front</title>{head}{''.join(items)}</channel></rss>"


def read(text: str, *known: bytes, url: str = URL) -> ParsedFeed:
    return parse_feed(text.encode(), url=url, now=NOW, known=known)


def digests(text: str, *, url: str = URL) -> list[bytes]:
    return [entry.digest for entry in read(text, url=url).entries]


def test_what_was_read_is_not_read_again() -> None:
    """Of four items two were read before and are as they were: the new one and the edited one are read."""
    before = digests(rss(item(1), item(2), item(3)))
    now = read(
        rss(item(4), item(3), item(2, "Said otherwise."), item(1), head="<lastBuildDate>today</lastBuildDate>"), *before
    )

    assert [entry.guid for entry in now.entries] == ["g-4", "g-2"]
    assert now.kept == (before[2], before[0])


@pytest.mark.parametrize(
    ("root", "url"),
    [
        ("<rss version='2.0'>", "https://other.example/feed"),
        ("<rss version='2.0' xml:base='https://other.example/'>", URL),
        ("<rss version='2.0' xmlns:a='urn:a'>", URL),
    ],
)
def test_an_item_is_another_where_it_is_read_otherwise(root: str, url: str) -> None:
    """The same text under another address, base or namespace is not what was read."""
    text = rss(item(1), item(2))
    assert not {*digests(text)} & {*digests(rss(item(1), item(2), root=root), url=url)}


@pytest.mark.parametrize(
    "text",
    [
        rss(item(1), item(2).replace("Said.", "<![CDATA[</item>]]>")),
        rss(item(1), item(2).replace("Said.", "<![CDATA[<item >]]>")),
        rss(item(1), f"<!-- {item(2)} -->"),
        rss(item(1), item(2, "half a comment <!-- here"), item(3)),
        rss(item(1), item(2).removesuffix("</item>")),
        rss(item(1), item(1)),
        "<!DOCTYPE rss [<!ENTITY e 'x'>]>" + rss(item(1)).partition("?>")[2],
        rss(*(item(number) for number in range(MOST + 1))),
        rss(item(1)).replace("<rss", "<other").replace("</rss", "</other"),
        "<html><item></item></html>",
    ],
)
def test_a_doubtful_text_is_not_taken_apart(text: str) -> None:
    """Borders of items that a comment, a CDATA section, an entity or another item could move; and repeats."""
    assert pieces(text, url=URL) is None


def test_a_guid_that_two_items_share_has_all_read() -> None:
    """Told apart by what both are: so none of them counts as read before."""
    shared = [item(number).replace(f"g-{number}", "same") for number in (1, 2)]
    assert digests(rss(*shared)) == [b"", b""]
    known = digests(rss(item(3)))
    assert len(read(rss(*shared, item(3)), *known).entries) == 3


@pytest.mark.skipif(not FEEDS.is_dir(), reason="needs ../shared/data/feeds")
def test_what_is_left_out_changes_nothing_of_the_rest() -> None:
    """On the feeds of the collections: without every second item, the others and the feed are read as with them."""
    left_out = 0
    for file in sorted(file for file in FEEDS.rglob("*") if file.suffix in (".xml", ".rss", ".atom")):
        body = file.read_bytes()
        with suppress(FeedError):
            whole = parse_feed(body, url=URL, now=NOW)
            for half in (whole.entries[::2], whole.entries[1::2]):
                known = tuple(entry.digest for entry in half if entry.digest)
                part = parse_feed(body, url=URL, now=NOW, known=known)
                rest = tuple(entry for entry in whole.entries if entry.digest not in known)
                assert replace(part, problems=()) == replace(whole, entries=rest, kept=known, problems=()), file
                left_out += len(known)
    assert left_out > 500
