"""Entries on their way to articles: what a feed and a page said, and how the text was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sectorwatch.domain.detection import Detection
from sectorwatch.domain.stories import NO_GIST, Fingerprint, Gist
from sectorwatch.errors import Refusal


@dataclass(frozen=True, kw_only=True)
class FeedText:
    """What the feed said of an article; title and summary are plain, the content is HTML."""

    title: str
    summary: str
    content: str | None
    language: str
    published_at: datetime | None
    modified_at: datetime | None = None
    author: str = ""
    image_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way that was tried to get an article's text."""

    name: str  # "fast", "full", ...
    characters: int  # that it gave
    note: str  # why it was tried, or what it came to


@dataclass(frozen=True, kw_only=True)
class Account:
    """How an article came out of its page, for people to look into."""

    ways: tuple[Way, ...] = ()  # in the order that they were tried
    why: str = ""  # the text was taken from where it is
    origins: Mapping[str, str] = field(default_factory=dict)  # where the rest is said, by its name


@dataclass(frozen=True, kw_only=True)
class ArticleText:
    """The text of a page or feed entry, and what the page says about itself."""

    title: str
    text: str  # paragraphs separated by newlines
    language: str  # ISO 639-1, "" when unknown
    published_at: datetime | None
    canonical_url: str | None
    method: str  # "fast", "full" (trafilatura's fallbacks), "feed" (the feed's own text), "plain", "skimmed"
    author: str = ""
    site: str = ""
    modified_at: datetime | None = None  # later than it was published
    image_url: str = ""  # of the picture that stands for it
    extraction: str = ""  # version of what made it of a page; "" for the feed's own text
    account: Account = Account()
    refusal: Refusal | None = None  # the page kept the article, or most of it, to itself
    live: bool = False  # a live blog: posts are added to it
    posts: int = 0  # moments that its page gives in its text, as a live blog does for each post


@dataclass(frozen=True, kw_only=True)
class ReadArticle:
    """What the sandbox makes of a page (or of the feed's own text): ready to be stored."""

    article: ArticleText
    detection: Detection
    fingerprint: Fingerprint
    gist: Gist = NO_GIST
    search_title: str = ""  # normalised, for the full-text index
    search_text: str = ""
    packed: bytes | None = None  # the page as it was fetched, packed, where it is to be kept
