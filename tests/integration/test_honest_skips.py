"""The rule that CI skips nothing, proven on a real run of pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SKIPPED_TEST = "import pytest\n\ndef test_it():\n    pytest.skip('PostgreSQL did not start')\n"
SKIPPED_FIXTURE = (
    "import pytest\n\n@pytest.fixture\ndef server():\n    pytest.skip('no Prefect')\n\ndef test_it(server): ...\n"
)
SKIPPED_MODULE = "import pytest\npytest.importorskip('a_browser_that_is_not_there')\n\ndef test_it(): ...\n"
SKIPPED_BY_MARK = "import pytest\n\n@pytest.mark.skipif(True, reason='no SMTP')\ndef test_it(): ...\n"
SHARED_DATA = "import pytest\n\ndef test_it():\n    pytest.skip('needs ../shared/data')\n"
EXPECTED_FAILURE = "import pytest\n\n@pytest.mark.xfail(strict=True)\ndef test_it():\n    assert False\n"


def run(folder: Path, content: str, *, ci: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_given.py").write_text(content, "utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.plugins.honest_skips", "-p", "no:cacheprovider", "."]
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "content",
    [SKIPPED_TEST, SKIPPED_FIXTURE, SKIPPED_MODULE, SKIPPED_BY_MARK],
    ids=["test", "fixture", "module", "mark"],
)
def test_a_skip_fails_in_ci_and_says_why(tmp_path: Path, content: str) -> None:
    """With CI=true a run with a skipped test fails, and the reason of the skip is in its report."""
    result = run(tmp_path, content, ci="true")

    assert result.returncode != 0
    assert "was skipped, and in CI nothing may be: " in result.stdout
    assert any(word in result.stdout for word in ("PostgreSQL did not", "no Prefect", "a_browser_that", "no SMTP"))


@pytest.mark.parametrize(("content", "ci"), [(SKIPPED_TEST, ""), (SHARED_DATA, "true"), (EXPECTED_FAILURE, "true")])
def test_other_skips_are_left_alone(tmp_path: Path, content: str, ci: str) -> None:
    """Outside CI, for the shared data set, and for expected failures pytest does as it always does."""
    assert run(tmp_path, content, ci=ci).returncode == 0
