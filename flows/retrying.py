"""A store that is away for a moment fails no run: the task waits for it, and for nothing else."""

from __future__ import annotations

from typing import Any

from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from sectorwatch.errors import StoreError

TIMES, GAP_S = 12, 10  # together two minutes: a database is restarted in less


def store_is_away(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """For `retry_condition_fn`: whether it was the store that failed."""
    return isinstance(state.data, StoreError)
