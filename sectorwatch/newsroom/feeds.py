"""Feeds of the sample newsroom: RSS 2.0, Atom 1.0, RSS 1.0 and JSON Feed 1.1.

Each format carries the same facts in its own words, so that a reader which understands all four finds the same
entries in all four.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from sectorwatch.newsroom.content import Article, Edition, FeedPlan, Publisher
from sectorwatch.newsroom.pages import address, article_html, moment

MEDIA_TYPES = {
    "rss20": "application/rss+xml",
    "rss10": "application/rdf+xml",
    "atom10": "application/atom+xml",
    "json11": "application/feed+json",
}


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What a feed shows: the articles in order, and what is needed to date and identify them."""

    feed: FeedPlan
    publisher: Publisher
    articles: Sequence[Article]
    edition: Edition
    anchor: datetime  # UTC

    @property
    def home(self) -> str:
        return address(self.publisher, "/")

    @property
    def url(self) -> str:
        return address(self.publisher, self.feed.path)

    @property
    def updated(self) -> datetime:
        """When the newest article was published or revised."""
        return max(self.revised(article) for article in self.articles)

    def link(self, article: Article) -> str:
        return address(self.publisher, article.path)

    def guid(self, article: Article) -> str:
        """The identity under which the edition lists the article; one publisher changes it on the way."""
        if article.day_guid and self.edition is Edition.DAY:
            return article.day_guid
        if self.feed.guid == "tag":
            return f"tag:{self.publisher.host},2026:{article.id}"
        return self.link(article)

    def author(self, article: Article) -> str:
        return article.author or self.publisher.name

    def published(self, article: Article) -> datetime:
        return moment(self.anchor, article.minutes)

    def revised(self, article: Article) -> datetime:
        return moment(self.anchor, article.last_minutes)


def feed_body(listing: Listing) -> bytes:
    """The bytes of the feed; characters that its encoding lacks become character references."""
    return _RENDERERS[listing.feed.format](listing).encode(listing.feed.encoding, "xmlcharrefreplace")


def _iso(at: datetime) -> str:
    """RFC 3339."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _declaration(feed: FeedPlan) -> str:
    return f'<?xml version="1.0" encoding="{feed.encoding}"?>\n'


def _rss20(listing: Listing) -> str:
    items = "\n".join(_rss20_item(listing, article) for article in listing.articles)
    return f"""{_declaration(listing.feed)}<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" \
xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>{escape(listing.feed.title)}</title>
<link>{listing.home}</link>
<description>{escape(listing.publisher.name)}</description>
<language>{listing.feed.language}</language>
<lastBuildDate>{format_datetime(listing.updated, usegmt=True)}</lastBuildDate>
<ttl>15</ttl>
<atom:link href={quoteattr(listing.url)} rel="self" type="application/rss+xml"/>
{items}
</channel>
</rss>
"""


def _rss20_item(listing: Listing, article: Article) -> str:
    link, guid = listing.link(article), listing.guid(article)
    full = f"\n<content:encoded>{escape(article_html(article))}</content:encoded>" if listing.feed.full_text else ""
    return f"""<item>
<title>{escape(article.title)}</title>
<link>{link}</link>
<guid isPermaLink="{"true" if guid == link else "false"}">{escape(guid)}</guid>
<pubDate>{format_datetime(listing.published(article), usegmt=True)}</pubDate>
<dc:creator>{escape(listing.author(article))}</dc:creator>
<category>{escape(article.section)}</category>
<description>{escape(article.summary)}</description>{full}
</item>"""


def _atom10(listing: Listing) -> str:
    entries = "\n".join(_atom10_entry(listing, article) for article in listing.articles)
    return f"""{_declaration(listing.feed)}<feed xmlns="http://www.w3.org/2005/Atom" \
xml:lang="{listing.feed.language}">
<id>{listing.url}</id>
<title>{escape(listing.feed.title)}</title>
<updated>{_iso(listing.updated)}</updated>
<link rel="self" href={quoteattr(listing.url)}/>
<link rel="alternate" type="text/html" href={quoteattr(listing.home)}/>
<author><name>{escape(listing.publisher.name)}</name></author>
{entries}
</feed>
"""


def _atom10_entry(listing: Listing, article: Article) -> str:
    full = f'\n<content type="html">{escape(article_html(article))}</content>' if listing.feed.full_text else ""
    return f"""<entry>
<id>{escape(listing.guid(article))}</id>
<title type="text">{escape(article.title)}</title>
<link rel="alternate" type="text/html" href={quoteattr(listing.link(article))}/>
<published>{_iso(listing.published(article))}</published>
<updated>{_iso(listing.revised(article))}</updated>
<author><name>{escape(listing.author(article))}</name></author>
<category term={quoteattr(article.section)}/>
<summary type="text">{escape(article.summary)}</summary>{full}
</entry>"""


def _rss10(listing: Listing) -> str:
    listed = "\n".join(f"<rdf:li rdf:resource={quoteattr(listing.link(article))}/>" for article in listing.articles)
    items = "\n".join(_rss10_item(listing, article) for article in listing.articles)
    return f"""{_declaration(listing.feed)}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" \
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about={quoteattr(listing.url)}>
<title>{escape(listing.feed.title)}</title>
<link>{listing.home}</link>
<description>{escape(listing.publisher.name)}</description>
<dc:language>{listing.feed.language}</dc:language>
<items><rdf:Seq>
{listed}
</rdf:Seq></items>
</channel>
{items}
</rdf:RDF>
"""


def _rss10_item(listing: Listing, article: Article) -> str:
    """An RSS 1.0 item: its identity is its address (`rdf:about`), the format has no other."""
    return f"""<item rdf:about={quoteattr(listing.link(article))}>
<title>{escape(article.title)}</title>
<link>{listing.link(article)}</link>
<description>{escape(article.summary)}</description>
<dc:creator>{escape(listing.author(article))}</dc:creator>
<dc:date>{_iso(listing.published(article))}</dc:date>
</item>"""


def _json11(listing: Listing) -> str:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": listing.feed.title,
        "home_page_url": listing.home,
        "feed_url": listing.url,
        "language": listing.feed.language,
        "authors": [{"name": listing.publisher.name}],
        "items": [_json11_item(listing, article) for article in listing.articles],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _json11_item(listing: Listing, article: Article) -> dict[str, object]:
    # An item must have content_html or content_text (JSON Feed 1.1): the summary stands in where the text is not given.
    full = listing.feed.full_text
    content = {"content_html": article_html(article)} if full else {"content_text": article.summary}
    return {
        "id": listing.guid(article),
        "url": listing.link(article),
        "title": article.title,
        "summary": article.summary,
        **content,
        "date_published": _iso(listing.published(article)),
        "date_modified": _iso(listing.revised(article)),
        "authors": [{"name": listing.author(article)}],
        "tags": [article.section],
    }


_RENDERERS: dict[str, Callable[[Listing], str]] = {
    "rss20": _rss20,
    "atom10": _atom10,
    "rss10": _rss10,
    "json11": _json11,
}
