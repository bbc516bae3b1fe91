"""News sitemaps (https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap).

Large publishers list the articles of two days there, often more of them than in any of their feeds.
"""

from __future__ import annotations

from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from extractors.feeds.rawfeed import RawFeed, RawItem, Words
from sectorwatch.errors import FeedError
from sectorwatch.plurals import counted


def read_sitemap(text: str) -> RawFeed:
    """The news in the text of a sitemap. Raises FeedError where it names none: a list of pages is no news."""
    parser = etree.XMLParser(encoding="utf-8", recover=True, resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise FeedError(f"a sitemap that cannot be read: {str(error)[:100]}") from error
    urls = [] if root is None else root.findall("{*}url")
    items = tuple(_item(url, news) for url in urls if (news := url.find("{*}news")) is not None)
    if not items:
        raise FeedError("a sitemap without news instead of a feed: look in robots.txt for one of news, or for a feed")
    first = next(news for url in urls if (news := url.find("{*}news")) is not None)
    return RawFeed(
        format="news-sitemap",
        title=Words(text=_text(first, "{*}publication/{*}name"), markup=False),
        language=_text(first, "{*}publication/{*}language"),
        link="",
        items=items,
        problems=(f"{counted(len(urls) - len(items), 'page that is', 'pages that are')} no news left out",)
        if len(items) < len(urls)
        else (),
    )


def _item(url: Any, news: Any) -> RawItem:
    return RawItem(
        link=_text(url, "{*}loc"),
        title=Words(text=_text(news, "{*}title"), markup=False),
        published=_text(news, "{*}publication_date"),
        updated=_text(url, "{*}lastmod"),
        language=_text(news, "{*}publication/{*}language"),
        image=_text(url, "{*}image/{*}loc"),
    )


def _text(element: Any, path: str) -> str:
    return str(element.findtext(path) or "").strip()
