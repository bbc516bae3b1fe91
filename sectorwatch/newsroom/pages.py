"""Article and front pages of the sample newsroom as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from html import escape
from importlib.resources import files
from string import Template

from sectorwatch.newsroom.content import Article, Furniture, Publisher

READ_ALSO_LIMIT = 4


def address(publisher: Publisher, path: str) -> str:
    """The public address of `path`: plain http and no port, as the newsroom's hosts are virtual."""
    return f"http://{publisher.host}{path}"


def moment(anchor: datetime, minutes: int) -> datetime:
    return anchor + timedelta(minutes=minutes)


def language_of(publisher: Publisher, article: Article) -> str:
    """The language of the feed that lists the article."""
    return next(feed.language for feed in publisher.feeds if feed.id == article.feed)


def article_html(article: Article) -> str:
    """The text of an article as HTML, without anything around it."""
    return "\n".join(_block_html(block.kind, escape(block.text, quote=False)) for block in article.blocks)


def _block_html(kind: str, text: str) -> str:
    return (
        f'<blockquote class="post"><p>{text}</p></blockquote>' if kind == "blockquote" else f"<{kind}>{text}</{kind}>"
    )


def article_page(
    article: Article, publisher: Publisher, furniture: Furniture, others: Sequence[Article], anchor: datetime
) -> bytes:
    """The page of `article`; `others` are what the publisher shows beside it, newest first."""
    published = moment(anchor, article.minutes)
    revised = moment(anchor, article.last_minutes)
    page = _template(publisher.layout).substitute(
        _around(publisher, furniture, language_of(publisher, article)),
        title=escape(article.title),
        description=escape(article.summary),
        canonical=escape(address(publisher, article.path)),
        author=escape(article.author or publisher.name),
        published=published.isoformat(),
        published_words=published.strftime("%d.%m.%Y %H:%M UTC"),
        modified=revised.isoformat(),
        text=article_html(article),
        related=_links(publisher, _further_reading(article, others)),
    )
    return page.encode(publisher.page_encoding, "xmlcharrefreplace")


def front_page(publisher: Publisher, furniture: Furniture, shown: Sequence[Article]) -> bytes:
    """The publisher's front page: its feeds as alternate links, its articles as a list, newest first."""
    media = {"json11": "application/feed+json", "atom10": "application/atom+xml"}
    alternates = "\n".join(
        f'<link rel="alternate" type="{media.get(feed.format, "application/rss+xml")}" '
        f'title="{escape(feed.title)}" href="{escape(feed.path)}">'
        for feed in publisher.feeds
    )
    page = _template("front").substitute(
        _around(publisher, furniture, publisher.feeds[0].language),
        alternates=alternates,
        articles=_links(publisher, shown),
    )
    return page.encode(publisher.page_encoding, "xmlcharrefreplace")


def _around(publisher: Publisher, furniture: Furniture, language: str) -> dict[str, str]:
    """What stands around the text on every page of a publisher."""
    return {
        "language": language,
        "charset": publisher.page_encoding,
        "site": escape(publisher.name),
        "navigation": "".join(f'<li><a href="/">{escape(label)}</a></li>' for label in furniture.navigation),
        "read_also": escape(furniture.read_also),
        "cookies": escape(furniture.cookies),
        "accept": escape(furniture.accept),
        "footer": escape(furniture.footer),
    }


def _further_reading(article: Article, others: Sequence[Article]) -> list[Article]:
    """The articles it names as related, else the newest others of the same feed."""
    beside = [other for other in others if other.id != article.id and other.feed == article.feed]
    named = [other for other in beside if other.id in article.related]
    return (named or beside)[:READ_ALSO_LIMIT]


def _links(publisher: Publisher, articles: Sequence[Article]) -> str:
    return "\n".join(
        f'<li><a href="{escape(address(publisher, other.path))}">{escape(other.title)}</a></li>' for other in articles
    )


@lru_cache(maxsize=8)
def _template(name: str) -> Template:
    return Template(files("sectorwatch.newsroom").joinpath(f"templates/{name}.html").read_text("utf-8"))
