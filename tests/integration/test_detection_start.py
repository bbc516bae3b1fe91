"""What a process takes that loads the shipped gazetteer and detects in one sentence."""

from __future__ import annotations

import subprocess
import sys

import pytest

MEMORY_MB = 80
CODE = """
from pathlib import Path
from extractors.gazetteer import shipped
from extractors.detection.mentions import detect
assert detect("Бої під Куп'янськом", gazetteer=shipped()).mentions
print(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells the peak of memory on Linux alone")
def test_a_first_sentence_takes_little_memory() -> None:
    """Read with the cue words of all languages, as it is too short to be sure of its own."""
    child = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert int(child.stdout) / 1024 < MEMORY_MB
