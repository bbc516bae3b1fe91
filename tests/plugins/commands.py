"""Commands on the store of a test."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from typer import testing
from typer.testing import CliRunner

from sectorwatch.cli.main import app
from storage.unit_of_work import Store

Run = Callable[..., Any]

# Made once in a process: a hundred commands made of their functions take longer than most of them run.
testing._get_command = cache(testing._get_command)  # type: ignore[attr-defined]  # typer's tests ask for it by no other name


@pytest.fixture
def run(store: Store, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the store: its JSON where that was asked for, its words otherwise."""
    monkeypatch.setenv("SECTORWATCH_STORE__URL", store.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("COLUMNS", "220")

    def command(*words: str, code: int = 0, stdin: bytes | None = None) -> Any:
        done = CliRunner().invoke(app, [*words], catch_exceptions=False, input=stdin)
        assert done.exit_code == code, done.output
        return json.loads(done.stdout) if "--json" in words else done.output

    return command
