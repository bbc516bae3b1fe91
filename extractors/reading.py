"""What runs in the sandbox: from the bytes of a page or feed to what is stored of it.

A sandbox process calls `prepare` once; then each call is a pure function of its input. The first that detects compiles
the gazetteer: a process that only parses feeds has no need of it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from extractors.detection.mentions import detect
from extractors.feeds.opml import FeedList
from extractors.gazetteer import Gazetteer, gazetteer_of
from extractors.languages import language_of
from extractors.prefilter import SKIMMED
from extractors.stories.fingerprints import fingerprint, scant
from extractors.stories.gist import gist_of
from extractors.text import search_form
from sectorwatch.domain import ArticleText, Detection, FeedText, ParsedFeed, ReadArticle
from sectorwatch.errors import ConfigurationError, SandboxError
from sectorwatch.packing import pack

if TYPE_CHECKING:
    from extractors.feeds.feedlinks import FeedLink

_LANGUAGE_TOLD = 2_000  # characters that tell the language of a skimmed page

PRELOAD = ("extractors.reading", "extractors.pages.article", "extractors.feeds.feed", "extractors.feeds.feedlinks")
"""What a sandbox imports once. The process that owns it names the functions below, and needs no parser itself."""

_own: tuple[tuple[str, str], ...] = ()
_prepared: Gazetteer | None = None


@dataclass(frozen=True, kw_only=True)
class PageToRead:
    """A page as it was fetched, with what its feed said; without `html` the feed's own text is the article."""

    html: bytes | None
    url: str
    charset: str  # of the HTTP answer, or ""
    feed: FeedText
    asked: str = ""  # the address that led to `url`, where that was another
    whole: bool = True  # False: a page that names nothing watched is only skimmed
    keep: bool = False  # pack the page, so that it can be stored


@dataclass(frozen=True, kw_only=True)
class StoredText:
    """A text as it was stored: its language has been recognised before."""

    title: str
    text: str
    language: str
    date: date | None  # when it was published


def prepare(own_sectors: Sequence[tuple[str, str]]) -> None:
    """Names the operator's own sectors, given as (origin, TOML), that are detected beside the shipped ones.

    A gazetteer that was compiled of the same is kept: this process may be a copy of one that has (see `warming`).
    """
    global _own, _prepared
    if tuple(own_sectors) != _own:
        _own, _prepared = tuple(own_sectors), None


def read_page(page: PageToRead) -> ReadArticle:
    """Text, mentions and fingerprint of a page. Raises PageRefused when it holds no article."""
    from extractors.pages.article import extract_article, feed_article

    if page.html is None:
        return understand(feed_article(page.feed))
    article = extract_article(
        page.html,
        url=page.url,
        charset=page.charset,
        feed=page.feed,
        asked=page.asked,
        prefilter=None if page.whole else _gazetteer().prefilter,
    )
    read = _skimmed(article) if article.method == SKIMMED else understand(article)
    return replace(read, packed=pack(page.html)) if page.keep else read


def _skimmed(article: ArticleText) -> ReadArticle:
    """A page without any watched name: no mentions, and nothing to know its copies by, which name none either."""
    language = language_of(f"{article.title}\n{article.text[:_LANGUAGE_TOLD]}") or article.language
    return ReadArticle(
        article=replace(article, language=language),
        detection=Detection(
            language=language, sectors=(), mentions=(), rejected=(), gazetteer_version=_gazetteer().version
        ),
        fingerprint=scant(article.text),
        search_title=search_form(article.title),
        search_text=search_form(article.text),
    )


def understand(article: ArticleText) -> ReadArticle:
    """Detects and fingerprints a text."""
    # A declared language is often that of the site, not of the text; too short a text is better left to it.
    language = language_of(f"{article.title}\n{article.text}") or article.language
    article = replace(article, language=language)
    detection = detect(
        article.text,
        title=article.title,
        gazetteer=_gazetteer(),
        language=language,
        date=article.published_at.date() if article.published_at else None,
    )
    return ReadArticle(
        article=article,
        detection=detection,
        fingerprint=fingerprint(article.text),
        gist=gist_of(article.title, article.text, language, [mention.surface for mention in detection.mentions]),
        search_title=search_form(article.title),
        search_text=search_form(article.text),
    )


def detect_again(texts: Sequence[StoredText]) -> list[Detection]:
    """What the present gazetteer finds in stored texts, in their order; what it turns down is left out."""
    found = (
        detect(one.text, title=one.title, gazetteer=_gazetteer(), language=one.language, date=one.date) for one in texts
    )
    return [replace(detection, rejected=()) for detection in found]


def watched() -> tuple[str, tuple[str, ...]]:
    """The version of the present gazetteer, and the ids of its sectors."""
    gazetteer = _gazetteer()
    return gazetteer.version, tuple(gazetteer.sectors)


def _gazetteer() -> Gazetteer:
    global _prepared
    if _prepared is None:
        try:
            _prepared = gazetteer_of(_own)
        except ConfigurationError as error:  # no page's fault
            raise SandboxError(f"the sectors cannot be compiled: {error}", kind="crash") from error
    return _prepared


def read_feed(body: bytes, content_type: str, url: str, now: datetime, known: Collection[bytes] = ()) -> ParsedFeed:
    """The entries of a feed, without the `known` ones (see `parse_feed`). Raises FeedError when the bytes are none."""
    from extractors.feeds.feed import parse_feed

    return parse_feed(body, content_type=content_type, url=url, now=now, known=known)


def read_feed_list(body: bytes) -> FeedList:
    """The feeds of a list."""
    from extractors.feeds.opml import read_list

    return read_list(body)


def read_feed_links(body: bytes, content_type: str, url: str) -> list[FeedLink]:
    """The feeds that a page names."""
    from extractors.feeds.feedlinks import feed_links

    return feed_links(body, content_type, url)
