"""docs/columns.md explains the tables that there are, and no others."""

from __future__ import annotations

from enum import StrEnum

import pytest

from alerts.rules import Code
from sectorwatch.domain import (
    DateQuality,
    DeliveryState,
    FeedState,
    JobState,
    OutcomeKind,
    PollStatus,
    ReadState,
    Side,
    TargetKind,
    Zone,
)
from sectorwatch.notice import NoticeKind
from storage.tables import metadata
from tests.columns_page import columns_page

# Not of the metadata; tests/migrations holds the page to what the databases say of them.
OUTSIDE = {"article_search", "alembic_version"}
NEVER_SUPPRESSED = {Code.MATCH, Code.FOLLOW_UP, Code.STORY_KNOWN, Code.NOT_WANTED}  # told, joined, not recorded

VALUES: list[tuple[str, str, type[StrEnum]]] = [
    ("feeds", "state", FeedState),
    ("feeds", "side", Side),
    ("polls", "status", PollStatus),
    ("entries", "date_quality", DateQuality),
    ("entries", "read_state", ReadState),
    ("mentions", "zone", Zone),
    ("targets", "kind", TargetKind),
    ("suppressions", "code", Code),
    ("deliveries", "state", DeliveryState),
    ("delivery_attempts", "outcome", OutcomeKind),
    ("jobs", "state", JobState),
    ("notices", "kind", NoticeKind),
]


def test_every_table_is_on_the_page() -> None:
    """A table that is added needs its section, and one that goes takes its section with it."""
    assert set(columns_page()) - OUTSIDE == set(metadata.tables)


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_every_column_is_on_the_page(table: str) -> None:
    """The page has the columns of the table, all of them, no others, in its order."""
    assert list(columns_page()[table]) == list(metadata.tables[table].columns.keys())


def test_every_column_has_a_meaning() -> None:
    """A row without a sentence explains nothing."""
    unexplained = [
        f"{table}.{column}"
        for table, columns in columns_page().items()
        for column, meaning in columns.items()
        if len(meaning.split()) < 2 or not meaning.endswith(".")
    ]
    assert unexplained == []


def test_a_column_that_may_be_null_is_said_to_be() -> None:
    """What NULL means stands beside every column of the data that can hold it, or it is not used yet."""
    silent = [
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.nullable and column.name != "lease_until"  # said once for all tables, at the head of the page
        if "NULL" not in (meaning := columns_page()[table.name][column.name]) and "Not used yet" not in meaning
    ]
    assert silent == []


@pytest.mark.parametrize(("table", "column", "values"), VALUES, ids=lambda value: getattr(value, "__name__", value))
def test_every_value_of_a_state_is_explained(table: str, column: str, values: type[StrEnum]) -> None:
    """A state that is added to the code is added to the page."""
    meaning = columns_page()[table][column]
    wanted = [value for value in values if value not in NEVER_SUPPRESSED]
    assert [value for value in wanted if f"`{value}`" not in meaning] == []


@pytest.mark.parametrize(
    "page",
    [
        "### `feeds`\n| `id` | One. |\n| `id` | Two. |",
        "### `feeds`\n### `feeds`",
        "### `feeds`\n| id | One. |",
        "## Feeds\n| `id` | One. |",
    ],
)
def test_a_page_that_contradicts_itself_is_refused(page: str) -> None:
    """A table or column explained twice, or a row that cannot be read, does not pass unseen."""
    with pytest.raises(ValueError, match=r"twice|not a row"):
        columns_page(page)
