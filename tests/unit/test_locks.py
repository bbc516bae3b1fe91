"""The locks: complete, pinned, hashed, in step with pyproject.toml, and free of where they were made."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib import metadata
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"(?P<name>[\w.-]+)==(?P<version>\S+)(?: ; (?P<marker>.+?))? \\$")


def pins(lock: str) -> dict[str, Version]:
    """The pinned version of each distribution that this Python on this machine installs from the lock."""
    found: dict[str, Version] = {}
    for line in (ROOT / lock).read_text("utf-8").splitlines():
        match = PIN.match(line)
        if match and (match["marker"] is None or Marker(match["marker"]).evaluate()):
            found[canonicalize_name(match["name"])] = Version(match["version"])
    return found


def declared(lock: str) -> list[Requirement]:
    runtime = list(map(Requirement, PROJECT["project"]["dependencies"]))
    return runtime if lock == LOCKS[0] else runtime + list(map(Requirement, PROJECT["dependency-groups"]["dev"]))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_declared_dependency_is_pinned_within_its_bounds(lock: str) -> None:
    """A dependency added or raised in pyproject.toml without `make lock` is noticed."""
    pinned = pins(lock)

    wrong = [
        f"{requirement}: {pinned.get(canonicalize_name(requirement.name), 'not locked')}"
        for requirement in declared(lock)
        if canonicalize_name(requirement.name) not in pinned
        or not requirement.specifier.contains(pinned[canonicalize_name(requirement.name)], prereleases=True)
    ]

    assert wrong == [], "run: make lock"


def test_the_runtime_lock_names_everything_that_its_pins_need() -> None:
    """pip checks hashes only of what is named: nothing that a pinned distribution asks for is left out of the lock."""
    pinned, missing = pins(LOCKS[0]), set()
    waiting = [(name, frozenset(req.extras)) for req in declared(LOCKS[0]) if (name := canonicalize_name(req.name))]
    seen = set(waiting)
    while waiting:
        name, extras = waiting.pop()
        for line in metadata.requires(name) or []:
            requirement = Requirement(line)
            contexts = [{"extra": extra} for extra in extras] or [{"extra": ""}]
            if requirement.marker and not any(requirement.marker.evaluate(context) for context in contexts):
                continue
            needed = (canonicalize_name(requirement.name), frozenset(requirement.extras))
            if needed[0] not in pinned:
                missing.add(f"{needed[0]} for {name}")
            elif needed not in seen:
                seen.add(needed)
                waiting.append(needed)

    assert missing == set()


def test_both_locks_agree() -> None:
    """What is tested is what is shipped: the development lock holds every pin of the runtime lock, unchanged."""
    runtime, development = pins(LOCKS[0]), pins(LOCKS[1])

    assert {name: development.get(name) for name in runtime} == runtime


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_pins_and_hashes_and_nothing_else(lock: str) -> None:
    """Each pin has a SHA-256, and no line says where packages are to be had: that is for each machine to say."""
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    bare = [line for line in lines if line and line[0] not in " #"]
    rest = [line.strip().removesuffix(" \\") for line in lines if line.startswith(" ")]

    assert [line for line in bare if not PIN.match(line)] == []
    assert [line for line in rest if not re.fullmatch(r"--hash=sha256:[0-9a-f]{64}|#.*", line)] == []
    assert [line for line in lines if "://" in line or "-index" in line or "find-links" in line] == []
    after_pins = [following for line, following in pairwise(lines) if PIN.match(line)]
    assert len(after_pins) == len(bare)
    assert all(line.startswith("    --hash=") for line in after_pins)


def test_the_tests_run_on_the_locked_versions() -> None:
    """What is installed here is what the lock says, Prefect 3.8 among it: the figures and workarounds hold for that."""
    pinned = pins(LOCKS[1])
    installed = {name: Version(metadata.version(name)) for name in pinned}

    assert installed == pinned, f"run: make test (with {sys.executable})"
    assert pinned["prefect"].release[:2] == (3, 8)
