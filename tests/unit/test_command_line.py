"""The command line as a whole: every command teaches, is documented and tested, and shows JSON."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sectorwatch.cli.examples import EXAMPLES
from sectorwatch.cli.main import app
from tests.documents import ROOT, calls, commands, read

ALL = commands()
LEAVES = [path for path, command in ALL.items() if not hasattr(command, "commands")]
NO_JSON = {
    "demo", "up", "web",  # go on until they are stopped, or tell a story
    "feeds add", "feeds set", "feeds remove", "feeds pause", "feeds resume",  # change something, and say so in a line
    "subscribers add", "subscribers erase",
    "subscriptions add", "subscriptions remove", "subscriptions restart",
    "targets add", "targets remove", "targets ask", "targets confirm", "targets enable", "targets disable",
    "targets test", "notices send", "notices test",
    "deliveries retry", "pause", "resume", "silence add", "silence end", "storm release", "storm drop",
    "tokens add", "tokens remove", "links rotate", "links forget", "db upgrade", "db compact",
    "feeds export",  # is OPML
    "subscribers export",  # is JSON
}  # fmt: skip


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_has_examples_that_it_understands(path: tuple[str, ...]) -> None:
    """They stand at the end of its help, call it (a group: a command of it), and take only options that there are."""
    name = " ".join(path)
    help_text = ALL[path].get_help(ALL[path].context_class(ALL[path], info_name=name, terminal_width=110))

    assert EXAMPLES.get(name), f"add examples of '{name}' to sectorwatch/cli/examples.py"
    for line in EXAMPLES[name]:
        assert f"    {line}" in help_text.partition("  Examples:\n")[2].splitlines()
        called = [read(words) for words in calls(line)]
        assert any(one[: len(path)] == path for one in called), line


def test_there_are_no_other_examples() -> None:
    """A command that was renamed takes its examples with it."""
    assert EXAMPLES.keys() == {" ".join(path) for path in ALL}


def test_what_shows_something_shows_it_as_json() -> None:
    """Every command has --json but those that are listed here, with why."""
    without = {" ".join(path) for path in LEAVES if not any("--json" in one.opts for one in ALL[path].params)}

    assert without == NO_JSON


def test_every_command_is_tested() -> None:
    """Some test calls it: as words in a list, or as a line."""
    texts = "\n".join(
        file.read_text("utf-8") for file in (ROOT / "tests").rglob("*.py") if file.name != Path(__file__).name
    )
    missing = [
        " ".join(path)
        for path in LEAVES
        if not re.search(r"[\"' ]" + r"(?:\", \"| )".join(map(re.escape, path)) + r"[\"' ]", texts)
    ]

    assert missing == []


def test_it_says_its_version() -> None:
    """As installed."""
    done = CliRunner().invoke(app, ["--version"])

    assert (done.exit_code, done.output) == (0, f"sectorwatch {version('sectorwatch')}\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands(shell: str) -> None:
    """The names behind what was typed; and the script that asks for them can be had."""
    typed = "sectorwatch feeds im"
    asked = {
        "COMP_WORDS": typed,
        "COMP_CWORD": "2",
        "_TYPER_COMPLETE_ARGS": typed,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    runner = CliRunner()
    found = runner.invoke(app, [], prog_name="sectorwatch", env={"_SECTORWATCH_COMPLETE": f"complete_{shell}", **asked})
    script = runner.invoke(app, [], prog_name="sectorwatch", env={"_SECTORWATCH_COMPLETE": f"source_{shell}"})

    assert "import" in found.output
    assert "export" not in found.output.partition(":")[0]
    assert "_SECTORWATCH_COMPLETE" in script.output
