"""What is deployed fits the code that it runs, and the files in deployments/ run commands that there are."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from configparser import ConfigParser
from functools import cache
from pathlib import Path

import pytest
import typer

from flows.deployments import HEARTBEAT_S, SERVER, WINDOW_S, Wanted, wanted
from sectorwatch.cli.main import app
from sectorwatch.settings import Settings

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deployments"
UNITS = sorted((FOLDER / "systemd").glob("*.service"))
HEARTBEAT_SETTING = re.compile(r"PREFECT_FLOWS_HEARTBEAT_FREQUENCY=(\d+)")
ON_DEMAND = {"redetect", "re-extract", "report"}


@pytest.mark.parametrize("one", wanted(slots=2), ids=lambda one: one.name)
def test_a_deployment_names_a_flow_that_takes_its_parameters(one: Wanted) -> None:
    """A renamed flow or parameter is noticed here, not by a worker at night."""
    module, _, function = one.entrypoint.rpartition(".")
    tree = ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text("utf-8"))
    (flow,) = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function)
    taken = {argument.arg for argument in flow.args.args + flow.args.kwonlyargs}

    assert {"config", *(name for when in one.schedules for name in when.parameters)} <= taken
    assert any("flow" in ast.unparse(decorator) for decorator in flow.decorator_list)
    assert bool(one.schedules) != (one.name in ON_DEMAND)
    assert all((when.every is None) != (when.cron is None) for when in one.schedules)


def test_cycles_side_by_side_have_a_schedule_each() -> None:
    """With three slots three cycles may start at once, told apart by their slot; nothing else goes twice."""
    monitor, *others = wanted(every=60, slots=3)
    assert (monitor.slots, [when.parameters.get("slot", 0) for when in monitor.schedules]) == (3, [0, 1, 2])
    assert len({when.slug for when in monitor.schedules}) == 3
    assert {when.every.total_seconds() for when in monitor.schedules if when.every} == {60}
    assert {one.slots for one in others} == {1}


def test_a_healthy_run_is_never_taken_for_a_dead_one() -> None:
    """The window of the automation is at least three heartbeats long, wherever a heartbeat is set."""
    texts = [path.read_text("utf-8") for path in FOLDER.rglob("*") if path.suffix in (".service", ".env", ".md")]
    heartbeats = [int(seconds) for text in texts for seconds in HEARTBEAT_SETTING.findall(text)]

    assert heartbeats, "the environment file names it"
    assert 3 * max(*heartbeats, HEARTBEAT_S) <= WINDOW_S
    assert min(*heartbeats, HEARTBEAT_S) >= 30, "the least that Prefect takes"


def started(unit: Path) -> list[str]:
    """The words of what a unit starts."""
    file = ConfigParser(strict=False, interpolation=None)
    file.optionxform = str  # type: ignore[assignment,method-assign]  # systemd minds the case
    file.read_string(unit.read_text("utf-8"))
    return shlex.split(file["Service"]["ExecStart"])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_command_that_there_is(unit: Path) -> None:
    """With options that it takes: systemd would start a wrong one again and again."""
    program, *words = started(unit)
    if Path(program).name == "prefect":
        prefect_takes(words)
        return
    assert program == "/opt/sectorwatch/.venv/bin/sectorwatch"
    group = typer.main.get_command(app)
    command = group.commands[words[0]]  # type: ignore[attr-defined]  # a group
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= options


def prefect_takes(words: list[str]) -> None:
    """Asked of Prefect's own help, as the way in which its commands are made changes between releases."""
    help_text = _help(*words[:2])
    assert [word for word in words[2:] if word.startswith("--") and word not in help_text] == []


@cache
def _help(*path: str) -> str:
    command = [sys.executable, "-m", "prefect", *path, "--help"]
    return subprocess.run(command, capture_output=True, text=True, timeout=90, check=True).stdout


@pytest.mark.parametrize("setting", SERVER)
def test_each_prefect_server_is_told_the_same(setting: str) -> None:
    """Wherever it is started: with Prefect's defaults a restart ends runs that hold a slot, and nothing is let go."""
    there = FOLDER / "systemd" / "sectorwatch-server.service"
    files = [there, FOLDER / "docker" / "compose.yaml", FOLDER / "kubernetes" / "values-server.yaml"]
    told = re.compile(rf"{setting}(?:=|: |, value: )\"?{re.escape(SERVER[setting])}\"?\}}?$", re.MULTILINE)
    assert [path.name for path in files if not told.search(path.read_text("utf-8"))] == []


def test_the_environment_file_names_settings_that_there_are() -> None:
    """A key that is set there, commented out or not, exists."""
    lines = (FOLDER / "systemd" / "sectorwatch.env").read_text("utf-8").splitlines()
    names = {match[1] for line in lines if (match := re.match(r"#? ?(SECTORWATCH_\w+)=", line))}
    groups = {f"SECTORWATCH_{name.upper()}" for name in Settings.model_fields} | {"SECTORWATCH_CONFIG"}
    assert names
    assert {name.partition("__")[0] for name in names} <= groups
