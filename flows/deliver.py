"""The rolling drain: started every five minutes, it sends whatever comes due until shortly before the next start."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import DeploymentFilter, FlowRunFilter
from prefect.client.schemas.sorting import FlowRunSort
from prefect.runtime import deployment, flow_run

from flows import secret_block  # noqa: F401 - references may name its blocks
from flows.deployments import DRAIN_EVERY_S
from flows.retrying import GAP_S, TIMES, store_is_away
from flows.run_log import lines_reach_the_run
from flows.runtime import Runtime
from flows.steps.running.summaries import CycleSummary
from flows.telling import tell
from flows.troubles import record
from sectorwatch.clock import system_clock

DRAIN_S = 285.0  # of the five minutes between two starts

_log = logging.getLogger(__name__)


@task(
    name="drain",
    task_run_name="drain",
    persist_result=False,
    retries=TIMES,
    retry_delay_seconds=GAP_S,
    retry_condition_fn=store_is_away,
)
def drain(config: str | None, until: datetime) -> dict[str, Any]:
    """Sends what is due now, then what comes due until then. A store that is away for a while is waited for."""
    with Runtime.from_config(config) as runtime:
        seconds = max(0.0, (until - system_clock()).total_seconds())
        summary = CycleSummary(deliveries=runtime.drain(seconds=seconds)).as_dict()
    return {"by_state": summary["deliveries"]["by_state"], "failed": summary["deliveries"]["failed"]}


def over_at(due: datetime, now: datetime, *, seconds: float) -> datetime:
    """When a drain ends that was due then: one that began late ends no later, as the next would find its slot taken.

    After hours without a worker that is the next one to come. One that is due in the future, by a clock that is wrong,
    or that begins between the end of one drain and the start of the next, has all of its time.
    """
    late = max((now - due).total_seconds(), 0.0) % DRAIN_EVERY_S  # Prefect's times do not divide
    return now + timedelta(seconds=seconds - late if late < seconds else seconds)


def due_at(planned: datetime | None, asked: datetime | None, now: datetime) -> datetime:
    """When a drain was due. One that no schedule began counts as the one before the next: it has to be over by then."""
    return planned - timedelta(seconds=DRAIN_EVERY_S) if planned else asked or now


def planned_after(now: datetime) -> datetime | None:
    """When the next run of our deployment is due; None where none is planned, where there is no deployment, or where
    the server does not say: the drain that asks has better things to do."""
    try:
        if not deployment.id:
            return None
        ours = DeploymentFilter.model_validate({"id": {"any_": [deployment.id]}})
        waiting = {"state": {"type": {"any_": ["SCHEDULED"]}}, "expected_start_time": {"after_": now}}
        with get_client(sync_client=True) as client:
            runs = client.read_flow_runs(
                deployment_filter=ours,
                flow_run_filter=FlowRunFilter.model_validate(waiting),
                sort=FlowRunSort.EXPECTED_START_TIME_ASC,
                limit=1,
            )
    except Exception as error:  # noqa: BLE001 - whatever Prefect's client raises
        _log.warning("it is not known when the next drain begins: %s", type(error).__name__)
        return None
    return runs[0].expected_start_time if runs else None


@flow(name="deliver", flow_run_name="deliver-{seconds:.0f}s")
def deliver(config: str | None = None, seconds: float = DRAIN_S) -> dict[str, Any]:
    """Sends alerts. `config` names the configuration file."""
    lines_reach_the_run()
    record(config)  # nobody else tells of late runs, nor of failed ones where there are no automations
    now = system_clock()
    due = due_at(planned_after(now), flow_run.scheduled_start_time, now)
    result = drain(config, over_at(due, now, seconds=seconds))
    said = (
        f"deliver: {', '.join(f'{count} {state}' for state, count in sorted(result['by_state'].items())) or 'nothing'}"
    )
    tell(said)
    get_run_logger().info(said)
    return result
