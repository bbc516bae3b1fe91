"""The store is full, gone, locked, or its restore is killed, in the middle of the work: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, func, insert, select
from sqlalchemy.exc import OperationalError

from benchmarks import locks
from flows.steps.reading.read_articles import read_articles
from flows.steps.tools import Tools
from sectorwatch.errors import StoreError
from sectorwatch.net.client import Answer
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import FetchSettings
from storage import schema
from storage.engine import open_engine
from storage.errors import store_errors
from storage.secrets import Vault
from storage.tables import articles, raw_pages
from storage.unit_of_work import Store
from storage.upkeep.backup import back_up
from tests.builders import NOON, add_entries, add_feed
from tests.conftest import FakeClock
from tests.crashes.press import Press
from tests.one_page import FEED, OnePage
from tests.plugins.databases import PostgresServer, StoreTemplates
from tests.stored_articles import add_article

MEGABYTES = 60
RESTORE = """
import sys
from pathlib import Path
from extractors.text import search_form
from storage.engine import open_engine
from storage.upkeep.restore import restore
from storage.unit_of_work import Store
print("begun", flush=True)
restore(Store(open_engine(sys.argv[1])), Path(sys.argv[2]), search_form=search_form, overwrite=True)
"""
WRITE_WITHIN = """
import resource, sys
from sqlalchemy import text
from sectorwatch.errors import StoreError
from storage.engine import open_engine
from storage.unit_of_work import Store
most = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
try:
    with Store(open_engine(sys.argv[1])).write() as work:
        work.connection.execute(text("CREATE TABLE large AS SELECT zeroblob(2000000) AS content"))
        work.commit()
except StoreError as error:
    print(error)
