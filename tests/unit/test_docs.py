"""The documents say what is: every setting and command that they name exists, and none is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from sectorwatch.settings import Settings
from tests.documents import PAGES, ROOT, blocks, calls, commands, named, prose, read


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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_calls_commands_that_exist(page: Path) -> None:
    """Whoever copies a command from a page gets that command, with options and arguments that it takes."""
    for block in blocks(page):
        for words in calls(block.code) if block.language == "sh" else ():
            read(words)
    for code in prose(page):
        words = code.removeprefix("sectorwatch ")
        path, unknown = named(words)
        assert path or words == code or words.startswith("-"), code
        assert not (path and unknown), code


def test_every_command_is_shown_somewhere() -> None:
    """No command has to be found by chance: each is called on some page."""
    scripts = [block.code for page in PAGES for block in blocks(page) if block.language == "sh"]
    shown = {read(words) for script in scripts for words in calls(script)}
    shown |= {named(code.removeprefix("sectorwatch "))[0] for page in PAGES for code in prose(page)}
    leaves = {path for path, command in commands().items() if not hasattr(command, "commands")}

    assert leaves <= shown, leaves - shown


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every link to a file of the repository finds it."""
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text("utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []
