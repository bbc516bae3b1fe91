"""What Prefect's page shows of a run beyond its log: a name that says what it did, and a report to read."""

from __future__ import annotations

from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run

LONGEST_NAME = 200


def tell(name: str, *, key: str = "", report: str = "") -> None:
    """Names this run, and keeps a report under its key where there is one. That it cannot stops nothing."""
    try:
        with get_client(sync_client=True) as client:
            client.update_flow_run(flow_run.id, name=name[:LONGEST_NAME])
        if report:
            create_markdown_artifact(report, key=key, description=name[:LONGEST_NAME])
    except Exception as error:  # noqa: BLE001 - whatever Prefect's client raises: the work is done
        get_run_logger().warning("the run cannot be described in Prefect: %s", type(error).__name__)
