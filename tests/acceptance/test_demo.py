"""`make demo`: the whole pipeline through Prefect on the bundled newsroom, and what is known the second time."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import subprocess
import termios
from pathlib import Path

import pytest

from sectorwatch.newsroom import Edition, load_library
from tests.acceptance.sampling import COMMAND


def demo(folder: Path) -> str:
    """Plays the demo as its user would; what it prints."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("SECTORWATCH_", "PREFECT_"))
    }
    done = subprocess.run(
        [COMMAND, "demo", "--folder", folder],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=environment,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def on_a_terminal(folder: Path, *words: str, columns: int) -> list[str]:
    """The lines that a command shows on a terminal of so many columns."""
    ours, its = pty.openpty()
    termios.tcsetwinsize(its, (40, columns))
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"} | {"NO_COLOR": "1"}
    command = [COMMAND, "-c", folder / "sectorwatch.toml", *words]
    with subprocess.Popen(command, stdin=its, stdout=its, stderr=its, env=environment) as running:
        os.close(its)
        said = b""
        with contextlib.suppress(OSError):  # which is how a terminal ends
            while part := os.read(ours, 65536):
                said += part
    os.close(ours)
    assert running.returncode == 0, said
    return said.decode().splitlines()


@pytest.mark.timeout(500)
def test_the_demo_tells_once_and_knows_everything_the_second_time(tmp_path: Path) -> None:
    """The baseline is silent, the day is told story by story, and a second demo sends nothing."""
    first = demo(tmp_path / "demo")
    told = [one for one in load_library().articles(Edition.DAY) if one.alerts and "kupiansk" in one.expect]
    stories = len({one.copy_of or one.id for one in told})
    assert "Nothing was sent" in first
    assert f"The subscriber received {stories} mails and {stories} webhook requests" in first
    assert "mail to reader@example.org" in first
    assert "Subject: Kupiansk sector: " in first
    assert "Why you get this: you follow Kupiansk sector" in first
    assert "POST /hook (application/json)" in first
    assert "gone     Northern Wire: live ticker" in first
    assert "answers 403" in first
    hints = first.partition("to look around:\n")[2].splitlines()
    for line in hints[:-1]:  # the last one is the pages', which go on until they are stopped
        pasted = subprocess.run(line, shell=True, capture_output=True, text=True, timeout=60, check=False)
        assert (pasted.returncode, bool(pasted.stdout)) == (0, True), f"{line}: {pasted.stderr}"

    doctor = subprocess.run(
        [COMMAND, "-c", tmp_path / "demo" / "sectorwatch.toml", "doctor", "--json"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    findings = json.loads(doctor.stdout)["findings"]
    assert [one for one in findings if one["weight"] == "wrong"] == []
    assert doctor.returncode == 0

    for command in ("stories", "deliveries list", "suppressions", "targets list"):
        heading, _, *rows = on_a_terminal(tmp_path / "demo", *command.split(), columns=80)
        assert all(re.match(r"\d+ ", row) for row in rows if not row.startswith("(no room for")), (command, heading)
        assert len(rows) > 1

    second = demo(tmp_path / "demo")
    assert "0 new" in second
    assert f"demo --fresh --folder {tmp_path / 'demo'}' forgets it" in second
    assert "The receivers got 0 requests and 0 mails" in second


def test_a_folder_that_is_no_demo_is_left_alone(tmp_path: Path) -> None:
    """--fresh removes what a demo left and nothing else."""
    (tmp_path / "thesis.txt").write_text("years of work", "utf-8")
    done = subprocess.run(
        [COMMAND, "demo", "--fresh", "--folder", tmp_path], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "holds something that is no demo" in done.stderr
    assert (tmp_path / "thesis.txt").read_text("utf-8") == "years of work"
