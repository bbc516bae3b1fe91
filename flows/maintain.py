"""The daily housekeeping."""

from __future__ import annotations

from prefect import flow, get_run_logger, task

from flows import secret_block  # noqa: F401 - references may name its blocks
from flows.retrying import GAP_S, TIMES, store_is_away
from flows.run_log import lines_reach_the_run
from flows.runtime import Runtime
from flows.telling import tell
from sectorwatch.plurals import counted, each_counted


@task(
    name="prune",
    task_run_name="prune",
    persist_result=False,
    retries=TIMES,
    retry_delay_seconds=GAP_S,
    retry_condition_fn=store_is_away,
)
def prune(config: str | None) -> dict[str, int]:
    """Lets go of old polls, raw pages, cycles and notices."""
    with Runtime.from_config(config) as runtime:
        return runtime.prune()


@task(name="watch", task_run_name="watch", persist_result=False)
def watch(config: str | None) -> int:
    """Tells operators what is wrong, also when nobody else is alive to do so; returns how many notices."""
    with Runtime.from_config(config) as runtime:
        return runtime.watch(send=True)


@flow(name="maintain", flow_run_name="maintain")
def maintain(config: str | None = None) -> dict[str, int]:
    """Housekeeping. `config` names the configuration file."""
    lines_reach_the_run()
    result = prune(config)
    tell(f"maintain: removed {counted(sum(result.values()), 'row')}")
    get_run_logger().info("removed %s; %s", each_counted(result) or "nothing", counted(watch(config), "notice"))
    return result
