"""RSS and Atom by feedparser, told what the charset is and kept from the network and the file system."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

import feedparser  # type: ignore[import-untyped]  # ships no types

from extractors.feeds.rawfeed import RawFeed, RawItem, Words
from extractors.markup import one_line
from sectorwatch.errors import FeedError

feedparser.api.PREFERRED_XML_PARSERS.clear()  # else it looks on the disk for a parser nobody has, for each feed

_PROLOG = re.compile(r"<\?xml[^>]{0,500}\?>")
_REFERENCES = re.compile(r"(?:&#(?:[xX][0-9a-fA-F]+|[0-9]+);?)+")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_AT_LINK = re.compile(
    r"""<link\s+uri\s*=\s*["']at://[^"'<>]{0,500}["']\s*>"""
)  # for feedparser that is the link, not its text
_SKIPPED_MOST = 4_000  # characters of such a list
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8_760}  # of the sy: module


def read_xml(text: str) -> RawFeed:
    """The feed in an XML text; links stay relative unless xml:base says to what.

    A text that is no feed has no format and no items. Raises FeedError where the parser itself fails.
    """
    # The text is decoded already: its own declaration of a charset no longer holds. A stream, because feedparser takes
    # a string for an address or a file name when it looks like one.
    plain = _AT_LINK.sub("<link>", _PROLOG.sub("", text, count=1).lstrip())
    mended = _REFERENCES.sub(_mended, plain)
    stream = io.BytesIO(mended.encode("utf-8", "replace"))
    # It is not told the feed's address: it would resolve guids too, which must not change when the feed moves.
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        parsed: Mapping[str, Any] = feedparser.parse(
            stream, response_headers=headers, resolve_relative_uris=False, sanitize_html=False
        )
    except MemoryError:
        raise
    except Exception as error:
        raise FeedError(f"the feed cannot be read: {type(error).__name__} in the parser") from error
    feed, entries = parsed.get("feed") or {}, parsed["entries"]
    problems = _problems(parsed)
    if problems and len(entries) > 1 and _cut_off(text):
        entries, problems = entries[:-1], (*problems, "the feed is cut off: its last entry is left out")
    return RawFeed(
        format=str(parsed.get("version") or ""),
        title=_words(feed, "title"),
        language=_string(feed, "language"),
        link=_string(feed, "link"),
        items=tuple(_item(entry) for entry in entries),
        minutes=_minutes(feed),
        skip_hours=_skip_hours(text),
        skip_days=_skip_days(text),
        problems=problems,
    )


def _mended(match: re.Match[str]) -> str:
    """Character references without those that no character has, which end feedparser; halves of one are joined.

    Emoji are often written as two references to surrogates, as in JavaScript.
    """
    codes = [_code(hexadecimal, decimal) for hexadecimal, decimal in _REFERENCE.findall(match[0])]
    if all(0 < code < 0xD800 or 0xDFFF < code < 0x110000 for code in codes):
        return match[0]
    halves = "".join(chr(code) for code in codes if 0 < code < 0x110000)
    text = halves.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return "".join(f"&#{ord(char)};" for char in text)


def _code(hexadecimal: str, decimal: str) -> int:
    """The number of a reference; 0 for one too long to be any."""
    if len(hexadecimal or decimal) > 9:
        return 0
    return int(hexadecimal, 16) if hexadecimal else int(decimal)


def _item(entry: Mapping[str, Any]) -> RawItem:
    summary, content = _words(entry, "summary"), _content(entry)
    if content.text == summary.text:
        summary = Words()  # feedparser gives the content for a summary where there is none
    guid, link = _string(entry, "id"), _string(entry, "feedburner_origlink") or _string(entry, "link")
    if link == guid and "://" not in link:
        link = ""  # a guid that calls itself a permalink, by default, and is none
    date = next((key for key in ("published", "updated", "created") if _string(entry, key)), "published")
    return RawItem(
        guid=guid,
        link=link,
        title=_words(entry, "title"),
        summary=summary,
        content=content,
        published=_string(entry, date),
        published_read=dict.get(entry, f"{date}_parsed"),  # type: ignore[call-overload]  # a dict that dislikes `get`
        updated=_string(entry, "updated"),
        updated_read=dict.get(entry, "updated_parsed"),  # type: ignore[call-overload]
        author=_string(entry, "author"),
        image=_image(entry),
        language=_string(entry, "language") or _language(entry),
    )


def _words(holder: Mapping[str, Any], key: str) -> Words:
    detail = holder.get(f"{key}_detail") or {}
    return Words(text=_string(holder, key), markup=detail.get("type") != "text/plain")


def _content(entry: Mapping[str, Any]) -> Words:
    """The longest of the full texts that the entry carries."""
    texts = [
        Words(text=str(part.get("value") or ""), markup=part.get("type") != "text/plain")
        for part in entry.get("content") or ()
        if str(part.get("type", "text/html")).startswith(("text/", "application/xhtml"))
    ]
    return max(texts, key=lambda words: len(words.text), default=Words())


def _image(entry: Mapping[str, Any]) -> str:
    """The picture of an entry: a thumbnail (Media RSS), else the first medium or enclosure that is a picture."""
    media = [part for part in entry.get("media_content") or () if isinstance(part, dict)]
    pictures = [part for part in media if part.get("medium") == "image" or _is_picture(part)]
    enclosures = [part for part in entry.get("enclosures") or () if _is_picture(part)]
    for part in (*(entry.get("media_thumbnail") or ()), *pictures, *enclosures):
        if address := str(part.get("url") or part.get("href") or ""):
            return address
    return ""


def _is_picture(part: Mapping[str, Any]) -> bool:
    return str(part.get("type") or "").startswith("image/")


def _language(entry: Mapping[str, Any]) -> str:
    for detail in (entry.get("title_detail"), *(entry.get("content") or ())):
        if detail and detail.get("language"):
            return str(detail["language"])
    return ""


def _minutes(feed: Mapping[str, Any]) -> float:
    """How often the publisher asks to come: RSS's ttl in minutes, or the sy: module's times a period."""
    try:
        ttl = float(_string(feed, "ttl") or 0)
        times = float(_string(feed, "sy_updatefrequency") or 1)
    except ValueError:
        return 0
    hours = _HOURS.get(_string(feed, "sy_updateperiod").strip().lower(), 0)
    asked = max(ttl, hours * 60 / times if times >= 1 else 0)
    return asked if 0 < asked <= 525_600 else 0


def _skip_hours(text: str) -> frozenset[int]:
    """The hours of skipHours; 24 is 0 in some, as in RSS 0.91. feedparser keeps the last of them only."""
    hours = [int(found) for found in _listed(text, "skipHours", "hour") if found.isascii() and found.isdigit()]
    return frozenset(hour % 24 for hour in hours if hour <= 24)


def _skip_days(text: str) -> frozenset[int]:
    return frozenset(_DAYS.index(day) for found in _listed(text, "skipDays", "day") if (day := found.lower()) in _DAYS)


def _listed(text: str, holder: str, element: str) -> list[str]:
    start = re.search(rf"<{holder}[^<>]{{0,100}}>", text)
    if start is None:
        return []
    part = text[start.end() : start.end() + _SKIPPED_MOST].partition(f"</{holder}")[0]
    return [found.strip() for found in re.findall(rf"<{element}>([^<]{{1,20}})</{element}>", part)]


def _cut_off(text: str) -> bool:
    """Whether the last entry has no end: half of it would be stored as another one than the whole."""
    begun, ended = (max(text.rfind(f"{mark}{name}") for name in ("item", "entry")) for mark in ("<", "</"))
    return begun > ended > -1


def _problems(parsed: Mapping[str, Any]) -> tuple[str, ...]:
    if not parsed.get("bozo"):
        return ()
    return (f"not well-formed: {one_line(str(parsed.get('bozo_exception')), markup=False)[:200]}",)


def _string(holder: Mapping[str, Any], key: str) -> str:
    """The value where it is a text: odd feeds have elements with children in its place."""
    value = dict.get(holder, key)  # type: ignore[call-overload]  # past the aliases of feedparser's dict, which warn
    return value if isinstance(value, str) else ""
