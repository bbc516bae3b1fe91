"""On demand: the present extraction over the pages that are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from prefect import flow, get_run_logger, task

from flows import secret_block  # noqa: F401 - references may name its blocks
from flows.run_log import lines_reach_the_run
from flows.runtime import Runtime
from flows.steps.archive.re_extract import Wanted


@task(name="re-extract", task_run_name="re-extract", persist_result=False)
def extract_again(config: str | None, wanted: Wanted, apply: bool) -> dict[str, Any]:
    """Extracts the kept pages anew."""
    with Runtime.from_config(config) as runtime:
        return runtime.re_extract(wanted, apply=apply).as_summary()


@flow(name="re-extract", flow_run_name="re-extract")
def re_extract(
    config: str | None = None,
    apply: bool = False,
    since: datetime | None = None,
    language: str | None = None,
    every: bool = False,
    alert: bool = False,
) -> dict[str, Any]:
    """Counts what the present extraction would change; with `apply` it is written, with `alert` also told.

    `config` names the configuration file. Run again with the same parameters, it goes on where a killed run stopped.
    """
    wanted = Wanted(since=since, language=language, every=every, alert=alert)
    lines_reach_the_run()
    result = extract_again(config, wanted, apply)
    get_run_logger().info("%s", result)
    return result
