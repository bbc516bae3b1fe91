"""What the sample newsroom serves, as bytes: feeds and pages that the usual readers understand."""

from __future__ import annotations

import calendar
import io
import json
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher

import feedparser  # type: ignore[import-untyped]  # it has no stubs
import pytest
import trafilatura

from sectorwatch.newsroom.content import Article, Edition, FeedPlan, Presence, Publisher, load_library
from sectorwatch.newsroom.documents import Document, build_site

ANCHOR = datetime(2026, 9, 20, 12, 0, tzinfo=UTC)
LIBRARY = load_library()
HOSTS = {publisher.id: publisher.host for publisher in LIBRARY.publishers}
XML_FEEDS = [
    (publisher, feed)
    for publisher in LIBRARY.publishers
    for feed in publisher.feeds
    if feed.presence is Presence.ONLINE and feed.format != "json11"
]
VERSIONS = {"rss20": "rss20", "rss10": "rss10", "atom10": "atom10"}
"""What feedparser calls our formats."""
SITE = build_site(LIBRARY, Edition.DAY, ANCHOR)
READABLE = [article for article in LIBRARY.articles(Edition.DAY) if article.status == 200]


def _page(article: Article) -> Document:
    return SITE[HOSTS[article.publisher], article.path]


def _listed(publisher: str, feed: str, edition: Edition = Edition.DAY) -> list[Article]:
    return [a for a in LIBRARY.articles(edition) if (a.publisher, a.feed) == (publisher, feed)]


@pytest.mark.parametrize(("publisher", "feed"), XML_FEEDS, ids=lambda part: part.id)
def test_xml_feeds_say_the_same(publisher: Publisher, feed: FeedPlan) -> None:
    """Each XML feed parses without complaint and lists its articles with title, summary, link and date."""
    document = SITE[publisher.host, feed.path]
    parsed = feedparser.parse(io.BytesIO(document.body), response_headers={"content-type": document.content_type})
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == VERSIONS[feed.format]
    assert parsed.encoding.lower() == feed.encoding
    articles = _listed(publisher.id, feed.id)
    assert [entry.title for entry in parsed.entries] == [article.title for article in articles]
    for entry, article in zip(parsed.entries, articles, strict=True):
        assert entry.summary == article.summary
        assert entry.link == f"http://{publisher.host}{article.path}"
        stated = entry.published_parsed if "published" in entry else entry.updated_parsed  # dc:date is "updated" to it
        published = datetime.fromtimestamp(calendar.timegm(stated), UTC)
        assert published == ANCHOR + timedelta(minutes=article.minutes)


def test_json_feed_says_the_same() -> None:
    """The JSON feed is one of version 1.1 with identity, text and date of each article."""
    document = SITE["uferbote.test", "/feed.json"]
    feed = json.loads(document.body)
    assert document.content_type == "application/feed+json; charset=utf-8"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    articles = _listed("uferbote", "alle")
    assert [item["title"] for item in feed["items"]] == [article.title for article in articles]
    for item, article in zip(feed["items"], articles, strict=True):
        assert item["id"] == item["url"] == f"http://uferbote.test{article.path}"
        assert article.blocks[0].text in item["content_html"]
        assert datetime.fromisoformat(item["date_published"]) == ANCHOR + timedelta(minutes=article.minutes)


def test_every_format_is_served() -> None:
    """RSS 2.0, Atom 1.0, RSS 1.0 and JSON Feed all have a working feed."""
    working = {feed.format for p in LIBRARY.publishers for feed in p.feeds if feed.presence is Presence.ONLINE}
    assert working == {"rss20", "atom10", "rss10", "json11"}


def test_windows_1251_is_declared_inside_only() -> None:
    """The Russian feed and its pages are windows-1251 and leave it to the document to say so."""
    feed = SITE["prioksky-kurier.test", "/export/rss.xml"]
    article = _listed("prioksky-kurier", "all")[0]
    for document in (feed, _page(article)):
        assert "charset" not in document.content_type
        assert article.title in document.body.decode("windows-1251")
        with pytest.raises(UnicodeDecodeError):
            document.body.decode("utf-8")
    assert b'encoding="windows-1251"' in feed.body
    assert b'<meta charset="windows-1251">' in _page(article).body


