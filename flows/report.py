"""Tells operators of runs that failed, died or wait: by their own targets, so that Prefect needs no secrets.

The automations of `flows.automations` start it. It asks Prefect for all runs of the last hours rather than be told of
one: however many fail while it is at work, or before anybody could take it, one report has them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from prefect import flow, get_run_logger, task
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun

from flows import secret_block  # noqa: F401 - references may name its blocks
from flows.automations import LOST
from flows.deployments import REPORT, wanted
from flows.runtime import Runtime
from flows.telling import tell
from sectorwatch.notice import RunFact

MOST = 200  # runs that are looked at
WORDS = {
    "Failed": "failed",
    "TimedOut": "took too long",
    "Crashed": "died",
    LOST: "died unseen",
    "Late": "due, and taken by no worker",
}


@task(name="look at runs", task_run_name="look at runs", persist_result=False)
def look(hours: float) -> list[RunFact]:
    """What is wrong with the runs of our flows that were due within so many hours, one fact a flow."""
    names = [one.name for one in wanted() if one.name != REPORT]
    since = datetime.now(UTC) - timedelta(hours=hours)
    asked = {"state": {"name": {"any_": list(WORDS)}}, "expected_start_time": {"after_": since}}
    with get_client(sync_client=True) as client:
        flows = {client.create_flow_from_name(name): name for name in names}
        runs = client.read_flow_runs(flow_run_filter=FlowRunFilter.model_validate(asked), limit=MOST)
    return facts((flows[run.flow_id], run) for run in runs if run.flow_id in flows)


def facts(runs: Iterable[tuple[str, FlowRun]]) -> list[RunFact]:
    """Counted by flow. Messages of Prefect are left out: they may hold whatever an exception says."""
    by_flow: dict[str, list[FlowRun]] = {}
    for name, run in runs:
        by_flow.setdefault(name, []).append(run)
    return [
        RunFact(
            flow=name,
            at=max(run.state.timestamp for run in mine if run.state),
            detail=", ".join(f"{count} {WORDS[state]}" for state, count in sorted(_states(mine).items()))
            + f"; the last: {max(mine, key=_moment).name}",
        )
        for name, mine in sorted(by_flow.items())
    ]


def _states(runs: list[FlowRun]) -> Counter[str]:
    return Counter(run.state.name for run in runs if run.state and run.state.name)


def _moment(run: FlowRun) -> datetime:
    assert run.state is not None
    return run.state.timestamp


@flow(name=REPORT, flow_run_name=REPORT, retries=5, retry_delay_seconds=60)  # the store may be what failed
def report(config: str | None = None, hours: float = 1) -> int:
    """Puts them on record and sends the notices. `config` names the configuration file."""
    found = look(hours)
    with Runtime.from_config(config) as runtime:
        runtime.put_troubled_runs(found)
        posted = runtime.watch(send=True)
    tell(f"report: {len(found)} flows with trouble, {posted} notices")
    get_run_logger().info("%s; notices: %s", found, posted)
    return len(found)
