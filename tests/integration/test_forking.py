"""Processes that are forked from a copy of their program: what they share of it, what they leave, how they end."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from sectorwatch import forking
from sectorwatch.forking import Child, Server, begin
from tests.integration.test_sandbox_lifetime import ROOT, wait_until_gone

PROGRAM = """
import atexit, fcntl, json, os, signal, subprocess, sys, threading, time
from pathlib import Path
from sectorwatch import forking
from sectorwatch.forking import Server, begin
from sectorwatch.sandbox import Sandbox

folder = Path(sys.argv[1])
made = []

def told():
    return made

def mb(kind):
    lines = Path("/proc/self/smaps_rollup").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(kind + ":")) / 1024

def work():
    atexit.register(lambda: (folder / "at the end").write_text("told"))
    thread = threading.Thread(target=lambda: (time.sleep(0.2), (folder / "thread").write_text("ended")))
    thread.start()
    sandboxes = Server()
    if threading.active_count() == 1:
        sandboxes.fork()
    raise SystemExit(7)

def run():
    sandboxes = Server()
    sandboxes.fork()
    forking.keep_at_hand(sandboxes)
    with Sandbox(workers=1) as sandbox:
        seen, private = sandbox.call(len, made, timeout=30), 0
        seen = sandbox.call(told, timeout=30)
        private = sandbox.call(mb, "Private_Dirty", timeout=30)
    with Sandbox(workers=1) as again:  # the server at hand serves the next one too
        seen += again.call(told, timeout=30)
    result = dict(seen=seen, private=private, shared=mb("Rss") - mb("Private_Dirty"), pid=os.getpid())
    (folder / "run.tmp").write_text(json.dumps(result))
    (folder / "run.tmp").rename(folder / "run")
    time.sleep(300)

if __name__ == "__main__":
    import program_main as here  # by the name that its processes know it by
    here.made.append("before")
    here.kept = [str(number) * 10 for number in range(1_000_000)]  # some 70 MB
    lock = (folder / "lock").open("ab")
    fcntl.flock(lock, fcntl.LOCK_EX)
    origin = Server()
    origin.fork()
    here.made.append("after")
    first = begin(origin, "worker", here.work)
    print(json.dumps([first.wait(30), first.returncode]), flush=True)
    begin(origin, "run", here.run)
    time.sleep(300)
"""


@pytest.mark.timeout(120)
def test_a_copy_has_what_its_program_had_and_ends_with_it(tmp_path: Path) -> None:
    """What was made before is there and is shared, what was made after is not; a process ends as an interpreter does.

    Killed, the program takes all of them along, and nobody holds what it held.
    """
    (tmp_path / "program_main.py").write_text(PROGRAM, "utf-8")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    command = [sys.executable, str(tmp_path / "program_main.py"), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as program:
        assert program.stdout is not None
        assert json.loads(program.stdout.readline()) == [7, 7]
        ended = [(tmp_path / name).read_text("utf-8") for name in ("thread", "at the end")]
        assert ended == ["ended", "told"]
        while not (tmp_path / "run").exists():
            assert program.poll() is None
        run = json.loads((tmp_path / "run").read_text("utf-8"))
        pids = [program.pid, run["pid"], *below(program.pid)]
        program.kill()
    assert run["seen"] == ["before", "before"]
    assert run["shared"] > 70
    assert run["private"] < 25, run
    assert len(pids) >= 4
    assert wait_until_gone(*pids)
    with (tmp_path / "lock").open("ab") as lock:
        subprocess.run(["flock", "-n", str(lock.fileno())], pass_fds=[lock.fileno()], check=True)


def below(pid: int) -> list[int]:
    """All that it has started, and what these have."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text("ascii", "replace").rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found += [int(folder.name), *below(int(folder.name))]
    return found


def test_a_program_with_threads_is_not_copied() -> None:
    """What another thread holds at that moment, nobody would let go of in the copy; a new interpreter does its work."""
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    try:
        server = Server()
        assert not server.fork()
        child = begin(server, "child", partial(os._exit, 3))
        assert child.wait(60) == 3
        server.close()
    finally:
        over.set()
        thread.join()


@pytest.fixture
def child() -> Iterator[Child]:
    """A process that waits, of a server that is a new interpreter."""
    server = Server()
    yield begin(server, "waits", signal.pause)
    server.close()


@pytest.mark.timeout(60)
def test_how_a_process_ended_is_told_to_all_who_ask(child: Child) -> None:
    """It can be read once, and many threads may ask; minus the number of the signal that ended it."""
    assert (child.poll(), child.returncode) == (None, None)
    with pytest.raises(subprocess.TimeoutExpired):
        child.wait(0.01)
    told: list[int] = []
    asking = [threading.Thread(target=lambda: told.append(child.wait(30))) for _ in range(8)]
    for thread in asking:
        thread.start()
    os.kill(child.pid, signal.SIGTERM)
    for thread in asking:
        thread.join()
    assert (told, child.poll()) == ([-signal.SIGTERM] * 8, -signal.SIGTERM)


def test_a_server_is_at_hand_only_where_it_was_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """And for whom its imports are enough; elsewhere a sandbox starts one of its own."""
    server = Server()
    monkeypatch.setattr(forking, "_at_hand", None)
    assert forking.at_hand([]) is None
    forking.keep_at_hand(server)
    assert forking.at_hand([__name__]) is server
    assert forking.at_hand([__name__, "a.module.that.is.not.there"]) is None
    monkeypatch.setattr(forking, "_at_hand", (os.getpid() + 1, server))
    assert forking.at_hand([]) is None


def test_no_room_for_a_process_ends_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fork that fails is tried again: the server would end by it, and with it all that it started."""
    tries = iter([OSError(errno.EAGAIN, "no room"), OSError(errno.ENOMEM, "no memory"), 17])

    def fork() -> int:
        found = next(tries)
        if isinstance(found, OSError):
            raise found
        return found

    monkeypatch.setattr(forking, "FORK_AGAIN_S", 0.0)
    assert forking._patient(fork)() == 17
    monkeypatch.setattr(forking, "FORK_S", 0.0)

    def never() -> int:
        raise OSError(errno.EAGAIN, "no room")

    with pytest.raises(OSError, match="no room"):
        forking._patient(never)()
