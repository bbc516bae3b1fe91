"""The bundled articles hold what the demo needs, and say the truth about themselves."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from sectorwatch.domain import Side
from sectorwatch.errors import InputError
from sectorwatch.newsroom.content import Article, Edition, load_library
from sectorwatch.newsroom.content import _article as read_article
from sectorwatch.newsroom.content import _revision as read_revision

SECTORS = {
    *("kupiansk", "lyman", "sloviansk", "kramatorsk", "kostiantynivka", "pokrovsk", "oleksandrivka", "huliaipole"),
    *("orikhiv", "prydniprovske", "south-slobozhanskyi", "north-slobozhanskyi", "dobropillia"),
}
KUPIANSK_STEMS = re.compile(
    r"куп['’ʼ]?ян|kup[iyj]+a[nń]|kindrashivka|radkivka|кіндрашівк|радьківк", re.IGNORECASE | re.UNICODE
)
EVERY = load_library().written
"""All articles as first published."""


def _shown_for_the_first_time(edition: Edition) -> list[Article]:
    return [article for article in EVERY if article.edition is edition]


def test_there_is_enough_to_read() -> None:
    """The newsroom has at least thirty articles, five languages and eight publishers, and eight news of the day."""
    library = load_library()
    assert len(EVERY) >= 30
    assert len(_shown_for_the_first_time(Edition.DAY)) >= 8
    assert len(library.publishers) == 8
    assert {article.id.split("-")[0] for article in EVERY} == {"en", "uk", "ru", "de", "pl"}
    assert {publisher.side for publisher in library.publishers} >= {Side.UKRAINIAN, Side.RUSSIAN, Side.INTERNATIONAL}


@pytest.mark.parametrize("article", [*EVERY, *load_library().revised.values()], ids=lambda article: article.title)
def test_each_article_is_one(article: Article) -> None:
    """Each article has a note on why it is there, a summary, and 90 to 250 words in at least three paragraphs."""
    assert article.note
    assert article.summary
    assert article.summary != article.title
    assert 90 <= len(article.text.split()) <= 250
    assert len(article.blocks) >= 3
    assert not re.search(r"^(\+\+\+|#|>)", article.text, re.MULTILINE), "a mark of the file format is left in the text"


def test_truth_names_known_sectors() -> None:
    """Expectations use the ids of the sectors, and only an article about some sector alerts."""
    for article in EVERY:
        assert set(article.expect) <= SECTORS, article.id
        assert article.expect or not article.alerts, article.id
        assert article.edition is Edition.DAY or not article.alerts, f"{article.id}: the baseline alerts nobody"
        assert article.alerts == (article.edition is Edition.DAY and bool(article.expect)), article.id


def test_truth_and_texts_agree_about_kupiansk() -> None:
    """An article expects Kupiansk exactly when its own words name it."""
    for article in EVERY:
        named = bool(KUPIANSK_STEMS.search(f"{article.title}\n{article.text}"))
        assert named == ("kupiansk" in article.expect), article.id


def test_dates_follow_the_editions() -> None:
    """Nothing is dated after the anchor, and the day's news is younger than the whole morning edition."""
    latest_morning = max(article.minutes for article in _shown_for_the_first_time(Edition.MORNING))
    for article in _shown_for_the_first_time(Edition.DAY):
        assert latest_morning < article.minutes < 0, article.id
    for article in load_library().revised.values():
        assert latest_morning < article.last_minutes < 0, article.id


def test_addresses_are_unique() -> None:
    """No two articles share an address or a moment at one publisher."""
    assert not [key for key, count in Counter((a.publisher, a.path) for a in EVERY).items() if count > 1]
    assert not [key for key, count in Counter((a.publisher, a.minutes) for a in EVERY).items() if count > 1]


def test_every_article_belongs_to_a_feed() -> None:
    """Publisher, feed, copied and related articles of each article exist."""
    library = load_library()
    feeds = {(publisher.id, feed.id) for publisher in library.publishers for feed in publisher.feeds}
    ids = {article.id for article in EVERY}
    for article in EVERY:
        assert (article.publisher, article.feed) in feeds, article.id
        assert {*article.related, article.story} <= ids, article.id


def test_the_hard_cases_are_there() -> None:
    """Three apostrophes, a copy, an edit, a changed GUID, a refused page and a sector in the links only."""
    texts = "\n".join(f"{article.text}\n{article.summary}" for article in EVERY)
    assert {match.group(1) for match in re.finditer(r"Куп(.)ян", texts)} >= {"'", "’", "ʼ"}
    assert [a.id for a in EVERY if a.copy_of] == ["en-river-crossing-held"]
    assert [a.id for a in EVERY if a.day_guid] == ["uk-oskil-villages"]
    assert [a.id for a in EVERY if a.status == 403] == ["uk-kupiansk-convoy"]
    assert list(load_library().revised) == ["uk-kupiansk-hospital"]
    linked = [a for a in EVERY if a.related and not a.expect]
    assert [a.id for a in linked] == ["uk-first-frost"]


def test_the_copy_is_a_copy() -> None:
    """The syndicated copy shares nine tenths of its sentences with the original, and not its first or last words."""
    copy = next(article for article in EVERY if article.copy_of)
    original = next(article for article in EVERY if article.id == copy.copy_of)
    sentences = [set(re.split(r"(?<=[.”\"])\s+", article.text)) for article in (original, copy)]
    assert len(sentences[0] & sentences[1]) / len(sentences[0]) >= 0.9
    assert copy.text[:20] != original.text[:20]
    assert copy.text[-20:] != original.text[-20:]
    assert (copy.publisher, copy.path, copy.title) != (original.publisher, original.path, original.title)


def test_the_edit_adds_no_sector() -> None:
    """The revision changes title and text of its article, and keeps identity, address and truth."""
    library = load_library()
    before = {article.id: article for article in library.articles(Edition.MORNING)}
    after = {article.id: article for article in library.articles(Edition.DAY)}
    for name in library.revised:
        assert before[name].title != after[name].title
        assert before[name].text != after[name].text
        for fact in ("path", "expect", "alerts", "minutes", "publisher"):
            assert getattr(before[name], fact) == getattr(after[name], fact)


def test_a_broken_file_is_named() -> None:
    """A head with an unknown key or an unknown edition, or a revision of nothing, says which file to mend."""
    article = EVERY[0]
    with pytest.raises(InputError, match=r"odd\.md"):
        read_article("odd", {"edition": "day", "headline": "?"}, "text")
    with pytest.raises(InputError, match=r"odd\.md"):
        read_article("odd", {"edition": "evening"}, "text")
    with pytest.raises(InputError, match=r"odd\.day\.md"):
        read_revision({}, "odd", {"minutes": -1}, "text")
    with pytest.raises(InputError, match=article.id):
        read_revision({article.id: article}, article.id, {"minutes": -1, "expect": ["lyman"]}, "text")
