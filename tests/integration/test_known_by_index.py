"""What is asked at each poll of a feed is answered by an index, on both databases: the feed may have many years."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from storage.intake import entries
from storage.unit_of_work import Store, Work
from tests.builders import NOON, add_feed

MANY = 3_000  # entries of the feed
FEW = 5  # that are asked for


@pytest.fixture
def feed(store: Store) -> int:
    """A feed with many entries, of which the database knows how many they are."""
    number = add_feed(store)
    columns = ("guid", "canonical_url", "title_day_key", "content_key")
    row = {"feed_id": number, "date_quality": "missing", "baseline": False, "read_state": "read"}
    row |= {"first_seen_at": NOON, "last_seen_at": NOON}
    rows = [row | {column: f"{column}-{one}" for column in columns} for one in range(MANY)]
    with store.write() as work:
        work.connection.execute(insert(entries.entries), rows)
        work.commit()
    with store.write() as work:
        if work.postgresql:  # it does so by itself, SQLite does not
            work.connection.execute(text("ANALYZE entries"))
            work.commit()
    return number


def plans(store: Store, ask: Callable[[Work], object]) -> list[str]:
    """How the database answers each statement of `ask`."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        seen.append((statement, parameters))

    with store.write() as work:
        event.listen(store.engine, "before_cursor_execute", note)
        try:
            ask(work)
        finally:
            event.remove(store.engine, "before_cursor_execute", note)
        explain = "EXPLAIN (FORMAT JSON)" if work.postgresql else "EXPLAIN QUERY PLAN"
        return [
            json.dumps([list(row) for row in work.connection.exec_driver_sql(f"{explain} {statement}", parameters)])
            for statement, parameters in seen
        ]


def named(column: str) -> list[str]:
    return [f"{column}-{one}" for one in range(FEW)]


def test_an_item_is_looked_up_by_index(store: Store, feed: int) -> None:
    """By its guid, its address, its title of a day and its text: each with the column in the index, beside the feed."""
    by_key = plans(
        store, lambda work: entries.known(work, feed, guids=named("guid"), canonical_urls=named("canonical_url"))
    )
    by_text = plans(
        store,
        lambda work: entries.alike(
            work, feed, title_day_keys=named("title_day_key"), content_keys=named("content_key")
        ),
    )
    columns = (("guid", "canonical_url"), ("title_day_key", "content_key"))
    for plan, pair in zip((*by_key, *by_text), columns, strict=True):
        for column in pair:
            assert re.search(rf"{column}=\?|Index Cond[^}}]*{column}\)?(?:::text)? = ANY", plan), plan
        assert "SCAN" not in plan, plan
        assert "Seq Scan" not in plan, plan
