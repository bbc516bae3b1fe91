"""No question that is asked again and again reads a large table through, on either database."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from benchmarks.hot_queries import HOT, noted, plan
from benchmarks.year_store import build
from storage.search.sources import marks_of
from storage.unit_of_work import Store

LARGE = (
    "alert_articles|alerts|article_sectors|articles|cycles|deliveries|delivery_alerts|delivery_attempts|entries|gists"
    "|gist_terms|mentions|past_articles|polls|raw_pages|stories|story_bands|suppressions"
)
READ_THROUGH = re.compile(rf"^SCAN (?:{LARGE})\b|Seq Scan on (?:{LARGE})\b")
IN_ORDER = re.compile(r"ORDER BY \w+\.(?:id|last_seen_at|at)\b.* DESC\b.* LIMIT", re.DOTALL)  # ends after a few rows
COUNTS = re.compile(r"SELECT (?:\w+\.state, )?count\(\*\) AS count_1 FROM \w+(?: GROUP BY \w+\.state)?\s*")


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_year_is_indexed_with_marks_of_sources(store: Store) -> None:
    """As articles are that the product stores: or what a search of a source takes would be another's time."""
    build(store, 1_000)
    indexed = text("SELECT rowid FROM article_search WHERE article_search MATCH :mark")
    for mark in marks_of(78, "News 77").split():
        with store.read() as work:
            assert work.connection.execute(indexed, {"mark": f'"{mark}"'}).scalars().all() == [77, 577], mark


def test_no_large_table_is_read_through(store: Store) -> None:
    """But for those whose rows `status` counts, by an index; and what is read in order ends with the first rows."""
    year = build(store, 2_000)
    found: list[str] = []
    for hot in HOT:
        with store.write() as work:
            with noted(store.engine) as seen:
                hot.ask(work, year)
            assert seen, hot.name
            if work.postgresql:  # tables of a test are so small that reading them through is best
                work.connection.execute(text("SET LOCAL enable_seqscan = off"))
            for one in seen:
                sql = " ".join(one.sql.split())
                if IN_ORDER.search(sql) or COUNTS.fullmatch(sql):
                    continue
                found += [f"{hot.name}: {line}: {sql}" for line in plan(work, one) if READ_THROUGH.search(line)]
    assert not found, "\n".join(found)
