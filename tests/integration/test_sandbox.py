"""The sandbox with real processes: what is too slow, too big or dies costs one call, and nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from sectorwatch.errors import FetchError, SandboxError
from sectorwatch.sandbox import TRIMMED_EVERY, Sandbox

ROOT = Path(__file__).parents[2]
MODULE = "sandboxed_calls"
CALLS = """
import os, sys, time

def pid(): return os.getpid()
def add(a, b): return a + b
def eat(size): return len(bytearray(size))
def main_file(): return getattr(sys.modules["__main__"], "__file__", None)
def loaded(name): return name in sys.modules
def late(): raise TimeoutError("mine")
class Odd(Exception):
    def __init__(self, *, kind): super().__init__(f"odd {kind}")
def odd(): raise Odd(kind="x")
def unpackable(): return lambda: 1
class Bomb:
    def __reduce__(self): return (int, ("no number",))
def bomb(): return Bomb()
def late_sum(seconds): time.sleep(seconds); return 3
def linger(): time.sleep(60)
def busy(): sum(range(10**12))
def resident(): return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
def hoard():
    global kept
    pieces = [bytes(1000) for _ in range(100_000)]
    kept = pieces[-1]  # at the end of the heap, which can shrink no further
    del pieces
    return resident()
"""


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A module that the sandbox's processes can import, as they share our path."""
    folder = tmp_path_factory.mktemp("calls")
    (folder / f"{MODULE}.py").write_text(CALLS, "utf-8")
    sys.path.insert(0, str(folder))
    try:
        yield __import__(MODULE)
    finally:
        sys.path.remove(str(folder))
        del sys.modules[MODULE]


@pytest.fixture(scope="module")
def sandbox(calls: Any) -> Iterator[Sandbox]:
    with Sandbox(workers=1, memory_bytes=200 << 20, preload=(MODULE, "sqlite3")) as made:
        yield made


def test_results_come_back(sandbox: Sandbox, calls: Any) -> None:
    """Arguments and result cross over, by both doors, into another process."""
    assert sandbox.call(calls.add, "Куп", "'янськ", timeout=20) == "Куп'янськ"
    assert asyncio.run(sandbox.run(calls.add, 1, 2, timeout=20)) == 3
    assert sandbox.call(calls.pid, timeout=20) != os.getpid()


@pytest.mark.parametrize(
    ("function", "args", "kind"),
    [
        ("time.sleep", (60,), "timeout"),
        (f"{MODULE}.busy", (), "timeout"),  # C code that looks at no signal and no clock
        (f"{MODULE}.eat", (400 << 20,), "memory"),
        ("os._exit", (7,), "crash"),
        ("os.abort", (), "crash"),
        (f"{MODULE}.odd", (), "crash"),  # an exception that does not survive the way
        (f"{MODULE}.unpackable", (), "crash|own"),
        (f"{MODULE}.bomb", (), "crash"),  # a result that cannot be unpacked
    ],
)
def test_a_bad_call_costs_itself_only(sandbox: Sandbox, calls: Any, function: str, args: tuple[int], kind: str) -> None:
    """Each way to go wrong has its kind, comes soon, and the next call works."""
    module, _, name = function.rpartition(".")
    began = time.monotonic()

    with pytest.raises((SandboxError, AttributeError)) as caught:
        sandbox.call(getattr(__import__(module), name), *args, timeout=0.3 if kind == "timeout" else 30)

    assert re.fullmatch(kind, getattr(caught.value, "kind", "own"))
    assert sandbox.call(calls.add, 1, 2, timeout=20) == 3
    assert time.monotonic() - began < 20


def test_a_busy_machine_stops_no_good_call(calls: Any) -> None:
    """The limit is of processor time; who uses none may take longer, though not for ever, and is told apart."""
    with Sandbox(workers=1, preload=(MODULE,), patience=30) as patient:
        assert patient.call(calls.late_sum, 0.6, timeout=0.3) == 3
        for function, limit, kind in ((calls.busy, 0.3, "timeout"), (calls.linger, 0.08, "stalled")):
            with pytest.raises(SandboxError) as caught:
                patient.call(function, timeout=limit)
            assert caught.value.kind == kind
        assert patient.call(calls.add, 1, 2, timeout=20) == 3


def test_the_functions_own_exception_passes(sandbox: Sandbox, calls: Any) -> None:
    """What the function raises arrives as it is; its own TimeoutError is not taken for ours."""
    with pytest.raises(ValueError, match="invalid literal"):
        sandbox.call(int, "x", timeout=20)
    with pytest.raises(TimeoutError, match="mine"):
        asyncio.run(sandbox.run(calls.late, timeout=20))


