"""The feeds that a page names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from extractors.charset import decode
from extractors.declared import charset_of
from extractors.markup import cut, one_line
from extractors.urls import absolute, feed_key

MOST = 10  # links of one page that are worth a look
_MOST_NODES = 5_000
_TYPES = re.compile(
    r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|(?:application|text)/(?:xml|rss|atom)|application/json", re.I
)
_FEED_LIKE = re.compile(r"(?:^|[/._?=&-])(?:rss|atom|feeds?|rdf)(?:[/._?=&-]|2?$|2?\.(?:xml|php|aspx?|json))", re.I)
_COMMENTS = re.compile(r"comment|коммент|комент", re.I)

WELL_KNOWN = ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/rss/")
"""Where feeds mostly are, the most frequent first; asked one by one, as a last resort."""


@dataclass(frozen=True, kw_only=True)
class FeedLink:
    """A link of a page that may lead to a feed."""

    url: str
    title: str
    declared: bool  # by the page itself, as an alternate of it


def feed_links(body: bytes, content_type: str, url: str) -> list[FeedLink]:
    """What a page declares as its feeds, then links that look like one; feeds of comments last. Never raises."""
    tree = LexborHTMLParser(decode(body, [charset_of(content_type)]).text)
    root = tree.css_first("base[href]")
    base = absolute(url, (root.attributes.get("href") or "") if root else "") or url
    found: dict[str, FeedLink] = {}
    for node in tree.css("link[rel~=alternate i][href], link[rel~=feed i][href]")[:_MOST_NODES]:
        said = node.attributes
        if "feed" in (said.get("rel") or "").lower().split() or _TYPES.fullmatch((said.get("type") or "").strip()):
            _put(found, absolute(base, said.get("href") or ""), said.get("title") or "", declared=True)
    for node in tree.css("a[href]")[:_MOST_NODES]:
        link = absolute(base, node.attributes.get("href") or "")
        if link and _FEED_LIKE.search(link.partition("://")[2].partition("/")[2]):
            _put(found, link, node.text(strip=True)[:200], declared=False)
    comments = {key for key, link in found.items() if _COMMENTS.search(f"{link.url} {link.title}")}
    ordered = sorted(found.items(), key=lambda item: (item[0] in comments, not item[1].declared))
    return [link for _, link in ordered[:MOST]]


def _put(found: dict[str, FeedLink], url: str, title: str, *, declared: bool) -> None:
    key = feed_key(url)
    if url and key not in found:
        found[key] = FeedLink(url=url.partition("#")[0], title=cut(one_line(title), 200), declared=declared)
