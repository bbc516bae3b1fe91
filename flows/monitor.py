"""The scheduled cycle: poll the feeds that are due, read what is new. Alerts are enqueued with the articles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from prefect import flow, get_run_logger, task

from flows import secret_block  # noqa: F401 - references may name its blocks
from flows.runtime import Runtime
from flows.steps.cycle_report import is_eventful, title
from flows.steps.cycle_report import report as cycle_report
from flows.steps.summaries import CycleSummary
from flows.telling import tell


@task(name="poll and read", task_run_name="poll and read", persist_result=False)
def poll_and_read(config: str | None, since: datetime | None = None) -> dict[str, Any]:
    """Polls the feeds that are due, and reads meanwhile what they bring: files it and enqueues its alerts.

    With `since`, every feed not polled since then is polled, and every page not tried since then is tried.
    """
    with Runtime.from_config(config) as runtime:
        polled, read = runtime.poll_and_read(not_since=since, retry_before=since)
    result = CycleSummary(poll=polled, read=read).as_dict()
    return {part: result[part] for part in ("feeds", "articles", "alerts")}


@flow(name="monitor", flow_run_name="monitor-{slot}")
def monitor(config: str | None = None, slot: int = 0, now: bool = False) -> dict[str, Any]:
    """One cycle. `config` names the configuration file, `slot` tells parallel schedules apart.

    With `now`, every feed is polled and every page that waits for a later try is tried, due or not.
    """
    with Runtime.from_config(config) as runtime:
        started = runtime.tools.clock() if now else None
        number = runtime.start_cycle()
        result = poll_and_read(config, started)
        runtime.finish_cycle(number, result)
        runtime.watch()
        wrong = runtime.wrong()
    eventful = is_eventful(result, wrong)  # a report of each quiet cycle would fill Prefect's database
    report = cycle_report(result, wrong) if eventful else ""
    tell(f"cycle {number}: {title(result)}", key=f"cycle-slot-{slot}", report=report)
    get_run_logger().info("slot %s: %s", slot, result)
    return result
