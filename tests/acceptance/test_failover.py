"""Many machines, and what dies of them: the commands of deployments/ as plain processes, and nobody to help them.

Where the machine has a PostgreSQL with pg_trgm (Debian's), both the store and Prefect are on it. Elsewhere only the
store is on PostgreSQL, as the one of the other tests lacks that extension, and Prefect is on SQLite.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text

from flows.deployments import HEARTBEAT_S, LEASES, RETRIED, WINDOW_S
from tests.acceptance.processes import (
    free_port,
    healthy,
    kill_all,
    living,
    make_everything_due,
    process,
    sent,
    wait_for,
)
from tests.acceptance.sampling import Site, sample_site
from tests.acceptance.test_worker import PREFECT, deployed, prefect
from tests.plugins.databases import installed_postgres, own_postgres

EVERY_S = 20  # so that there are cycles enough to look at
PERIOD_S = 300  # as it is deployed
AGAIN_S = 90.0  # until a cycle ends after a restart
FAILOVER_S = 180.0  # from the death of a machine to the end of the next cycle
DOWN_S = 3.0
MACHINES = 3
AT_WORK = ("RUNNING", "PENDING", "CANCELLING")


class Fleet:
    """What the Prefect server and the store say of the runs, and how long things took."""

    def __init__(self, api: str, store_url: str) -> None:
        self.api = api
        self.store = create_engine(store_url, pool_pre_ping=True)
        self.seconds: dict[str, float] = {}

    def ask(self, path: str, **body: Any) -> Any:
        answer = httpx.post(f"{self.api}/{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def runs(self, *states: str, flow: str = "") -> list[dict[str, Any]]:
        flows = {"name": {"any_": [flow]}} if flow else None
        wanted = {"state": {"type": {"any_": [*states]}}}
        found: list[dict[str, Any]] = self.ask("flow_runs/filter", flow_runs=wanted, flows=flows)
        return found

    def number(self, statement: str) -> int:
        with self.store.connect() as connection:
            return int(connection.execute(text(statement)).scalar_one())

    def next_cycle(self, after: str, *, within: float = AGAIN_S) -> None:
        """Waits until another one has come to its end."""
        ended = "SELECT count(*) FROM cycles WHERE finished_at IS NOT NULL"
        before, since = self.number(ended), time.monotonic()
        wait_for(lambda: self.number(ended) > before, f"a cycle after {after}", seconds=within)
        self.seconds[after] = round(time.monotonic() - since, 1)

    def machine_in_mid_cycle(self) -> str:
        """The one that runs a cycle which is on record and not at its end; empty when there is none."""
        for run in self.runs("RUNNING", flow="monitor"):
            for pid in living(f"PREFECT__FLOW_RUN_ID={run['id']}"):
                words = (Path("/proc") / str(pid) / "environ").read_bytes().decode().split("\0")
                if self.number("SELECT count(*) FROM cycles WHERE finished_at IS NULL"):
                    return next(word for word in words if word.startswith("MACHINE="))
        return ""

    def stuck(self) -> list[str]:
        """Runs that are said to be at work, and of which no process lives; slots that nobody works in."""
        running = self.runs(*AT_WORK)
        slots = sum(one["active_slots"] for one in self.ask("v2/concurrency_limits/filter"))
        dead = [run["name"] for run in running if not living(f"PREFECT__FLOW_RUN_ID={run['id']}")]
        return dead + ["slots"] * (slots - len(running))


@pytest.mark.full
@pytest.mark.timeout(600)
def test_machines_die_and_everything_is_told_once(tmp_path: Path) -> None:
    """PostgreSQL and the Prefect server restart, a machine dies: nothing is lost, twice or stuck."""
    port = free_port()
    programs = installed_postgres()
    with own_postgres(programs) as (postgres, url), ExitStack() as running:
        with create_engine(url, isolation_level="AUTOCOMMIT").connect() as admin:
            for name in ("sectorwatch", "prefect"):
                admin.exec_driver_sql(f"CREATE DATABASE {name}")
        store_url = url.set(database="sectorwatch").render_as_string(hide_password=False)
        prefect_url = url.set(drivername="postgresql+asyncpg", database="prefect")
        site = running.enter_context(sample_site(tmp_path, store_url=store_url, group_wait=1))
        assert site.command("run").returncode in (0, 1)
        env = {
            **os.environ,
            "PREFECT_HOME": str(tmp_path / "prefect"),
            "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": LEASES,
            "PREFECT_CLIENT_RETRY_EXTRA_CODES": RETRIED,
            "SECTORWATCH_CONFIG": str(site.config),
        }
        if programs is not None:
            env["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = prefect_url.render_as_string(hide_password=False)
        fleet = Fleet(env["PREFECT_API_URL"], store_url)
        running.callback(kill_all, f"PREFECT_API_URL={env['PREFECT_API_URL']}")  # quicker than to stop them one by one

        def start(name: str, *command: str) -> None:
            machine = {**env, "MACHINE": f"{name}:{port}"}  # no other run of this test has its name
            running.enter_context(process(*PREFECT, *command, env=machine, log=tmp_path / f"{name}.log"))

        def start_server(name: str) -> None:
            start(name, "server", "start", "--host", "127.0.0.1", "--port", str(port))
            wait_for(lambda: healthy(port), "the Prefect server", seconds=120)

        start_server("server-1")
        deployed("--every", str(EVERY_S), env=env)
        for number in range(MACHINES):
            start(f"machine-{number}", "worker", "start", "--pool", "sectorwatch", "--type", "process")
        prefect("deployment", "run", "deliver/deliver", env=env)  # its schedule is five minutes
        wait_for(lambda: bool(fleet.runs("RUNNING", flow="deliver")), "a drain", seconds=AGAIN_S)
        fleet.next_cycle("the start of the workers")

        postgres.stop()
        time.sleep(DOWN_S)
        postgres.ensure_postgres_running()
        fleet.next_cycle("the restart of PostgreSQL")
        kill_all(f"MACHINE=server-1:{port}")
        start_server("server-2")
        fleet.next_cycle("the restart of the server")
        assert fleet.runs("RUNNING", "COMPLETED", flow="deliver"), "the drain has lived through both"
        assert not fleet.runs("FAILED", "CRASHED", flow="deliver")

        deployed("--every", str(PERIOD_S), env=env, changed=1)  # no schedule helps from here on
        wait_for(lambda: not fleet.runs(*AT_WORK, flow="monitor"), "the end of the last cycle", seconds=AGAIN_S)
        site.newsroom.publish()
        make_everything_due(site, store_url=store_url)
        prefect("deployment", "run", "monitor/monitor", env=env)
        kill_all(wait_for(fleet.machine_in_mid_cycle, "a cycle at work", seconds=AGAIN_S))
        fleet.next_cycle("the death of a machine", within=FAILOVER_S)

        wanted = site.stories("kupiansk")
        wait_for(lambda: sent(site) == 2 * len(wanted), "the delivery of every alert", seconds=FAILOVER_S)
        wait_for(lambda: not fleet.stuck(), "the end of what is stuck", seconds=WINDOW_S + HEARTBEAT_S)
        assert fleet.runs("CRASHED", flow="monitor")
        print(f"\nseconds to the end of the next cycle after {fleet.seconds}")
        everything_once(site, fleet, wanted)


def everything_once(site: Site, fleet: Fleet, wanted: set[str]) -> None:
    """Every published item is stored once and alerted once."""
    ids = Counter(body["id"] for body in site.told())
    assert (len(ids), set(ids.values())) == (len(wanted), {1})
    assert len(site.receivers.mails) == len(wanted)
    assert fleet.number("SELECT count(*) - count(DISTINCT canonical_url) FROM articles WHERE canonical_url <> ''") == 0
    readable = {page.url for page in site.newsroom.truth if page.status == 200 and "kupiansk" in page.expect}
    assert readable <= {row["url"] for row in site.json("mentions", "--sector", "kupiansk", "--limit", "500")}
