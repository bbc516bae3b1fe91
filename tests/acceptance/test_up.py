"""`sectorwatch up`: server, schedules and flows in one command, and all of it gone with Ctrl-C."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

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
from tests.acceptance.sampling import COMMAND, Site, sample_site


@dataclass(frozen=True, kw_only=True)
class Up:
    """`sectorwatch up` on a site, and whatever it starts."""

    site: Site
    folder: Path
    port: int

    @property
    def marker(self) -> str:
        """What the environment of each of its processes names."""
        return str(self.folder / "prefect")

    @contextmanager
    def running(self, log: str) -> Iterator[subprocess.Popen[bytes]]:
        command = [COMMAND, "-c", self.site.config, "up", "--port", str(self.port), "--home", self.marker]
        env = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        env["SECTORWATCH_WEB__PORT"] = str(free_port())
        ignored = ("sh", "-c", "trap '' INT; exec \"$@\"", "sh")  # as a script starts what it puts beside itself
        with process(*ignored, *map(str, command), env=env, log=self.folder / log) as up:
            wait_for(lambda: healthy(self.port), "the Prefect server", seconds=120)
            yield up

    def cycles(self) -> int:
        with closing(sqlite3.connect(self.folder / "sectorwatch.db")) as store:
            return int(store.execute("SELECT count(*) FROM cycles").fetchone()[0])

    def kill_the_server(self) -> None:
        """As the system does that has no more memory; returns when there is another one, and a cycle has begun."""
        begun, (server,) = self.cycles(), self.servers()
        os.kill(server, signal.SIGKILL)
        wait_for(lambda: self.cycles() > begun, "a cycle after the death of the server", seconds=60)
        assert self.servers() != [server]

    def servers(self) -> list[int]:
        """The Prefect server, by what its process is called: its command line is that of `up`."""
        names = {pid: Path(f"/proc/{pid}/comm").read_text("utf-8").strip() for pid in living(self.marker)}
        return [pid for pid, name in names.items() if name == "prefect server"]

    def runs(self, change: str = "") -> set[str]:
        """The runs in Prefect's database that have ended, after a change to it."""
        with closing(sqlite3.connect(self.folder / "prefect" / "prefect.db", timeout=30)) as database, database:
            if change:
                database.execute(change)
            return {run for (run,) in database.execute("SELECT id FROM flow_run WHERE end_time IS NOT NULL")}


@pytest.mark.full
@pytest.mark.timeout(420)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_up_runs_the_schedule_and_ends(number: signal.Signals, tmp_path: Path) -> None:
    """The first cycle starts by itself and its alerts go out; Ctrl-C and SIGTERM leave no process behind.

    A Prefect server that dies alone is started again, and cycles with it. Where all of its processes are killed at
    work, the next `up` begins a cycle within a minute.
    """
    with sample_site(tmp_path, group_wait=1) as site:
        assert site.command("run").returncode in (0, 1)
        site.newsroom.publish()
        make_everything_due(site)
        here = Up(site=site, folder=tmp_path, port=free_port())
        with here.running("up.log") as up:
            wanted = 2 * len(site.stories("kupiansk"))
            wait_for(lambda: sent(site) == wanted, "the delivery of every alert", seconds=180)
            if number is signal.SIGKILL:
                kill_all(here.marker)  # the drain is at work, for minutes
            else:
                if number is signal.SIGTERM:
                    here.kill_the_server()
                os.killpg(up.pid, number) if number is signal.SIGINT else up.send_signal(number)
                assert up.wait(90) == 0, (tmp_path / "up.log").read_text("utf-8")[-3000:]
            wait_for(lambda: not living(here.marker), "the end of every process", seconds=30)
        if number is signal.SIGKILL:
            old = here.runs("UPDATE flow_run SET end_time = datetime(end_time, '-15 days') WHERE end_time IS NOT NULL")
            begun, since = here.cycles(), time.monotonic()
            with here.running("again.log"):
                wait_for(lambda: here.cycles() > begun, "a cycle", seconds=60 - (time.monotonic() - since))
                print(f"\nthe cycle after the kill began after {time.monotonic() - since:.0f} s")
                assert old
                wait_for(lambda: not old & here.runs(), "Prefect letting go of old runs", seconds=60)
                kill_all(here.marker)
    if number is signal.SIGINT:  # Prefect's client prints how it lost a server that was killed
        assert "Traceback" not in (tmp_path / "up.log").read_text("utf-8")
