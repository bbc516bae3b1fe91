"""From the bytes of a page to its article: text, title, date; or from what the feed said of it.

Time and memory are for the caller to bound (sectorwatch.sandbox): trafilatura has inputs of quadratic cost.
"""

from __future__ import annotations

import re
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from extractors.asides import without_asides
from extractors.charset import decode
from extractors.declared import language_code
from extractors.markup import cut, fit, one_line, paragraphs
from extractors.pages.article_text import PLAIN, THIN, Found, find_text, one_a_line, seen, without_unseen
from extractors.pages.extraction_version import extraction_version
from extractors.pages.head import MOST_NAME, MOST_TITLE, Head, read_head
from extractors.pages.refusals import before_lock, refusal_of, sent_elsewhere
from extractors.pages.skimming import skim
from extractors.pages.stated_dates import shown
from extractors.prefilter import SKIMMED, Prefilter
from extractors.text import plain
from extractors.urls import canonical
from sectorwatch.domain import Account, ArticleText, FeedText, Way
from sectorwatch.errors import PageRefused, Refusal

FEED = "feed"

MOST_BYTES = 20_000_000  # beyond, reading needs more than its gigabyte of memory; who fetches sets a limit of its own
_CLEARLY_MORE = 1.25  # times the page's text: only then the feed's is the better one, for feeds add lines of their own
_HEADLINE = 4  # words: fewer may begin a sentence, too
_SAMPLE = 4_000  # bytes that tell what kind of data it is
_BINARY_SHARE = 0.05  # of control characters; no charset of the web has any

_KINDS = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"GIF8", "an image (GIF)"),
    (b"PK\x03\x04", "a packed file (ZIP or an office document)"),
    (b"\x1f\x8b", "packed data (gzip) that the server did not declare"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"ID3", "a sound (MP3)"),
    (b"OggS", "a sound or film (Ogg)"),
    (b"\x1aE\xdf\xa3", "a film (Matroska)"),
)
_BLANK = b"\x00\t\n\r\f \xef\xbb\xbf"
_PROLOG = re.compile(r"\A\s*<\?xml[^>]{0,500}\?>")
_TAG = re.compile(r"<(?:!doctype|html|head|body|div|p|article|main|section|span|table|h[1-6]|br|a|meta|title)\b", re.I)
_FEED = re.compile(r"\A(?:\s|<\?[^>]{0,500}\?>|<!--[^>]{0,2000}-->)*<(?:rss|feed|rdf:rdf|urlset|svg)\b", re.I)
_WORD = re.compile(r"[^\W_]+")
_LETTER = re.compile(r"[^\W\d_]")


def extract_article(
    html: bytes,
    *,
    url: str = "",
    charset: str = "",
    feed: FeedText | None = None,
    asked: str = "",
    prefilter: Prefilter | None = None,
) -> ArticleText:
    """The article of a page. `charset` is that of the HTTP answer; it need not be right. `asked` is the address that
    led to `url`, where that was another.

    With a `prefilter`, a page that names nothing watched is only skimmed: its text is what stands in its paragraphs.

    The feed's title is preferred, and so is its text where it has clearly more than the page; its date fills in for a
    page without one. Raises PageRefused, in words, where the page is none or stands in the article's way. Of a locked
    article there is the beginning, with its `refusal`.
    """
    return _of_page(html, url, charset, feed_article(feed) if feed else None, asked, prefilter)


def feed_article(feed: FeedText) -> ArticleText:
    """The article that a feed's own words make, which may have no text. Never raises."""
    content, summary = paragraphs(fit(feed.content or "")), one_a_line(feed.summary)
    text = without_asides(content if len(content) >= len(summary) else summary)
    title = cut(one_line(feed.title, markup=False), MOST_TITLE)
    return ArticleText(
        title=title,
        text=_without_headline(text, (title,)),
        language=language_code(feed.language),
        published_at=feed.published_at,
        modified_at=feed.modified_at,
        author=cut(feed.author, MOST_NAME),
        image_url=feed.image_url,
        canonical_url=None,
        method=FEED,
    )


_NOTHING_TOLD = ArticleText(title="", text="", language="", published_at=None, canonical_url=None, method=FEED)


def _kind(body: bytes) -> str:
    """What the bytes are by their first ones, in words; "" for text."""
    start = body[:_SAMPLE].lstrip()
    for mark, words in _KINDS:
        if start.startswith(mark):
            return words
    if start[4:8] == b"ftyp" or start[8:12] == b"WEBP":
        return "an image or a film"
    if b"\0" in start[:4]:
        return ""  # UTF-16 or UTF-32, where half of a Cyrillic letter is a control character
    controls = sum(start.count(bytes((code,))) for code in (*range(1, 9), *range(14, 27), *range(28, 32)))
    return "binary data" if controls > _BINARY_SHARE * len(start) else ""


