"""Prefect 3.8 works with the versions in our lock.

Its own bounds are wider than what it works with: beside FastAPI 0.152 and SQLAlchemy 2.1 it installs and runs flows,
but deploying stops with an error 422, and the scheduler never schedules anything. These tests ask a real server for
exactly that.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

pytestmark = pytest.mark.usefixtures("prefect")


def test_deploying_can_ask_who_works_in_a_pool() -> None:
    """`prefect deploy` asks for a pool's online workers, with explicit nulls, after every single deployment."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.client.schemas.filters import WorkerFilter

    async def online_workers() -> int:
        async with get_client() as client:
            await client.create_work_pool(WorkPoolCreate(name="pool-of-this-test", type="process"))
            asked = WorkerFilter.model_validate({"status": {"any_": ["ONLINE"]}})
            return len(await client.read_workers_for_work_pool("pool-of-this-test", worker_filter=asked))

    assert asyncio.run(online_workers()) == 0


def test_a_schedule_makes_runs() -> None:
    """The server turns a deployment's schedule into runs, as its scheduler service does all day."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.client.schemas.filters import FlowRunFilter
    from prefect.client.schemas.schedules import IntervalSchedule

    async def scheduled_runs() -> int:
        async with get_client() as client:
            flow_id = await client.create_flow_from_name("flow-of-this-test")
            schedule = DeploymentScheduleCreate(schedule=IntervalSchedule(interval=timedelta(minutes=5)), active=True)
            deployment: UUID = await client.create_deployment(flow_id, "deployment-of-this-test", schedules=[schedule])
            answer = await client.request(
                "POST", "/deployments/{id}/schedule", path_params={"id": str(deployment)}, json={"min_runs": 3}
            )
            assert answer.is_success, answer.text
            wanted = FlowRunFilter.model_validate({"deployment_id": {"any_": [str(deployment)]}})
            return len(await client.read_flow_runs(flow_run_filter=wanted))

    assert asyncio.run(scheduled_runs()) >= 3


def test_its_server_understands_what_ours_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Durations are given to some settings in seconds, to others as ISO 8601 has them; a wrong one stops the server."""
    from prefect.settings import Settings

    from flows.deployments import AHEAD, RUNS_KEPT, SERVER

    for name, value in SERVER.items():
        monkeypatch.setenv(name, value)
    services = Settings().server.services
    assert services.scheduler.min_scheduled_time == AHEAD
    assert services.db_vacuum.retention_period == RUNS_KEPT