@pytest.mark.parametrize("article", READABLE, ids=lambda article: article.id)
def test_extraction_finds_what_we_wrote(article: Article) -> None:
    """A plain extraction of each page finds more than 95 % of our words and little else."""
    written = article.text.split()
    found = (trafilatura.extract(_page(article).body, fast=True, include_comments=False) or "").split()
    same = sum(block.size for block in SequenceMatcher(None, written, found, autojunk=False).get_matching_blocks())
    assert same / len(written) > 0.95
    assert len(found) - same <= len(article.title.split()) + 3


@pytest.mark.parametrize("article", READABLE, ids=lambda article: article.id)
def test_pages_describe_themselves(article: Article) -> None:
    """Each page states title, description, language, canonical address and publication time."""
    page = _page(article)
    text = page.body.decode("utf-8" if "charset=utf-8" in page.content_type else "windows-1251")
    assert f'<html lang="{article.id.split("-")[0]}">' in text
    assert f'<link rel="canonical" href="http://{HOSTS[article.publisher]}{article.path}">' in text
    published = ANCHOR + timedelta(minutes=article.minutes)
    assert f'<meta property="article:published_time" content="{published.isoformat()}">' in text
    metadata = trafilatura.extract_metadata(page.body)
    assert metadata is not None
    assert metadata.title is not None
    assert metadata.title.startswith(article.title[:40])


def test_furniture_names_the_sector_that_the_text_does_not() -> None:
    """The page about frost carries a cookie banner and links that name Kupiansk; its extracted text has neither."""
    page = SITE["slobozhanskyi-visnyk.test", "/hromady/first-frost"].body
    html = page.decode()
    assert html.count("Читайте також") == 2
    assert html.count("Куп’янському напрямку") == 2
    assert "cookie-banner" in html
    text = trafilatura.extract(page, fast=True, include_comments=False)
    assert text is not None
    assert "Куп" not in text
    assert "cookie" not in text


def test_guid_changes_while_the_address_stays() -> None:
    """The day edition lists one known address under another GUID, and every other entry under the same."""
    identities = []
    for edition in Edition:
        body = build_site(LIBRARY, edition, ANCHOR)["slobozhanskyi-visnyk.test", "/feed/"].body
        identities.append({entry.link: entry.id for entry in feedparser.parse(io.BytesIO(body)).entries})
    morning, day = identities
    assert morning.keys() < day.keys()
    changed = [link for link in morning if morning[link] != day[link]]
    assert changed == ["http://slobozhanskyi-visnyk.test/viina/oskil-villages"]


def test_same_anchor_same_bytes() -> None:
    """Two builds with one anchor are equal byte for byte; another anchor moves the dates and nothing else."""
    assert build_site(LIBRARY, Edition.DAY, ANCHOR) == SITE
    later = build_site(LIBRARY, Edition.DAY, ANCHOR + timedelta(days=1))
    assert later.keys() == SITE.keys()
    key = ("northern-wire.test", "/rss.xml")
    assert later[key].body != SITE[key].body
    entries = [feedparser.parse(io.BytesIO(site[key].body)).entries for site in (SITE, later)]
    assert [entry.id for entry in entries[0]] == [entry.id for entry in entries[1]]


MODIFIED = ANCHOR - timedelta(minutes=12)
DOCUMENT = Document(body=b"x", content_type="text/plain", etag='"abc"', last_modified=MODIFIED)
DATE = "Sun, 20 Sep 2026 11:48:00 GMT"
EARLIER = "Sun, 20 Sep 2026 11:47:59 GMT"


@pytest.mark.parametrize(
    ("none_match", "modified_since", "unchanged"),
    [
        (None, None, False),
        ('"abc"', None, True),
        ('W/"abc"', None, True),
        ('"old", "abc"', None, True),
        ("*", None, True),
        ('"old"', None, False),
        ('"old"', DATE, False),  # the tag goes first
        ('"abc"', EARLIER, True),
        (None, DATE, True),
        (None, EARLIER, False),
        (None, "yesterday", False),
    ],
)
def test_conditions_follow_the_standard(none_match: str | None, modified_since: str | None, unchanged: bool) -> None:
    """304 is answered exactly when RFC 9110 says so: tags by weak comparison and first, dates otherwise."""
    assert DOCUMENT.unchanged_for(none_match, modified_since) is unchanged


def test_an_error_is_never_unchanged() -> None:
    """A refused page answers 403 even to a condition that matches anything."""
    assert not Document(body=b"", content_type="text/html", status=403).unchanged_for("*", None)
