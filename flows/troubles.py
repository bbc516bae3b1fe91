"""What Prefect says of the runs of our flows: which of them failed, died, or waited for a worker; one fact a flow."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowFilter, FlowRunFilter
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort

from flows.automations import LOST
from flows.deployments import LATE_S, REPORT, wanted
from flows.runtime import Runtime
from sectorwatch.clock import system_clock
from sectorwatch.notice import RunFact

PAGE = 200  # runs: the most that one answer of Prefect holds
WITHIN = timedelta(hours=1)
LATE = "Late"
WAITED = "Waited"  # no state of Prefect: nobody took the run for LATE_S, and somebody has since
WORDS = {
    "Failed": "failed",
    "TimedOut": "took too long",
    "Crashed": "died",
    LOST: "died unseen",
    LATE: "due, and taken by no worker",
    WAITED: "waited for a worker",
}

_log = logging.getLogger(__name__)


def troubles(later: timedelta = timedelta()) -> tuple[datetime, list[RunFact]]:
    """What is wrong with runs that were due in the hour before now, or before `later` than now.

    The time is the Prefect server's, and given too: it dates runs and their states, whatever this machine's clock says.
    """
    with get_client(sync_client=True) as client:
        now = server_time(client) + later
        named = {"name": {"any_": [one.name for one in wanted() if one.name != REPORT]}}
        flows = {flow.id: flow.name for flow in client.read_flows(flow_filter=FlowFilter.model_validate(named))}
        runs = [*_due(client, [*flows], now - WITHIN, now)]
    judged = ((flows[run.flow_id], trouble(run, now=now), run) for run in runs)
    return now, facts((flow, what, run) for flow, what, run in judged if what)


def server_time(client: SyncPrefectClient) -> datetime:
    """What the Prefect server's clock says, to the second; this machine's where it does not say."""
    said = client.hello().headers.get("date")
    return system_clock() if said is None else parsedate_to_datetime(said)


def _due(client: SyncPrefectClient, flows: list[UUID], since: datetime, until: datetime) -> Iterator[FlowRun]:
    """All runs of these flows that were due then, the newest first."""
    ours = FlowFilter.model_validate({"id": {"any_": flows}})
    asked = FlowRunFilter.model_validate({"expected_start_time": {"after_": since, "before_": until}})
    seen, last = 0, PAGE
    while last == PAGE:
        page = client.read_flow_runs(
            flow_filter=ours, flow_run_filter=asked, limit=PAGE, offset=seen, sort=FlowRunSort.EXPECTED_START_TIME_DESC
        )
        seen, last = seen + len(page), len(page)
        yield from page


def trouble(run: FlowRun, *, now: datetime) -> str:
    """A key of WORDS; empty for a run that went well, or waits for no longer than may be."""
    state, due, longest = run.state, run.expected_start_time, timedelta(seconds=LATE_S)
    if state is None or due is None:
        return ""
    if state.name == LATE:  # since then, not since it was due: then nothing at all was running, perhaps
        return LATE if now - state.timestamp > longest else ""
    if state.name in WORDS:
        return state.name
    taken = run.start_time or run.end_time  # one that came too late for a slot has only the latter
    pooled = run.work_pool_name is not None  # `up` has no workers: what waited for it is no trouble
    return WAITED if pooled and taken is not None and taken - due > longest else ""


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
    """Puts them on record, where no automation has told of them. That it cannot stops nothing."""
    try:
        asked_at, found = troubles()
        if found:
            with Runtime.from_config(config) as runtime:
                runtime.put_troubled_runs(found, asked_at=asked_at)
    except Exception as error:  # noqa: BLE001 - whatever Prefect's client or the store raises: the next run looks again
        _log.warning("it is not known how runs of the last hour ended: %s", type(error).__name__)
