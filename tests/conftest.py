"""What every test can ask for, and what no test may see.

The fixtures live in `tests/plugins/`, one file a subject. The environment is cleaned here, before anything reads it:
Prefect reads its settings when it is imported.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree

import pytest
from hypothesis import HealthCheck, settings

from sectorwatch.config_file import CONFIG_VARIABLE
from tests.plugins.commands import run
from tests.plugins.databases import postgres_server, postgres_url, store, store_templates, store_url
from tests.plugins.honest_skips import pytest_make_collect_report, pytest_runtest_makereport
from tests.plugins.memory import use_memory
from tests.plugins.prefect_server import prefect, pytest_sessionfinish

__all__ = [
    "postgres_server",
    "postgres_url",
    "prefect",
    "pytest_make_collect_report",
    "pytest_runtest_makereport",
    "pytest_sessionfinish",
    "run",
    "store",
    "store_templates",
    "store_url",
]

# A busy machine is no fault of the code: pytest's own limit finds what hangs.
settings.register_profile("sectorwatch", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sectorwatch")

_FOREIGN = ("SECTORWATCH_", "PREFECT_", "PG")  # whoever runs the tests may have an installation of their own
_OURS = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
_prefect_home = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """What holds for child processes too: none of the machine's own configuration, and temporary folders in memory."""
    for name in [name for name in os.environ if name.startswith(_FOREIGN)]:
        del os.environ[name]
    os.environ.update(_OURS)
    use_memory()
    config.stash[_prefect_home] = Path(tempfile.mkdtemp(prefix="sectorwatch-prefect-"))
    os.environ["PREFECT_HOME"] = str(config.stash[_prefect_home])


def pytest_unconfigure(config: pytest.Config) -> None:
    home = config.stash.get(_prefect_home, None)
    if home is not None:
        rmtree(home, ignore_errors=True)


@pytest.fixture(autouse=True)
def _no_named_configuration() -> Iterator[None]:
    """A command that runs within a test leaves the file it was given by `--config` to no other test."""
    yield
    os.environ.pop(CONFIG_VARIABLE, None)


class FakeClock:
    """A clock that stands still until it is told: `clock()` is the time, `clock.advance(seconds=90)` moves it on."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """Moves the time on (or back, with a negative number) and gives the new time."""
        self.now += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return self.now


@pytest.fixture
def clock() -> FakeClock:
    """A clock that begins on 1 March 2026 at noon UTC, a Sunday."""
    return FakeClock(datetime(2026, 3, 1, 12, tzinfo=UTC))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium, as `make` found it."""
    path = os.environ.get("CHROMIUM", "")
    if not path:
        pytest.skip("needs Chromium: install it, or name it in CHROMIUM")
    return path
