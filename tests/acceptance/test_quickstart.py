"""Whoever follows the quickstart gets the alert: its own blocks, in a clean folder, with a new home."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.documents import ROOT, blocks

QUICKSTART = ROOT / "docs" / "quickstart.md"
LEFT_OUT = {
    "git clone": "the folder is made here, with what is installed already",
    "export NTFY_URL=ntfys://ntfy.sh": "leaves this machine; the stand-in is next to it",
    "export NTFY_URL=tgram://": "the same",
    "export SECTORWATCH_CONFIG=sectorwatch.toml": "polls real feeds, until it is stopped",
}
PAPER = ".venv/bin/python docs/newspaper.py\n"


@pytest.mark.full
@pytest.mark.timeout(320)
def test_the_quickstart_leads_to_the_alert(tmp_path: Path) -> None:
    """Test message, silence about the baseline, one alert with its sentence, and silence about the same news again."""
    folder = tmp_path / "sectorwatch"
    shutil.copytree(ROOT / "docs", folder / "docs")
    (folder / ".venv" / "bin").mkdir(parents=True)
    for name in ("python", "sectorwatch"):
        (folder / ".venv" / "bin" / name).symlink_to(Path(sys.executable).with_name(name))
    environment = {"HOME": str(tmp_path), "PATH": f"{folder}/.venv/bin:{os.environ['PATH']}", "LANG": "C.UTF-8"}
    script = ["set -eu"]
    left_out = set()
    for block in blocks(QUICKSTART):
        reason = next((start for start in LEFT_OUT if block.code.startswith(start)), None)
        if block.language == "toml":
            (folder / "first.toml").write_text(block.code, "utf-8")
        elif reason:
            left_out.add(reason)
        elif block.code != PAPER:
            script.append(block.code)
    assert left_out == LEFT_OUT.keys()

    with (tmp_path / "phone").open("w") as phone:
        paper = subprocess.Popen(
            ["bash", "-c", f"exec {PAPER}"], cwd=folder, env=environment, stdout=phone, stderr=phone
        )
    try:
        deadline = time.monotonic() + 20
        while "the paper is out" not in (tmp_path / "phone").read_text("utf-8"):
            running = paper.poll() is None and time.monotonic() < deadline
            assert running, (tmp_path / "phone").read_text("utf-8")
            time.sleep(0.1)
        done = subprocess.run(
            ["bash", "-c", "\n".join(script)], cwd=folder, env=environment, capture_output=True, text=True, timeout=280
        )
    finally:
        paper.terminate()
        paper.wait(10)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "sent: accepted" in done.stdout
    assert done.stdout.count("alerts     1 opened") == 1
    said = (tmp_path / "phone").read_text("utf-8").split("*ping* ")[1:]
    assert [one.partition("\n")[0] for one in said] == [
        "Sectorwatch test",
        "Kupiansk sector: Defenders hold the eastern bank near Kupiansk",
    ]
    assert "Why you get this: you follow kupiansk" in said[1]
