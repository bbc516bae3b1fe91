"""The files in deployments/ fit the code that they run."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # Prefect brings it along, without types

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deployments"
FILE: dict[str, Any] = yaml.safe_load((FOLDER / "prefect.yaml").read_text("utf-8"))
DEPLOYMENTS: dict[str, dict[str, Any]] = {deployment["name"]: deployment for deployment in FILE["deployments"]}
ON_DEMAND = {"redetect", "re-extract"}
HEARTBEAT_SETTING = re.compile(r"PREFECT_FLOWS_HEARTBEAT_FREQUENCY=(\d+)")


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_a_deployment_names_a_flow_that_takes_its_parameters(name: str) -> None:
    """A renamed flow or parameter is noticed here, not by a worker at night."""
    deployment = DEPLOYMENTS[name]
    module, _, function = deployment["entrypoint"].rpartition(".")
    tree = ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text("utf-8"))
    (flow,) = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function)

    taken = {argument.arg for argument in flow.args.args + flow.args.kwonlyargs}

    assert set(deployment["parameters"]) <= taken
    assert any("flow" in ast.unparse(decorator) for decorator in flow.decorator_list)


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_a_run_that_would_overlap_is_cancelled(name: str) -> None:
    """Each has one slot, so that a slow run is never overtaken by the next; and a schedule, unless it is asked for."""
    deployment = DEPLOYMENTS[name]

    assert bool(deployment["schedules"]) != (name in ON_DEMAND)
    assert all(schedule["active"] for schedule in deployment["schedules"])
    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
    assert deployment["work_pool"]["name"] == "sectorwatch"


def test_every_flow_of_the_pipeline_is_deployed() -> None:
    """What `sectorwatch up` schedules on one machine is deployed on many."""
    assert {"monitor", "deliver", "maintain", "redetect", "re-extract"} <= set(DEPLOYMENTS)


def test_a_healthy_run_is_never_taken_for_a_dead_one() -> None:
    """The window of the automation is at least three heartbeats long, wherever a heartbeat is set."""
    automation = yaml.safe_load((FOLDER / "automations/crashed-runs.yaml").read_text("utf-8"))
    texts = [
        path.read_text("utf-8") for path in FOLDER.rglob("*") if path.suffix in (".service", ".env", ".md", ".yaml")
    ]
    heartbeats = [int(seconds) for text in texts for seconds in HEARTBEAT_SETTING.findall(text)]

    assert len(heartbeats) >= 3, "the automation, the environment file and the runbook name it"
    assert automation["trigger"]["within"] >= 3 * max(heartbeats)
    assert min(heartbeats) >= 30, "the least that Prefect takes"
