"""Extraction on real pages with their truth: the figures are printed, and may not fall below their floors."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import pytest

from benchmarks.extraction import PAGES, Page, ours, pages, score
from extractors.prefilter import SKIMMED
from extractors.reading import PageToRead, read_page
from extractors.text import plain
from sectorwatch.domain import ArticleText, FeedText

pytestmark = pytest.mark.skipif(not PAGES.is_dir(), reason="needs ../shared/data/pages")

NO_FEED = FeedText(title="", summary="", content=None, language="", published_at=None)
Read = list[tuple[Page, ArticleText | None]]


@pytest.fixture(scope="module")
def read() -> Callable[[str], Read]:
    """The pages of a set with what was read, each set once."""
    done: dict[str, Read] = {}
    return lambda which: done.setdefault(which, [(page, ours(page)) for page in pages(which)])


@pytest.mark.parametrize(("which", "floor"), [("aeb", 0.965), ("fundus", 0.95)])
def test_the_text_is_that_of_the_article(read: Callable[[str], Read], which: str, floor: float) -> None:
    """F1 over runs of four words."""
    found = score((page.text, article.text if article else "") for page, article in read(which))
    print(f"\n{which}: F1 {found.f1:.4f}, precision {found.precision:.4f}, recall {found.recall:.4f}")
    assert found.f1 >= floor


def test_title_and_date_are_the_articles(read: Callable[[str], Read]) -> None:
    """The title by its letters, the date by the day in the zone that the truth states.

    Most titles that differ are another of the two or three that their page gives itself.
    """
    titles = [
        article is not None and letters(article.title) == letters(page.title)
        for page, article in read("fundus")
        if page.title
    ]
    dates = [same_day(page, article) for page, article in read("fundus") if page.published_at]
    print(f"\nfundus: {sum(titles)} of {len(titles)} titles, {sum(dates)} of {len(dates)} dates")
    assert sum(titles) >= 0.88 * len(titles)
    assert sum(dates) >= 0.97 * len(dates)


def test_skimming_loses_nothing_that_detection_would_look_at() -> None:
    """Of all real pages; and most need not be extracted."""
    files = sorted(PAGES.rglob("*.html.gz"))
    skimmed = 0
    for file in files:
        body = gzip.decompress(file.read_bytes())
        full, quick = (
            read_page(PageToRead(html=body, url="", charset="", feed=NO_FEED, whole=whole)) for whole in (True, False)
        )
        if quick.article.method == SKIMMED:
            skimmed += 1
            at_once = {("small_letter",), ("no_ukraine",)}  # turned down whatever stands around
            turned_down = {tuple(reason.code for reason in one.reasons) for one in full.detection.rejected}
            assert turned_down <= at_once, file.name
            assert full.detection.mentions == (), file.name
            assert (quick.article.title, quick.article.published_at) == (full.article.title, full.article.published_at)
        else:
            assert quick == full, file.name
    print(f"\n{skimmed} of {len(files)} pages are only skimmed")
    assert skimmed >= 0.7 * len(files)


def test_the_author_is_one_of_the_articles(read: Callable[[str], Read]) -> None:
    """Where the truth has any; pages that name their publisher instead are the rest."""
    right = [
        article is not None and any(letters(name) in letters(article.author) for name in page.authors)
        for page, article in read("fundus")
        if page.authors
    ]
    print(f"\nfundus: {sum(right)} of {len(right)} authors")
    assert sum(right) >= 0.85 * len(right)


def letters(text: str | None) -> str:
    """The letters and digits alone: quotation marks and spaces are the site's fashion."""
    return "".join(re.findall(r"[^\W_]+", plain(text or "")))


def same_day(page: Page, article: ArticleText | None) -> bool:
    """Whether the article was published on the day of the truth."""
    if article is None or article.published_at is None or page.published_at is None:
        return False
    return article.published_at.astimezone(page.published_at.tzinfo).date() == page.published_at.date()
