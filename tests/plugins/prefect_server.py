"""One Prefect server for the whole run of tests: starting one takes ten seconds and more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

START_S = 90  # a cold database on a busy machine; Prefect's own 20 s are too short there


@pytest.fixture(scope="session")
def prefect() -> Iterator[None]:
    """A Prefect server of its own with an empty database; flows called in the test run against it."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=START_S):
        yield
