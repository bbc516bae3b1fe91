"""Odd pages of our own making: each is read, or refused, as its table says."""

from __future__ import annotations

import pytest

from extractors.pages.article import extract_article
from sectorwatch.domain import ArticleText, FeedText
from sectorwatch.errors import PageRefused, Refusal
from tests.odd_pages import ODD, Odd


@pytest.mark.parametrize("name", ODD)
def test_an_odd_page_is_read_or_refused_as_it_should(name: str) -> None:
    """The refusal, what is in the text and what is not, and what is said of it."""
    odd = ODD[name]
    article, refusal = read(odd)
    assert refusal == odd.refused
    if article is None:
        return
    as_it_should(article, odd)


def as_it_should(article: ArticleText, odd: Odd) -> None:
    """What is in the text and what is not, and what is said of it."""
    text = " ".join(article.text.split())
    assert [words for words in odd.has if words not in text] == []
    assert [words for words in odd.lacks if words in text] == []
    said = {
        "title": article.title,
        "day": article.published_at.date().isoformat() if article.published_at else "",
        "at": article.published_at.isoformat() if article.published_at else "",
        "modified": article.modified_at.isoformat() if article.modified_at else "",
        "canonical": article.canonical_url,
        "author": article.author,
        "live": article.live,
        "method": article.method,
    }
    wanted = {key: value for key in said if (value := getattr(odd, key)) not in ("", None)}
    assert {key: said[key] for key in wanted} == wanted


def read(odd: Odd) -> tuple[ArticleText | None, Refusal | None]:
    feed = FeedText(title="", summary=odd.feed, content=None, language="", published_at=None) if odd.feed else None
    body = odd.body if isinstance(odd.body, bytes) else odd.body.encode()
    try:
        article = extract_article(body, url=odd.url, charset=odd.charset, asked=odd.asked, feed=feed)
    except PageRefused as refused:
        return None, refused.refusal
    return article, article.refusal
