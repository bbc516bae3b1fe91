"""Stories to follow in a feed reader: Atom (RFC 4287) and JSON Feed 1.1; and as a table to keep (CSV)."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from io import StringIO
from xml.etree import ElementTree as ET

from starlette.requests import Request
from starlette.responses import Response

from alerts.plain import plain
from sectorwatch.domain import utc

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES = 50
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_EPOCH = "1970-01-01T00:00:00Z"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would calculate with


@dataclass(frozen=True, kw_only=True)
class Followed:
    """A story as a feed has it: its words made plain."""

    story_id: int
    title: str
    sentence: str
    url: str | None  # of the article, where a reader may be led
    publisher: str
    side: str  # as filters have it; "" where it is not known
    language: str
    at: datetime
    sector: str = ""


@dataclass(frozen=True, kw_only=True)
class Following:
    """What a feed is made of. Addresses are absolute, and the same for as long as the site has its address."""

    title: str
    language: str
    home: str  # of the site, without a slash at the end
    page: str  # that the feed goes with, below it
    address: str  # of the feed itself, below it
    stories: Sequence[Followed]

    def link(self, story: Followed) -> str:
        return f"{self.home}/stories/{story.story_id}"


def atom(feed: Following) -> bytes:
    """The feed as Atom. An entry keeps its id whatever joins its story; `updated` is that of the newest article."""
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed", {_LANG: feed.language})
    _add(root, "title", feed.title)
    _add(root, "id", f"{feed.home}/{feed.page}")
    _add(root, "updated", max((_moment(story) for story in feed.stories), default=_EPOCH))
    _add(root, "link", rel="self", type="application/atom+xml", href=f"{feed.home}/{feed.address}")
    _add(root, "link", rel="alternate", type="text/html", href=f"{feed.home}/{feed.page}")
    _add(_add(root, "author"), "name", "Sectorwatch")
    for story in feed.stories:
        entry = _add(root, "entry")
        _add(entry, "title", story.title or feed.title)
        _add(entry, "id", feed.link(story))
        _add(entry, "updated", _moment(story))
        _add(entry, "link", rel="alternate", type="text/html", href=feed.link(story))
        if story.url:
            _add(entry, "link", rel="via", href=story.url)
        _add(_add(entry, "author"), "name", story.publisher)
        _add(entry, "summary", story.sentence)
        if story.sector:
            _add(entry, "category", term=story.sector)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def json_feed(feed: Following) -> bytes:
    """The feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    items = [
        {
            "id": feed.link(story),
            "url": feed.link(story),
            "external_url": story.url,
            "title": story.title,
            "content_text": story.sentence,
            "date_modified": _moment(story),
            "language": story.language or None,
            "authors": [{"name": story.publisher}],
            "tags": [story.sector] if story.sector else None,
        }
        for story in feed.stories
    ]
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": f"{feed.home}/{feed.page}",
        "feed_url": f"{feed.home}/{feed.address}",
        "language": feed.language,
        "items": [{name: value for name, value in item.items() if value is not None} for item in items],
    }
    return json.dumps(document, ensure_ascii=False).encode()


def table(feed: Following) -> bytes:
    """The stories as CSV (RFC 4180), in UTF-8 with the mark that spreadsheets know it by."""
    text = StringIO()
    rows = csv.writer(text)
    rows.writerow(("time", "sector", "title", "sentence", "publisher", "side", "language", "url", "story"))
    for story in feed.stories:
        words = (story.sector, story.title, story.sentence, story.publisher, story.side, story.language)
        rows.writerow((_moment(story), *map(no_formula, words), story.url or "", feed.link(story)))
    return text.getvalue().encode("utf-8-sig")


def answer(request: Request, body: bytes, media_type: str) -> Response:
    """The document, or 304 where the reader has it (RFC 9110, 13.1.2)."""
    etag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": "public, max-age=60", "Vary": "Accept-Language"}
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def no_formula(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value


def _moment(story: Followed) -> str:
    return utc(story.at).strftime("%Y-%m-%dT%H:%M:%SZ")


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    if text:
        child.text = plain(text)
    return child
