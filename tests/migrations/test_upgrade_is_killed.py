"""kill -9 in the middle of an upgrade changes nothing: the next one finishes, as if there had been none before."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from storage import schema
from storage.engine import open_engine
from storage.unit_of_work import Store
from tests.migrations.test_history import tables_of
from tests.migrations.test_upgrade_keeps_data import old_store as killed
from tests.migrations.test_upgrade_keeps_data import rows
from tests.plugins.databases import PostgresServer

__all__ = ["killed"]
_ROOT = Path(__file__).parents[2]
_DIE = """
import os, signal, sys
from sqlalchemy import event
from storage import schema
from storage.engine import open_engine
from storage.unit_of_work import Store

url, version, moment = sys.argv[1:]
engine = open_engine(url)

@event.listens_for(engine, "after_cursor_execute")
def look(connection, cursor, statement, parameters, context, many):
    if "alembic_version" in statement and f"'{version}'" in statement:
        if moment == "then":
            os.kill(os.getpid(), signal.SIGKILL)
        event.listen(engine, "commit", lambda _: os.kill(os.getpid(), signal.SIGKILL))

schema.upgrade(Store(engine))
"""
ALL = sorted(schema._history())


@pytest.fixture
def spared(killed: Store, store_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A copy of the old store, which nobody kills."""
    killed.close()  # a template may have no connections, and the write-ahead log goes into its file
    if store_url.startswith("sqlite"):
        copy = shutil.copyfile(store_url.removeprefix("sqlite:///"), tmp_path / "spared.db")
        yield from _opened(f"sqlite:///{copy}")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database(str(make_url(store_url).database)) as url:
        yield from _opened(url)


def _opened(url: str) -> Iterator[Store]:
    store = Store(open_engine(url))
    yield store
    store.close()


def dump(store: Store) -> tuple[object, ...]:
    """Version, tables, triggers and search, and all rows."""
    with store.read() as work:
        if work.postgresql:
            asked = "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
        else:
            asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' OR name LIKE '%search%' ORDER BY 1"
        more = work.connection.execute(text(asked)).tuples().all()
        held = rows(store)
        held["subscriptions"][0].pop("link_seed", None)  # drawn by lot
        return schema.version_of(work.connection), tables_of(work.connection), more, held


@pytest.mark.parametrize(
    "deaths",
    [
        [("0020", "then"), (ALL[-1], "before the commit")],
        pytest.param([(version, "then") for version in ALL[1:]], marks=[pytest.mark.full, pytest.mark.timeout(600)]),
    ],
    ids=["two", "each"],
)
def test_the_next_upgrade_finishes(killed: Store, spared: Store, store_url: str, deaths: list[tuple[str, str]]) -> None:
    """Wherever it was killed, and however often."""
    before = dump(killed)
    for version, moment in deaths:
        ended = subprocess.run([sys.executable, "-c", _DIE, store_url, version, moment], cwd=_ROOT, check=False)
        assert ended.returncode == -signal.SIGKILL, (version, moment)
    assert dump(killed) == before
    assert schema.upgrade(killed)
    assert schema.upgrade(spared)
    assert dump(killed) == dump(spared) != before
