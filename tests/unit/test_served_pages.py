"""Pages as news sites serve them: each is called what it is, and its text is told from what stands beside it."""

from __future__ import annotations

import pytest

from sectorwatch.errors import Refusal
from tests.served_pages import SERVED, State
from tests.unit.test_odd_pages import as_it_should, read

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
    as_it_should(article, page)
    text = " ".join(article.text.split())
    assert {words: text.count(words) for words in page.once} == dict.fromkeys(page.once, 1)
