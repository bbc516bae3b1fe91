"""On demand: the gazetteer in force over the stored articles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from prefect import flow, get_run_logger, task

from flows import secret_block  # noqa: F401 - references may name its blocks
from flows.run_log import lines_reach_the_run
from flows.runtime import Runtime
from flows.steps.archive.redetect import Wanted


@task(name="redetect", task_run_name="redetect", persist_result=False)
def detect_again(config: str | None, wanted: Wanted, apply: bool) -> dict[str, Any]:
    """Detects in the stored articles anew."""
    with Runtime.from_config(config) as runtime:
        return runtime.redetect(wanted, apply=apply).as_summary()


@flow(name="redetect", flow_run_name="redetect")
def redetect(
    config: str | None = None,
    apply: bool = False,
    since: datetime | None = None,
    sector: str | None = None,
    language: str | None = None,
    every: bool = False,
    alert: bool = False,
) -> dict[str, Any]:
    """Counts what the present gazetteer would change; with `apply` it is written, with `alert` also told.

    `config` names the configuration file. Run again with the same parameters, it goes on where a killed run stopped.
    """
    wanted = Wanted(since=since, sector=sector, language=language, every=every, alert=alert)
    lines_reach_the_run()
    result = detect_again(config, wanted, apply)
    get_run_logger().info("%s", result)
    return result
