"""In CI a skipped test is a failed test.

A test that skips itself because PostgreSQL, SMTP, Prefect or Chromium did not start looks like a success in a summary
that nobody reads. With CI=true it fails, with the reason it gave. The one exception is a test of the shared data set,
which is not part of the repository: its reason starts with "needs ../shared".
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

ALLOWED = "needs ../shared"


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def forbidden(longrepr: object) -> str | None:
    """The reason of a skip that CI does not allow; None for one that it does.

    `longrepr` is pytest's (path, line, "Skipped: the reason") of a skipped report.
    """
    words = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
    reason = str(words).removeprefix("Skipped: ")
    return None if reason.startswith(ALLOWED) else reason


def _judge(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not report.skipped or hasattr(report, "wasxfail") or not in_ci():
        return
    reason = forbidden(report.longrepr)
    if reason is not None:
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped, and in CI nothing may be: {reason}"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _judge(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _judge(report)
    return report
