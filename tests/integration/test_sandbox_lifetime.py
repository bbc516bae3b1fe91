"""The sandbox's processes and their program: it stays out of them, and they end with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has waited for yet counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_until_gone(*pids: int) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if all(gone(pid) for pid in pids):
            return True
        time.sleep(0.02)
    return False


PROGRAM = """
import json, os, signal, sys, threading, time
with open(sys.argv[1], "a") as seen:
    seen.write(__name__ + "\\n")
from sectorwatch.sandbox import Sandbox

def processes(parent):
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as stat:
                state, its_parent = stat.read().rpartition(")")[2].split()[:2]
            with open(f"/proc/{pid}/cmdline") as line:
                tracker = "resource_tracker" in line.read()
        except OSError:
            continue
        if int(its_parent) == parent and not tracker and state != "Z":
            found += [int(pid), *processes(int(pid))]
    return found

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background commands ignore it
    sandbox = Sandbox(workers=2)
    main_file = "getattr(__import__('sys').modules['__main__'], '__file__', None)"
    mains = [sandbox.call(eval, main_file, timeout=30) for _ in range(4)]
    long = (sum, range(10**12))  # C code that looks at no signal and no clock
    busy = threading.Thread(target=sandbox.call, args=long, kwargs=dict(timeout=300), daemon=True)
    if sys.argv[2] == "close":
        before = processes(os.getpid())
        sandbox.close()
        print(json.dumps(dict(before=before, after=processes(os.getpid()), mains=mains)), flush=True)
    else:
        busy.start()
        time.sleep(0.5)
        print(json.dumps(dict(before=processes(os.getpid()))), flush=True)
        time.sleep(300)
"""


def start(tmp_path: Path, how: str, *, as_module: bool) -> subprocess.Popen[str]:
    (tmp_path / "program_main.py").write_text(PROGRAM, "utf-8")
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    main = ["-m", "program_main"] if as_module else [str(tmp_path / "program_main.py")]
    command = [sys.executable, *main, str(tmp_path / "seen"), how]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path})


@pytest.mark.parametrize("as_module", [True, False])
def test_the_main_module_is_not_imported_again(tmp_path: Path, as_module: bool) -> None:
    """A program's main module, run by name or by path, runs once, however many processes there are; none is left."""
    with start(tmp_path, "close", as_module=as_module) as program:
        told = json.loads(program.communicate(timeout=60)[0])

    assert (tmp_path / "seen").read_text("utf-8").split() == ["__main__"]
    assert told["mains"] == [None] * 4
    assert len(told["before"]) >= 3  # a server and two processes
    assert told["after"] == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_dies_with_its_program(tmp_path: Path, how: signal.Signals) -> None:
    """When the program is killed amid a call that no signal handler could end, none of its processes stays."""
    with start(tmp_path, "stay", as_module=True) as program:
        assert program.stdout is not None
        pids = json.loads(program.stdout.readline())["before"]
        program.send_signal(how)
        program.wait(timeout=30)

        assert len(pids) >= 3
        assert wait_until_gone(*pids)
