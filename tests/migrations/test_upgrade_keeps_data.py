"""An upgrade keeps what is stored, or changes nothing at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import (
    Boolean,
    Connection,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    insert,
    inspect,
    text,
)
from sqlalchemy import select as select_rows
from sqlalchemy.types import JSON, String, TypeEngine

import storage
from sectorwatch.domain import SearchQuery, SearchTerm
from sectorwatch.errors import RowRefused
from storage import schema
from storage.engine import open_engine
from storage.search.full_text import latest
from storage.unit_of_work import Store, Work

MIGRATIONS = Path(storage.__file__).parent / "migrations"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORD = SearchQuery(terms=(SearchTerm(given="янськ", phrases=(("янськ",),)),))
_NO_ROWS_OF_OURS = ("alembic_version", "article_search")  # Alembic's own; filled apart
MOVED = {"deliveries": ("alert_id",)}  # into a table of their own, which the test looks into
NEXT = '''"""A release to come."""

import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    {steps}
'''


@pytest.fixture
def old_store(store_url: str) -> Iterator[Store]:
    """A store of version 0001 with a row in every table."""
    store = Store(open_engine(store_url))
    with store.write() as work:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = work.connection
        command.upgrade(config, "0001")
        fill(work)
        work.commit()
    yield store
    store.close()


def fill(work: Work) -> None:
    """A row in every table, a value in every column, as the database itself describes them.

    Every number is 1, so that every foreign key finds its row. The code's own tables would not do: they are those of
    the newest version.
    """
    for table in reflected(work.connection):
        row = {column.name: _value(table, column.name, column.type, work) for column in table.columns}
        work.connection.execute(insert(table).values(**row))
    if work.postgresql:
        statement = "INSERT INTO article_search (article_id, document) VALUES (1, to_tsvector('simple', 'куп янськ'))"
    else:
        statement = "INSERT INTO article_search (rowid, title, body) VALUES (1, 'куп', 'янськ')"
    work.connection.execute(text(statement))


def reflected(connection: Connection) -> list[Table]:
    """The tables that the database has, parents first."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: not name.startswith(_NO_ROWS_OF_OURS))
    return found.sorted_tables


def _value(table: Table, column: str, kind: TypeEngine[Any], work: Work) -> object:
    if isinstance(kind, DateTime):
        return NOON if work.postgresql else NOON.replace(tzinfo=None)
    if isinstance(kind, String):
        return f"{table.name} {column} Куп'янськ"[: kind.length]
    values = ((Boolean, True), (Integer, 1), (Float, 0.5), (LargeBinary, b"\x00\xff"), (JSON, {"name": "Куп'янськ"}))
    return next(value for of, value in values if isinstance(kind, of))


def rows(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Everything stored, by table."""
    with store.read() as work:
        return {
            table.name: [dict(row) for row in work.connection.execute(select_rows(table)).mappings()]
            for table in reflected(work.connection)
        }


def next_release(folder: Path, monkeypatch: pytest.MonkeyPatch, *steps: str) -> None:
    """Makes as if this release had one more migration, with these steps."""
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    migration = NEXT.format(before=schema.newest(), steps="\n    ".join(steps))
    (folder / "versions" / "next.py").write_text(migration, "utf-8")
    monkeypatch.setattr(schema, "_FOLDER", folder)


def test_the_oldest_store_survives_the_upgrade(old_store: Store) -> None:
    """Every row of a store of version 0001 is there in the newest one, and so is the full-text search."""
    before = rows(old_store)
    assert [table for table, found in before.items() if len(found) != 1] == []
    assert schema.upgrade(old_store) is (schema.newest() != "0001")
    after = rows(old_store)
    for table, (row,) in before.items():
        (now,) = after[table]
        moved = MOVED.get(table, ())
        assert {column: now[column] for column in row if column not in moved} == {
            column: value for column, value in row.items() if column not in moved
        }, table
    assert after["delivery_alerts"] == [{"delivery_id": 1, "alert_id": 1}]
    assert after["deliveries"][0]["subscription_id"] == 1
    with old_store.read() as work:
        assert [match.id for match in latest(work, WORD, limit=5)] == [1]


def test_a_deleted_article_is_found_no_more(old_store: Store) -> None:
    """The full-text search follows its articles by itself, after an upgrade too."""
    schema.upgrade(old_store)
    with old_store.write() as work:
        work.connection.execute(text("DELETE FROM articles"))
        work.commit()
    with old_store.read() as work:
        assert work.connection.execute(text("SELECT count(*) FROM article_search")).scalar_one() == 0


def test_a_column_that_comes_later_leaves_the_rows_alone(
    old_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next migration of a filled store runs on both databases and keeps every value."""
    schema.upgrade(old_store)
    before = rows(old_store)
    step = 'op.add_column("articles", sa.Column("mood", sa.Text(), nullable=False, server_default="calm"))'
    next_release(tmp_path / "migrations", monkeypatch, step)
    assert schema.upgrade(old_store) is True
    before["articles"][0]["mood"] = "calm"
    assert rows(old_store) == before
    assert schema.current(old_store) == "next"


def test_a_table_that_is_made_anew_keeps_what_belongs_to_it(
    old_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite changes a column by making its table anew: rows that refer to the table must not go with the old one."""
    schema.upgrade(old_store)
    before = rows(old_store)
    next_release(
        tmp_path / "migrations",
        monkeypatch,
        'with op.batch_alter_table("articles") as articles:',
        '    articles.alter_column("author", new_column_name="writer")',
    )
    assert schema.upgrade(old_store) is True
    before["articles"][0]["writer"] = before["articles"][0].pop("author")
    assert rows(old_store) == before


@pytest.mark.parametrize("fault", ['raise RuntimeError("a fault")', 'op.execute("INSERT INTO polls (id) VALUES (1)")'])
def test_a_migration_that_fails_leaves_the_old_version(
    old_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """Nothing of a failed upgrade stays: neither tables, nor rows, nor the version."""
    schema.upgrade(old_store)
    version, before = schema.current(old_store), rows(old_store)
    made = 'op.create_table("moods", sa.Column("id", sa.Integer(), primary_key=True))'
    next_release(tmp_path / "migrations", monkeypatch, made, 'op.execute("DELETE FROM polls")', fault)
    with pytest.raises((RuntimeError, RowRefused)):
        schema.upgrade(old_store)
    assert schema.current(old_store) == version
    assert rows(old_store) == before


def test_an_empty_store_stays_empty_when_a_later_migration_fails(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way from nothing to the newest version is one transaction, not one for each migration."""
    store = Store(open_engine(store_url))
    next_release(tmp_path / "migrations", monkeypatch, 'raise RuntimeError("a fault")')
    with pytest.raises(RuntimeError, match="a fault"):
        schema.upgrade(store)
    assert schema.current(store) is None
    with store.read() as work:
        assert inspect(work.connection).get_table_names() == []
    store.close()
