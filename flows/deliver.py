"""The rolling drain: started every five minutes, it sends whatever comes due until shortly before the next start."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.runtime import flow_run

from flows import secret_block  # noqa: F401 - references may name its blocks
from flows.deployments import DRAIN_EVERY_S
from flows.retrying import GAP_S, TIMES, store_is_away
from flows.run_log import lines_reach_the_run
from flows.runtime import Runtime
from flows.steps.summaries import CycleSummary
from flows.telling import tell
from flows.troubles import record
from sectorwatch.clock import system_clock

DRAIN_S = 285.0  # of the five minutes between two starts


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


@flow(name="deliver", flow_run_name="deliver-{seconds:.0f}s")
def deliver(config: str | None = None, seconds: float = DRAIN_S) -> dict[str, Any]:
    """Sends alerts. `config` names the configuration file."""
    lines_reach_the_run()
    record(config)  # nobody else tells of late runs, nor of failed ones where there are no automations
    now = system_clock()
    result = drain(config, over_at(flow_run.scheduled_start_time or now, now, seconds=seconds))
    tell(
        f"deliver: {', '.join(f'{count} {state}' for state, count in sorted(result['by_state'].items())) or 'nothing'}"
    )
    get_run_logger().info("%s", result)
    return result
