"""The disk of Prefect's folder fills up under `sectorwatch up`: it says so, and goes on when there is room again."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.acceptance.processes import free_port, healthy, living, make_everything_due, process, sent, wait_for
from tests.acceptance.sampling import COMMAND, sample_site

SIZE_MB = 200
OWN_DISK = ("unshare", "--map-root-user", "--mount")  # gone with the processes that use it


def _may_mount() -> bool:
    trial = [*OWN_DISK, "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0


def _fill(ballast: Path) -> None:
    try:
        with ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(1 << 16))
    except OSError as error:
        assert error.errno == errno.ENOSPC, error  # noqa: PT017 - it has to come


@pytest.mark.full
@pytest.mark.timeout(600)
def test_a_full_disk_under_prefect_loses_nothing(tmp_path: Path) -> None:
    """No run begins on it, which `up` says; what came meanwhile is told once, when there is room, by itself."""
    if not _may_mount():
        pytest.skip("this user may mount no disk of its own (user namespaces are off, and it is not root)")
    home, log, port = tmp_path / "prefect", tmp_path / "up.log", free_port()
    home.mkdir()
    with sample_site(tmp_path, group_wait=1) as site:

        def cycles() -> int:
            with closing(sqlite3.connect(tmp_path / "sectorwatch.db")) as store:
                ended = "SELECT count(*) FROM cycles WHERE finished_at IS NOT NULL"
                return int(store.execute(ended).fetchone()[0])

        def said(words: str) -> bool:
            return words in log.read_text("utf-8", "replace")

        assert site.command("run").returncode in (0, 1)
        up_command = f"'{COMMAND}' -c '{site.config}' up --port {port} --home '{home}' --every 30 --no-web"
        script = f"mount -t tmpfs -o size={SIZE_MB}m none '{home}' && exec {up_command}"
        env = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        with process(*OWN_DISK, "sh", "-c", script, env=env, log=log) as up:
            wait_for(lambda: healthy(port), "the Prefect server", seconds=120)
            begun = cycles()
            wait_for(lambda: cycles() > begun, "a cycle", seconds=120)
            assert not said("are free for Prefect's folder")
            ballast = Path(f"/proc/{up.pid}/root{home}/ballast")
            _fill(ballast)
            site.newsroom.publish()
            make_everything_due(site)
            wait_for(lambda: said("are free for Prefect's folder"), "a word of it", seconds=120)
            ballast.unlink()
            wanted = 2 * len(site.stories("kupiansk"))
            wait_for(lambda: sent(site) >= wanted, "the delivery of every alert", seconds=240)
            wait_for(lambda: said("there is room again"), "another word", seconds=120)
            up.send_signal(signal.SIGINT)
            assert up.wait(90) == 0, log.read_text("utf-8", "replace")[-3000:]
            wait_for(lambda: not living(str(home)), "the end of every process", seconds=30)
        ids = [body["id"] for body in site.told()]
        assert (sent(site), len(ids)) == (wanted, len(set(ids)))
