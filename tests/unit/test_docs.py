"""The documents say what is: every setting and command that they name exists, and none is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from pydantic import BaseModel

from sectorwatch.cli.main import app
from sectorwatch.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "deployments").glob("*.md")])
COMMAND = re.compile(r"^\s*(?:.*\| *)?(?:\.venv/bin/)?sectorwatch((?: +[^\s|#]+)+)", re.MULTILINE)


def keys(model: type[BaseModel], prefix: str = "") -> set[str]:
    """The dotted names of a model's keys; a list of tables counts as one key here."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found |= keys(inner, f"{prefix}{name}.")
        else:
            found.add(prefix + name)
    return found


def tables(name: str) -> dict[str, set[str]]:
    """The first column of each table of a page, by the heading that it stands under."""
    found: dict[str, set[str]] = {}
    heading = ""
    for line in (ROOT / "docs" / name).read_text("utf-8").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif match := re.match(r"\| `([\w.]+)` \|", line):
            found.setdefault(heading, set()).add(match[1])
    return found


def item(name: str) -> type[BaseModel]:
    """The model of the tables in the list `name` of the settings."""
    (model,) = Settings.model_fields[name].annotation.__args__  # type: ignore[union-attr]  # list[Model]
    assert isinstance(model, type)
    assert issubclass(model, BaseModel)
    return model


def test_every_setting_is_explained_and_no_other() -> None:
    """docs/operating.md names exactly the keys that the configuration file may have."""
    explained = tables("operating.md")
    (target,) = item("subscribers").model_fields["targets"].annotation.__args__  # type: ignore[union-attr]  # list[Model]

    assert explained["The configuration file"] == keys(Settings)
    assert explained["`[[feeds]]`"] == keys(item("feeds"))
    assert explained["`[[subscribers]]` and their targets"] == keys(item("subscribers")) | keys(target, "targets.")
    assert explained["`[[subscriptions]]`"] == keys(item("subscriptions"))


def commands(group: object, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], object]:
    """Every command by its words."""
    children = getattr(group, "commands", None)
    if children is None:
        return {path: group}
    found: dict[tuple[str, ...], object] = {}
    for name, child in children.items():
        found |= commands(child, (*path, name))
    return found


def named(page: Path) -> list[tuple[str, ...]]:
    """The commands that the code blocks of a page call, without the options in front."""
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL))
    calls = []
    for match in COMMAND.finditer(blocks):
        words = match[1].split()
        while words and words[0] in ("-c", "--config"):
            words = words[2:]
        calls.append(tuple(words))
    return calls


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_calls_commands_that_exist(page: Path) -> None:
    """Whoever copies a command from a page gets that command, with options that it takes."""
    existing = commands(typer.main.get_command(app))

    for words in named(page):
        path = next((words[:length] for length in (2, 1) if words[:length] in existing), None)
        assert path is not None, f"sectorwatch {' '.join(words)}"
        taken = {name for parameter in existing[path].params for name in parameter.opts}  # type: ignore[attr-defined]
        given = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert given <= taken | {"--help"}, f"sectorwatch {' '.join(words)}"


def test_every_command_is_shown_somewhere() -> None:
    """No command has to be found by chance: each is called on some page."""
    called = {words[:length] for page in PAGES for words in named(page) for length in (1, 2)}
    inline = " ".join(page.read_text("utf-8") for page in PAGES)

    missing = [
        " ".join(path)
        for path in commands(typer.main.get_command(app))
        if path not in called and f"`sectorwatch {' '.join(path)}" not in inline and f"`{' '.join(path)}`" not in inline
    ]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every link to a file of the repository finds it."""
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text("utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []
