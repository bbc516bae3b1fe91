"""The archive is read from end to end on both databases."""

from __future__ import annotations

from datetime import timedelta

from storage.reading import archive
from storage.unit_of_work import Store
from tests.builders import NOON, add_feed
from tests.stored_articles import add_article


def test_every_article_comes_once_the_latest_first(store: Store) -> None:
    """Whatever the size of a page, and though many were seen in the same second."""
    feed = add_feed(store)
    seen = [NOON, NOON + timedelta(hours=1), NOON, NOON, NOON + timedelta(hours=2), NOON]
    ids = [add_article(store, feed, f"Text {number}.", seen=at) for number, at in enumerate(seen)]
    expected = [ids[n] for n in (4, 1, 5, 3, 2, 0)]

    for size in (1, 2, 3, 6, 100):
        assert [one.id for one in archive.newest_first(store, size=size)] == expected


def test_the_archive_can_be_read_from_a_day_on(store: Store) -> None:
    """Older articles are neither counted nor given, the one seen at that very moment is."""
    feed = add_feed(store)
    for number in range(5):
        add_article(store, feed, f"Text {number}.", seen=NOON - timedelta(days=number))
    since = NOON - timedelta(days=2)

    assert [one.text for one in archive.newest_first(store, since=since, size=2)] == ["Text 0.", "Text 1.", "Text 2."]
    with store.read() as work:
        assert (archive.count(work, since=since), archive.count(work)) == (3, 5)


def test_an_article_that_arrives_meanwhile_disturbs_nothing(store: Store) -> None:
    """Reading holds no transaction: new articles can be stored, and those that were there still come once."""
    feed = add_feed(store)
    for number in range(4):
        add_article(store, feed, f"Text {number}.", seen=NOON + timedelta(minutes=number))
    texts = []
    for one in archive.newest_first(store, size=2):
        texts.append(one.text)
        add_article(store, feed, f"New {len(texts)}.", seen=NOON + timedelta(days=1, minutes=len(texts)))

    assert texts == ["Text 3.", "Text 2.", "Text 1.", "Text 0."]


def test_an_empty_archive_has_no_articles(store: Store) -> None:
    """There is nothing to read, and that is no error."""
    assert list(archive.newest_first(store)) == []
