"""The scheduled cycle: poll the feeds that are due, read what is new. Alerts are enqueued with the articles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from prefect import flow, get_run_logger, task

from flows import secret_block  # noqa: F401 - references may name its blocks
from flows.retrying import GAP_S, TIMES, store_is_away
from flows.run_log import lines_reach_the_run
from flows.runtime import Runtime
from flows.steps.running.cycle_report import is_eventful, title
from flows.steps.running.cycle_report import report as cycle_report
from flows.steps.running.summaries import CycleSummary
from flows.telling import tell
from sectorwatch.clock import system_clock
from sectorwatch.notice import Condition


@task(
    name="poll and read",
    task_run_name="poll and read",
    persist_result=False,
    retries=TIMES,
    retry_delay_seconds=GAP_S,
    retry_condition_fn=store_is_away,
)
def poll_and_read(config: str | None, since: datetime | None = None) -> tuple[int, dict[str, Any], list[Condition]]:
    """A cycle on record: polls the feeds that are due, and reads meanwhile what they bring, with its alerts.

    With `since`, every feed not polled since then is polled, and every page not tried since then is tried. Gives the
    cycle's number, what it did, and what is wrong now.
    """
    with Runtime.from_config(config) as runtime:
        number = runtime.start_cycle()
        since = None if since is None else runtime.tools.clock() - (system_clock() - since)  # by the store's clock
        polled, read = runtime.poll_and_read(not_since=since, retry_before=since)
        whole = CycleSummary(poll=polled, read=read).as_dict()
        result = {part: whole[part] for part in ("feeds", "articles", "alerts")}
        runtime.finish_cycle(number, result)
        runtime.watch()
        return number, result, runtime.wrong()


@flow(name="monitor", flow_run_name="monitor-{slot}")
def monitor(config: str | None = None, slot: int = 0, now: bool = False) -> dict[str, Any]:
    """One cycle. `config` names the configuration file, `slot` tells parallel schedules apart.

    With `now`, every feed is polled and every page that waits for a later try is tried, due or not.
    """
    lines_reach_the_run()
    number, result, wrong = poll_and_read(config, system_clock() if now else None)
    eventful = is_eventful(result, wrong)  # a report of each quiet cycle would fill Prefect's database
    report = cycle_report(result, wrong) if eventful else ""
    tell(f"cycle {number}: {title(result)}", key=f"cycle-slot-{slot}", report=report)
    get_run_logger().info("slot %s, cycle %s: %s", slot, number, title(result))
    return result
