"""Tells operators of runs that failed or died: by their own targets, so that Prefect needs no secrets.

The automations of `flows.automations` start it. It asks Prefect for all runs of the last hour rather than be told of
one: however many fail while it is at work, or before anybody could take it, one report has them all.
"""

from __future__ import annotations

from datetime import datetime

from prefect import flow, get_run_logger, task

from flows import secret_block  # noqa: F401 - references may name its blocks
from flows.deployments import REPORT
from flows.runtime import Runtime
from flows.telling import tell
from flows.troubles import troubles
from sectorwatch.notice import RunFact
from sectorwatch.plurals import counted


@task(name="look at runs", task_run_name="look at runs", persist_result=False)
def look() -> tuple[datetime, list[RunFact]]:
    """What is wrong with the runs of our flows, one fact a flow, and when that was by Prefect's clock."""
    return troubles()


@flow(name=REPORT, flow_run_name=REPORT, retries=5, retry_delay_seconds=60)  # the store may be what failed
def report(config: str | None = None) -> int:
    """Puts them on record and sends the notices. `config` names the configuration file."""
    asked_at, found = look()
    with Runtime.from_config(config) as runtime:
        runtime.put_troubled_runs(found, asked_at=asked_at)
        posted = runtime.watch(send=True)
    said = f"report: {counted(len(found), 'flow')} with trouble, {counted(posted, 'notice')}"
    tell(said)
    get_run_logger().info("%s", "; ".join((said, *(f"{one.flow}: {one.detail}" for one in found))))
    return len(found)
