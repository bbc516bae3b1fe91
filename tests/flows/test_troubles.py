"""What operators are told of runs that nobody took in time, and of those that ended on purpose."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.deployments import LATE_S
from sectorwatch.clock import system_clock
from sectorwatch.newsroom import Receivers

LONG, SHORT = timedelta(seconds=LATE_S + 60), timedelta(seconds=LATE_S / 2)


def runs_due(client: Any, flow: str, *states: Any, ago: timedelta, pool: str | None) -> list[Any]:
    """A run of the flow for each state: due so long ago, and brought to that state now."""
    from prefect.states import Scheduled

    deployment = client.create_deployment(
        flow_id=client.create_flow_from_name(flow), name=f"{flow}-{pool}", work_pool_name=pool
    )
    due = Scheduled(scheduled_time=system_clock() - ago)
    runs = [client.create_flow_run_from_deployment(deployment, state=due) for _ in states]
    for run, state in zip(runs, states, strict=True):
        client.set_flow_run_state(run.id, state, force=True)
    return runs


@pytest.mark.usefixtures("prefect")
def test_operators_are_told_of_runs_that_no_worker_took_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the next drain, which takes a worker that is back: also of those that came too late for a slot. A run that
    still waits is told of after ten minutes; one that was taken sooner, or had only `up` to wait for, never."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.states import Cancelled, Running, State, StateType

    from flows.runtime import Runtime
    from flows.steps.roster.apply import apply_roster
    from flows.troubles import record, troubles

    late = State(type=StateType.SCHEDULED, name="Late")
    with get_client(sync_client=True) as client:
        client.create_work_pool(WorkPoolCreate(name="late-test", type="process"))
        runs_due(client, "maintain", Running(), Cancelled(), ago=LONG, pool="late-test")
        runs_due(client, "redetect", Running(), late, ago=SHORT, pool="late-test")
        runs_due(client, "re-extract", Running(), ago=LONG, pool=None)
    monkeypatch.setattr("flows.troubles.PAGE", 2)  # of Prefect's answers: there are more of them
    told = {one.flow: one.detail for one in troubles()[1]}
    assert told["maintain"].startswith("2 waited for a worker; the last: ")
    assert not told.keys() & {"redetect", "re-extract"}
    later = {one.flow: one.detail for one in troubles(LONG)[1]}
    assert later["redetect"].startswith("1 due, and taken by no worker; the last: ")

    config = tmp_path / "sectorwatch.toml"
    with Receivers() as receivers:
        hook = f'{{ label = "ops", kind = "webhook", to = "{receivers.webhook_url}" }}'
        config.write_text(
            f'[store]\nurl = "sqlite:///sectorwatch.db"\n[fetch]\nallow_networks = ["127.0.0.0/8"]\n'
            f"[operators]\ntargets = [{hook}]\n",
            "utf-8",
        )
        with Runtime.from_config(config) as runtime:
            apply_roster(runtime.tools)
            record(str(config))  # as each drain does
            runtime.watch(send=True)
        (notice,) = [one.json() for one in receivers.requests]
    assert notice["kind"] == "run_failed"
    assert "2 waited for a worker" in str([one for one in notice["items"] if one["subject"] == "maintain"])


@pytest.mark.usefixtures("prefect")
def test_what_ended_with_up_is_free_at_once_and_told_to_nobody() -> None:
    """The next `up` ends what the one before left: it would hold its slot for minutes, and is no failure."""
    from prefect.client.orchestration import get_client
    from prefect.states import Pending, Running, StateType

    from flows.serving import _end_what_was_killed
    from flows.troubles import troubles

    with get_client(sync_client=True) as client:
        left = runs_due(client, "deliver", Running(), Pending(), ago=SHORT, pool=None)
        _end_what_was_killed()
        ended = [client.read_flow_run(run.id).state for run in left]
    assert [(state.type, state.name) for state in ended] == [(StateType.CRASHED, "Stopped")] * 2
    assert "deliver" not in {one.flow for one in troubles()[1]}
