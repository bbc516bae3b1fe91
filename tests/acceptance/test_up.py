"""`sectorwatch up`: server, schedules and flows in one command, and all of it gone with Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.processes import free_port, healthy, make_everything_due, sent, wait_for
from tests.acceptance.sampling import COMMAND, sample_site


def living(marker: str) -> list[int]:
    """Processes whose environment or command line names `marker`."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if any(marker.encode() in (folder / name).read_bytes() for name in ("environ", "cmdline")):
                found.append(int(folder.name))
        except OSError:
            continue  # it has just ended
    return [pid for pid in found if pid != os.getpid()]


@pytest.mark.full
@pytest.mark.timeout(420)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_up_runs_the_schedule_and_stops_cleanly(number: signal.Signals, tmp_path: Path) -> None:
    """The first cycle starts by itself and its alerts go out; Ctrl-C and SIGTERM leave no process behind."""
    port, marker = free_port(), str(tmp_path / "prefect")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    with sample_site(tmp_path, group_wait=1) as site:
        assert site.command("run").returncode in (0, 1)
        site.newsroom.publish()
        make_everything_due(site)
        command = [COMMAND, "-c", site.config, "up", "--port", str(port), "--home", marker]
        with (tmp_path / "up.log").open("wb") as log:
            up = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
        try:
            wait_for(lambda: healthy(port), "the Prefect server", seconds=120)
            wanted = 2 * len(site.stories("kupiansk"))
            wait_for(lambda: sent(site) == wanted, "the delivery of every alert", seconds=180)
            os.killpg(up.pid, number) if number is signal.SIGINT else up.send_signal(number)
            assert up.wait(90) == 0, (tmp_path / "up.log").read_text("utf-8")[-3000:]
            wait_for(lambda: not living(marker), "the end of every process", seconds=30)
        finally:
            if up.poll() is None:
                os.killpg(up.pid, signal.SIGKILL)
    assert "Traceback" not in (tmp_path / "up.log").read_text("utf-8")
