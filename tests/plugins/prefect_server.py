"""One Prefect server for the whole run of tests: starting one takes ten seconds and more."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator

import pytest

START_S = 90  # a cold database on a busy machine; Prefect's own 20 s are too short there
DRAIN_S = 30  # for the logs and events that are on their way at the end; Prefect itself waits without limit
LEAVE_S = 60  # for the interpreter's end, in which Prefect's services wait without limit for a server that may be gone


@pytest.fixture(scope="session")
def prefect() -> Iterator[None]:
    """A Prefect server of its own with an empty database; flows called in the test run against it."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=START_S):
        yield
        for worker in (APILogWorker, EventsWorker):
            worker.drain_all(timeout=DRAIN_S)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(exitstatus: int) -> None:
    """The tests are over: what still waits in LEAVE_S is left, and the exit code stays what it was."""

    def leave() -> None:
        sys.stderr.write(f"\nthe tests of this process ended {LEAVE_S} s ago: whatever still waits in it is left\n")
        sys.stderr.flush()
        os._exit(exitstatus)

    if "prefect" in sys.modules:
        limit = threading.Timer(LEAVE_S, leave)
        limit.daemon = True
        limit.start()
