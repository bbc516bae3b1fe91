"""The daily housekeeping."""

from __future__ import annotations

from prefect import flow, get_run_logger, task

from flows.runtime import Runtime


@task(name="prune", task_run_name="prune", persist_result=False)
def prune(config: str | None) -> dict[str, int]:
    """Lets go of old polls, raw pages and cycles."""
    with Runtime.from_config(config) as runtime:
        return runtime.prune()


@flow(name="maintain", flow_run_name="maintain")
def maintain(config: str | None = None) -> dict[str, int]:
    """Housekeeping. `config` names the configuration file."""
    result = prune(config)
    get_run_logger().info("removed %s", result)
    return result
