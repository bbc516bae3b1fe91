"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from extractors.feeds.rawfeed import RawFeed, RawItem, Words
from sectorwatch.errors import FeedError
from sectorwatch.plurals import counted

_FORMATS = {"1": "json10", "1.1": "json11"}


def read_json(text: str) -> RawFeed:
    """The feed in a JSON text. Raises FeedError when it is none."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FeedError(f"JSON that cannot be read instead of a feed: {str(error)[:100]}") from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise FeedError("JSON, but no JSON Feed: it has no list of items")
    items = [_item(item) for item in document["items"] if isinstance(item, dict)]
    odd = len(document["items"]) - len(items)
    return RawFeed(
        format=_FORMATS.get(_string(document, "version").rpartition("/version/")[2], "json"),
        title=Words(text=_string(document, "title"), markup=False),
        language=_string(document, "language"),
        link=_string(document, "home_page_url"),
        items=tuple(items),
        problems=(f"{counted(odd, 'item that is no object', 'items that are no objects')} left out",) if odd else (),
    )


def _item(item: Mapping[str, Any]) -> RawItem:
    html = _string(item, "content_html")
    return RawItem(
        guid=_string(item, "id"),
        link=_string(item, "url") or _string(item, "external_url"),
        title=Words(text=_string(item, "title"), markup=False),
        summary=Words(text=_string(item, "summary"), markup=False),
        content=Words(text=html or _string(item, "content_text"), markup=bool(html)),
        published=_string(item, "date_published") or _string(item, "date_modified"),
        updated=_string(item, "date_modified"),
        author=", ".join(_authors(item)),
        image=_string(item, "image") or _string(item, "banner_image"),
        language=_string(item, "language"),
    )


def _authors(item: Mapping[str, Any]) -> Iterator[str]:
    """Names from `authors` (1.1) or `author` (1.0)."""
    authors = item.get("authors")
    for author in authors if isinstance(authors, list) else [item.get("author")]:
        if isinstance(author, dict) and (name := _string(author, "name")):
            yield name


def _string(item: Mapping[str, Any], key: str) -> str:
    """The value as text; some feeds have numbers for ids."""
    value = item.get(key)
    if isinstance(value, str):
        return value
    return str(value) if type(value) in (int, float) else ""
