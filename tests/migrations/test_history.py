"""The history of the tables is one line, and walking it gives the tables that the code works with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

import storage
from storage import schema
from storage.engine import open_engine
from storage.tables import metadata
from storage.unit_of_work import Store
from tests.columns_page import columns_page
from tests.plugins.databases import PostgresServer

SEARCH = "article_search"  # no table of the metadata: each database has a kind of its own
BEFORE_THE_FIRST_RELEASE = {"0003": {"deliveries.alert_id"}}  # took something away; nothing after it may
# What an FTS5 table makes of itself: https://www.sqlite.org/fts5.html, "FTS5 Shadow Tables".
SEARCH_TABLES = {SEARCH} | {f"{SEARCH}_{part}" for part in ("data", "idx", "content", "docsize", "config")}


@pytest.fixture
def upgraded(store_url: str) -> Iterator[Store]:
    """A store that was empty and has been upgraded."""
    store = Store(open_engine(store_url))
    schema.upgrade(store)
    yield store
    store.close()


@pytest.fixture
def twin(store_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store of the same kind whose tables were made from the metadata, without any migration."""
    if store_url.startswith("sqlite"):
        yield from _made(f"sqlite:///{tmp_path / 'twin.db'}")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as url:
        yield from _made(url)


def _made(url: str) -> Iterator[Store]:
    store = Store(open_engine(url))
    with store.write() as work:
        metadata.create_all(work.connection)
        work.commit()
    yield store
    store.close()


def _not_search(_object: object, name: str | None, kind: str, _reflected: bool, _twin: object) -> bool:
    return kind != "table" or name not in SEARCH_TABLES


def tables_of(connection: Connection) -> dict[str, dict[str, Any]]:
    """All that the database says of each table, but for the full-text search and Alembic's own."""
    found = inspect(connection)
    kept = sorted(set(found.get_table_names()) - SEARCH_TABLES - {"alembic_version"})
    return {
        table: {
            "columns": [{**column, "type": str(column["type"])} for column in found.get_columns(table)],
            "primary key": found.get_pk_constraint(table),
            "foreign keys": sorted(found.get_foreign_keys(table), key=str),
            "unique": sorted(found.get_unique_constraints(table), key=str),
            "indexes": sorted(
                ({**index, "dialect_options": _where(index)} for index in found.get_indexes(table)), key=str
            ),
        }
        for table in kept
    }


def _where(index: Any) -> dict[str, str]:
    """The condition of a partial index; the rest of the options is empty or a default."""
    return {name: str(value) for name, value in index.get("dialect_options", {}).items() if name.endswith("_where")}


def test_the_history_is_one_line() -> None:
    """One first migration, one newest, and no branch, merge or side condition between them."""
    folder = Path(storage.__file__).parent / "migrations"
    history = ScriptDirectory(str(folder))
    line = list(history.walk_revisions())
    assert history.get_heads() == [schema.newest()]
    assert len(history.get_bases()) == 1
    assert [
        m.revision for m in line if m.is_branch_point or m.is_merge_point or m.dependencies or m.branch_labels
    ] == []
    numbers = [migration.revision for migration in reversed(line)]
    assert numbers == [f"{number:04}" for number in range(1, len(line) + 1)]
    files = sorted(path.name[:5] for path in (folder / "versions").glob("*.py"))
    assert files == [f"{number}_" for number in numbers]


def test_migrations_only_add(tmp_path: Path) -> None:
    """None drops or renames a table or column, nor adds one that must be filled: the release before still writes.

    One that has to begins the numbers of another generation, 1001 (see schema.serves).
    """
    store, taken = Store(open_engine(f"sqlite:///{tmp_path / 'store.db'}")), dict[str, set[str]]()
    before: dict[str, dict[str, Any]] = {}
    with store.write(foreign_keys=False) as work:
        for version in sorted(schema._history()):
            schema.bring(work, version)
            now = {
                f"{table}.{column['name']}": column
                for table, facts in tables_of(work.connection).items()
                for column in facts["columns"]
            }
            tables = {name.partition(".")[0] for name in before}
            new = {name: now[name] for name in now.keys() - before.keys() if name.partition(".")[0] in tables}
            bare = {name for name, column in new.items() if not column["nullable"] and column["default"] is None}
            stricter = {name for name in before.keys() & now.keys() if before[name]["nullable"] > now[name]["nullable"]}
            if wrong := (before.keys() - now.keys()) | bare | stricter:
                taken[version] = wrong
            before = now
    store.close()
    assert taken == BEFORE_THE_FIRST_RELEASE


def test_upgrading_gives_the_tables_of_the_metadata(upgraded: Store) -> None:
    """Alembic finds nothing that a further migration would have to change."""
    # Not the defaults: on SQLite Alembic takes '' for a change of ''. The next test compares them.
    options = {"compare_type": True, "include_object": _not_search}
    with upgraded.read() as work:
        assert compare_metadata(MigrationContext.configure(work.connection, opts=options), metadata) == []


def test_upgrading_gives_what_the_metadata_makes(upgraded: Store, twin: Store) -> None:
    """Names, order, defaults, keys, rules of deletion and partial indexes agree, which Alembic does not all compare."""
    with upgraded.read() as one, twin.read() as other:
        migrated, made = tables_of(one.connection), tables_of(other.connection)
    assert set(migrated) == set(metadata.tables)
    for table, facts in made.items():
        assert migrated[table] == facts, table


def test_the_full_text_search_is_there(upgraded: Store) -> None:
    """SQLite has the FTS5 table and the trigger that empties it, PostgreSQL the table and its GIN index."""
    with upgraded.read() as work:
        if work.postgresql:
            wanted = "SELECT tablename, indexdef FROM pg_indexes WHERE indexname = 'ix_article_search_document'"
            ((table, definition),) = work.connection.execute(text(wanted))
            assert table == SEARCH
            assert "USING gin (document)" in definition
            (key,) = inspect(work.connection).get_foreign_keys(SEARCH)
            assert (key["referred_table"], key["options"]) == ("articles", {"ondelete": "CASCADE"})
        else:
            rows = work.connection.execute(text("SELECT name, type, tbl_name, sql FROM sqlite_master"))
            master = {name: (kind, table, sql) for name, kind, table, sql in rows}
            assert master.keys() >= SEARCH_TABLES
            assert "USING fts5" in master[SEARCH][2]
            assert "remove_diacritics 0" in master[SEARCH][2]  # without it й would be и
            triggers = {name: table for name, (kind, table, _) in master.items() if kind == "trigger"}
            assert triggers == {"article_search_gone": "articles"}


def test_the_page_of_columns_knows_the_tables_outside_the_metadata(upgraded: Store) -> None:
    """docs/columns.md names every column of the full-text search, by database, and of Alembic's own table."""
    with upgraded.read() as work:
        kind = "PostgreSQL" if work.postgresql else "SQLite"
        found = inspect(work.connection)
        columns = {table: [c["name"] for c in found.get_columns(table)] for table in (SEARCH, "alembic_version")}
        names = set(found.get_table_names())
    page = columns_page()
    assert [name for name, meaning in page[SEARCH].items() if meaning.startswith(f"{kind}: ")] == columns[SEARCH]
    assert list(page["alembic_version"]) == columns["alembic_version"]
    assert names - {table for table in SEARCH_TABLES if table != SEARCH} == set(page)
