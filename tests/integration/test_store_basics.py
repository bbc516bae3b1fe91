"""The store keeps its promises on both databases: units of work, leases, one version of the tables."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import bindparam, func, insert, select, text, update

from sectorwatch.errors import ConfigurationError, StoreError
from storage import schema
from storage.engine import open_engine
from storage.intake import entries, feeds
from storage.running import health
from storage.tables import feeds as feed_table
from storage.tables import switches
from storage.unit_of_work import Store
from tests.builders import NOON, add_entries, add_feed

LEASE = timedelta(minutes=1)


def test_a_unit_of_work_that_does_not_commit_leaves_nothing(store: Store) -> None:
    """Rolled back is the default."""
    with store.write() as work:
        work.connection.execute(text("INSERT INTO switches (name, value, set_at) VALUES ('x', 'y', '2026-03-01')"))
    with store.read() as work:
        assert work.connection.execute(text("SELECT count(*) FROM switches")).scalar() == 0


def test_naive_times_are_refused(store: Store) -> None:
    """A time without zone never reaches the database."""
    with pytest.raises(Exception, match="without time zone"):
        add_feed(store, now=datetime(2026, 3, 1))  # noqa: DTZ001 - that is the point


def test_times_come_back_aware_and_in_utc(store: Store) -> None:
    """What was stored in Kyiv's zone comes back as the same moment in UTC."""
    from zoneinfo import ZoneInfo

    add_feed(store, now=NOON.astimezone(ZoneInfo("Europe/Kyiv")))
    with store.read() as work:
        feed = feeds.every(work)[0]
    assert feed.next_poll_at == NOON
    assert feed.next_poll_at.tzinfo == UTC


def test_numbers_are_looked_for_alike(store: Store) -> None:
    """One of many, of one, of none: on both databases."""
    known = [add_feed(store, f"https://{number}.example.org/") for number in range(3)]
    with store.read() as work:
        for those in (known[1:], known[:1], [], [99, -1, *known]):
            wanted = select(feed_table.c.id).where(work.among(feed_table.c.id, those)).order_by(feed_table.c.id)
            assert work.connection.execute(wanted).scalars().all() == [one for one in known if one in those]


def test_which_of_many_values_there_are(store: Store) -> None:
    """Numbers and addresses, with whatever is in these; on both databases."""
    odd = ["https://0.example.org/a,b?c='d'&e=\"f\"{g}", "https://1.example.org/\\х/☂", "https://2.example.org/"]
    known = [add_feed(store, address) for address in odd]
    with store.read() as work:
        assert work.present(feed_table.c.id, [*known, 99, -(2**63)]) == set(known)
        assert work.present(feed_table.c.url, [*odd, "", "https://9.example.org/"]) == set(odd)
        assert work.present(feed_table.c.url, []) == set()


@pytest.mark.parametrize("commits", [True, False])
def test_rows_that_are_put_off_are_written_with_the_commit(store: Store, commits: bool) -> None:
    """In the order of their statements, or when they are asked for; with a unit of work that is undone, they go."""
    first = insert(switches)
    later = update(switches).where(switches.c.name == bindparam("which")).values(value="changed")
    with store.write() as work:
        for name in "ab":
            work.later(first, {"name": name, "value": "put off", "set_at": NOON})
            work.later(later, {"which": name})
        work.settle(later)  # there is nothing yet that it could change
        assert work.connection.execute(select(func.count()).select_from(switches)).scalar_one() == 0
        work.later(later, {"which": "b"})
        if commits:
            work.commit()
    with store.read() as work:
        stored = dict(work.connection.execute(select(switches.c.name, switches.c.value)).tuples().all())
    assert stored == ({"a": "put off", "b": "changed"} if commits else {})


def test_postgresql_plans_for_small_questions_and_tells_times_in_utc(postgres_url: str) -> None:
    """Each connection does, whatever zone and planner the server is set to; and again after a rolled back one."""
    with closing(Store(open_engine(postgres_url))) as store:
        with store.write() as work:
            name = work.connection.execute(text("SELECT current_database()")).scalar()
            for setting in ("timezone = 'Asia/Tokyo'", "jit = on", "max_parallel_workers_per_gather = 4"):
                work.connection.execute(text(f"ALTER DATABASE {name} SET {setting}"))
            work.commit()
        store.close()  # the next connections begin with these
        names = ("timezone", "jit", "max_parallel_workers_per_gather", "random_page_cost")
        settings = ", ".join(f"current_setting('{one}')" for one in names)
        for _ in range(2):
            with store.write() as work:
                found = work.connection.execute(text(f"SELECT {settings}")).one()
            assert tuple(found) == ("UTC", "off", "0", "1.1")


def test_two_workers_never_claim_the_same_feed(store: Store) -> None:
    """While one unit of work holds its claim, the other gets the rest or nothing."""
    for number in range(10):
        add_feed(store, f"https://{number}.example.org/")
    with store.write() as work:
        first, mine = feeds.claim_due(work, now=NOON, limit=6, lease=LEASE)
        work.commit()
    with store.write() as work:
        second, theirs = feeds.claim_due(work, now=NOON, limit=6, lease=LEASE)
        work.commit()
    assert first != second
    assert len(mine) == 6
    assert len(theirs) == 4
    assert not {feed.id for feed in mine} & {feed.id for feed in theirs}