def _of_page(
    html: bytes, url: str, charset: str, told: ArticleText | None, asked: str, prefilter: Prefilter | None
) -> ArticleText:
    if not html.strip(_BLANK):
        raise PageRefused("the page is empty: the server answered without content", Refusal.EMPTY)
    if len(html) > MOST_BYTES:
        words = f"a page of {len(html):,} bytes: no article has more than {MOST_BYTES:,}"
        raise PageRefused(words, Refusal.TOO_COSTLY)
    if kind := _kind(html):
        raise PageRefused(f"{kind} instead of a web page: only HTML can be read", Refusal.NOT_HTML)
    if elsewhere := sent_elsewhere(asked, url):
        raise elsewhere
    markup = _PROLOG.sub("", decode(html, [charset]).text.replace("\0", ""), count=1)
    if _FEED.match(markup):
        raise PageRefused("a feed or another XML document instead of a web page", Refusal.NOT_HTML)
    if not _TAG.search(markup):
        return _of_plain_text(markup, url, told)
    tree = LexborHTMLParser(markup)
    head = read_head(tree, url=url)
    if head.published_at is None and (told is None or told.published_at is None):
        head = _dated_by_sight(head, tree, markup, url)
    without_unseen(tree)
    if prefilter is not None:
        said = (told.title, told.text) if told else ()
        if (skimmed := skim(tree, head, url, said, prefilter)) is not None:
            way = Way(name=SKIMMED, characters=len(skimmed), note="all paragraphs of the page, unsorted")
            why = "nothing that is watched is named on the page"
            return _described(Found(text=skimmed, method=SKIMMED, why=why, ways=(way,)), told, head)
    found = find_text(markup, tree, head.body, locked=head.locked)
    text = _without_headline(found.text, (told.title if told else "", head.title, head.headline))
    refused = refusal_of(tree, head, text, url)
    locked = refused is not None and refused.refusal is Refusal.PAYWALL
    if locked and (before := before_lock(text)) != text:
        text = before
        way = Way(name="cut", characters=len(text), note="up to the line that says that the rest is locked")
        found = replace(found, ways=(*found.ways, way))
    if refused is not None and not (locked and (text or (told and told.text))):
        raise refused
    found = replace(found, text=text)
    if told and told.text:
        ways = (*found.ways, Way(name=FEED, characters=len(told.text), note="the feed's own text"))
        found = replace(found, ways=ways)
        if len(told.text) > _CLEARLY_MORE * len(text):
            why = "the feed's own text has clearly more than the page"
            found = replace(found, text=told.text, method=FEED, why=why)
    article = _described(found, told, head)
    return replace(article, refusal=Refusal.PAYWALL) if locked else article


def _dated_by_sight(head: Head, tree: LexborHTMLParser, markup: str, url: str) -> Head:
    moment, where = shown(tree, seen(markup), url)
    return replace(head, published_at=moment, origins={**head.origins, "published": where}) if moment else head


def _of_plain_text(text: str, url: str, told: ArticleText | None) -> ArticleText:
    if text.lstrip().startswith(("{", "[")):
        raise PageRefused("JSON data instead of a web page", Refusal.NOT_HTML)
    text = one_a_line(text)
    if len(text) < THIN or len(_LETTER.findall(text[:_SAMPLE])) < 0.5 * len(text[:_SAMPLE]):
        words = f'no web page, but {len(text)} characters without markup: "{one_line(cut(text, 80))}"'
        raise PageRefused(words, Refusal.NOT_HTML)
    first, _, rest = text.partition("\n")
    head = Head(
        title=cut(first, MOST_TITLE), headline="", canonical_url=canonical(url) or None, language="",
        published_at=None, author="", site="",
    )  # fmt: skip
    body = rest or text
    way = Way(name=PLAIN, characters=len(body), note="a text without markup")
    return _described(Found(text=body, method=PLAIN, why="there is no markup in it", ways=(way,)), told, head)


def _described(found: Found, told: ArticleText | None, head: Head) -> ArticleText:
    """A text with what feed and page say of it: the feed's title, and its word for what the page does not say."""
    origins = dict(head.origins)
    told = told or _NOTHING_TOLD
    of_feed = {
        "title": told.title,
        "published": "" if head.published_at else told.published_at,
        "modified": "" if head.modified_at else told.modified_at,
        "author": "" if head.author else told.author,
        "image": "" if head.image_url else told.image_url,
        "language": "" if head.language or found.method != FEED else told.language,
    }
    origins |= {name: "feed" for name, value in of_feed.items() if value}
    return ArticleText(
        title=told.title or head.title,
        text=found.text,
        language=head.language or (told.language if found.method == FEED else ""),
        published_at=head.published_at or told.published_at,
        modified_at=head.modified_at or told.modified_at,
        canonical_url=head.canonical_url,
        method=found.method,
        author=head.author or told.author,
        image_url=head.image_url or told.image_url,
        site=head.site,
        live=head.live,
        posts=head.posts,
        extraction=extraction_version(),
        account=Account(ways=found.ways, why=found.why, origins=origins),
    )


def _without_headline(text: str, titles: tuple[str, ...]) -> str:
    """The text without a title that it begins with, which would count as lead: a line of its own, or run into the text.

    The quick extraction of a short page puts all of its blocks into one line.
    """
    first, _, rest = text.partition("\n")
    known = {_words_of(title) for title in titles} - {""}
    if _words_of(first) in known:
        return rest
    for title in titles:
        after = text.removeprefix(f"{title} ")
        if after != text and len(title.split()) >= _HEADLINE and not after[:1].islower():
            return after
    return text


def _words_of(line: str) -> str:
    return "".join(_WORD.findall(plain(line)))
