"""The code in documents and in help: found, taken apart, and read by the parser of the command line."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from sectorwatch.cli.main import app

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "deployments").glob("*.md")])
SECTORWATCH: Any = typer.main.get_command(app)
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
_ACT_AT_ONCE = {"--help", "--version", "--install-completion", "--show-completion"}  # while they are parsed
_SEPARATORS = {"|", "||", "&&", ";", "&"}
_REDIRECTIONS = {">", ">>", "<", "2>", "<<<"}


@dataclass(frozen=True, kw_only=True)
class Block:
    """A fenced block of code."""

    page: Path
    line: int  # of its first line of code
    language: str
    code: str

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, without the indentation of the list that they stand in."""
    text = page.read_text("utf-8")
    for match in _FENCE.finditer(text):
        code = re.sub(rf"^{match[1]}", "", match[3], flags=re.MULTILINE)
        yield Block(page=page, line=text.count("\n", 0, match.start(3)) + 1, language=match[2], code=code)


def prose(page: Path) -> list[str]:
    """The inline code of a page."""
    return re.findall(r"`([^`\n]+)`", _FENCE.sub("", page.read_text("utf-8")))


def calls(script: str) -> Iterator[list[str]]:
    """The words behind each `sectorwatch` that a shell script runs, without redirections."""
    for line in re.sub(r"\\\n *", " ", script).splitlines():
        words = shlex.shlex(re.sub(r"\$\([^()]*\)", "SUBSTITUTED", line), posix=True, punctuation_chars="|&;<>()")
        words.whitespace_split = True
        command: list[str] = []
        for word in [*words, ";"]:
            if word in _SEPARATORS:
                command = [one for one in command if "=" not in one] if command and "=" in command[0] else command
                if command and Path(command[0]).name == "sectorwatch":
                    yield command[1:]
                command = []
            elif command[-1:] and command[-1] in _REDIRECTIONS:
                command.pop()
            else:
                command.append(word)


def commands(group: Any = None, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Every command and group by its words; () is `sectorwatch` itself."""
    group = group or SECTORWATCH
    found = {path: group}
    for name, child in getattr(group, "commands", {}).items():
        found |= commands(child, (*path, name))
    return found


def read(words: list[str]) -> tuple[str, ...]:
    """The command that these words call, with all its options taken. Raises the parser's own error."""
    command, path, rest = SECTORWATCH, (), [word for word in words if word not in _ACT_AT_ONCE]
    parent = None
    if not rest:
        return ()
    while True:
        context = command.make_context(" ".join(path) or "sectorwatch", list(rest), parent=parent)
        given = [*context.__dict__.get("_protected_args", ()), *context.args]
        if not hasattr(command, "commands") or not given:
            return path
        name, command, rest = command.resolve_command(context, given)
        path, parent = (*path, name), context


def named(text: str) -> tuple[tuple[str, ...], set[str]]:
    """The command that a piece of prose begins with, and the options behind it that this command does not take."""
    words = re.split(r"[\s=]+", text)
    known = commands()
    path = next((tuple(words[:size]) for size in (2, 1) if tuple(words[:size]) in known), ())
    taken = {name for parameter in known[path].params for name in (*parameter.opts, *parameter.secondary_opts)}
    return path, {word for word in words if word.startswith("--")} - taken - {"--help"}
