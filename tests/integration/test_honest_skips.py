"""The rule that CI skips nothing, proven on a real run of pytest."""

from __future__ import annotations

import os
import re
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


def run(folder: Path, *contents: str, ci: str) -> subprocess.CompletedProcess[str]:
    for number, content in enumerate(contents):
        (folder / f"test_given_{number}.py").write_text(content, "utf-8")
    plugin = ["-p", "tests.plugins.honest_skips", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *plugin, "--continue-on-collection-errors", "-ra", "."]
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_each_skip_fails_in_ci_and_says_why(tmp_path: Path) -> None:
    """With CI=true a skip of any kind fails, and its reason is in the report."""
    result = run(tmp_path, SKIPPED_TEST, SKIPPED_FIXTURE, SKIPPED_MODULE, SKIPPED_BY_MARK, ci="true")

    assert result.returncode != 0
    for number, why in enumerate(("PostgreSQL did not start", "no Prefect", "a_browser_that_is_not_there", "no SMTP")):
        assert re.search(rf"^(FAILED|ERROR) test_given_{number}\.py", result.stdout, re.MULTILINE), result.stdout
        assert re.search(rf"was skipped, and in CI nothing may be: .*{why}", result.stdout), result.stdout


@pytest.mark.parametrize(("contents", "ci"), [((SKIPPED_TEST,), ""), ((SHARED_DATA, EXPECTED_FAILURE), "true")])
def test_other_skips_are_left_alone(tmp_path: Path, contents: tuple[str, ...], ci: str) -> None:
    """Outside CI, for the shared data set, and for expected failures pytest does as it always does."""
    assert run(tmp_path, *contents, ci=ci).returncode == 0
