"""The database roles of docs/security.md: the page's own SQL, on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, make_url, text

from sectorwatch.errors import StoreError
from storage import schema
from storage.engine import open_engine
from storage.unit_of_work import Store
from storage.views import queries
from tests.builders import add_entries, add_feed, add_subscription
from tests.documents import ROOT, blocks
from tests.plugins.databases import PostgresServer
from tests.stored_articles import add_article

ROLES = ("sectorwatch_owner", "sectorwatch", "sectorwatch_reader")


def test_the_roles_can_do_their_work_and_no_more(postgres_server: PostgresServer) -> None:
    """The owner upgrades, the worker reads and writes rows, the reader sees public tables; none goes further."""
    roles, rights, reading = (block.code for block in blocks(ROOT / "docs" / "security.md") if block.language == "sql")
    with postgres_server.database() as address:
        url = make_url(address)
        create = "CREATE DATABASE sectorwatch OWNER sectorwatch_owner;"
        assert create in roles
        try:
            postgres_server.execute(
                roles.replace(create, f'ALTER DATABASE "{url.database}" OWNER TO sectorwatch_owner;')
            )
            run(address, rights)
            with opened(address, "sectorwatch") as worker, pytest.raises(StoreError, match="upgrade and restore as"):
                schema.upgrade(worker)
            with opened(address, "sectorwatch_owner") as owner:
                schema.upgrade(owner)
            run(address, reading)

            with opened(address, "sectorwatch") as worker:
                schema.ensure(worker, migrate=False)
                feed = add_feed(worker)
                add_entries(worker, feed, 1, 2)
                add_article(worker, feed, "Fighting near Kupiansk.")
                add_subscription(worker)
                with worker.read() as work:
                    assert len(queries.story_rows(work, sector=None, language=None, since=None, limit=5)) == 1
                assert refused(worker, "DROP TABLE feeds", "CREATE TABLE others (id int)", "ALTER TABLE feeds DROP url")
            with opened(address, "sectorwatch_reader") as reader:
                with reader.read() as work:
                    assert work.connection.execute(text("SELECT count(*) FROM articles")).scalar_one() == 1
                secret = ("targets", "subscribers", "subscriptions", "api_tokens", "deliveries")
                assert refused(reader, *(f"SELECT * FROM {table}" for table in secret), "DELETE FROM articles")
        finally:
            for role in ROLES:
                run(address, f"DROP OWNED BY {role} CASCADE" if role != ROLES[0] else "SELECT 1")
    postgres_server.execute(*(f"DROP ROLE {role}" for role in reversed(ROLES)))


def run(address: str, script: str) -> None:
    """As superuser in this database."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(script)
    engine.dispose()


@contextmanager
def opened(address: str, role: str) -> Iterator[Store]:
    """The store as this role sees it."""
    store = Store(open_engine(make_url(address).set(username=role).render_as_string(hide_password=False)))
    try:
        yield store
    finally:
        store.close()


def refused(store: Store, *statements: str) -> bool:
    for statement in statements:
        with pytest.raises(StoreError, match="may not do that"), store.write() as work:
            work.connection.exec_driver_sql(statement)
    return True
