"""Whoever follows the quickstart gets the alert, and whoever tries the examples of the help gets an answer."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from sectorwatch.cli.examples import EXAMPLES
from tests.acceptance.processes import free_port
from tests.documents import ROOT, blocks, commands

QUICKSTART = ROOT / "docs" / "quickstart.md"
LEFT_OUT = {
    "git clone": "the folder is made here, with what is installed already",
    "export NTFY_URL=ntfys://ntfy.sh": "leaves this machine; the stand-in is next to it",
    "export NTFY_URL=tgram://": "the same",
    "export SECTORWATCH_CONFIG=sectorwatch.toml": "polls real feeds, until it is stopped",
}
COMMANDS_OF_GROUPS = {" ".join(path) for path, command in commands().items() if hasattr(command, "commands")}
PAPER = ".venv/bin/python docs/newspaper.py\n"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A clean folder with a new home, the newspaper and the phone of the quickstart beside it."""

    folder: Path
    phone: Path  # what it has shown
    ports: dict[str, str]  # those of the page, and free ones

    def here(self, text: str) -> str:
        """The text with the ports of this test: those of the page may be taken."""
        return re.sub("|".join(self.ports), lambda match: self.ports[match[0]], text)

    def bash(self, script: str, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {"HOME": str(self.folder.parent), "PATH": f"{self.folder}/.venv/bin:{os.environ['PATH']}"}
        return subprocess.run(
            ["bash", "-c", self.here(script)],
            cwd=self.folder,
            env={**environment, "LANG": "C.UTF-8", **{name: self.here(value) for name, value in more.items()}},
            capture_output=True,
            text=True,
            timeout=280,
            stdin=subprocess.DEVNULL,
        )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    folder, phone = tmp_path / "sectorwatch", tmp_path / "phone"
    made = Desk(folder=folder, phone=phone, ports={"8098": str(free_port()), "8099": str(free_port())})
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "newspaper.py").write_text(
        made.here((ROOT / "docs" / "newspaper.py").read_text("utf-8")), "utf-8"
    )
    (folder / ".venv" / "bin").mkdir(parents=True)
    for name in ("python", "sectorwatch"):
        (folder / ".venv" / "bin" / name).symlink_to(Path(sys.executable).with_name(name))
    with phone.open("w") as shown:
        paper = subprocess.Popen(["bash", "-c", f"exec {PAPER}"], cwd=folder, stdout=shown, stderr=shown)
    try:
        deadline = time.monotonic() + 60
        while "the paper is out" not in phone.read_text("utf-8"):
            running = paper.poll() is None and time.monotonic() < deadline
            assert running, phone.read_text("utf-8")
            time.sleep(0.1)
        yield made
    finally:
        paper.terminate()
        paper.wait(10)


@pytest.mark.full
@pytest.mark.timeout(320)
def test_the_quickstart_leads_to_the_alert(desk: Desk) -> None:
    """Test message, silence about the baseline, one alert with its sentence, and silence about the same news again."""
    script, left_out = ["set -eu"], set()
    for block in blocks(QUICKSTART):
        reason = next((start for start in LEFT_OUT if block.code.startswith(start)), None)
        if block.language == "toml":
            (desk.folder / "first.toml").write_text(desk.here(block.code), "utf-8")
        elif reason:
            left_out.add(reason)
        elif block.code != PAPER:
            script.append(block.code)
    assert left_out == LEFT_OUT.keys()

    done = desk.bash("\n".join([*script, "sectorwatch doctor"]))

    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 wrong" in done.stdout
    assert "sent: accepted" in done.stdout
    assert done.stdout.count("alerts     1 opened") == 1
    said = desk.phone.read_text("utf-8").split("*ping* ")[1:]
    assert [one.partition("\n")[0] for one in said] == [
        "Sectorwatch test",
        "Kupiansk sector: Defenders hold the eastern bank near Kupiansk",
    ]
    assert "Why you get this: you follow Kupiansk sector" in said[1]


FILES = {
    "sectorwatch.toml": """
        public_url = "https://sectorwatch.example.org"
        [store]
        url = "sqlite:///var/store.db"
        [fetch]
        allow_networks = ["127.0.0.0/8"]
        [fetch.hosts]
        "news.example.org" = "127.0.0.1:1"
        "example.org" = "127.0.0.1:1"
        [alerts]
        group_wait_s = 0
        [mail]
        host = "127.0.0.1"
        port = 1
        [operators]
        targets = [{ label = "chat", kind = "apprise", to = "ntfy://127.0.0.1:8099/ops" }]
    """,
    "other.toml": '[store]\nurl = "sqlite:///var/other.db"',
    "article.txt": "Бої на Куп'янському напрямку тривають, повідомив Генштаб.",
    "page.html": f"<title>News</title><p>{'Fighting near Kupiansk went on, the army said. ' * 8}</p>",
    "my-sector.toml": 'id = "northern-port"\nnames = ["Norrhamn", "Норргамн"]',
    "subscriptions.opml": "<opml><body><outline xmlUrl='https://news.example.org/opml.xml'/></body></opml>",
    "addresses.txt": "https://news.example.org/list.xml",
    "address.txt": "ntfy://ntfy.sh/a-topic-of-olena",
}
FIRST = """
    sectorwatch apply
    sectorwatch feeds add --as-is http://127.0.0.1:8098/feed.xml
    sectorwatch feeds add --as-is http://127.0.0.1:8098/two.xml
    sectorwatch feeds add --as-is http://127.0.0.1:8098/three.xml
    sectorwatch subscribers add Desk
    sectorwatch targets add Desk phone --kind apprise --to env:NTFY_URL
    sectorwatch subscriptions add Desk --sector kupiansk
    sectorwatch run
    .venv/bin/python docs/newspaper.py publish
    sectorwatch run
"""
NOT_RUN = {
    "sectorwatch demo": "has a test of its own",
    "sectorwatch up": "goes on until it is stopped",
    "sectorwatch web": "goes on until it is stopped",
    "sectorwatch deploy": "needs a Prefect server",
}
SAY_NO = {  # exit codes of examples that are right, and have nothing to do here
    "sectorwatch doctor": 1,
    "sectorwatch feeds add https://news.example.org": 1,  # no network: there is no feed there
    "sectorwatch feeds check https://news.example.org": 1,
    "sectorwatch storm release": 2,  # there is no storm
    "sectorwatch storm drop": 2,
}


@pytest.mark.full
@pytest.mark.timeout(900)
def test_the_examples_of_the_help_work(desk: Desk) -> None:
    """One after another, on a store in which something has happened: each does what it says, or says why not."""
    for name, text in FILES.items():
        (desk.folder / name).write_text(desk.here(dedent(text)), "utf-8")
    environment = {"NTFY_URL": "ntfy://127.0.0.1:8099/phone"}
    first = desk.bash(f"set -e\n{FIRST}", **environment)
    assert first.returncode == 0, first.stdout + first.stderr

    wrong = []
    for path, lines in EXAMPLES.items():
        for line in lines if " " in path or path not in COMMANDS_OF_GROUPS else ():
            if line.startswith(tuple(NOT_RUN)):
                continue
            code = next((code for start, code in SAY_NO.items() if line.startswith(start)), 0)
            done = desk.bash(line, **environment)
            if done.returncode != code or "Traceback" in done.stderr:
                wrong.append(f"{line}: {done.returncode}\n{done.stdout[-300:]}{done.stderr[-600:]}")
            elif "--json" in line and code == 0:
                json.loads(done.stdout)
    assert not wrong, "\n\n".join(wrong)
