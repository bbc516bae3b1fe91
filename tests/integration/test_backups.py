"""A backup holds everything, of one moment, or is not made; a restore gives it all back, or changes nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text

from extractors.text import search_form
from sectorwatch.domain import SearchQuery, SearchTerm
from sectorwatch.errors import SectorwatchError, StoreError
from storage import schema
from storage.engine import open_engine
from storage.search.full_text import latest
from storage.unit_of_work import Store
from storage.upkeep.backup import back_up
from storage.upkeep.backup_file import checked
from storage.upkeep.restore import restore
from tests.builders import add_feed
from tests.migrations.test_upgrade_keeps_data import MIGRATIONS, fill, rows
from tests.plugins.commands import Run
from tests.plugins.databases import PostgresServer, StoreTemplates
from tests.stored_articles import add_article

Opener = Callable[[], Store]


@pytest.fixture(params=["to sqlite", "to postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path, store_templates: StoreTemplates) -> Iterator[Store]:
    """The store to restore into: with the tables of this release, and empty."""
    if request.param == "to sqlite":
        file = tmp_path / "target.db"
        shutil.copyfile(store_templates.sqlite(), file)
        opened = Store(open_engine(f"sqlite:///{file}"))
        yield opened
        opened.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database(store_templates.postgresql(server)) as url:
        opened = Store(open_engine(url))
        yield opened
        opened.close()


def put_back(store: Store, file: Path, *, overwrite: bool = False) -> None:
    restore(store, file, search_form=search_form, overwrite=overwrite)


def comparable(found: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Rows without the zone, which only PostgreSQL gives back to a table that was reflected."""
    return {
        table: [
            {name: value.replace(tzinfo=None) if hasattr(value, "tzinfo") else value for name, value in row.items()}
            for row in them
        ]
        for table, them in found.items()
    }


@contextmanager
def writing(store: Store) -> Iterator[None]:
    """Somebody is in the middle of a transaction."""
    with store.write() as work:
        work.connection.execute(text("DELETE FROM feeds"))
        yield


def test_everything_comes_back_on_either_database(store: Store, target: Store, tmp_path: Path) -> None:
    """A row in every table and a value in every column survive, the search too, and new rows get new numbers."""
    with store.write() as work:
        fill(work)
        work.connection.execute(text("UPDATE articles SET title = 'Бій', text = 'за Куп''янськ 🙂'"))
        work.connection.execute(text("UPDATE feeds SET last_poll_at = NULL"))
        work.commit()

    made = back_up(store, tmp_path / "a.db")
    put_back(target, tmp_path / "a.db")

    assert {name: len(found) for name, found in rows(store).items()} == made.rows
    assert comparable(rows(target)) == comparable(rows(store))
    with target.read() as work:
        if work.postgresql or store.engine.dialect.name == "postgresql":  # made anew; else it is the copy of the file
            word = SearchTerm(given="", phrases=((search_form("Куп'янськ"),),))
            assert [one.id for one in latest(work, SearchQuery(terms=(word,)), limit=5)] == [1]
        assert work.connection.execute(text("SELECT count(*) FROM article_search")).scalar() == 1
    assert add_feed(target, "https://second.example.org/rss") == 2


def test_a_backup_is_of_one_moment_and_nobody_waits(store: Store, tmp_path: Path) -> None:
    """What a transaction in progress has done is not in it, and it waits for none."""
    feed = add_feed(store)
    add_article(store, feed, "Kupiansk held.")
    with writing(store):
        made = back_up(store, tmp_path / "a.db")
    assert (made.rows["feeds"], made.rows["articles"]) == (1, 1)


def test_a_backup_is_one_private_file(store: Store, tmp_path: Path) -> None:
    """Addresses are in it: only its owner may read it; and nothing lies beside it, also of one that was killed."""
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / ".a.db.part").write_bytes(b"half of a backup")
    (folder / ".a.db.part-journal").write_bytes(b"half of a journal")
    made = back_up(store, folder / "a.db")
    assert [path.name for path in folder.iterdir()] == ["a.db"]
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert checked(made.path) == made


