"""The ops way: a real Prefect server, the deployments of deployments/prefect.yaml, and a worker that runs them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.acceptance.sampling import Site, sample_site

ROOT = Path(__file__).parents[2]
PREFECT = [sys.executable, "-m", "prefect"]
EVERY_S = 20  # instead of five minutes


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(happened: Callable[[], bool], what: str, *, seconds: float) -> None:
    """Looks twice a second until it happened. Fails with what was waited for."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds:g} s"
        time.sleep(0.5)


@contextmanager
def process(*command: str, env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program for the length of the block, with all that it starts."""
    with log.open("wb") as out:
        started = subprocess.Popen(command, env=env, stdout=out, stderr=out, cwd=ROOT, start_new_session=True)
    try:
        yield started
    finally:
        for number in (signal.SIGTERM, signal.SIGKILL):
            if started.poll() is None:
                os.killpg(started.pid, number)
                try:
                    started.wait(20)
                except subprocess.TimeoutExpired:
                    continue


def healthy(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/api/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def prefect(*arguments: str, env: dict[str, str]) -> None:
    done = subprocess.run(
        [*PREFECT, *arguments], env=env, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def sent(site: Site) -> int:
    return sum(row["state"] == "sent" for row in site.json("deliveries", "list", "--limit", "500"))


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
    shutil.copytree(ROOT / "deployments", tmp_path / "deployments")
    file = tmp_path / "deployments" / "prefect.yaml"
    file.write_text(file.read_text("utf-8").replace("interval: 300", f"interval: {EVERY_S}"), "utf-8")
    with sample_site(tmp_path, group_wait=1) as site:
        assert site.command("run").returncode in (0, 1)
        env["SECTORWATCH_CONFIG"] = str(site.config)
        site.newsroom.publish()
        make_everything_due(site)
        server = (*PREFECT, "server", "start", "--host", "127.0.0.1", "--port", str(port))
        with process(*server, env=env, log=tmp_path / "server.log"):
            wait_for(lambda: healthy(port), "the Prefect server", seconds=120)
            prefect("work-pool", "create", "sectorwatch", "--type", "process", env=env)
            prefect("--no-prompt", "deploy", "--all", "--prefect-file", str(file), env=env)
            worker = (*PREFECT, "worker", "start", "--pool", "sectorwatch")
            with process(*worker, env=env, log=tmp_path / "worker.log"):
                wanted = len(site.stories("kupiansk"))
                wait_for(lambda: sent(site) == 2 * wanted, "the delivery of every alert", seconds=240)
        assert len(site.receivers.mails) == wanted
        found = {row["url"] for row in site.json("mentions", "--sector", "kupiansk", "--limit", "500")}
        assert {page.url for page in site.newsroom.truth if "kupiansk" in page.expect} <= found


def make_everything_due(site: Site) -> None:
    """As if the feeds' intervals had passed."""
    from sqlalchemy import create_engine, text

    engine = create_engine(f"sqlite:///{site.config.parent / 'sectorwatch.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE feeds SET next_poll_at = '2026-01-01 00:00:00.000000'"))
    engine.dispose()
