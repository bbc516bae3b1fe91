"""Programs that run beside an acceptance test, and waiting for what they do."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import SystemRandom
from typing import TypeVar
from urllib.request import urlopen

from sqlalchemy import create_engine, text

from tests.acceptance.sampling import Site

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A port that nobody listens on, and that the system gives to nobody who lets it choose: those begin at 32768."""
    for port in SystemRandom().sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("of a hundred ports none is free")


T = TypeVar("T")


def wait_for(happened: Callable[[], T], what: str, *, seconds: float) -> T:
    """Looks twice a second until it happened, and gives what it saw then. Fails with what was waited for."""
    deadline = time.monotonic() + seconds
    while not (seen := happened()):
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds:g} s"
        time.sleep(0.5)
    return seen


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


def sent(site: Site) -> int:
    return sum(row["state"] == "sent" for row in site.json("deliveries", "list", "--limit", "500"))


def living(marker: str) -> list[int]:
    """Processes whose environment or command line names `marker`, this one aside."""
    assert marker, "every process names nothing"
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if any(marker.encode() in (folder / name).read_bytes() for name in ("environ", "cmdline")):
                found.append(int(folder.name))
        except OSError:
            continue  # it has just ended
    return [pid for pid in found if pid != os.getpid()]


def kill_all(marker: str) -> None:
    """As if the power of a machine had gone: none of its processes can say or finish anything."""
    for pid in living(marker):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def make_everything_due(site: Site, *, store_url: str = "") -> None:
    """As if the feeds' intervals had passed."""
    engine = create_engine(store_url or f"sqlite:///{site.config.parent / 'sectorwatch.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE feeds SET next_poll_at = '2026-01-01 00:00:00.000000'"))
    engine.dispose()