def test_a_file_is_replaced_only_when_asked(store: Store, tmp_path: Path) -> None:
    """A typing error does not cost the backup of yesterday, nor does a backup that fails."""
    file = tmp_path / "a.db"
    back_up(store, file)
    add_feed(store)
    with pytest.raises(StoreError, match="--force"):
        back_up(store, file)
    assert checked(file).rows["feeds"] == 0
    back_up(store, file, overwrite=True)
    with store.write() as work:
        work.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        work.commit()
    with pytest.raises(StoreError, match="made by a newer release"):
        back_up(store, file, overwrite=True)
    assert checked(file).rows["feeds"] == 1


def test_what_cannot_be_backed_up_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No tables, no folder, no room: each has its words, and no file is made."""
    store = Store(open_engine(f"sqlite:///{tmp_path / 'sectorwatch.db'}"))
    with pytest.raises(StoreError, match="nothing to back up"):
        back_up(store, tmp_path / "a.db")
    schema.upgrade(store)
    with pytest.raises(StoreError, match=r"folder .*none does not exist"):
        back_up(store, tmp_path / "none" / "a.db")
    with pytest.raises(StoreError, match="this is a folder"):
        back_up(store, tmp_path)
    monkeypatch.setattr("storage.upkeep.backup.shutil.disk_usage", lambda _: SimpleNamespace(free=20_000))
    with pytest.raises(StoreError, match=r"no room .* it needs 1 MB, 0 are free"):
        back_up(store, tmp_path / "a.db")
    store.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sectorwatch.db"]


def test_a_damaged_store_makes_no_backup(tmp_path: Path) -> None:
    """A copy that is not whole does not take the place of one that is."""
    store = Store(open_engine(f"sqlite:///{tmp_path / 'sectorwatch.db'}"))
    schema.upgrade(store)
    for number in range(200):
        add_feed(store, f"https://example.org/{number}")
    store.close()
    _damage(tmp_path / "sectorwatch.db")
    with pytest.raises(StoreError, match="store itself is damaged"):
        back_up(store, tmp_path / "a.db")
    assert not (tmp_path / "a.db").exists()


def _damage(file: Path) -> None:
    """Writes over the pages of one index."""
    with sqlite3.connect(file) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name LIKE 'ix_feeds%'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with file.open("r+b") as content:
        content.seek((page - 1) * size)
        content.write(b"\x0a" + os.urandom(size - 1))


def _other_tables(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")


def _newer(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def _lost_row(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("INSERT INTO polls (feed_id, at, status) VALUES (77, '2026-03-01 12:00:00.000000', 'ok')")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda file: file.unlink(), "cannot be opened"),
        (lambda file: file.write_bytes(b"PGDMP" + bytes(5000)), "no SQLite file"),
        (lambda file: (file.unlink(), _other_tables(file)), "its tables are others"),
        (_newer, "made by a newer release .version 9999"),
        (_damage, "it is damaged"),
        (_lost_row, "a row of polls refers to a row of feeds that is not in it"),
    ],
    ids=["missing", "no database", "another program's", "newer", "damaged", "incomplete"],
)
def test_a_file_that_is_no_whole_backup_is_refused(
    target: Store, tmp_path: Path, store_templates: StoreTemplates, spoil: Callable[[Path], None], words: str
) -> None:
    """The message says what is wrong with the file, and the store stays as it is."""
    add_feed(target)
    source = Store(open_engine(f"sqlite:///{tmp_path / 'source.db'}"))
    schema.upgrade(source)
    add_feed(source)
    add_feed(source, "https://second.example.org/rss")
    file = back_up(source, tmp_path / "a.db").path
    source.close()
    spoil(file)

    with pytest.raises(StoreError, match=words):
        put_back(target, file, overwrite=True)

    assert len(rows(target)["feeds"]) == 1


def test_a_store_in_use_is_not_restored(target: Store, tmp_path: Path) -> None:
    """Whoever has it open, even without doing anything, would go on with what is no longer there."""
    file = back_up(target, tmp_path / "a.db").path
    other = Store(open_engine(target.engine.url))
    add_feed(other)  # its connection stays open
    with pytest.raises(StoreError, match="in use"):
        put_back(target, file, overwrite=True)
    other.close()
    assert len(rows(target)["feeds"]) == 1
    put_back(target, file, overwrite=True)
    assert rows(target)["feeds"] == []


def test_what_is_stored_is_replaced_only_when_asked(target: Store, tmp_path: Path) -> None:
    """A restore into the wrong store is refused while it holds anything."""
    file = back_up(target, tmp_path / "a.db").path
    add_feed(target)
    with pytest.raises(StoreError, match=r"not empty .1 feed.:.*--force"):
        put_back(target, file)
    assert len(rows(target)["feeds"]) == 1


def test_a_row_that_postgresql_refuses_leaves_the_store_as_it_was(postgres_url: str, tmp_path: Path) -> None:
    """A text that only SQLite can hold stops the restore, and what was there stays."""
    source, target = Store(open_engine(f"sqlite:///{tmp_path / 'source.db'}")), Store(open_engine(postgres_url))
    for store in (source, target):
        schema.upgrade(store)
        add_feed(store)
    with source.write() as work:
        work.connection.execute(text("UPDATE feeds SET reason = 'no' || char(0) || 'text', title = 'Theirs'"))
        work.commit()
    file = back_up(source, tmp_path / "a.db").path
    with pytest.raises(StoreError, match=r"a row of feeds: .*NUL"):
        put_back(target, file, overwrite=True)
    assert [feed["title"] for feed in rows(target)["feeds"]] == ["News"]
    source.close()
    target.close()


def test_a_backup_of_an_older_release_is_brought_to_this_one(store_url: str, target: Store, tmp_path: Path) -> None:
    """The first release's backup, made by this one before its upgrade, can be restored."""
    source = Store(open_engine(store_url))
    with source.write() as work:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = work.connection
        command.upgrade(config, "0001")
        fill(work)
        work.commit()
    made = back_up(source, tmp_path / "a.db")
    source.close()
    assert made.version == "0001"
    put_back(target, made.path)
    found = rows(target)
    assert schema.current(target) == schema.newest()
    assert found["delivery_alerts"] == [{"delivery_id": 1, "alert_id": 1}]
    assert checked(made.path) == made  # the file itself was left alone


