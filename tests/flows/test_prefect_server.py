"""The Prefect server of one machine looks less often whether there is anything to do; what it is told comes as soon."""

from __future__ import annotations

import asyncio
import queue
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from flows import prefect_server
from flows.serving import UNHURRIED
from sectorwatch.forking import Server, begin


def test_prefect_has_every_setting_that_makes_it_unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of another name would be passed over in silence."""
    from prefect.settings import Settings

    before = Settings().model_dump()
    for name, value in UNHURRIED.items():
        monkeypatch.setenv(name, value)
    server = Settings().server
    assert server.services.scheduler.recent_deployments_loop_seconds == 30
    assert server.services.event_persister.flush_interval == 30
    assert server.events.proactive_granularity == timedelta(minutes=1)
    changed = [path for path, value in leaves(Settings().model_dump()) if value != dict(leaves(before))[path]]
    assert len(changed) == len(UNHURRIED), changed


def leaves(tree: dict[str, Any], path: str = "") -> list[tuple[str, Any]]:
    found = []
    for name, value in tree.items():
        found += leaves(value, f"{path}.{name}") if isinstance(value, dict) else [(f"{path}.{name}", value)]
    return found


def test_its_queue_of_work_is_looked_at_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the Prefect that is locked: where these libraries are made otherwise, all is left as it was."""
    import burner_redis.pubsub
    import prefect.server.api.background_workers as served

    listener, hurried = burner_redis.pubsub.PubSub, burner_redis.pubsub.PubSub._queue_get
    monkeypatch.setattr(served, "Worker", served.Worker)
    monkeypatch.setattr(listener, "_queue_get", hurried)
    assert prefect_server.unhurried()
    worker = served.Worker(SimpleNamespace())  # type: ignore[arg-type]
    assert (worker.minimum_check_interval, worker.scheduling_resolution) == (timedelta(seconds=1),) * 2
    monkeypatch.setattr(listener, "_queue_get", hurried)
    monkeypatch.delattr(served, "Worker")
    assert not prefect_server.unhurried()
    assert listener._queue_get is hurried


def test_a_message_is_waited_for_without_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is there comes at once, one that comes meanwhile at the next look; and none, when the time is over."""
    messages: queue.Queue[str] = queue.Queue()
    looks = 0

    async def next_look(_seconds: float) -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            messages.put("late")

    monkeypatch.setattr(prefect_server.asyncio, "sleep", next_look)
    messages.put("there")
    ears = SimpleNamespace(_queue=messages)

    async def heard(timeout: float | None) -> Any:
        return await prefect_server._queue_get(ears, timeout)

    assert asyncio.run(heard(0.0)) == "there"
    assert (asyncio.run(heard(0.0)), looks) == (None, 0)
    assert (asyncio.run(heard(None)), looks) == ("late", 3)


@pytest.mark.timeout(120)
def test_a_server_is_a_copy_whose_words_go_to_a_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Of a process that has imported Prefect; its exit code is that of the command."""
    origin = Server(prefect_server.IMPORTS)
    command = prefect_server.PrefectCommand(("server", "start", "--prot", "4200"), tmp_path / "server.log")
    assert begin(origin, "prefect server", command, apart=True).wait(100) != 0
    assert "--prot" in (tmp_path / "server.log").read_text("utf-8")
    assert "--prot" not in "".join(capfd.readouterr())
    origin.close()
