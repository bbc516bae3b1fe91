"""Lines that people paste call the program as they can."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sectorwatch.cli.called import called


def program(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "sectorwatch"
    file.write_text("#!/bin/sh\n", "utf-8")
    file.chmod(0o755)
    return file


def test_it_is_called_by_its_name_where_the_shell_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And by the path that it was called by where the shell finds none, or another one."""
    here, other = program(tmp_path / "my venv" / "bin"), program(tmp_path / "other")
    monkeypatch.chdir(tmp_path)
    for given in (str(here), "my venv/bin/sectorwatch"):
        monkeypatch.setattr(sys, "argv", [given, "demo"])
        for path, said in ((here.parent, "sectorwatch"), (other.parent, f"'{given}'"), (tmp_path, f"'{given}'")):
            monkeypatch.setenv("PATH", str(path))
            assert called() == said


def test_a_link_to_it_is_the_same_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As pipx and Homebrew put them."""
    here = program(tmp_path / "venv")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "sectorwatch").symlink_to(here)
    monkeypatch.setattr(sys, "argv", [str(here)])
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    assert called() == "sectorwatch"


def test_another_program_that_runs_it_names_the_one_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the interpreter in use; its bare name where there is none."""
    here = program(tmp_path / "bin")
    monkeypatch.setattr(sys, "argv", ["/usr/bin/pytest"])
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "executable", str(here.with_name("python")))
    assert called() == str(here)
    here.unlink()
    assert called() == "sectorwatch"
