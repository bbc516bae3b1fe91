"""A cycle that is killed again and again loses nothing and tells nothing twice under another name."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, Table, create_engine, func, select, text, update

from storage.tables import articles, deliveries, delivery_attempts, entries, feeds, hosts, polls
from tests.acceptance.sampling import COMMAND, Site, sample_site


def run_and_kill(site: Site, engine: Engine, table: Table, grown: int) -> str:
    """Starts a cycle and kills it with SIGKILL once a table has so many more rows, or sending has begun.

    Gives the table that had grown so; "" where the cycle had ended by itself.
    """
    wanted = {delivery_attempts: 1, table: grown}
    enough = {one: rows_in(engine, one) + more for one, more in wanted.items()}
    process = subprocess.Popen(
        [COMMAND, "-c", site.config, "run"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while not (reached := [one.name for one, rows in enough.items() if rows_in(engine, one) >= rows]):
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.01)
            return ""
    process.kill()
    process.wait()
    return reached[0]


@contextmanager
def closing_engine(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    yield engine
    engine.dispose()


def rows_in(engine: Engine, table: Table) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def let_leases_run_out(engine: Engine) -> None:
    with engine.begin() as connection:
        for table in (hosts, feeds, entries, deliveries):
            held = table.c.lease_until.is_not(None)
            connection.execute(update(table).where(held).values(lease_until=datetime(2026, 1, 1, tzinfo=UTC)))


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_kills_at_any_moment_lose_nothing(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """After a kill at every few rows whole cycles bring every article, and every alert with a single id."""
    url = f"sqlite:///{tmp_path / 'sectorwatch.db'}" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    random = Random(20260301)
    with sample_site(tmp_path, store_url=url) as site, closing_engine(url) as engine:
        assert site.command("run").returncode in (0, 1)
        assert not site.receivers.requests
        site.newsroom.publish()
        hit = Counter[str]()
        for table in (*[polls] * 4, *[articles] * 3, *[delivery_attempts] * 3):
            hit[run_and_kill(site, engine, table, random.randint(1, 3))] += 1
            let_leases_run_out(engine)
        kills = hit.total() - hit[""]
        assert {"polls", "articles", "delivery_attempts"} <= hit.keys(), f"a kill for each step was meant: {hit}"
        assert kills >= 6, f"most came too late: {hit}"
        for _ in range(2):  # the first waits for the leases that the last kill left behind
            site.command("run", timeout=300)
        told, wanted = site.told(), site.stories("kupiansk")
        ids = Counter(body["id"] for body in told)
        assert len(ids) == len(wanted)
        assert sum(ids.values()) <= len(wanted) + kills  # at most one repeat a kill, under the same id
        stored = site.json("deliveries", "list", "--limit", "1000")
        assert {row["state"] for row in stored} == {"sent"}
        readable = {truth.url for truth in site.newsroom.truth if truth.status == 200}
        found = {row["url"] for row in site.json("mentions", "--limit", "1000")}
        expected = {truth.url for truth in site.newsroom.truth if "kupiansk" in truth.expect} & readable
        assert expected <= found
        with engine.connect() as connection:
            twice = "SELECT count(*) - count(DISTINCT canonical_url) FROM articles WHERE canonical_url IS NOT NULL"
            assert connection.execute(text(twice)).scalar() == 0
            if kind == "sqlite":
                assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
