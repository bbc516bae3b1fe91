"""The documents say what is: every setting and command that they name exists, and none is left out."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from alerts.payload import payload_of
from alerts.rules import Code
from extractors.gazetteer import load_sector
from flows.steps.roster.check import check_roster
from sectorwatch.domain import ReaderLinks
from sectorwatch.settings import Settings, load
from storage.tables.columns import metadata
from tests.documents import PAGES, ROOT, Block, blocks, calls, commands, named, prose, read
from tests.unit.test_alerts_render import VIEW

_HOLDERS = re.compile(r"<[\w ]+>")  # what the reader puts in
TRIED_ELSEWHERE = {
    ("webhooks.md", "json"): "test_the_webhook_of_the_page_is_the_one_that_is_sent",
    ("webhooks.md", "python"): "the same",
    ("security.md", "sql"): "tests/integration/test_least_privilege.py",
}


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


@pytest.mark.parametrize("block", [block for page in PAGES for block in blocks(page)], ids=lambda block: block.name)
def test_every_block_of_code_is_tried(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """TOML is read as a sector or as settings by what reads it in earnest; the rest has its parser, or a test."""
    monkeypatch.chdir(tmp_path)
    if block.language == "toml" and block.code.startswith("id ="):
        load_sector(block.code, origin=block.name)
    elif block.language == "toml":
        code = block.code
        for name in re.findall(r'"([\w.-]+\.toml)"', code):
            Path(name).write_text('id = "own"\nnames = ["Norrhamn"]', "utf-8")
        if "[[subscriptions]]" in code and "[[subscribers]]" not in code:
            code = f'[[subscribers]]\nname = "Duty desk"\n{code}'
        Path("sectorwatch.toml").write_text(code, "utf-8")
        settings = load(Path("sectorwatch.toml"))
        check_roster(settings)
    elif block.language == "yaml":
        assert yaml.safe_load(block.code)
    elif block.language == "sh":
        assert subprocess.run(["bash", "-n"], input=_HOLDERS.sub("X", block.code), text=True).returncode == 0
    else:
        assert (block.page.name, block.language) in TRIED_ELSEWHERE


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every link to a file of the repository, and to a heading of it, finds it."""
    for link, anchor in re.findall(r"\]\((?!https?://)([^)#]*)#?([^)]*)\)", page.read_text("utf-8")):
        there = page.parent / link if link else page
        assert there.exists(), link
        assert not anchor or anchor in headings(there), f"{link}#{anchor}"


def headings(page: Path) -> set[str]:
    """The anchors of a page, as GitHub makes them."""
    lines = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


def test_every_reason_code_is_explained() -> None:
    """docs/alert-policy.md has a row for each code of a decision, for each hold, and for no other."""
    text = (ROOT / "docs" / "alert-policy.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    holds = {"group", "interval", "digest", "quiet", "cap", "storm"}

    assert sorted(rows) == sorted([*Code, *holds])


def test_the_policy_is_in_the_order_of_the_rules() -> None:
    """The refusals stand in the order in which they are tried."""
    text = (ROOT / "docs" / "alert-policy.md").read_text("utf-8")
    written = re.findall(r"^\| `(\w+)` \|", text.partition("## 2.")[2].partition("## 3.")[0], re.MULTILINE)
    source = (ROOT / "alerts" / "rules.py").read_text("utf-8").partition("def _refused_by_pause")[2]
    tried = [name.lower() for name in dict.fromkeys(re.findall(r"Code\.([A-Z_]+)", source))]

    assert [*(one for one in tried if one != "silenced"), "silenced"] == written


def test_the_webhook_of_the_page_is_the_one_that_is_sent() -> None:
    """The JSON of docs/webhooks.md is made anew; its receiver takes what is signed, and nothing else."""
    example, receiver = (
        next(block.code for block in blocks(ROOT / "docs" / "webhooks.md") if block.language == language)
        for language in ("json", "python")
    )
    shown = json.loads(example)
    at = "https://sectorwatch.example.org"
    links = ReaderLinks(
        pause=f"{at}/p/1", change=f"{at}/c/1", unsubscribe=f"{at}/u/1", false_alarm={VIEW.alert_id: f"{at}/f/1"}
    )
    view = replace(VIEW, sector_name="Kupiansk sector")
    assert shown == json.loads(json.dumps(payload_of(view, shown["id"], links)))

    code: dict[str, Any] = {}
    exec(receiver, code)
    key, now = "whsec_" + "QUJD" * 8, datetime.now(UTC)
    headers = {"webhook-id": "a", "webhook-timestamp": str(int(now.timestamp()))}
    headers["webhook-signature"] = Webhook(key).sign("a", now, example)
    assert code["receive"](key, headers, example.encode()) == shown
    with pytest.raises(WebhookVerificationError):
        code["receive"](key, headers, example.encode() + b" ")


def test_the_architecture_names_tables_that_there_are() -> None:
    """A table that is renamed is renamed there, too."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8").partition("## The tables")[2]

    assert set(re.findall(r"`(\w+)`", text)) <= set(metadata.tables)
