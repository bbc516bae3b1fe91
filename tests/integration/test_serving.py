"""What runs beside the Prefect server: kept running, and gone with it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from flows.serving import _alone, kept_running
from sectorwatch.cli.demo import play
from sectorwatch.errors import ConfigurationError
from sectorwatch.forking import Server, begin
from sectorwatch.net.listening import Listens
from tests.acceptance.processes import free_port, wait_for
from tests.acceptance.sampling import COMMAND


def dying(log: Path) -> None:
    with log.open("a", encoding="utf-8") as lines:
        lines.write(f"{os.getpid()} ")
    raise SystemExit(3)


def lasting(log: Path) -> None:
    log.write_text(str(os.getpid()), "utf-8")
    signal.pause()


def test_what_ends_is_started_again_and_what_runs_is_stopped(tmp_path: Path) -> None:
    """A function that ends is said to have and comes back; at the end of the block none of its processes is left."""
    log, other, said, back = tmp_path / "log", tmp_path / "log2", list[str](), threading.Event()

    def say(words: str) -> None:
        said.append(words)
        if len(said) > 1:
            back.set()

    origin = Server()
    functions = {"the dying": partial(dying, log), "the lasting": partial(lasting, other)}
    with kept_running(functions, origin, say, again_after=0):
        assert back.wait(30)
        wait_for(lambda: other.exists() and other.read_text("utf-8") != "", "the other", seconds=30)
    assert said[0] == "the dying ended with exit code 3; it is started again in 0 s"
    pids = [*log.read_text("utf-8").split(), other.read_text("utf-8")]
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
    origin.close()


def test_what_cannot_begin_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it is a copy of has just ended: that is said, and it begins when there is a new one."""
    log, said, refused = tmp_path / "log", list[str](), iter([EOFError(), ConnectionRefusedError(111, "refused")])

    def begin_at_third(*given: Any, **options: Any) -> Any:
        if (error := next(refused, None)) is not None:
            raise error
        return begin(*given, **options)

    monkeypatch.setattr("flows.serving.begin", begin_at_third)
    origin = Server()
    with kept_running({"the web": partial(lasting, log)}, origin, said.append, again_after=0):
        wait_for(lambda: log.exists() and log.read_text("utf-8") != "", "the web", seconds=30)
    assert [words.split(" (")[0] for words in said] == ["the web did not begin"] * 2
    origin.close()


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


def ended(*words: str | Path, folder: Path, **env: str) -> tuple[int, str]:
    """The exit code of a command in a folder, and what it said."""
    done = subprocess.run(
        [COMMAND, *words], capture_output=True, text=True, cwd=folder, env={**os.environ, **env}, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield int(listening.getsockname()[1])


def test_a_port_that_is_taken_is_said_before_anything_begins(tmp_path: Path, taken: int) -> None:
    """In the words of `up`, with the option and the setting that choose another; no store is made."""
    words = f"port {taken} is not to be had (Address already in use): choose another with --port or web.port"
    code, said = ended("web", "--port", str(taken), folder=tmp_path)
    assert (code, said.splitlines()) == (2, [f"sectorwatch: {words}"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.timeout(90)
def test_up_takes_neither_the_folder_nor_a_port_of_another(tmp_path: Path, taken: int) -> None:
    """Two in one folder would end each other's runs; another's server on a port would be taken for our own, and what
    cannot listen would be started again for ever. That there is nothing to poll yet is said, and is no fault."""
    (tmp_path / "file").touch()
    (tmp_path / "sectorwatch.toml").touch()
    homes = {tmp_path / "prefect": "another 'sectorwatch up' works in", tmp_path / "file": "cannot be kept there"}
    with _alone(tmp_path / "prefect"):
        for home, words in homes.items():
            code, said = ended("up", "--home", home, folder=tmp_path)
            assert (code, words in said, "--home" in said) == (2, True, True), said
    busy = {"SECTORWATCH_WEB__PORT": str(taken)}
    code, said = ended("up", "--port", str(free_port()), "--home", tmp_path / "other", folder=tmp_path, **busy)
    assert code == 2
    assert f"port {taken} is not to be had (Address already in use): choose another with web.port" in said
    assert "--no-web" in said
    assert "there are no feeds yet" in said
    assert "starting" not in said
    assert not (tmp_path / "other" / "server.log").exists()


def test_a_port_is_free_or_it_is_said_why_not(taken: int) -> None:
    """At any address, too, and where the address is none of this machine's."""
    for host in ("127.0.0.1", "0.0.0.0", "localhost"):
        with pytest.raises(ConfigurationError, match=rf"port {taken} .*already in use\): choose .*--port"):
            Listens(host=host, port=taken, cure="choose another with --port").wait_until_free()
    Listens(host="127.0.0.1", port=free_port(), cure="").wait_until_free()
    with pytest.raises(ConfigurationError, match=r"\(192\.0\.2\.1: Cannot assign requested address\)"):
        Listens(host="192.0.2.1", port=free_port(), cure="").wait_until_free()


def test_up_begins_nothing_without_a_configuration(tmp_path: Path) -> None:
    """Each of its runs would fail for want of one; it is said at once, and neither a store nor a server is made."""
    code, said = ended("up", folder=tmp_path)
    assert (code, list(tmp_path.iterdir())) == (2, [])
    assert said.startswith("sectorwatch: there is no configuration: list feeds in sectorwatch.toml")
    assert all(way in said for way in ("--config", "SECTORWATCH_CONFIG", "SECTORWATCH_STORE__URL"))


def test_up_begins_nothing_without_a_place_for_its_store(tmp_path: Path) -> None:
    """It is said at once, and no Prefect server is made; the demo says which option names another folder."""
    (tmp_path / "file").touch()
    env = {**os.environ, "SECTORWATCH_STORE__URL": f"sqlite:///{tmp_path / 'file' / 'store.db'}"}
    up = subprocess.run([COMMAND, "up"], capture_output=True, text=True, cwd=tmp_path, env=env, check=False)
    assert (up.returncode, "file/store.db cannot be made" in up.stderr) == (1, True), up.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    with pytest.raises(ConfigurationError, match=r"file/demo cannot be made: .*--folder"):
        play(tmp_path / "file" / "demo", fresh=False)
