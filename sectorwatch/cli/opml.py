"""Writes OPML 2.0 (http://opml.org/spec2.opml) that `feeds import` reads without a loss."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

if TYPE_CHECKING:
    from storage.views.feeds import FeedRow

NAMESPACE = "urn:sectorwatch:opml:1"  # attributes of other programs have to have one (OPML 2.0, "Extending OPML")


def opml_of(feeds: Sequence[FeedRow], now: datetime) -> bytes:
    """The feeds as OPML in UTF-8: in their folders, with publisher, country and side as attributes of our own."""
    register_namespace("sectorwatch", NAMESPACE)
    root = Element("opml", version="2.0")
    head = SubElement(root, "head")
    SubElement(head, "title").text = "Feeds of Sectorwatch"
    SubElement(head, "dateCreated").text = format_datetime(now)
    SubElement(head, "docs").text = "http://opml.org/spec2.opml"
    folders = {"": SubElement(root, "body")}
    for feed in feeds:
        said = {"text": feed.title or feed.url, "type": "rss", "xmlUrl": feed.url}
        said |= {"title": feed.title} if feed.title else {}
        said |= {"language": feed.language} if feed.language else {}
        own = {"publisher": feed.publisher, "country": feed.country, "side": feed.side}
        said |= {f"{{{NAMESPACE}}}{name}": value for name, value in own.items() if value}
        SubElement(_folder(folders, feed.folder), "outline", said)
    indent(root)
    return bytes(tostring(root, "utf-8", xml_declaration=True)) + b"\n"


def _folder(folders: dict[str, Element], path: str) -> Element:
    if path not in folders:
        outer, _, name = path.rpartition(" / ")
        folders[path] = SubElement(_folder(folders, outer), "outline", text=name)
    return folders[path]
