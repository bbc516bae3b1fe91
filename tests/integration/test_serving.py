"""What runs beside the Prefect server: kept running, and gone with it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from flows.serving import _alone, _wait_for_port, kept_running
from sectorwatch.cli.demo import play
from sectorwatch.errors import ConfigurationError, SectorwatchError
from tests.acceptance.processes import free_port, wait_for
from tests.acceptance.sampling import COMMAND


def test_what_ends_is_started_again_and_what_runs_is_stopped(tmp_path: Path) -> None:
    """A command that dies is said to have and comes back; at the end of the block none of its processes is left."""
    log, said, back = tmp_path / "log", list[str](), threading.Event()
    dying = f"import os; open({str(log)!r}, 'a').write(f'{{os.getpid()}} '); raise SystemExit(3)"
    lasting = f"import os, time; open({str(log)!r} + '2', 'w').write(str(os.getpid())); time.sleep(600)"

    def say(words: str) -> None:
        said.append(words)
        if len(said) > 1:
            back.set()

    commands = {"the dying": [sys.executable, "-c", dying], "the lasting": [sys.executable, "-c", lasting]}
    with kept_running(commands, say, again_after=0):
        assert back.wait(30)
        wait_for(lambda: Path(f"{log}2").exists() and Path(f"{log}2").read_text("utf-8") != "", "the other", seconds=30)
    assert said[0] == "the dying ended with exit code 3; it is started again in 0 s"
    pids = [*log.read_text("utf-8").split(), Path(f"{log}2").read_text("utf-8")]
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []


@pytest.mark.timeout(90)
def test_the_page_is_served_by_its_command(tmp_path: Path) -> None:
    """`sectorwatch web` answers on its port with all its headers, logs no address, and ends on SIGTERM."""
    from urllib.error import HTTPError
    from urllib.request import urlopen

    port, config = free_port(), tmp_path / "sectorwatch.toml"
    config.write_text(f'public_url = "https://watch.test"\n[web]\nport = {port}\n', "utf-8")
    with (tmp_path / "log").open("wb") as log:
        web = subprocess.Popen([COMMAND, "-c", config, "web"], stdout=log, stderr=log, cwd=tmp_path)
    try:

        def healthy() -> bool:
            try:
                return bool(urlopen(f"http://127.0.0.1:{port}/health", timeout=5).status == 200)
            except OSError:
                return False

        wait_for(healthy, "the page", seconds=60)
        with pytest.raises(HTTPError, match="404") as caught:
            urlopen(f"http://127.0.0.1:{port}/unsubscribe/1.u.1-1.0.s3cret", timeout=5)
        assert caught.value.headers["referrer-policy"] == "no-referrer"
        assert "server" not in caught.value.headers
    finally:
        web.terminate()
        web.wait(30)
    assert "s3cret" not in (tmp_path / "log").read_text("utf-8")


@pytest.mark.timeout(90)
def test_without_any_page_monitors_are_answered(tmp_path: Path) -> None:
    """Without public_url and public pages the metrics are served to this machine all the same."""
    from urllib.error import HTTPError
    from urllib.request import urlopen

    port = free_port()
    (tmp_path / "sectorwatch.toml").write_text("[web]\npublic = false\n", "utf-8")
    with (tmp_path / "log").open("wb") as log:
        web = subprocess.Popen([COMMAND, "web", "--port", str(port)], stdout=log, stderr=log, cwd=tmp_path)
    try:

        def ready() -> bool:
            try:
                return bool(urlopen(f"http://127.0.0.1:{port}/ready", timeout=5).status == 200)
            except OSError:
                return False

        wait_for(ready, "the answer", seconds=60)
        assert b"sectorwatch_cycles_total 0.0" in urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).read()
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"http://127.0.0.1:{port}/", timeout=5)
    finally:
        web.terminate()
        web.wait(30)


def test_a_port_that_is_taken_is_a_failure_said(tmp_path: Path) -> None:
    """With the exit code of what ran and failed."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [COMMAND, "web", "--port", port], capture_output=True, text=True, cwd=tmp_path, check=False
        )
    assert (done.returncode, "address already in use" in done.stderr) == (1, True)


def test_up_takes_neither_the_folder_nor_the_port_of_another(tmp_path: Path) -> None:
    """Two in one folder would end each other's runs, and another's server on the port would be taken for our own."""
    (tmp_path / "file").touch()
    homes = {tmp_path / "prefect": "another 'sectorwatch up' works in", tmp_path / "file": "cannot be kept there"}
    with _alone(tmp_path / "prefect"):
        for home, words in homes.items():
            done = subprocess.run(
                [COMMAND, "up", "--home", home], capture_output=True, text=True, cwd=tmp_path, check=False
            )
            assert (done.returncode, words in done.stderr, "--home" in done.stderr) == (1, True, True), done.stderr
    with _alone(tmp_path / "prefect"), socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SectorwatchError, match=f"port {port} is not to be had .*--port"):
            _wait_for_port(port, seconds=0)
    _wait_for_port(port)


def test_up_begins_nothing_without_a_place_for_its_store(tmp_path: Path) -> None:
    """It is said at once, and no Prefect server is made; the demo says which option names another folder."""
    (tmp_path / "file").touch()
    env = {**os.environ, "SECTORWATCH_STORE__URL": f"sqlite:///{tmp_path / 'file' / 'store.db'}"}
    up = subprocess.run([COMMAND, "up"], capture_output=True, text=True, cwd=tmp_path, env=env, check=False)
    assert (up.returncode, "file/store.db cannot be made" in up.stderr) == (1, True), up.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    with pytest.raises(ConfigurationError, match=r"file/demo cannot be made: .*--folder"):
        play(tmp_path / "file" / "demo", fresh=False)
