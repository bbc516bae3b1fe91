"""Several Prefect servers side by side, on one database and one Redis: one dies, and nobody has to help."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from flows.deployments import RETRIED
from tests.acceptance.processes import ROOT, free_port, healthy, kill_all, make_everything_due, process, sent, wait_for
from tests.acceptance.sampling import sample_site
from tests.acceptance.test_failover import AGAIN_S, FAILOVER_S, Fleet, everything_once
from tests.acceptance.test_worker import PREFECT, deployed, prefect
from tests.plugins.databases import installed_postgres, own_postgres

DAY_S = 86400
WORKER = [*PREFECT, "worker", "start", "--pool", "sectorwatch", "--type", "process"]
SHARED = {
    "PREFECT_SERVER_EVENTS_MESSAGING_BROKER": "prefect_redis.messaging",
    "PREFECT_SERVER_EVENTS_MESSAGING_CACHE": "prefect_redis.messaging",
    "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": "prefect_redis.ordering",
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect_redis.lease_storage",
}
"""What each of them is told, besides where Redis is."""


def test_the_runbook_has_their_settings() -> None:
    """Those that the test below runs with."""
    runbook = (ROOT / "deployments/README.md").read_text("utf-8")
    assert [name for name, value in SHARED.items() if f"export {name}={value}" not in runbook] == []


@pytest.mark.full
@pytest.mark.timeout(700)
def test_a_server_dies_and_the_others_go_on(tmp_path: Path) -> None:
    """Two servers of the API, one process for what they do by themselves, a worker at each.

    The first server dies while a run goes through it: Prefect marks the run as lost when its signs of life no longer
    arrive, its slot is free again, and the other worker goes on. Everything is told once.
    """
    redis = shutil.which("redis-server")
    if redis is None:
        pytest.skip("needs redis-server: a package of Debian's")
    programs = installed_postgres()
    ports, redis_port = (free_port(), free_port()), free_port()
    with own_postgres(programs) as (_postgres, url), ExitStack() as running:
        with create_engine(url, isolation_level="AUTOCOMMIT").connect() as admin:
            for name in ("sectorwatch", "prefect"):
                admin.exec_driver_sql(f"CREATE DATABASE {name}")
        store_url = url.set(database="sectorwatch").render_as_string(hide_password=False)
        site = running.enter_context(sample_site(tmp_path, store_url=store_url, group_wait=1))
        assert site.command("run").returncode in (0, 1)
        shared = {
            **os.environ,
            "PREFECT_HOME": str(tmp_path / "prefect"),
            **SHARED,
            "PREFECT_REDIS_MESSAGING_URL": f"redis://127.0.0.1:{redis_port}/0",
            "PREFECT_SERVER_DOCKET_URL": f"redis://127.0.0.1:{redis_port}/1",
            "PREFECT_CLIENT_RETRY_EXTRA_CODES": RETRIED,
            "SECTORWATCH_CONFIG": str(site.config),
            "FLEET": str(redis_port),
        }
        if programs is not None:
            prefect_url = url.set(drivername="postgresql+asyncpg", database="prefect")
            shared["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = prefect_url.render_as_string(hide_password=False)
        running.callback(kill_all, f"FLEET={redis_port}")

        def start(name: str, *command: str, api: int | None = None) -> None:
            own = {**shared, "MACHINE": f"{name}:{redis_port}"}
            if api is not None:
                own["PREFECT_API_URL"] = f"http://127.0.0.1:{ports[api]}/api"
            running.enter_context(process(*command, env=own, log=tmp_path / f"{name}.log"))

        start("redis", redis, "--port", str(redis_port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path))
        for number, port in enumerate(ports):
            start(f"server-{number}", *PREFECT, "server", "start", "--no-services", "--port", str(port))
            wait_for(partial(healthy, port), "a Prefect server", seconds=120)
        start("services", *PREFECT, "server", "services", "start")
        first, second = ({**shared, "PREFECT_API_URL": f"http://127.0.0.1:{port}/api"} for port in ports)
        deployed("--every", str(DAY_S), env=first)  # no schedule helps
        site.newsroom.publish()
        make_everything_due(site, store_url=store_url)
        start("worker-0", *WORKER, api=0)
        fleet = Fleet(second["PREFECT_API_URL"], store_url)
        prefect("deployment", "run", "monitor/monitor", env=first)
        wait_for(lambda: fleet.runs("RUNNING", flow="monitor"), "a run through the first server", seconds=AGAIN_S)
        start("worker-1", *WORKER, api=1)
        kill_all(f"MACHINE=server-0:{redis_port}")
        assert not healthy(ports[0])

        before, since = len(fleet.runs("COMPLETED", flow="monitor")), time.monotonic()
        wait_for(
            lambda: len(fleet.runs("COMPLETED", flow="monitor")) > before,
            "a run through the second server, that of the dead one having lost its slot",
            seconds=2 * FAILOVER_S,  # 131 on a machine that had other work
        )
        prefect("deployment", "run", "deliver/deliver", env=second)  # its schedule is five minutes
        print(f"\na run came to its end {time.monotonic() - since:.0f} s after the death of a server")
        wanted = site.stories("kupiansk")
        wait_for(lambda: sent(site) == 2 * len(wanted), "the delivery of every alert", seconds=FAILOVER_S)
        everything_once(site, fleet, wanted)
