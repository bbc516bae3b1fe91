"""Every document an edition of the sample newsroom serves, rendered once, with its validators."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from sectorwatch.newsroom.content import Article, Edition, Library, Presence, Publisher
from sectorwatch.newsroom.feeds import MEDIA_TYPES, Listing, feed_body
from sectorwatch.newsroom.pages import article_page, front_page, language_of, moment

ROBOTS = b"User-agent: *\nDisallow: /search\n"

Site = Mapping[tuple[str, str], "Document"]
"""Documents by host and path."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """What one address answers."""

    body: bytes
    content_type: str
    status: int = 200
    etag: str | None = None
    last_modified: datetime | None = None  # whole seconds, UTC

    def headers(self) -> dict[str, str]:
        """The validators as header fields."""
        fields = {}
        if self.etag is not None:
            fields["ETag"] = self.etag
        if self.last_modified is not None:
            fields["Last-Modified"] = format_datetime(self.last_modified, usegmt=True)
        return fields

    def unchanged_for(self, if_none_match: str | None, if_modified_since: str | None) -> bool:
        """Whether the conditions of a GET hold, so that 304 is the answer (RFC 9110, section 13.2.2).

        If-None-Match goes first, by weak comparison; If-Modified-Since counts only where the former is absent.
        """
        if self.status != 200:
            return False
        if if_none_match is not None:
            tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
            return "*" in tags or (self.etag is not None and self.etag.removeprefix("W/") in tags)
        if if_modified_since is None or self.last_modified is None:
            return False
        try:
            since = parsedate_to_datetime(if_modified_since)
        except ValueError:
            return False  # an unreadable date is no condition (section 13.1.3)
        return self.last_modified <= (since if since.tzinfo else since.replace(tzinfo=UTC))


def build_site(library: Library, edition: Edition, anchor: datetime) -> Site:
    """All documents of `edition`. The same library, edition and anchor give the same bytes."""
    site: dict[tuple[str, str], Document] = {}
    for publisher in library.publishers:
        shown = [article for article in library.articles(edition) if article.publisher == publisher.id]
        furniture = library.furniture[publisher.feeds[0].language]
        site[publisher.host, "/"] = _page(front_page(publisher, furniture, shown), publisher, None)
        site[publisher.host, "/robots.txt"] = Document(body=ROBOTS, content_type="text/plain; charset=utf-8")
        for feed in publisher.feeds:
            listed = [article for article in shown if article.feed == feed.id]
            listing = Listing(feed=feed, publisher=publisher, articles=listed, edition=edition, anchor=anchor)
            site[publisher.host, feed.path] = _feed(listing)
        for article in shown:
            site[publisher.host, article.path] = _article(library, article, publisher, shown, anchor)
    return site


def _feed(listing: Listing) -> Document:
    feed = listing.feed
    if feed.presence is not Presence.ONLINE:
        return Document(body=b"This feed has been closed.\n", content_type="text/plain; charset=utf-8", status=410)
    body = feed_body(listing)
    # A feed in another encoding leaves it to its XML declaration to say so, as such feeds do.
    charset = "; charset=utf-8" if feed.encoding == "utf-8" else ""
    return Document(
        body=body,
        content_type=MEDIA_TYPES[feed.format] + charset,
        etag=_tag(body) if "etag" in feed.validators else None,
        last_modified=listing.updated if "last-modified" in feed.validators else None,
    )


def _article(
    library: Library, article: Article, publisher: Publisher, shown: Sequence[Article], anchor: datetime
) -> Document:
    language = language_of(publisher, article)
    if article.status != 200:
        body = f"<!doctype html><html lang={language}><title>{article.status}</title><p>{article.status}</p></html>\n"
        return Document(body=body.encode(), content_type="text/html; charset=utf-8", status=article.status)
    page = article_page(article, publisher, library.furniture[language], shown, anchor)
    return _page(page, publisher, moment(anchor, article.last_minutes))


def _page(body: bytes, publisher: Publisher, last_modified: datetime | None) -> Document:
    charset = "; charset=utf-8" if publisher.page_encoding == "utf-8" else ""  # the meta element says it elsewhere
    return Document(body=body, content_type="text/html" + charset, etag=_tag(body), last_modified=last_modified)


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:20]}"'
