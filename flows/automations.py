"""What the Prefect server does by itself when a run dies or fails."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal
from uuid import UUID

from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState, RunDeployment
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification

from flows.deployments import REPORT, WINDOW_S, wanted

CRASH = "Sectorwatch, crash runs without a heartbeat"
GO_ON = "Sectorwatch, start anew what has died"
FAILED = "Sectorwatch, tell of runs that failed"
FORMER = ("Sectorwatch, tell of runs that nobody takes",)
"""What earlier releases made, and is taken away: `deliver` looks for such runs itself."""

LOST = "Lost"
"""The state, of the type Crashed, of a run that has died unseen. Nothing else may set off its successor: the absence of
a sign of life also follows a last one that arrives after the end of its run, as it often does."""

_ALIVE = {"heartbeat", "Pending", "Running", "Cancelling"}
"""After each of these something has to follow. A run may die before its first heartbeat, or while it is cancelled."""


def automations(report: UUID) -> tuple[AutomationCore, ...]:
    """All of them; `report` is the deployment that tells operators of runs."""
    scheduled = [one.name for one in wanted() if one.schedules]
    told_of = [one.name for one in wanted() if one.name != REPORT]  # a report that fails must not ask for a report
    return (
        AutomationCore(
            name=CRASH,
            description=f"No sign of life from a flow run for {WINDOW_S} seconds: it would hold its slot for ever.",
            trigger=EventTrigger(
                after={f"prefect.flow-run.{sign}" for sign in _ALIVE},
                expect={"prefect.flow-run.*"},
                match=_any_run(),
                for_each={"prefect.resource.id"},
                posture=Posture.Proactive,
                threshold=1,
                within=timedelta(seconds=WINDOW_S),
            ),
            actions=[
                ChangeFlowRunState(
                    name=LOST,
                    state=StateType.CRASHED,
                    force=False,
                    message=f"No heartbeat for {WINDOW_S} seconds, its process or machine has died.",
                )
            ],
        ),
        AutomationCore(
            name=GO_ON,
            description="The next run of the schedule may be minutes away.",
            trigger=_ends_as(LOST, flows=scheduled),
            actions=[_run(None)],
        ),
        AutomationCore(
            name=FAILED,
            description="Starts 'report', which puts them on record and tells operators by their own targets.",
            trigger=_ends_as("Failed", "TimedOut", "Crashed", LOST, flows=told_of),
            actions=[_run(report)],
        ),
    )


def _run(deployment: UUID | None) -> RunDeployment:
    """A run of it; None: of the deployment whose run set the automation off."""
    source: Literal["selected", "inferred"] = "inferred" if deployment is None else "selected"
    return RunDeployment(source=source, deployment_id=deployment, parameters=None, job_variables=None)


def _ends_as(*states: str, flows: list[str]) -> EventTrigger:
    """Fires for each run of these flows that comes to one of these states."""
    return EventTrigger(
        expect={f"prefect.flow-run.{state}" for state in states},
        match=_any_run(),
        match_related=_of(flows),
        for_each={"prefect.resource.id"},
        posture=Posture.Reactive,
        threshold=1,
        within=timedelta(0),
    )


def _any_run() -> ResourceSpecification:
    return ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]})


def _of(flows: list[str]) -> ResourceSpecification:
    return ResourceSpecification({"prefect.resource.role": ["flow"], "prefect.resource.name": [*flows]})