"""


def test_a_cycle_on_a_full_disk_goes_on_when_there_is_room(tmp_path: Path, clock: FakeClock) -> None:
    """It says that the disk is full; what it had not committed is undone, and comes once, later."""
    store = Store(open_engine(f"sqlite:///{tmp_path / 'store.db'}"))
    schema.upgrade(store)
    site = OnePage(store, clock)
    full = [True]

    def limit(connection: sqlite3.Connection, _record: Any) -> None:
        if full[0]:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(store.engine, "connect", limit)
    site.page += b"<!-- " + bytes(str(list(range(9_000))), "ascii") + b" -->"  # too long for the pages that are free
    store.close()
    with pytest.raises(StoreError, match="the disk is full: free some space"):
        site.later(minutes=5)
    assert not site.sent
    full[0] = False
    store.close()
    assert site.later(minutes=20) == {"kupiansk": 1}
    assert not site.later(minutes=20)
    store.close()


@pytest.mark.parametrize(
    ("most", "said"), [(16_384, "the disk is full"), (1_000_000, "the disk cannot be written: look at its quota")]
)
def test_a_disk_that_takes_no_more_is_said_to_by_who_opens_the_store_first(
    most: int, said: str, tmp_path: Path
) -> None:
    """SQLite's log has an index beside it, for which there is no room on a full disk; a quota may leave room for that.
    Here no file may be larger than so."""
    store = Store(open_engine(f"sqlite:///{tmp_path / 'store.db'}"))
    schema.upgrade(store)
    store.close()
    done = subprocess.run(
        [sys.executable, "-c", WRITE_WITHIN, f"sqlite:///{tmp_path / 'store.db'}", str(most)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.startswith(f"the store: {said}"), done.stdout + done.stderr


def test_a_database_that_is_down_for_a_while_loses_nothing(
    postgres_server: PostgresServer, store_templates: StoreTemplates, clock: FakeClock
) -> None:
    """It goes in the middle of a cycle, and refuses whoever comes; when it is back, the news is told, once."""
    with postgres_server.database(store_templates.postgresql(postgres_server)) as url:
        store = Store(open_engine(url))
        name = store.engine.url.database
        site = OnePage(store, clock)
        there = site.get

        async def get(address: str, **options: Any) -> Answer:
            if address != FEED:
                postgres_server.execute(
                    f"ALTER DATABASE {name} ALLOW_CONNECTIONS false",
                    f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
                )
            return await there(address, **options)

        site.get = get  # type: ignore[method-assign]  # the outage begins while a page is being fetched
        with pytest.raises(StoreError):
            site.later(minutes=5)
        with pytest.raises(StoreError):
            site.later(seconds=30)
        assert not site.sent
        postgres_server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        site.get = there  # type: ignore[method-assign]
        assert site.later(minutes=1) == {"kupiansk": 1}
        assert not site.later(minutes=20)
        store.close()


@pytest.mark.full
@pytest.mark.timeout(300)
def test_a_restore_that_is_killed_leaves_the_old_or_the_new(store_url: str, tmp_path: Path) -> None:
    """Whole, whenever it is killed; and the next restore brings the new."""

    def filled(url: str, title: str, pages: int) -> Store:
        store = Store(open_engine(url))
        schema.upgrade(store)
        number = add_article(store, add_feed(store), "text", title=title)
        with store.write() as work:
            for _ in range(pages):
                add = {"canonical_url": f"https://a.test/{_}", "title": title, "text": "x", "date_quality": "stated"}
                add |= {"first_seen_at": NOON, "baseline": False, "read_at": NOON, "method": "fast", "sketch": b""}
                add |= {"content_hash": "x", "gazetteer_version": "x", "story_id": number}
                made = work.connection.execute(insert(articles).values(add).returning(articles.c.id)).scalar_one()
                page = {"article_id": made, "fetched_at": NOON, "charset": "", "body": bytes(1_000_000)}
                work.connection.execute(insert(raw_pages).values(page))
            work.commit()
        return store

    new = filled(f"sqlite:///{tmp_path / 'new.db'}", "new", MEGABYTES)
    backup = tmp_path / "backup.db"
    back_up(new, backup)
    new.close()
    filled(store_url, "old", 3).close()

    def held() -> tuple[set[str], int]:
        store = Store(open_engine(store_url))
        with store.read() as work:
            titles = set(work.connection.execute(select(articles.c.title)).scalars())
            count = int(work.connection.execute(select(func.count()).select_from(raw_pages)).scalar_one())
        store.close()
        return titles, count

    def restored(kill_after: float | None = None) -> None:
        command = [sys.executable, "-c", RESTORE, store_url, str(backup)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"begun\n"
            try:
                process.wait(kill_after)
            except subprocess.TimeoutExpired:
                process.kill()

    found = []
    for step in range(20):
        restored(kill_after=step * 0.05)
        found.append(held())
        assert found[-1] in (({"old"}, 3), ({"new"}, MEGABYTES)), found
        if found[-1][0] == {"new"}:
            break
    deadline = time.monotonic() + 30
    while held()[0] != {"new"} and time.monotonic() < deadline:  # PostgreSQL may still be ending the killed session
        restored()
    assert held() == ({"new"}, MEGABYTES)
    assert found.count(({"old"}, 3)) > 2, "too few restores were killed while they were at it"


@pytest.mark.full
@pytest.mark.timeout(120)
def test_web_and_worker_write_at_once_without_a_lock_error(tmp_path: Path) -> None:
    """For twenty seconds; `python -m benchmarks locks --seconds 600` does it for ten minutes."""
    found = locks.both(f"sqlite:///{tmp_path / 'store.db'}", seconds=20, rate=200)
    assert found.errors == 0
    assert found.writes > 20 * 50  # a busy disk makes fewer
    assert found.reads > 100


def test_a_store_that_goes_while_pages_are_read_is_told_of_once(
    store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that are being read fail then, and the log has no traceback of any."""
    press, unread = Press(clock), list[str]()
    feed = add_feed(store, "https://paper.test/feed", now=clock())
    add_entries(store, feed, *range(5), now=clock())
    settings = Settings(fetch=FetchSettings(robots=False))
    tools = Tools(settings=settings, store=store, vault=Vault(), clock=clock, random=Random(1))

    def gone(*_: object) -> None:
        raise StoreError("the store: gone")

    async def read() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, about: unread.append(about["message"]))
        with pytest.raises(StoreError, match="gone"):
            await read_articles(press.reader(tools))
        assert asyncio.all_tasks() == {asyncio.current_task()}
        gc.collect()  # what nobody has asked for its error tells of it now

    monkeypatch.setattr("storage.intake.entries.held", gone)
    asyncio.run(read())
    assert unread == []


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (psycopg.errors.DiskFull("could not extend file: No space left on device"), "the disk of the database server"),
        (psycopg.OperationalError("FATAL:  the database system is in recovery mode"), "is starting or stopping"),
        (psycopg.OperationalError("FATAL:  the database system is not yet accepting connections"), "starting or"),
    ],
)
def test_what_a_database_server_without_room_says_is_put_into_words(fault: psycopg.Error, says: str) -> None:
    """Where it is full, and while it comes back from having had no room for its log."""
    with pytest.raises(StoreError, match=says), store_errors():
        raise OperationalError("INSERT", {}, fault)
