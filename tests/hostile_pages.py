"""Pages made to hurt: each is built by code when it is asked for, around an article whose lead should come through.

The lead of the article is found all the same, unless `reads` says that it may be lost; `refused` is how a page is
called that is refused.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from extractors.reading import PageToRead, read_page
from sectorwatch.domain import FeedText, ReadArticle
from sectorwatch.errors import Refusal

MB = 1 << 20
URL = "https://news.example.org/2026/03/report"
LEAD = "Troops repelled three assaults near Kupiansk overnight, the General Staff said on Sunday in its morning report."
STORY = "".join(
    f"<p>{line}</p>"
    for line in (
        LEAD,
        "Fighting went on in the Lyman sector as well, where two attacks were stopped before they reached the village.",
        "Officials added that the power supply was restored in most of the settlements of the district by noon.",
        "Another report is expected in the evening, when the results of the day are known to the commanders there.",
    )
)
FEED = FeedText(title="Morning report", summary="Told by the feed.", content=None, language="en", published_at=None)


@dataclass(frozen=True, kw_only=True)
class Hostile:
    body: Callable[[], bytes]
    reads: bool = True
    refused: Refusal | None = None
    costly: bool = False  # may be ended by its limits; takes seconds in any case
    charset: str = ""


def read_measured(page: PageToRead) -> tuple[ReadArticle, float, int]:
    """To be run in a sandbox: the article, its seconds of CPU, and the most bytes that the process has ever had."""
    began = process_time()
    article = read_page(page)
    status = Path("/proc/self/status").read_text("ascii")
    most = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return article, process_time() - began, int(most.split()[1]) * 1024


def page(body: str = "", *, head: str = "", before: str = "", after: str = "", charset: str = "utf-8") -> bytes:
    """A page with the article, and what is made to hurt in its body (`body`), its head, or around it all."""
    return (
        f"{before}<!DOCTYPE html><html lang='en'><head><title>Morning report</title>{head}</head>"
        f"<body><article><h1>Morning report</h1>{STORY}</article>{body}</body></html>{after}"
    ).encode(charset, "surrogatepass" if charset.startswith("utf") else "replace")


def inside(before: str, after: str = "") -> bytes:
    """A page whose article stands between the two."""
    head = "<html><head><title>Morning report</title></head><body>"
    return f"{head}{before}<article>{STORY}</article>{after}</body></html>".encode()


def data(filling: str) -> bytes:
    """A page that shows nothing, and has the filling behind a sentence in the data of its scripts."""
    document = json.dumps({"text": f"{LEAD} {filling}"})
    return f"<html><body><script type='application/json'>{document}</script></body></html>".encode()


def ld(document: str) -> str:
    return f"<script type='application/ld+json'>{document}</script>"


def article(**fields: object) -> str:
    return json.dumps({"@type": "NewsArticle", "headline": "Morning report", **fields})


def many(piece: str, times: int) -> str:
    """The piece so many times, numbered."""
    return "".join(piece.format(number) for number in range(times))


def noise(size: int) -> bytes:
    return random.Random(1).randbytes(size)


def soup(size: int) -> str:
    """Tags opened and closed in no order."""
    tags = (
        "div",
        "p",
        "table",
        "tr",
        "td",
        "ul",
        "li",
        "a href=x",
        "b",
        "i",
        "form",
        "select",
        "option",
        "svg",
        "math",
    )
    dice = random.Random(2)
    return "".join(f"<{'/' if dice.random() < 0.4 else ''}{dice.choice(tags).split()[0]}>w " for _ in range(size))


PAGES: dict[str, Hostile] = {
    # nesting
    "1,000 divs deep": Hostile(body=lambda: inside("<div>" * 1_000)),
    "20,000 divs deep": Hostile(body=lambda: inside("<div>" * 20_000)),
    "200,000 divs deep": Hostile(body=lambda: inside("<div>" * 200_000), costly=True),
    "spans in spans": Hostile(body=lambda: page("<span>" * 50_000 + "x")),
    "paragraphs and spans in turn": Hostile(body=lambda: page("<p><span>x" * 30_000)),
    "lists 5,000 deep": Hostile(body=lambda: page("<ul><li>x" * 5_000)),
    "quotes 5,000 deep": Hostile(body=lambda: page("<blockquote>x" * 5_000)),
    "tables 2,000 deep": Hostile(body=lambda: page("<table><tr><td>x" * 2_000)),
    "bold in italic in bold": Hostile(body=lambda: page("<b><i>x" * 20_000)),
    "unclosed formatting and paragraphs": Hostile(body=lambda: page("<p><b><i><u><a href=x>x" * 5_000)),
    "forms in forms": Hostile(body=lambda: page("<form><input>" * 10_000)),
    "objects in objects": Hostile(body=lambda: page("<object><embed>" * 5_000)),
    # width
    "a table of 40,000 rows": Hostile(
        body=lambda: page(f"<table>{many('<tr><td>{}<td>x', 40_000)}</table>"), costly=True
    ),
    "a table of 20,000 columns": Hostile(body=lambda: page(f"<table><tr>{many('<td>{}', 20_000)}</table>")),
    "a cell over a billion columns": Hostile(
        body=lambda: page("<table><tr><td colspan=1000000000 rowspan=1000000000>x</table>")
    ),
    "a wall of 20,000 links": Hostile(
        body=lambda: page(many("<a href='/news/{0}'>Link number {0}</a> ", 20_000)), costly=True
    ),
    "a list of 50,000 items": Hostile(body=lambda: page(f"<ul>{many('<li>{}', 50_000)}</ul>"), costly=True),
    "100,000 line breaks": Hostile(body=lambda: page("<br>" * 100_000), costly=True),
    "100,000 line breaks in the text": Hostile(body=lambda: inside(f"<p>{'word<br>' * 100_000}</p>"), costly=True),
    "50,000 paragraphs": Hostile(body=lambda: page("<p>Short words here.</p>" * 50_000), costly=True),
    "50,000 empty paragraphs": Hostile(body=lambda: page("<p></p>" * 50_000)),
    "20,000 headings": Hostile(body=lambda: page("<h2>Heading</h2>" * 20_000)),
    "20,000 articles": Hostile(body=lambda: page("<article><p>Short one.</p></article>" * 20_000), costly=True),
    "30,000 images": Hostile(body=lambda: page(many("<img src='/{}.png' alt='A picture'>", 30_000))),
    "10,000 options": Hostile(body=lambda: page(f"<select>{'<option>x' * 10_000}</select>")),
    "a definition list": Hostile(body=lambda: page(f"<dl>{'<dt>t<dd>d' * 20_000}</dl>")),
    # sheer size
    "an article of 2 MB": Hostile(body=lambda: page(f"<article>{'<p>' + 'Some words of it. ' * 30 + '</p>'}" * 3_500)),
    "a line of 2 MB": Hostile(body=lambda: page(f"<p>{'word ' * 400_000}</p>")),
    "a word of 2 MB": Hostile(body=lambda: page(f"<p>{'w' * 2 * MB}</p>")),
    "a title of 1 MB": Hostile(body=lambda: page(head=f"<title>{'t ' * (MB // 2)}</title>")),
    "19 MB of words": Hostile(body=lambda: page(f"<p>{'word ' * 3_800_000}</p>"), costly=True),
    "50 MB of words": Hostile(refused=Refusal.TOO_COSTLY, body=lambda: page(f"<p>{'word ' * 10_000_000}</p>")),
    "50 MB of spaces": Hostile(refused=Refusal.TOO_COSTLY, body=lambda: page(" " * 50 * MB)),
    "50 MB of NUL": Hostile(refused=Refusal.TOO_COSTLY, body=lambda: page("\0" * 50 * MB)),
    "2 MB of noise": Hostile(body=lambda: noise(2 * MB), refused=Refusal.NOT_HTML),
    "noise behind the end": Hostile(refused=Refusal.NOT_HTML, body=lambda: page() + noise(MB)),
    # scripts, styles, comments, what is not shown
    "open tags in the data of a script": Hostile(body=lambda: data("<" * 900_000), refused=Refusal.SCRIPTS),
    "spaces in the data of a script": Hostile(body=lambda: data(" " * 900_000), refused=Refusal.SCRIPTS),
    "a script of 1 MB": Hostile(body=lambda: page(f"<script>{'var a=1;' * (MB // 8)}</script>")),
    "30,000 scripts": Hostile(body=lambda: page("<script>x()</script>" * 30_000)),
    "scripts without an end": Hostile(body=lambda: page("<script>" * 30_000)),
    "styles without an end": Hostile(body=lambda: page("<style>" * 30_000)),
    "ends of scripts": Hostile(body=lambda: page("</script" * 30_000)),
    "50,000 comments": Hostile(body=lambda: page("<!-- x -->" * 50_000)),
    "beginnings of comments": Hostile(body=lambda: page("<!--" * 100_000)),
    "a comment of dashes": Hostile(body=lambda: page(f"<!--{'-' * MB}")),
    "a comment before it all": Hostile(body=lambda: page(before=f"<!--{'x' * MB}-->")),
    "conditional comments": Hostile(body=lambda: page("<!--[if IE]><p>x</p><![endif]-->" * 10_000)),
    "CDATA sections": Hostile(body=lambda: page("<![CDATA[ x ]]>" * 30_000)),
    "processing instructions": Hostile(body=lambda: page("<?php x ?>" * 30_000)),
    "a base64 image of 1.5 MB": Hostile(
        body=lambda: page(f"<img src='data:image/png;base64,{'QUJD' * (MB * 3 // 8)}'>")
    ),
    "a drawing of 50,000 paths": Hostile(body=lambda: page(f"<svg>{'<path d=M0,0L1,1 />' * 50_000}</svg>")),
    "drawings in drawings": Hostile(body=lambda: page("<svg><foreignObject>" * 5_000)),
    "formulas in formulas": Hostile(body=lambda: page("<math><mtext>" * 5_000)),
    "templates in templates": Hostile(body=lambda: page("<template>" * 5_000)),
    "5,000 frames": Hostile(body=lambda: page("<iframe src='/x'></iframe>" * 5_000)),
    "framesets in framesets": Hostile(
        body=lambda: b"<html>" + b"<frameset><frame src=x>" * 5_000, refused=Refusal.FRAMES
    ),
    "a plaintext element": Hostile(body=lambda: page("<plaintext>" + "x < y " * 10_000)),
    # JSON-LD
    "JSON-LD nested 100,000 deep": Hostile(body=lambda: page(head=ld('{"@type":[' * 100_000 + '"headline"'))),
    "JSON-LD of 3 MB": Hostile(body=lambda: page(head=ld(article(keywords=["word"] * 300_000)))),
    "2,000 JSON-LD scripts": Hostile(body=lambda: page(head=ld(article()) * 2_000)),
    "a graph of 20,000 articles": Hostile(
        body=lambda: page(head=ld(json.dumps({"@graph": [{"@type": "NewsArticle", "headline": "x"}] * 20_000}))),
    ),
    "JSON-LD of the wrong types": Hostile(
        body=lambda: page(
            head=ld(
                article(
                    author=[[["x"]]],
                    datePublished={"a": 1},
                    publisher=7,
                    articleBody=["x"],
                    wordCount="9" * 9_999,
                    isAccessibleForFree=[False],
                    liveBlogUpdate=[7, {"articleBody": {}}],
                )
            )
        ),
    ),
    "a live blog of 100,000 posts": Hostile(
        body=lambda: page(
            head=ld(
                json.dumps(
                    {"@type": "LiveBlogPosting", "headline": "x", "liveBlogUpdate": [{"articleBody": "x"}] * 100_000}
                )
            )
        ),
    ),
    "an article body of markup": Hostile(
        body=lambda: page(head=ld(article(articleBody="<div>" * 20_000 + "&amp;" * 20_000)))
    ),
    "numbers of a million digits": Hostile(body=lambda: page(head=ld('{"headline": ' + "9" * 200_000 + "}"))),
    # attributes and metas
    "100,000 attributes": Hostile(body=lambda: page(f"<div {many('a{}=1 ', 100_000)}>x</div>"), costly=True),
    "an attribute of 2 MB": Hostile(body=lambda: page(f"<div class='{'c ' * MB}'><p>x</p></div>")),
    "classes of 100 KB": Hostile(body=lambda: page(f"<p class='{'c ' * 50_000}'>words</p>" * 20)),
    "an unclosed quote": Hostile(body=lambda: page("<a href='" + "x" * MB)),
    "20,000 metas": Hostile(body=lambda: page(head=many("<meta name='n{0}' content='{0}'>", 20_000))),
    "20,000 links in the head": Hostile(
        body=lambda: page(head=many("<link rel='alternate' href='/{0}' hreflang='l{0}'>", 20_000))
    ),
    "addresses that are none": Hostile(
        body=lambda: page(
            head="<base href='http://[::1'><link rel=canonical href='http://[x'><meta property=og:url content='//:'>"
        ),
    ),
    "a tag name of 1 MB": Hostile(body=lambda: page(f"<{'x' * MB}>")),
    "languages that are none": Hostile(body=lambda: page().replace(b"lang='en'", b"lang='" + b"x-" * 50_000 + b"'")),
    "dates that are none": Hostile(
        body=lambda: page(
            head=many("<meta name='date' content='99999-99-{}T99:99:99+99:99'>", 3_000)
            + f"<meta property='article:published_time' content='{'1' * 100_000}'>"
        ),
    ),
    # characters
    "a flood of entities": Hostile(body=lambda: page(f"<p>{'&amp;lt;&#x41;&#0;&#x110000;&nosuch;' * 20_000}</p>")),
    "entities without an end": Hostile(body=lambda: page(f"<p>{'&' * MB}</p>")),
    "NULs in tags and words": Hostile(body=lambda: page().replace(b"<p>", b"<\0p\0>").replace(b"a", b"a\0")),
    "every control character": Hostile(
        refused=Refusal.NOT_HTML, body=lambda: page(f"<p>{''.join(map(chr, range(32))) * 100}</p>")
    ),
    "accents piled up": Hostile(body=lambda: page(f"<p>a{chr(0x301) * 300_000}</p>")),
    "letters written from right to left": Hostile(
        body=lambda: page(f"<p>{(chr(0x202E) + 'word' + chr(0x200B)) * 50_000}</p>")
    ),
    "invalid UTF-8": Hostile(
        reads=False, body=lambda: page().replace(b"three", b"thr\xc3\x28\xff\xc0\xaf\xed\xa0\x80ee"), charset="utf-8"
    ),
    "UTF-16 cut in half": Hostile(body=lambda: page(charset="utf-16")[:-1]),
    "UTF-16 of lone surrogates": Hostile(body=lambda: page("\ud800\udc00\udfff\ud800" * 10_000, charset="utf-16")),
    "UTF-16 said to be UTF-8": Hostile(body=lambda: page(charset="utf-16"), charset="utf-8"),
    "UTF-32": Hostile(body=lambda: page(charset="utf-32")),
    "EBCDIC": Hostile(body=lambda: page(charset="cp037"), charset="cp037"),
    "UTF-7": Hostile(body=lambda: page("+ADw-script+AD4-"), charset="utf-7"),
    "a charset of 100 KB": Hostile(body=lambda: page(head=f"<meta charset='{'x' * 100_000}'>"), charset="y" * 100_000),
    "a charset that is a codec of Python": Hostile(body=lambda: page(), charset="zlib_codec"),
    "50 charsets": Hostile(body=lambda: page(head=many("<meta charset='windows-125{}'>", 50))),
    # what is none
    "packed in gzip": Hostile(body=lambda: gzip.compress(page()), refused=Refusal.NOT_HTML),
    "a PDF of 1 MB": Hostile(body=lambda: b"%PDF-1.7\n" + noise(MB), refused=Refusal.NOT_HTML),
    "a PDF that is HTML too": Hostile(body=lambda: b"%PDF-1.7\n" + page(), refused=Refusal.NOT_HTML),
    "XML bombs": Hostile(
        body=lambda: (
            b"<!DOCTYPE html [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><html><body><p>&b;"
            + page()
        )
    ),
    "a feed": Hostile(
        body=lambda: b"<?xml version='1.0'?>" + b"<!-- x -->" * 200 + b"<rss></rss>", refused=Refusal.NOT_HTML
    ),
    "tags in no order": Hostile(body=lambda: page(soup(30_000))),
    "ends of tags": Hostile(body=lambda: page("</div></p></table></body></html>" * 10_000)),
    "two documents": Hostile(body=lambda: page() + page()),
    "the half of a page": Hostile(body=lambda: page()[: len(page()) // 2]),
    "only opened": Hostile(refused=Refusal.NOT_HTML, body=lambda: b"<" * MB),
    "doctypes": Hostile(body=lambda: page(before="<!DOCTYPE html>" * 20_000)),
    # traps for our own patterns
    "prologs without an end": Hostile(body=lambda: page(before="<?xml " * 100_000)),
    "comments before a feed": Hostile(refused=Refusal.NOT_HTML, body=lambda: b"<!--" * 50_000 + b"<rss>"),
    "breaks without an end": Hostile(
        body=lambda: page(head=ld(article(articleBody="<p " * 60_000)), body="<br " * 60_000)
    ),
    "titles of separators": Hostile(body=lambda: page(head=f"<meta property='og:title' content='{' | - ' * 20_000}'>")),
    "words of consent": Hostile(
        body=lambda: page("<button>" + "accept " * 30_000 + "</button>" + "cookie consent " * 30_000)
    ),
    "the beginning of not found": Hostile(
        body=lambda: page(head=f"<meta property='og:title' content='{'404 ' * 30_000}'>")
    ),
    "walls in walls": Hostile(body=lambda: inside("<div class='paywall' id='paywall'>" * 2_000 + "x")),
    "10,000 buttons": Hostile(
        reads=False, body=lambda: f"<html><body><p>x</p>{'<button>I accept</button>' * 10_000}".encode()
    ),
    "hashtags and links": Hostile(body=lambda: inside("<p>" + "#tag, " * 50_000 + "</p><p>Read also: " * 5_000)),
    "sentences without an end": Hostile(body=lambda: inside(f"<p>{'Kupiansk, Lyman; ' * 60_000}</p>"), costly=True),
    "abbreviations": Hostile(
        body=lambda: inside(f"<p>{'м. Куп’янськ, р. Оскіл, с. Лиман. ' * 20_000}</p>"), costly=True
    ),
}
