"""Pages as news sites serve them: each is called what it is, and its text is told from what stands beside it."""

from __future__ import annotations

import pytest

from sectorwatch.errors import Refusal
from tests.served_pages import SERVED, State
from tests.unit.test_odd_pages import read

_WALLS = {Refusal.PAYWALL, Refusal.CONSENT}


_CASES = [
    pytest.param(name, marks=[pytest.mark.xfail(reason=page.missed, strict=True)] if page.missed else [])
    for name, page in SERVED.items()
]


@pytest.mark.parametrize("name", _CASES)
def test_a_page_is_read_as_it_is_served(name: str) -> None:
    """Its state, title and moment, what is in the text and what is not."""
    page = SERVED[name]
    article, refusal = read(page)
    assert (State.ARTICLE if refusal is None else State.WALL if refusal in _WALLS else State.NONE) is page.state
    if article is None:
        return
    text = " ".join(article.text.split())
    assert [words for words in (*page.has, *page.once) if words not in text] == []
    assert [words for words in page.lacks if words in text] == []
    assert [words for words in page.once if text.count(words) > 1] == []
    said = {
        "title": article.title,
        "day": article.published_at.date().isoformat() if article.published_at else "",
        "at": article.published_at.isoformat() if article.published_at else "",
        "modified": article.modified_at.isoformat() if article.modified_at else "",
        "canonical": article.canonical_url,
        "author": article.author,
    }
    wanted = {key: value for key in said if (value := getattr(page, key))}
    assert {key: said[key] for key in wanted} == wanted
