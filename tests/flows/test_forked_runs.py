"""Flow runs that are copies of a process: begun by Prefect's own runner, and ended as it knows them to end."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from flows.forked_runs import IMPORTS, _runs_copied_from
from sectorwatch.forking import Server


@pytest.fixture
def origin(prefect: None) -> Iterator[Server]:
    server = Server(IMPORTS)
    with _runs_copied_from(server):
        yield server
    server.close()


def run_of(flow: str, config: Path) -> Any:
    """One that is about to be started, of a deployment as `up` makes them."""
    from prefect.client.orchestration import get_client
    from prefect.states import Pending

    with get_client(sync_client=True) as client:
        deployment = client.create_deployment(
            flow_id=client.create_flow_from_name(flow),
            name=f"{flow}-copied",
            entrypoint=f"flows.{flow}.{flow}",
            parameters={"config": str(config)},
        )
        return client.create_flow_run_from_deployment(deployment, state=Pending())


def state_of(run: Any) -> str:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        return str(client.read_flow_run(run.id).state_name)


async def started(run: Any, *, killed: bool = False, given_up: bool = False) -> Any:
    """The process that Prefect has for the run, once it has ended."""
    from prefect.runner._starter_engine import EngineCommandStarter

    async with anyio.create_task_group() as tasks:
        process = await tasks.start(EngineCommandStarter().start, run)
        if killed:
            os.kill(process.pid, signal.SIGKILL)
        if given_up:
            tasks.cancel_scope.cancel()
    return process


def test_another_release_of_prefect_runs_as_its_makers_have_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the function that begins runs is gone, nothing is put in its place, and that is said."""
    from prefect.runner import _starter_engine

    said: list[str] = []
    monkeypatch.delattr(_starter_engine, "run_process")
    monkeypatch.setattr(logging.getLogger("flows.forked_runs"), "warning", said.append)
    with _runs_copied_from(Server()):
        assert not hasattr(_starter_engine, "run_process")
    assert len(said) == 1


@pytest.mark.timeout(180)
def test_a_run_is_a_copy_and_its_end_is_known(origin: Server, tmp_path: Path) -> None:
    """It does what the engine does as a program, its state and log lines reach the server; one that is killed has
    ended by that signal, and one that its runner gives up is killed."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import LogFilter

    config = tmp_path / "sectorwatch.toml"
    config.write_text(f'[store]\nurl = "sqlite:///{tmp_path}/store.db"\n', "utf-8")
    run = run_of("maintain", config)
    assert anyio.run(started, run).returncode == 0
    assert state_of(run) == "Completed"
    with get_client(sync_client=True) as client:
        logs = client.read_logs(LogFilter.model_validate({"flow_run_id": {"any_": [run.id]}}))
    assert any("pruned" in line.message for line in logs)
    assert any("Finished in state" in line.message for line in logs)
    for how in ("killed", "given_up"):
        other = run_of("maintain", config)
        process = anyio.run(lambda how=how, other=other: started(other, **{how: True}))
        assert process.returncode == -signal.SIGKILL, how