def test_what_cannot_be_unpacked_there_comes_back(sandbox: Sandbox, calls: Any) -> None:
    """An argument that its process cannot read is an error for the caller, not a call that never ends."""
    with pytest.raises(ValueError, match="no number"):
        sandbox.call(calls.add, calls.Bomb(), 1, timeout=20)
    assert sandbox.call(calls.add, 1, 2, timeout=20) == 3


def test_a_cancelled_call_is_stopped(sandbox: Sandbox, calls: Any) -> None:
    """Whoever stops waiting frees the only process for the next call."""

    async def scene() -> int:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(sandbox.run(time.sleep, 60, timeout=60), 0.3)
        return await asyncio.wait_for(sandbox.run(calls.add, 1, 2, timeout=20), 30)

    assert asyncio.run(scene()) == 3


def test_a_process_killed_from_outside_is_replaced(sandbox: Sandbox, calls: Any) -> None:
    """An idle process that the system kills costs at most one call."""
    os.kill(sandbox.call(calls.pid, timeout=20), signal.SIGKILL)
    time.sleep(0.5)  # the pool looks after its processes every tenth of a second

    with suppress(SandboxError):
        sandbox.call(calls.add, 1, 2, timeout=20)
    assert sandbox.call(calls.add, 1, 2, timeout=20) == 3


def test_a_failing_initializer_is_told_to_the_caller() -> None:
    """A sandbox whose processes cannot be set up says why, instead of starting them for ever."""
    with (
        Sandbox(workers=1, initializer=int, initargs=("no number",)) as made,
        pytest.raises(SandboxError, match="no number"),
    ):
        made.call(os.getpid, timeout=20)


def test_every_sandbox_has_its_own_preload(sandbox: Sandbox, calls: Any) -> None:
    """A second sandbox in one program has what it asked for, and not what the first one did."""
    assert sandbox.call(calls.loaded, "sqlite3", timeout=20) is True
    with Sandbox(workers=1, preload=(MODULE, "wave")) as second:
        assert second.call(calls.loaded, "wave", timeout=20) is True
        assert second.call(calls.loaded, "sqlite3", timeout=20) is False


def test_a_call_costs_little(sandbox: Sandbox, calls: Any) -> None:
    """A call with 100 KB takes under 20 ms: the quickest of a hundred, as the others may wait for a processor."""
    page, took = b"x" * 100_000, []
    for _ in range(100):
        began = time.monotonic()
        sandbox.call(calls.add, page, b"", timeout=20)
        took.append(time.monotonic() - began)

    assert min(took) < 0.02


def test_what_calls_have_freed_goes_back_to_the_system(calls: Any) -> None:
    """Every 25 calls: libraries leave holes everywhere, and a process would keep what its largest page took."""
    with Sandbox(workers=1) as sandbox:
        hoarded = sandbox.call(calls.hoard, timeout=30)
        left = [sandbox.call(calls.resident, timeout=30) for _ in range(TRIMMED_EVERY)]
    assert hoarded > 100
    assert left[0] > 100
    assert left[-1] < 50


def test_a_closed_sandbox_refuses_and_stops_what_runs(calls: Any) -> None:
    """Closing ends the running call and those that wait for it as SandboxErrors, and refuses any further one."""

    async def scene() -> set[str]:
        made = Sandbox(workers=1, preload=(MODULE,))
        await made.run(calls.pid, timeout=20)
        open_calls = [asyncio.create_task(made.run(time.sleep, 60, timeout=60)) for _ in range(3)]
        await asyncio.sleep(0.2)
        await asyncio.to_thread(made.close)
        with pytest.raises(SandboxError, match="closed"):
            await made.run(calls.pid, timeout=20)
        ended = await asyncio.wait_for(asyncio.gather(*open_calls, return_exceptions=True), 60)
        return {error.kind if isinstance(error, SandboxError) else repr(error) for error in ended}

    assert asyncio.run(scene()) == {"crash"}


def test_an_error_of_ours_that_needs_keywords_is_not_lost(sandbox: Sandbox) -> None:
    """FetchError and its like cross over without breaking the pool."""
    with pytest.raises((FetchError, SandboxError), match="words"):
        sandbox.call(raise_one, timeout=20)


def raise_one() -> None:
    raise FetchError("words", status=500)
