"""`mentions`: the newest article first, by the moment that is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from storage.reading import coverage
from storage.tables import articles
from storage.unit_of_work import Store
from storage.views import queries
from tests.builders import NOON, add_feed
from tests.plugins.commands import Run
from tests.stored_articles import add_article

HOUR = timedelta(hours=1)
PUBLISHED = {"first": NOON - HOUR, "unknown": None, "old": NOON - 3 * HOUR, "to come": NOON + 9 * HOUR}


@pytest.fixture
def told(store: Store) -> Store:
    """Articles of one cycle, each of which names two sectors, one of them twice."""
    feed = add_feed(store)
    for title, at in PUBLISHED.items():
        add_article(store, feed, title, title=title, sectors=("kupiansk", "kupiansk", "lyman"))
        with store.write() as work:
            mine = update(articles).where(articles.c.title == title).returning(articles.c.id)
            (number,) = work.connection.execute(mine.values(published_at=at)).one()
            coverage.refresh(work, number)
            work.commit()
    return store


def test_the_newest_article_is_first(told: Store, run: Run) -> None:
    """As old as its publication says, and else as long as it is known; in which order they were stored is no matter."""
    listed = run("mentions", "--sector", "kupiansk", "--json")
    assert [row["title"] for row in listed] == ["to come", "unknown", "first", "old"]
    with told.read() as work:
        rows = queries.mention_rows(work, limit=99)
        few = queries.mention_rows(work, since=NOON - 2 * HOUR, limit=3)
        every = queries.mention_rows(work, sector="kupiansk", since=NOON - 2 * HOUR, limit=99, per_article=False)
    assert [(row.title, row.sector) for row in rows[:3]] == [
        ("to come", "kupiansk"),
        ("to come", "lyman"),
        ("unknown", "kupiansk"),
    ]
    assert [row.at for row in rows] == sorted((row.at for row in rows), reverse=True)
    assert (len(rows), few) == (8, rows[:3])
    assert [row.title for row in every] == ["to come", "to come", "unknown", "unknown", "first", "first"]


def test_the_age_that_is_shown_grows_from_line_to_line(told: Store, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An article whose date is still to come is as old as it is known."""
    monkeypatch.setattr("storage.shared_clock.now_of", lambda _: NOON + HOUR)
    said = run("mentions", "--sector", "lyman")
    assert [line.rpartition(", ")[2] for line in said.splitlines() if line.startswith("lyman")] == [
        "1 h ago)",
        "1 h ago)",
        "2 h ago)",
        "4 h ago)",
    ]
