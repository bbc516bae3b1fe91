"""The wheel: what is in it, and that it works where nothing of the repository is."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("alerts", "extractors", "flows", "sectorwatch", "storage")


def run(*command: str | Path, cwd: Path) -> str:
    """What a command printed; the test fails with all of its output when it does."""
    result = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_has_the_five_packages_and_no_others(wheel: Path) -> None:
    """Installing Sectorwatch puts five names beside other people's packages, each typed, and nothing else."""
    found = {name.partition("/")[0] for name in names(wheel)}

    assert {name for name in found if not name.endswith(".dist-info")} == set(PACKAGES)
    assert {f"{package}/py.typed" for package in PACKAGES} <= names(wheel)


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    """Gazetteer, sample newsroom and migrations are data beside the code: none of it is lost in packaging."""
    command = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *PACKAGES)
    tracked = {name for name in run(*command, cwd=ROOT).splitlines() if (ROOT / name).is_file()}

    assert tracked, "git lists nothing"
    assert tracked - names(wheel) == set()


def test_the_wheel_carries_licence_and_notice(wheel: Path) -> None:
    """Whoever gets the wheel gets the licence and the attributions with it."""
    licences = {name.rpartition("/")[2] for name in names(wheel) if ".dist-info/licenses/" in name}

    assert licences == {"LICENSE", "NOTICE"}


def installed_from(environment: Path, cwd: Path) -> None:
    """Asserts that the environment works with its own copy of the packages, started far from the repository."""
    python, command = environment / "bin/python", environment / "bin/sectorwatch"
    code = f"import {', '.join(PACKAGES)}; print(*[m.__file__ for m in ({', '.join(PACKAGES)})], sep='\\n')"
    files = run(python, "-c", code, cwd=cwd).split()

    assert [file for file in files if not Path(file).is_relative_to(environment)] == []
    assert "detect" in run(command, "--help", cwd=cwd)
    text = cwd / "text.txt"
    text.write_text("Бої точаться на Куп'янському напрямку.", "utf-8")
    assert '"kupiansk"' in run(command, "detect", text, "--json", cwd=cwd)


def test_the_wheel_works_without_the_repository(wheel: Path, tmp_path: Path) -> None:
    """Code and data are all in the wheel: the command works from it (dependencies are lent by this environment)."""
    environment = tmp_path / "venv"
    venv.create(environment, symlinks=True)
    run(
        sys.executable, "-m", "pip", "--python", environment / "bin/python", "install", "--no-deps", wheel, cwd=tmp_path
    )
    # A path named in a .pth file is searched, but its own .pth files are not read: the editable project stays out.
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    lent = environment / "lib" / version / "site-packages/lent.pth"
    lent.write_text(sysconfig.get_path("purelib") + "\n", "utf-8")

    installed_from(environment, tmp_path)


@pytest.mark.full
@pytest.mark.timeout(900)
def test_the_wheel_works_in_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    """With nothing but the runtime lock and the wheel the command works: no dependency is only there for the tests."""
    environment = tmp_path / "venv"
    venv.create(environment, symlinks=True, with_pip=True)
    python = environment / "bin/python"
    lock = ROOT / "requirements.lock"
    # -c: see the Makefile
    run(python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock, "-c", lock, cwd=tmp_path)
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", wheel, cwd=tmp_path)

    installed_from(environment, tmp_path)
    assert "No broken requirements" in run(python, "-m", "pip", "check", cwd=tmp_path)
    run(python, "-c", "import trafilatura, prefect.testing, alembic, psycopg, apprise", cwd=tmp_path)