def test_a_claim_that_was_not_finished_comes_free(store: Store) -> None:
    """A killed worker's entries can be claimed again when its lease has run out, and not before."""
    add_entries(store, add_feed(store), 1, 2, 3)
    claimed = []
    for seconds in (0, 59, 61):
        with store.write() as work:
            now = NOON + timedelta(seconds=seconds)
            _, found = entries.claim_unread(work, now=now, limit=10, per_host=5, lease=LEASE)
            claimed.append(len(found))
            work.commit()
    assert claimed == [3, 0, 3]


def test_claims_are_spread_over_hosts(store: Store) -> None:
    """No more entries of one host are claimed at once than asked for."""
    add_entries(store, add_feed(store), *range(70))
    with store.write() as work:
        _, found = entries.claim_unread(work, now=NOON, limit=50, per_host=2, lease=LEASE)
        work.commit()
    hosts = [entry.host for entry in found]
    assert len(found) == 14
    assert all(hosts.count(host) == 2 for host in hosts)


def test_a_long_queue_of_one_host_hides_no_other(store: Store) -> None:
    """Claims look at the first thousand entries that are due, and beyond them where these are of too few hosts."""
    add_entries(store, add_feed(store), *range(0, 7 * 1_001, 7))
    add_entries(store, add_feed(store, url="https://other.example.org/rss"), 1, now=NOON + timedelta(seconds=1))
    with store.write() as work:
        _, found = entries.claim_unread(work, now=NOON + timedelta(seconds=1), limit=3, per_host=2, lease=LEASE)
    assert sorted(entry.host for entry in found) == ["news0.example.org", "news0.example.org", "news1.example.org"]


def test_entries_of_avoided_hosts_wait(store: Store) -> None:
    """A host that is busy is left alone."""
    add_entries(store, add_feed(store), *range(14))
    with store.write() as work:
        _, found = entries.claim_unread(
            work, now=NOON, limit=50, per_host=9, lease=LEASE, avoid_hosts=["news0.example.org"]
        )
        work.commit()
    assert len(found) == 12


def test_upgrading_twice_does_nothing_the_second_time(store_url: str) -> None:
    """An empty store gets its tables once."""
    store = Store(open_engine(store_url))
    with store.write() as work:
        empty = schema.current(store) is None
        work.commit()
    changed = [schema.upgrade(store), schema.upgrade(store)]
    store.close()
    assert changed[1] is False
    assert changed[0] is empty


def test_a_store_of_a_newer_release_is_refused(store: Store) -> None:
    """An older release says so instead of working on tables it does not know."""
    _made_by(store, "9999")
    for migrate in (True, False):
        with pytest.raises(StoreError, match=r"newer release \(version 9999\): install"):
            schema.ensure(store, migrate=migrate)


def test_a_store_of_the_next_release_serves_this_one(store: Store) -> None:
    """Migrations only add: who goes back to the release before needs no backup, and its workers go on meanwhile."""
    later = f"{int(schema.newest()) + 7:04}"
    _made_by(store, later)
    for migrate in (True, False):
        schema.ensure(store, migrate=migrate)
    assert schema.current(store) == later
    assert health.of_this_release(store)
    with pytest.raises(StoreError, match="newer release"):
        schema.upgrade(store)


def _made_by(store: Store, version: str) -> None:
    with store.write() as work:
        work.connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
        work.commit()


def test_a_shared_store_without_tables_says_what_to_do(tmp_path: Path) -> None:
    """Only an embedded store is migrated unasked."""
    store = Store(open_engine(f"sqlite:///{tmp_path / 'empty.db'}"))
    with pytest.raises(StoreError, match="sectorwatch db upgrade"):
        schema.ensure(store, migrate=False)
    store.close()


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    """A wrong path gives a sentence, not a traceback."""
    path = tmp_path / "notes.txt"
    path.write_bytes(b"these are my notes, not a database at all" * 100)
    with pytest.raises(StoreError, match="no SQLite database"):
        schema.current(Store(open_engine(f"sqlite:///{path}")))
    assert path.read_bytes().startswith(b"these are my notes")


def test_a_store_that_another_process_writes_waits_its_turn(tmp_path: Path) -> None:
    """A writer waits for another one's transaction instead of failing."""
    store = Store(open_engine(f"sqlite:///{tmp_path / 'busy.db'}"))
    schema.upgrade(store)
    other = sqlite3.connect(tmp_path / "busy.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    import threading

    threading.Timer(0.2, lambda: other.execute("COMMIT")).start()
    add_feed(store)
    store.close()
    other.close()


@pytest.mark.parametrize("url", ["mysql://root@localhost/x", "not an address", "sqlite://", "sqlite:///:memory:"])
def test_addresses_that_cannot_be_a_store_are_refused(url: str) -> None:
    """The message names the setting to correct."""
    with pytest.raises(ConfigurationError, match=r"store\.url"):
        open_engine(url)


def test_an_unreachable_server_is_said_to_be_one() -> None:
    """No database server at the address: the cure is in the message, the password is not."""
    store = Store(open_engine("postgresql://user:hunter2@127.0.0.1:9/none"))
    with pytest.raises(StoreError, match="no database server answers") as caught:
        schema.current(store)
    assert "hunter2" not in str(caught.value)
