"""What Prefect says of the runs of our flows: which of them failed, died, or waited for a worker; one fact a flow."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort

from flows.automations import LOST
from flows.deployments import LATE_S, REPORT, wanted
from flows.runtime import Runtime
from sectorwatch.notice import RunFact

MOST = 200  # runs that are looked at, the newest: what one answer of Prefect holds
WITHIN = timedelta(hours=1)
LATE = "Late"
WAITED = "Waited"  # no state of Prefect: the run was late, and somebody has taken it since
WORDS = {
    "Failed": "failed",
    "TimedOut": "took too long",
    "Crashed": "died",
    LOST: "died unseen",
    LATE: "due, and taken by no worker",
    WAITED: "waited for a worker",
}

_log = logging.getLogger(__name__)


def troubles(*, waited: timedelta | None = None) -> list[RunFact]:
    """What is wrong with runs that were due in the last hour; with `waited`, also which waited for longer than that."""
    now = datetime.now(UTC)
    asked: dict[str, Any] = {"expected_start_time": {"after_": now - WITHIN, "before_": now}}
    if waited is None:
        asked["state"] = {"name": {"any_": [*WORDS]}}
    with get_client(sync_client=True) as client:
        flows = {client.create_flow_from_name(one.name): one.name for one in wanted() if one.name != REPORT}
        runs = client.read_flow_runs(
            flow_run_filter=FlowRunFilter.model_validate(asked), limit=MOST, sort=FlowRunSort.EXPECTED_START_TIME_DESC
        )
    judged = ((flows.get(run.flow_id), trouble(run, waited=waited, now=now), run) for run in runs)
    return facts((flow, what, run) for flow, what, run in judged if flow and what)


def trouble(run: FlowRun, *, waited: timedelta | None, now: datetime) -> str:
    """A key of WORDS; empty for a run that went well, or waits for no longer than may be."""
    state, due = run.state, run.expected_start_time
    if state is None or due is None:
        return ""
    if state.name == LATE:  # since then, not since it was due: then nothing at all was running, perhaps
        return LATE if now - state.timestamp > (waited or timedelta(seconds=LATE_S)) else ""
    if state.name in WORDS:
        return state.name
    taken = run.start_time or run.end_time
    return WAITED if waited is not None and taken is not None and taken - due > waited else ""


def facts(found: Iterable[tuple[str, str, FlowRun]]) -> list[RunFact]:
    """Of flow, trouble and run, counted by flow. Messages of Prefect are left out: they may hold anything."""
    by_flow: dict[str, list[tuple[str, FlowRun]]] = {}
    for flow, what, run in found:
        by_flow.setdefault(flow, []).append((what, run))
    return [
        RunFact(
            flow=flow,
            at=max(_moment(run) for _, run in mine),
            detail=", ".join(f"{count} {WORDS[what]}" for what, count in sorted(Counter(w for w, _ in mine).items()))
            + f"; the last: {max((run for _, run in mine), key=_moment).name}",
        )
        for flow, mine in sorted(by_flow.items())
    ]


def _moment(run: FlowRun) -> datetime:
    assert run.state is not None
    return run.state.timestamp


def record(config: str | None) -> None:
    """Puts them on record, where no automation may have told of them. That it cannot stops nothing."""
    try:
        if found := troubles():
            with Runtime.from_config(config) as runtime:
                runtime.put_troubled_runs(found)
    except Exception as error:  # noqa: BLE001 - whatever Prefect's client or the store raises: the next run looks again
        _log.warning("it is not known how runs of the last hour ended: %s", type(error).__name__)
