"""The container files run commands, settings and addresses that there are. No image is built here."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml  # type: ignore[import-untyped]  # Prefect brings it along, without types

from flows.deployments import HEARTBEAT_S, RETRIED
from sectorwatch import VERSION
from sectorwatch.cli.main import app
from sectorwatch.settings import Settings
from tests.unit.test_deployments import prefect_takes

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "deployments" / "docker"
KUBERNETES = sorted((ROOT / "deployments" / "kubernetes").glob("*.yaml"))
COMPOSE = yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))
DOCKERFILE = (DOCKER / "Dockerfile").read_text("utf-8")
ENTRYPOINT = DOCKER / "entrypoint.sh"
OURS = {name: one for name, one in COMPOSE["services"].items() if one["image"].startswith("sectorwatch")}


def kubernetes() -> list[Any]:
    return [one for path in KUBERNETES for one in yaml.safe_load_all(path.read_text("utf-8"))]


def mappings(of: Any) -> Iterator[dict[str, Any]]:
    """It and all that is in it, however deep."""
    if isinstance(of, dict):
        yield of
    for inner in of.values() if isinstance(of, dict) else of if isinstance(of, list) else ():
        yield from mappings(inner)


def containers() -> list[dict[str, Any]]:
    return [one for one in mappings(kubernetes()) if "image" in one and "name" in one and "args" in one]


def commands() -> list[list[str]]:
    """The words after the entrypoint, of every container of ours."""
    return [one["command"] for one in OURS.values()] + [one["args"] for one in containers()]


@pytest.mark.parametrize("words", commands(), ids=lambda words: " ".join(words[:4]))
def test_a_container_starts_a_command_that_there_is(words: list[str]) -> None:
    """With options that it takes."""
    program, *rest = words
    if program == "prefect":
        prefect_takes(rest)
        return
    assert program == "sectorwatch"
    command: Any = typer.main.get_command(app)
    while rest and hasattr(command, "commands"):
        command = command.commands[rest.pop(0)]
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in rest if word.startswith("--")} <= options


def environments() -> set[str]:
    """Every variable that a file sets, _FILE taken off."""
    found = set(re.findall(r"\b((?:PREFECT|SECTORWATCH)_[A-Z_]+)=", DOCKERFILE))
    found |= {name for one in OURS.values() for name in one["environment"]}
    found |= {one["name"] for one in mappings(kubernetes()) if re.match("PREFECT_|SECTORWATCH_", str(one.get("name")))}
    return {name.removesuffix("_FILE") for name in found}


def test_every_variable_is_a_setting() -> None:
    """Of Prefect or of ours: a name that is spelled wrong is ignored in silence."""
    from prefect.settings import Settings as PrefectSettings
    from prefect.settings.legacy import _get_settings_fields

    prefect = set(_get_settings_fields(PrefectSettings))
    groups = {f"SECTORWATCH_{name.upper()}" for name in Settings.model_fields} | {"SECTORWATCH_CONFIG"}
    unknown = {
        name
        for name in environments()
        if name not in prefect and not (name.startswith("SECTORWATCH_") and name.partition("__")[0] in groups)
    }
    assert unknown == set()


def test_every_address_of_health_is_served() -> None:
    """By whom it is asked of: the pages, Prefect's server and Prefect's worker."""
    asked = {
        name: re.findall(r"http://127\.0\.0\.1:(\d+)(/[\w/]+)", one["healthcheck"]["test"][-1])
        for name, one in OURS.items()
        if "healthcheck" in one
    }
    assert asked == {
        "prefect": [("4200", "/api/health")],
        "worker": [("8080", "/health")],
        "web": [("8080", "/ready")],
    }
    assert "--with-healthcheck" in OURS["worker"]["command"]
    probes = [one["httpGet"] for one in mappings(kubernetes()) if "httpGet" in one]
    assert {one["path"] for one in probes} == {"/health", "/ready"}


def test_versions_agree() -> None:
    """One release everywhere, one Python, and the libraries of the lock: the image runs the wheel that was tested."""
    image = f"sectorwatch:{VERSION}"
    tags = {one["image"] for one in [*OURS.values(), *containers()]}
    for one in mappings(kubernetes()):
        if "prefectTag" in one:
            tags.add(f"{one['repository']}:{one['prefectTag']}")
    assert {tag.rpartition("/")[2] for tag in tags} == {image}
    assert f"-t {image} " in DOCKERFILE
    bases = set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE))
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.11\.\d+-slim-bookworm", bases.pop())
    assert "--require-hashes" in DOCKERFILE
    assert f"PREFECT_FLOWS_HEARTBEAT_FREQUENCY={HEARTBEAT_S}" in DOCKERFILE
    assert f"PREFECT_CLIENT_RETRY_EXTRA_CODES={RETRIED}" in DOCKERFILE
    assert re.search(r"^postgres:\d+\.\d+-", COMPOSE["services"]["postgres"]["image"])


@pytest.mark.parametrize("name", OURS)
def test_a_container_has_no_more_rights_than_it_needs(name: str) -> None:
    """No root, no capability, nothing to write to but its volumes; no secret in the file."""
    one = OURS[name]
    assert re.search(r"^USER 1001:1001$", DOCKERFILE, re.MULTILINE)
    assert (one["read_only"], one["cap_drop"], one["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])
    assert all(port.startswith("127.0.0.1:") for port in one.get("ports", ()))
    assert set(one["secrets"]) <= set(COMPOSE["secrets"])
    secret = re.compile("(AUTH_STRING|PASSWORD|URL)$")  # and not of a file
    assert {key for key in one["environment"] if secret.search(key)} <= {"PREFECT_API_URL"}


def test_secrets_come_out_of_files(tmp_path: Path) -> None:
    """NAME_FILE becomes NAME for the command; a file that is missing stops it; every such name is handled."""
    file = tmp_path / "url"
    file.write_text("postgresql://a:b'$c@db/x\n", "utf-8")
    show = [str(ENTRYPOINT), "sh", "-c", 'printf "%s|%s" "$SECTORWATCH_STORE__URL" "${SECTORWATCH_STORE__URL_FILE-}"']

    def run(path: Path) -> subprocess.CompletedProcess[str]:
        env = {"PATH": "/usr/bin:/bin", "SECTORWATCH_STORE__URL_FILE": str(path)}
        return subprocess.run(show, env=env, capture_output=True, text=True, check=False)

    assert run(file).stdout == "postgresql://a:b'$c@db/x|"
    assert run(tmp_path / "none").returncode != 0
    named = {name for one in OURS.values() for name in one["environment"] if name.endswith("_FILE")}
    handled = set(re.findall(r"[A-Z]+_\w+", ENTRYPOINT.read_text("utf-8")))
    assert {name.removesuffix("_FILE") for name in named} <= handled


def test_a_volume_is_the_services_own() -> None:
    """Docker gives a new one to the owner of the folder in the image, and to root where there is none."""
    mounted = {
        to
        for one in OURS.values()
        for name, _, to in (v.partition(":") for v in one.get("volumes", ()))
        if "/" not in name
    }
    made = re.search(r"install -d -o 1001 -g 1001 (.+)", DOCKERFILE)
    assert made is not None
    assert mounted == set(made.group(1).split())


def test_the_image_gets_what_it_copies() -> None:
    """What .dockerignore leaves out cannot be copied."""
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    lines = re.findall(r"^COPY (?!--from)(?:--chmod=\d+ )?(.+)$", DOCKERFILE, re.MULTILINE)
    assert {word for line in lines for word in line.split()[:-1]} == allowed
