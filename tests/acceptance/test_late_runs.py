"""Runs that nobody takes: a real Prefect server notices by itself, and operators read of it when a worker is back."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from sectorwatch.newsroom import Receivers
from tests.acceptance.processes import free_port, healthy, process, wait_for
from tests.acceptance.sampling import COMMAND
from tests.acceptance.test_worker import PREFECT

LATE_S = 10  # instead of ten minutes: the shortest that Prefect allows
EVERY_S = 5


def scheduled_an_hour_ago(database: Path) -> None:
    """As those are that a server schedules at work. Of younger ones it waits a quarter of an hour for an event that
    it never sends, that of their scheduling, before it minds what comes of them."""
    with closing(sqlite3.connect(database, timeout=30)) as server, server:
        server.execute("UPDATE flow_run_state SET timestamp = datetime(timestamp, '-1 hour') || '.000000'")


@pytest.mark.full
@pytest.mark.timeout(300)
def test_runs_that_nobody_takes_are_told_of_when_somebody_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The automation starts the report while no worker is there; the first worker takes it, and operators are told."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.deploying import deploy
    from flows.deployments import wanted

    monkeypatch.setattr("flows.automations.LATE_S", LATE_S)
    port, config = free_port(), tmp_path / "sectorwatch.toml"
    env = {
        **os.environ,
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_API_SERVICES_LATE_RUNS_AFTER_SECONDS": "1",
        "PREFECT_API_SERVICES_LATE_RUNS_LOOP_SECONDS": "1",
        "PREFECT_SERVER_EVENTS_EXPIRED_BUCKET_BUFFER": "PT1S",
    }

    def runs(flow: str) -> list[dict[str, object]]:
        asked = {"flows": {"name": {"any_": [flow]}}}
        answer = httpx.post(f"{env['PREFECT_API_URL']}/flow_runs/filter", json=asked, timeout=30)
        found: list[dict[str, object]] = answer.raise_for_status().json()
        return found

    server = (*PREFECT, "server", "start", "--host", "127.0.0.1", "--port", str(port))
    worker = (*PREFECT, "worker", "start", "--pool", "sectorwatch", "--type", "process")
    with Receivers() as receivers, process(*server, env=env, log=tmp_path / "server.log"):
        hook = f'{{ label = "ops", kind = "webhook", to = "{receivers.webhook_url}" }}'
        config.write_text(
            f'[store]\nurl = "sqlite:///sectorwatch.db"\n[fetch]\nallow_networks = ["127.0.0.0/8"]\n'
            f"[operators]\ntargets = [{hook}]\n",
            "utf-8",
        )
        applied = subprocess.run([COMMAND, "-c", config, "apply"], capture_output=True, text=True, check=False)
        assert applied.returncode == 0, applied.stderr
        wait_for(lambda: healthy(port), "the Prefect server", seconds=120)
        with temporary_settings({PREFECT_API_URL: env["PREFECT_API_URL"]}):
            deploy(wanted(every=EVERY_S), config=str(config), pool="sectorwatch", check=False)
        wait_for(lambda: bool(runs("monitor")), "a scheduled run", seconds=60)
        scheduled_an_hour_ago(tmp_path / "prefect" / "prefect.db")
        wait_for(lambda: bool(runs("report")), "a report", seconds=60)
        assert runs("report")[0]["parameters"] == {"config": str(config), "waited_s": LATE_S}
        with process(*worker, env=env, log=tmp_path / "worker.log"):
            wait_for(lambda: bool(receivers.requests), "a notice", seconds=90)
    told = str(receivers.requests[0].json())
    assert "run_failed" in told
    assert "waited for a worker; the last: " in told
