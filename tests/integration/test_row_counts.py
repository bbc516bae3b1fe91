"""What status shows is right whatever comes and goes, though hardly any of it is counted, on either database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Table, func, insert, select, update

from benchmarks.year_store import NOW, build
from storage import row_counts
from storage.intake import feeds as feed_store
from storage.reading import articles as article_store
from storage.tables import articles, entries, polls, stories
from storage.unit_of_work import Store, Work
from storage.upkeep import past, retention
from storage.views import queries
from tests.builders import add_entries

TABLES = {"articles": articles, "stories": stories, "polls": polls, "entries": entries}


@pytest.fixture
def year(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store that was counted, but for the last rows."""
    monkeypatch.setattr(row_counts, "_IN_FLIGHT", 50)
    build(store, 400, sources=10)
    return store


def counted(work: Work, table: Table) -> int:
    return int(work.connection.execute(select(func.count()).select_from(table)).scalar_one())


def agree(work: Work) -> bool:
    """Whether every total is what counting gives."""
    shown = queries.totals(work)
    return {name: shown[name] for name in TABLES} == {name: counted(work, table) for name, table in TABLES.items()}


def test_totals_are_right_whatever_goes(year: Store) -> None:
    """Polls and entries that come; a story that joins another; polls, stories and a feed that go; another count."""
    with year.write() as work:
        kept = work.connection.execute(select(row_counts.row_counts.c.name, row_counts.row_counts.c.up_to)).tuples()
        assert dict(kept.all()) == {"articles": 350, "stories": 350, "polls": 1950}
        assert agree(work)
        poll = {"feed_id": 1, "at": NOW, "status": "known"}
        work.connection.execute(insert(polls), [poll] * 3)
        assert agree(work)
        for alone, joined in ((4, 2), (396, 394)):  # one that was counted, one that was not
            moved = article_store.get(work, alone)
            assert moved is not None
            article_store.move(work, moved, story_id=joined, story_reason="", now=NOW)
            assert agree(work)
        row_counts.keep(work)
        assert agree(work)
        assert retention.prune(work, "polls", before=NOW - timedelta(days=300), limit=100) == 100
        assert agree(work)
        row_counts.keep(work)
        past.let_go(work, [10, 20, 30])
        assert agree(work)
        row_counts.keep(work)
        feed_store.remove(work, 3)
        assert agree(work)
        work.commit()
    add_entries(year, 4, *range(9_001, 9_004))
    with year.read() as work:
        assert agree(work)


def test_what_was_counted_is_not_counted_again(year: Store) -> None:
    with year.write() as work:
        before = queries.totals(work)["polls"]
        of_polls = row_counts.row_counts.c.name == "polls"
        work.connection.execute(update(row_counts.row_counts).where(of_polls).values(rows=1_000_000))
        assert queries.totals(work)["polls"] == 1_000_000 + before - 1950
