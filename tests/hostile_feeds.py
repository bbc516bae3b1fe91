"""Feeds made to hurt: each is built by code when it is asked for, with what should become of it.

`entries` are how many a reader gets, `refused` what the refusal says, `killed` the kind of sandbox error. What a feed's
first entry has to be is in `first`; where a case has no opinion on it, the general rules of the test hold all the same.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from extractors.reading import read_feed
from sectorwatch.domain import ParsedFeed

MB = 1 << 20
URL = "http://feeds.example/f"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Hostile:
    body: Callable[[], bytes]
    entries: int | None = None
    refused: str = ""  # a pattern
    killed: str = ""  # "timeout" or "memory", whichever comes first
    first: Mapping[str, object] = field(default_factory=dict)  # fields of the first entry
    content_type: str = ""


def read_measured(body: bytes, content_type: str) -> tuple[ParsedFeed, float, int]:
    """To be run in a sandbox: the feed, its seconds of CPU, and the most bytes that the process has ever had."""
    began = process_time()
    feed = read_feed(body, content_type, URL, NOW)
    status = Path("/proc/self/status").read_text("ascii")
    most = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return feed, process_time() - began, int(most.split()[1]) * 1024


def rss(items: str | bytes, *, prolog: str = "", charset: str = "utf-8", channel: str = "") -> Callable[[], bytes]:
    """An RSS feed of these items; what stands before the root is `prolog`."""
    head = f"{prolog}<rss version='2.0'><channel><title>T</title>{channel}"
    if isinstance(items, bytes):
        return lambda: head.encode() + items + b"</channel></rss>"
    return lambda: f"{head}{items}</channel></rss>".encode(charset)


def item(title: str = "A", *, more: str = "", guid: str = "1") -> str:
    return f"<item><title>{title}</title><guid isPermaLink='false'>{guid}</guid>{more}</item>"


def atom(entries: str, attributes: str = "") -> Callable[[], bytes]:
    return lambda: f"<feed xmlns='http://www.w3.org/2005/Atom' {attributes}><title>T</title>{entries}</feed>".encode()


def json_feed(*items: object, **fields: object) -> Callable[[], bytes]:
    document = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": list(items), **fields}
    return lambda: json.dumps(document).encode()


def dated(written: str) -> Callable[[], bytes]:
    return rss(item(more=f"<pubDate>{written}</pubDate>"))


def linked(link: str) -> Callable[[], bytes]:
    return rss(item(more=f"<link>{link}</link>"))


def many(piece: str, times: int) -> str:
    """The piece so many times, numbered."""
    return "".join(piece.format(number) for number in range(times))


def _laughs(levels: int, times: int) -> str:
    named = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * times}'>" for n in range(1, levels))
    return f"<!DOCTYPE rss [<!ENTITY e0 'ha'>{named}]>"


UNDATED = {"published_at": None}
NO_LINK = {"url": None, "canonical_url": None}
READ = {"title": "A"}

FEEDS: dict[str, Hostile] = {
    # entities and doctypes
    "billion laughs": Hostile(body=rss(item("&e9;"), prolog=_laughs(10, 10)), entries=1),
    "quadratic entity": Hostile(
        body=rss(item("&x;" * 20_000), prolog=f"<!DOCTYPE rss [<!ENTITY x '{'y' * 40_000}'>]>"), entries=1
    ),
    "entities in a circle": Hostile(
        body=rss(item("&a;"), prolog="<!DOCTYPE rss [<!ENTITY a '&b;'><!ENTITY b '&a;'>]>"), entries=1
    ),
    "external entity of a file": Hostile(
        body=rss(item("A&x;"), prolog="<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"), entries=1
    ),
    "external entity of an address": Hostile(
        body=rss(item("A&x;"), prolog="<!DOCTYPE rss [<!ENTITY x SYSTEM 'http://127.0.0.1:9/x'>]>"), entries=1
    ),
    "external doctype": Hostile(
        body=rss(item(), prolog="<!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/x.dtd'>"), entries=1, first=READ
    ),
    "parameter entities": Hostile(
        body=rss(item(), prolog="<!DOCTYPE rss [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x; %y;]>"), entries=1
    ),
    "parameter entities nested": Hostile(
        body=rss(item(), prolog="<!DOCTYPE rss [<!ENTITY % a '&#37;b;'><!ENTITY % b '&#37;a;'> %a;]>"), entries=1
    ),
    "100,000 entities": Hostile(
        body=rss(item(), prolog="<!DOCTYPE rss [" + many("<!ENTITY e{} 'x'>", 100_000) + "]>"),
        entries=1,
    ),
    "doctype without an end": Hostile(
        body=lambda: b"<!DOCTYPE rss [" + b"<!ENTITY x 'y'>" * 50_000, refused="not a feed"
    ),
    "XInclude": Hostile(
        body=rss(item(more="<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='/etc/passwd' parse='text'/>")),
        entries=1,
        first=READ,
    ),
    "stylesheet from elsewhere": Hostile(
        body=rss(item(), prolog="<?xml-stylesheet type='text/xsl' href='http://127.0.0.1:9/x.xsl'?>"),
        entries=1,
        first=READ,
    ),
    # structure
    "20,000 elements deep": Hostile(body=rss(item(more="<a>" * 20_000)), entries=1),
    "20,000 channels deep": Hostile(
        body=lambda: b"<rss version='2.0'>" + b"<channel>" * 20_000, refused="cut off before its first entry"
    ),
    "items in items": Hostile(body=rss("<item><title>A</title>" * 1_000)),
    "divs 5,000 deep in a title": Hostile(body=rss(item("&lt;div&gt;" * 5_000 + "A"))),
    "an attribute of 1 MB": Hostile(body=rss(item(more=f"<enclosure url='{'x' * MB}'/>")), entries=1, first=READ),
    "5,000 attributes": Hostile(body=rss(item(more="<link " + many("a{}='1' ", 5_000) + "/>")), entries=1),
    "20,000 namespaces": Hostile(body=rss(item(more="<x " + many("xmlns:n{0}='u:{0}' ", 20_000) + "/>")), entries=1),
    "a tag name of 1 MB": Hostile(body=rss(item(more=f"<{'x' * MB}/>")), entries=1),
    "never closed tags": Hostile(body=lambda: b"<rss version='2.0'><channel>" + b"<item><title>A" * 500),
    "an unclosed quote": Hostile(body=rss(item() + "<item a='" + item(guid="2") * 100)),
    "half a feed": Hostile(body=lambda: rss(item() + item("B", guid="2"))()[:-50], entries=1, first={"guid": "1"}),
    "a second document behind": Hostile(body=lambda: rss(item())() + rss(item("B", guid="2"))(), first=READ),
    "binary behind the end": Hostile(body=lambda: rss(item())() + bytes(range(256)) * 100, entries=1, first=READ),
    "5,000 entries": Hostile(body=rss("".join(item(guid=str(n)) for n in range(5_000))), entries=5_000),
    "20,000 empty items": Hostile(body=rss("<item/>" * 20_000), entries=0),
    "25,000 entries": Hostile(body=rss("".join(item(f"Title {n}", guid=str(n)) for n in range(25_000))), entries=5_000),
    "100,000 entries of JSON": Hostile(
        body=json_feed(*({"id": str(n), "title": "A"} for n in range(100_000))), entries=5_000
    ),
    "2,000 categories": Hostile(body=rss(item(more="<category>c</category>" * 2_000)), entries=1, first=READ),
    "2,000 full texts": Hostile(
        body=atom("<entry><title>A</title><id>1</id>" + "<content>x</content>" * 2_000 + "</entry>"),
        entries=1,
        first=READ,
    ),
    # CDATA and comments
    "CDATA in CDATA": Hostile(body=rss(item("<![CDATA[A<![CDATA[B]]>]]&gt;")), entries=1),
    "CDATA without an end": Hostile(body=rss(item() + "<item><title><![CDATA[" + "x" * 100_000)),
    "CDATA ended twice": Hostile(body=rss(item("<![CDATA[A]]]]><![CDATA[>]]>")), entries=1),
    "30,000 CDATA sections": Hostile(body=rss(item("<![CDATA[a]]>" * 30_000)), entries=1),
    "comments opened in CDATA": Hostile(body=rss(item(f"<![CDATA[{'<!--' * 5_000}]]>")), entries=1),
    "a comment without an end": Hostile(body=rss(item() + "<!--" + "-" * 100_000)),
    "comments before the root": Hostile(body=rss(item(), prolog="<!-- x -->" * 20_000), entries=1, first=READ),
    "processing instructions": Hostile(body=rss(item(more="<?php x ?>" * 20_000)), entries=1, first=READ),
    # characters and charsets
    "NUL everywhere": Hostile(body=lambda: rss(item("AB"))().replace(b"B", b"\0B\0"), entries=1, first={"title": "AB"}),
    "only NUL": Hostile(body=lambda: bytes(MB), refused="empty"),
    "every control character": Hostile(
        body=lambda: rss(item("A@B"))().replace(b"@", bytes(range(1, 32)).replace(b"<", b"")), entries=1
    ),
    "invalid UTF-8": Hostile(
        body=lambda: rss(item("Куп@янськ"))().replace(b"@", b"\xc3\x28\xff"),
        entries=1,
        first={"title": "Куп\ufffd(\ufffdянськ"},
    ),
    "overlong UTF-8": Hostile(body=lambda: rss(item("A@"))().replace(b"@", b"\xc0\xaf\xe0\x80\xaf"), entries=1),
    "surrogates in UTF-8": Hostile(
        body=lambda: rss(item("A@"))().replace(b"@", b"\xed\xa0\x80\xed\xb0\x80"), entries=1
    ),
    "surrogates in JSON": Hostile(
        body=lambda: json_feed({"id": "@", "title": "A@"})().replace(b"@", b"\\ud800"), entries=1, first=READ
    ),
    "UTF-16 said to be UTF-8": Hostile(
        body=rss(item("Куп"), prolog="<?xml version='1.0' encoding='utf-8'?>", charset="utf-16"),
        content_type="text/xml; charset=utf-8",
        entries=1,
        first={"title": "Куп"},
    ),
    "UTF-7": Hostile(
        body=rss(item("A+ADw-script+AD4-"), prolog="<?xml version='1.0' encoding='utf-7'?>"),
        entries=1,
        first={"title": "A+ADw-script+AD4-"},
    ),
    "EBCDIC": Hostile(body=rss(item(), prolog="<?xml version='1.0' encoding='cp037'?>", charset="cp037")),
    "an encoding that is none": Hostile(
        body=rss(item("Куп"), prolog="<?xml version='1.0' encoding='rot13'?>"), entries=1, first={"title": "Куп"}
    ),
    "an encoding of 1 MB": Hostile(body=rss(item(), prolog=f"<?xml version='1.0' encoding='{'x' * MB}'?>"), entries=1),
    "a charset header of 100 KB": Hostile(
        body=rss(item("Куп")), content_type="text/xml; charset=" + "x" * 100_000, entries=1, first={"title": "Куп"}
    ),
    "five byte order marks": Hostile(body=lambda: b"\xef\xbb\xbf" * 5 + rss(item())(), entries=1, first=READ),
    "bidi and invisible characters": Hostile(body=rss(item("A\u202e\u2066\u200b\u200f\ufeff\u061cB")), entries=1),
    "10,000 combining marks": Hostile(body=rss(item("A" + "\u0301" * 10_000)), entries=1),
    "characters of every plane": Hostile(
        body=rss(item("A" + "".join(chr(code) for code in range(0x10000, 0x110000, 4096)))), entries=1
    ),
    "numeric references": Hostile(body=rss(item("A" + "&#0;&#xD800;&#x110000;&#-1;&#99999999999;" * 1_000)), entries=1),
    "200,000 references": Hostile(body=rss(item("&amp;" * 200_000)), entries=1),
    # words
    "a title of 3 MB": Hostile(body=rss(item("x" * 3 * MB)), entries=1),
    "a guid of 3 MB": Hostile(body=rss(item(guid="x" * 3 * MB)), entries=1),
    "an author that costs time": Hostile(
        body=rss(item(more=f"<author>a@{'a.' * 3_000}!</author>")), entries=1, first=READ
    ),
    "an author that costs too much": Hostile(
        body=rss(item(more=f"<author>a@{'a.' * 60_000}!</author>")), killed="timeout"
    ),
    "scripts in a title": Hostile(
        body=rss(item("A&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;")),
        entries=1,
        first={
            "title": "A<script>alert(1)</script><img src=x onerror=alert(1)>"
        },  # letters, no markup: escaped wherever shown
    ),
    "scripts in a full text": Hostile(
        body=atom(
            "<entry><title>A</title><id>1</id><content type='html'>&lt;svg/onload=alert(1)&gt;"
            "&lt;a href='javascript:x'&gt;x&lt;/a&gt;&lt;iframe src='//a'&gt;&lt;/iframe&gt;ok</content></entry>"
        ),
        entries=1,
        first=READ,
    ),
    "terminal codes": Hostile(body=lambda: rss(item("A@[31mB"))().replace(b"@", b"\x1b"), entries=1),
    "line breaks in a title": Hostile(body=rss(item("A&#10;&#13;&#8232;&#8233;B")), entries=1, first={"title": "A B"}),
    "a formula": Hostile(body=rss(item("=cmd|' /C calc'!A0")), entries=1, first={"title": "=cmd|' /C calc'!A0"}),
    "SQL": Hostile(body=rss(item("A'; DROP TABLE entries; --", guid="'; --")), entries=1),
    # links
    "a javascript: link": Hostile(body=linked("javascript:alert(1)"), entries=1, first=NO_LINK),
    "a data: link": Hostile(body=linked("data:text/html,x"), entries=1, first=NO_LINK),
    "a file: link": Hostile(body=linked("file:///etc/passwd"), entries=1, first=NO_LINK),
    "a link of 1 MB": Hostile(body=linked("http://a.example/" + "x" * MB), entries=1),
    "a link with a broken host": Hostile(body=linked("http://[::1"), entries=1, first=NO_LINK),
    "a link with a bad port": Hostile(body=linked("http://a.example:99999999/"), entries=1, first=NO_LINK),
    "a link with line breaks": Hostile(
        body=linked("http://a.exa&#10;mple/x&#13;&#10;Host: b"), entries=1, first=NO_LINK
    ),
    "a link with a password": Hostile(
        body=linked("http://user:secret@a.example/"), entries=1, first={"url": "http://a.example/"}
    ),
    "a link of endless dots": Hostile(body=linked("http://a.example/" + "../" * 50_000), entries=1),
    "xml:base of another scheme": Hostile(
        body=atom("<entry><title>A</title><id>1</id><link href='x'/></entry>", "xml:base='javascript:alert(1)//'"),
        entries=1,
        first={"url": "http://feeds.example/x"},
    ),
    "xml:base 3,000 deep": Hostile(
        body=atom("<a xml:base='b/'>" * 3_000 + "<entry><title>A</title><id>1</id><link href='x'/></entry>")
    ),
    "xml:base that is broken": Hostile(
        body=atom("<entry><title>A</title><id>1</id><link href='x'/></entry>", "xml:base='http://[::1/'"), entries=1
    ),
    "5,000 links of one entry": Hostile(
        body=atom("<entry><title>A</title><id>1</id>" + "<link href='http://a.example/x'/>" * 5_000 + "</entry>"),
        entries=1,
    ),
    # identity
    "one guid for 1,000 entries": Hostile(
        body=rss("".join(item(f"A{n}", more=f"<link>http://a.example/{n}</link>") for n in range(1_000))), entries=1_000
    ),
    "1,000 times the same entry": Hostile(body=rss(item() * 1_000), entries=1, first=READ),
    "guids that differ in case and space": Hostile(
        body=rss(item(guid="x") + item("B", guid="X") + item("C", guid=" x ")), entries=3
    ),
    "a guid of markup": Hostile(body=rss(item(guid="&lt;b&gt;1&lt;/b&gt;")), entries=1),
    # time
    "a date of year 0": Hostile(body=dated("Sat, 01 Jan 0000 00:00:00 GMT"), entries=1, first=UNDATED),
    "a date of year 9999": Hostile(body=dated("Fri, 31 Dec 9999 23:59:59 -1200"), entries=1),
    "a date of year 99999": Hostile(body=dated("99999-12-31T00:00:00Z"), entries=1, first=UNDATED),
    "a date that is NaN": Hostile(body=dated("NaN"), entries=1, first=UNDATED),
    "a date of 1 MB": Hostile(body=dated("1" * MB), entries=1, first=UNDATED),
    "a date with a zone of a week": Hostile(body=dated("Sat, 28 Feb 2026 10:00:00 +16800"), entries=1),
    "a negative epoch": Hostile(body=dated("-99999999999999999999"), entries=1, first=UNDATED),
    "a ttl of 1e308": Hostile(body=rss(item(), channel="<ttl>1e308</ttl>"), entries=1, first=READ),
    # JSON Feed
    "JSON 100,000 deep": Hostile(body=lambda: b'{"items":' + b"[" * 100_000, refused="cannot be read"),
    "JSON objects 100,000 deep": Hostile(body=lambda: b'{"items":[' + b'{"a":' * 100_000, refused="cannot be read"),
    "a number of 1 MB": Hostile(body=lambda: b'{"items":[{"id":' + b"9" * MB + b"}]}", refused="cannot be read"),
    "infinite and no numbers": Hostile(
        body=lambda: b'{"items":[{"id":1e999,"title":"A"},{"id":NaN,"title":"B"},{"id":-0.0,"title":"C"}]}'
    ),
    "JSON of wrong types": Hostile(
        body=json_feed(
            {"id": [], "url": {}, "title": "A", "authors": {"name": 1}, "date_published": 7, "content_html": None},
            {"id": True, "authors": [[], None, {"name": []}], "attachments": 1},
            None,
            title=[],
            language={},
        ),
    ),
    "JSON keys twice": Hostile(
        body=lambda: b'{"items":[{"id":"1","id":"2","title":"A"}]}', entries=1, first={"guid": "2"}
    ),
    "JSON cut off": Hostile(body=lambda: json_feed({"id": "1"})()[:-3], refused="cannot be read"),
    # what is no feed
    "nothing": Hostile(body=lambda: b"", refused="empty"),
    "gzip in gzip": Hostile(body=lambda: gzip.compress(rss(item())()), refused="compressed"),
    "a PNG": Hostile(body=lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, refused="not a feed"),
    "a page": Hostile(body=lambda: b"<html><body>" + b"<p>x" * 10_000, refused="HTML page"),
    "a page that speaks of feeds": Hostile(
        body=lambda: b"<!doctype html><html><body><pre>&lt;rss&gt;</pre>" + b"<div>" * 3_000, refused="HTML page"
    ),
    "5 MB of nothing but <": Hostile(body=lambda: b"<" * (5 * MB), refused="not a feed"),
    "5 MB of spaces": Hostile(body=lambda: b"<rss>" + b" " * (5 * MB), refused="cut off before its first entry"),
    "100,000 comments opened in CDATA": Hostile(
        body=rss(item(more=f"<description><![CDATA[<p>{'<!--' * 100_000}</p>]]></description>")), entries=1, first=READ
    ),
    "a full text of 5 MB": Hostile(body=rss(item(more=f"<description>{'x &amp;lt; ' * 450_000}</description>"))),
    # too much, and so ended from outside
    "100,000 attributes": Hostile(body=rss(item(more="<link " + many("a{}='1' ", 100_000) + "/>")), killed="timeout"),
    "100,000 elements deep in 4 MB": Hostile(body=rss(item(more="<aaaaaaa>" * 450_000)), killed="timeout|memory"),
    "50 MB": Hostile(body=rss(item("x") * 1_000_000), killed="timeout|memory"),
}
