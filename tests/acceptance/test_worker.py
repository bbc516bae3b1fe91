"""The ops way: a real Prefect server, `sectorwatch deploy`, and a worker that runs what is deployed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.acceptance.processes import (
    ROOT,
    free_port,
    healthy,
    living,
    make_everything_due,
    process,
    sent,
    wait_for,
)
from tests.acceptance.sampling import COMMAND, sample_site

PREFECT = [sys.executable, "-m", "prefect"]
EVERY_S = 20  # instead of five minutes


def prefect(*arguments: str, env: dict[str, str]) -> None:
    done = subprocess.run(
        [*PREFECT, *arguments], env=env, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def deployed(*options: str, env: dict[str, str], changed: int = 11) -> None:
    """Once with so many changes, then with none."""
    for last in (f"{changed} changed", "nothing to change"):
        done = subprocess.run(
            [COMMAND, "deploy", *options], env=env, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.splitlines()[-1] == last


def overlap_and_cancel(env: dict[str, str]) -> None:
    """A second drain beside the first ends as Cancelled; the first, cancelled as by Prefect's page, ends soon."""
    with httpx.Client(base_url=env["PREFECT_API_URL"], timeout=30) as server:

        def drains(*states: str) -> list[str]:
            asked = {"flows": {"name": {"any_": ["deliver"]}}, "flow_runs": {"state": {"type": {"any_": [*states]}}}}
            return [run["id"] for run in server.post("/flow_runs/filter", json=asked).json()]

        (working,) = drains("RUNNING")
        prefect("deployment", "run", "deliver/deliver", env=env)
        wait_for(lambda: bool(drains("CANCELLED")), "the end of the second drain", seconds=60)
        assert drains("RUNNING") == [working]
        answer = server.post(f"/flow_runs/{working}/set_state", json={"state": {"type": "CANCELLING"}})
        assert answer.json()["status"] == "ACCEPT"
        wait_for(lambda: working in drains("CANCELLED"), "the end of the cancelled drain", seconds=60)
        wait_for(lambda: not living(f"PREFECT__FLOW_RUN_ID={working}"), "the end of its process", seconds=30)

        def slots_without_runs() -> int:
            at_work = {"flow_runs": {"state": {"type": {"any_": ["PENDING", "RUNNING", "CANCELLING"]}}}}
            limits = server.post("/v2/concurrency_limits/filter", json={}).json()
            return sum(limit["active_slots"] for limit in limits) - len(
                server.post("/flow_runs/filter", json=at_work).json()
            )

        wait_for(lambda: slots_without_runs() == 0, "the release of its slot", seconds=30)


@pytest.mark.full
@pytest.mark.timeout(420)
def test_scheduled_runs_of_a_worker_find_and_deliver(tmp_path: Path) -> None:
    """Deployed as the runbook says; the schedule does the rest: the mention and the sent alert are in the database."""
    port = free_port()
    env = {
        **os.environ,
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    with sample_site(tmp_path, group_wait=1) as site:
        assert site.command("run").returncode in (0, 1)
        env["SECTORWATCH_CONFIG"] = str(site.config)
        site.newsroom.publish()
        make_everything_due(site)
        server = (*PREFECT, "server", "start", "--host", "127.0.0.1", "--port", str(port))
        with process(*server, env=env, log=tmp_path / "server.log"):
            wait_for(lambda: healthy(port), "the Prefect server", seconds=120)
            deployed("--every", str(EVERY_S), env=env)
            prefect("deployment", "run", "deliver/deliver", env=env)  # its schedule is five minutes
            worker = (*PREFECT, "worker", "start", "--pool", "sectorwatch")
            with process(*worker, env=env, log=tmp_path / "worker.log"):
                wanted = len(site.stories("kupiansk"))
                wait_for(lambda: sent(site) == 2 * wanted, "the delivery of every alert", seconds=240)
                overlap_and_cancel(env)
        assert len(site.receivers.mails) == wanted
        found = {row["url"] for row in site.json("mentions", "--sector", "kupiansk", "--limit", "500")}
        assert {page.url for page in site.newsroom.truth if "kupiansk" in page.expect} <= found
