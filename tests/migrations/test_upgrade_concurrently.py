"""Many processes may open an empty store at once: one of them makes the tables."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from storage import schema
from storage.engine import open_engine
from storage.unit_of_work import Store

_WAIT_S = 60.0
_ROOT = Path(__file__).parents[2]
_UPGRADE = """
import sys
from storage import schema
from storage.engine import open_engine
from storage.unit_of_work import Store

store = Store(open_engine(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
print(schema.upgrade(store), schema.current(store), flush=True)
store.close()
"""


def test_two_processes_upgrade_an_empty_store_at_once(store_url: str) -> None:
    """Both succeed, one of them migrates."""
    command = [sys.executable, "-c", _UPGRADE, store_url]
    pipe = subprocess.PIPE
    processes = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, cwd=_ROOT) for _ in range(2)
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", process.communicate(timeout=_WAIT_S)[1]
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        ends = [process.communicate(timeout=_WAIT_S) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert [process.returncode for process in processes] == [0, 0], ends
    newest = schema.newest()
    assert sorted(said for said, _ in ends) == [f"False {newest}\n", f"True {newest}\n"]


def test_who_saw_an_empty_store_looks_again_under_the_lock(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that both found the store empty before either began do not both migrate."""
    look, both_have_looked = schema.current, Barrier(2)

    def look_and_wait(store: Store) -> str | None:
        found = look(store)
        both_have_looked.wait(_WAIT_S)
        return found

    monkeypatch.setattr(schema, "current", look_and_wait)
    stores = [Store(open_engine(store_url)) for _ in range(2)]
    with ThreadPoolExecutor(2) as threads:
        migrated = list(threads.map(schema.upgrade, stores))
    assert sorted(migrated) == [False, True]
    assert look(stores[0]) == schema.newest()
    for store in stores:
        store.close()
