"""A sector to follow in a feed reader: Atom (RFC 4287) and JSON Feed 1.1, a story an entry."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from xml.etree import ElementTree as ET

from starlette.requests import Request
from starlette.responses import Response

from alerts.plain import plain
from sectorwatch.domain import utc
from sectorwatch.web.site import Site
from storage.sector_views import Sighting

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES = 50
_EPOCH = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, kw_only=True)
class Followed:
    """What a feed is made of. Addresses are absolute, and the same for as long as the site has its address."""

    title: str
    site: Site
    home: str  # of the site, without a slash at the end
    page: str  # that the feed goes with, below it
    address: str  # of the feed itself, below it
    stories: Sequence[Sighting]

    def link(self, story: Sighting) -> str:
        return f"{self.home}/stories/{story.story_id}"


def atom(feed: Followed) -> bytes:
    """The feed as Atom. An entry keeps its id whatever joins its story; `updated` is that of the newest article."""
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": feed.site.words.language})
    _add(root, "title", feed.title)
    _add(root, "id", f"{feed.home}/{feed.page}")
    _add(root, "updated", _moment(feed.stories[0]) if feed.stories else _EPOCH)
    _add(root, "link", rel="self", type="application/atom+xml", href=f"{feed.home}/{feed.address}")
    _add(root, "link", rel="alternate", type="text/html", href=f"{feed.home}/{feed.page}")
    _add(_add(root, "author"), "name", "Sectorwatch")
    for story in feed.stories:
        entry = _add(root, "entry")
        _add(entry, "title", feed.site.title(story.title) or feed.title)
        _add(entry, "id", feed.link(story))
        _add(entry, "updated", _moment(story))
        _add(entry, "link", rel="alternate", type="text/html", href=feed.link(story))
        if link := feed.site.outside(story.url):
            _add(entry, "link", rel="via", href=link)
        _add(_add(entry, "author"), "name", feed.site.publisher(story.publisher))
        _add(entry, "summary", feed.site.quote(story.sentence, story.start, story.end).text)
        _add(entry, "category", term=story.sector)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def json_feed(feed: Followed) -> bytes:
    """The feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    items = [
        {
            "id": feed.link(story),
            "url": feed.link(story),
            "external_url": feed.site.outside(story.url),
            "title": feed.site.title(story.title),
            "content_text": feed.site.quote(story.sentence, story.start, story.end).text,
            "date_modified": _moment(story),
            "language": story.language or None,
            "authors": [{"name": feed.site.publisher(story.publisher)}],
            "tags": [story.sector],
        }
        for story in feed.stories
    ]
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": f"{feed.home}/{feed.page}",
        "feed_url": f"{feed.home}/{feed.address}",
        "language": feed.site.words.language,
        "items": [{name: value for name, value in item.items() if value is not None} for item in items],
    }
    return json.dumps(document, ensure_ascii=False).encode()


def answer(request: Request, body: bytes, media_type: str) -> Response:
    """The document, or 304 where the reader has it (RFC 9110, 13.1.2)."""
    etag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": "public, max-age=60", "Vary": "Accept-Language"}
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _moment(story: Sighting) -> str:
    return utc(story.at).strftime("%Y-%m-%dT%H:%M:%SZ")


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    if text:
        child.text = plain(text)
    return child