def test_a_shared_store_without_tables_gets_them(postgres_url: str, tmp_path: Path) -> None:
    """A store moves from SQLite to a new PostgreSQL by one command."""
    source, target = Store(open_engine(f"sqlite:///{tmp_path / 'source.db'}")), Store(open_engine(postgres_url))
    schema.upgrade(source)
    add_feed(source)
    put_back(target, back_up(source, tmp_path / "a.db").path)
    with target.read() as work:
        assert "ix_article_search_document" in str(inspect(work.connection).get_indexes("article_search"))
    assert comparable(rows(target)) == comparable(rows(source))
    source.close()
    target.close()


def test_wrong_use_is_told_from_an_attempt_that_failed(run: Run, store: Store, tmp_path: Path) -> None:
    """Exit code 2 where something else should have been asked for; 1 where a right file is damaged, or has no room."""
    add_feed(store)
    good, none, other = tmp_path / "a.db", tmp_path / "none.db", tmp_path / "bad.toml"
    other.write_text("[store]" * 500, "utf-8")
    run("db", "backup", str(good))
    foreign, newer, damaged = (shutil.copyfile(good, tmp_path / f"{number}.db") for number in range(3))
    foreign.unlink()
    _other_tables(foreign)
    _newer(newer)
    _damage(damaged)
    wrong = [
        *(("restore", file) for file in (none, other, foreign, newer, tmp_path, good)),
        ("backup", tmp_path / "nodir" / "x.db"),
        ("backup", good),
        ("backup", tmp_path),
    ]
    store.close()
    codes = {}
    for what, file in [*wrong, ("restore", damaged)]:
        with pytest.raises(SectorwatchError) as refused:
            run("db", what, str(file))
        codes[what, file] = refused.value.exit_code
    assert codes == {**dict.fromkeys(wrong, 2), ("restore", damaged): 1}
    assert len(rows(store)["feeds"]) == 1


def test_the_commands_say_what_they_did(run: Run, store: Store, tmp_path: Path) -> None:
    """The words have the figures; --json has them for tools."""
    add_feed(store)
    file = str(tmp_path / "a.db")
    assert "1 feed, 0 articles" in run("db", "backup", file)
    assert run("db", "backup", file, "--force", "--json")["rows"]["feeds"] == 1
    assert run("db", "restore", file, "--dry-run").startswith("whole: ")
    store.close()
    assert "restored: " in run("db", "restore", file, "--force")
    assert run("db", "restore", file, "--force", "--json")["path"] == file
