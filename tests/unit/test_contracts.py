"""The import contracts of `.importlinter`: this tree keeps them, and each one refuses what it is for."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]
CONTRACTS = ROOT / ".importlinter"


def contracts() -> ConfigParser:
    parser = ConfigParser()
    parser.read_string(CONTRACTS.read_text("utf-8"))
    return parser


def layers() -> list[list[str]]:
    lines = contracts()["importlinter:contract:layers"]["layers"].split("\n")
    marks = str.maketrans("|:()", "    ")
    return [line.translate(marks).split() for line in lines if line.strip()]


def test_this_tree_keeps_its_contracts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Every import in the five packages goes the way the house is built."""
    monkeypatch.chdir(ROOT)
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            monkeypatch.setattr(logger, "disabled", False)  # import-linter turns off all there are

    failed = lint_imports(config_filename=str(CONTRACTS), no_cache=True, no_logo=True)

    assert not failed, capsys.readouterr().out


def test_no_room_of_the_kernel_is_outside_the_contracts() -> None:
    """A new module of `sectorwatch` has to be given its place in the layers before it can be merged."""
    placed = {name for layer in layers() for name in layer}
    rooms = {
        f"sectorwatch.{path.stem}"
        for path in (ROOT / "sectorwatch").iterdir()
        if (path.is_dir() and any(path.glob("*.py"))) or (path.suffix == ".py" and path.stem != "__init__")
    }

    assert rooms - placed == set()


KERNEL = (
    "sandbox",
    "polling",
    "hints",
    "overlap",
    "rhythm",
    "site_rules",
    "spreading",
    "settings",
    "config_file",
    "logs",
    "moments",
    "nearest",
    "toml_lines",
    "domain",
    "notice",
    "packing",
    "plurals",
    "errors",
    "forking",
    "clock",
)
EXTRACTORS = (
    "asides",
    "beginnings",
    "charset",
    "dates",
    "declared",
    "language_names",
    "languages",
    "markup",
    "prefilter",
    "sentences",
    "text",
    "urls",
)
STORAGE = (
    "engine",
    "errors",
    "inserting",
    "leases",
    "row_counts",
    "schema",
    "secrets",
    "sectors",
    "shared_clock",
    "tables",
)
STEPS = ("apart", "fetching", "leasing", "rereads", "stopping", "together", "tools", "vault", "waiting")
OFFENCES = [
    ("extractors/reading.py", "import storage.intake.feeds"),
    ("storage/intake/feeds.py", "import alerts.rules"),
    ("alerts/rules.py", "import sectorwatch.net.client"),
    ("sectorwatch/net/client.py", "import sectorwatch.sandbox"),
    ("sectorwatch/domain.py", "import sectorwatch.polling"),
    ("storage/intake/feeds.py", "import flows.steps.polling.poll_feeds"),
    ("flows/steps/polling/poll_feeds.py", "import sectorwatch.cli.main"),
    ("flows/steps/polling/poll_feeds.py", "import prefect"),
    ("flows/steps/polling/poll_feeds.py", "def run():\n    from prefect import task"),
    ("flows/steps/polling/poll_feeds.py", "from flows import monitor"),  # which imports prefect
    ("flows/web.py", "import prefect"),
    ("flows/runtime.py", "def secrets():\n    from prefect.blocks import system"),
    ("alerts/rules.py", "from prefect.blocks import core"),
    ("sectorwatch/cli/main.py", "import prefect"),
    ("sectorwatch/web/app.py", "import prefect"),
    ("sectorwatch/web/app.py", "import sectorwatch.cli.main"),
    ("extractors/reading.py", "from sectorwatch import clock"),
    ("extractors/reading.py", "import sectorwatch.settings"),
    ("extractors/reading.py", "from urllib import request\nimport socket"),
    ("extractors/pages/article.py", "import extractors.feeds.feed"),
    ("extractors/stories/gist.py", "import extractors.detection.mentions"),
    ("extractors/gazetteer/model.py", "import extractors.detection.mentions"),
    ("extractors/text.py", "import extractors.gazetteer.model"),
    ("storage/intake/feeds.py", "import storage.reading.articles"),
    ("storage/reading/articles.py", "import storage.alerting.outbox"),
    ("storage/alerting/outbox.py", "import storage.views.queries"),
    ("storage/upkeep/backup.py", "import storage.intake.feeds"),
    ("storage/subscribers/subscriptions.py", "import storage.alerting.outbox"),
    ("storage/subscribers/subscriptions.py", "import storage.access.link_key"),
    ("storage/search/index.py", "import storage.reading.articles"),
    ("storage/running/watching.py", "import storage.views.queries"),
    ("storage/leases.py", "import storage.subscribers.subscriptions"),
    ("flows/steps/polling/poll_feeds.py", "import flows.steps.reading.read_articles"),
    ("flows/steps/reading/read_articles.py", "import flows.steps.polling.poll_feeds"),
    ("flows/steps/subscribers/readers.py", "import flows.steps.roster.apply"),
    ("flows/steps/alerting/deliver_alerts.py", "import flows.steps.reading.read_articles"),
    ("flows/steps/archive/redetect.py", "import flows.steps.roster.apply"),
    ("flows/steps/running/watch.py", "import flows.steps.doctor.store"),
    ("flows/steps/tools.py", "import flows.steps.alerting.deliver_alerts"),
    ("alerts/rules.py", "import sqlalchemy"),
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small house of the same rooms, with imports that are all allowed."""
    root = tmp_path_factory.mktemp("house")
    files = {
        "flows/monitor.py": "import prefect\nfrom flows.steps import poll_feeds",
        "flows/runtime.py": "import flows.steps.polling.poll_feeds, flows.web",
        "flows/web.py": "import sectorwatch.net.client",
        "flows/steps/polling/poll_feeds.py": "import extractors.reading, storage.intake.feeds\n"
        "import alerts.rules, sectorwatch.net.client",
        "flows/steps/reading/read_articles.py": "import flows.steps.alerting.deliver_alerts",
        "flows/steps/subscribers/readers.py": "import flows.steps.alerting.deliver_alerts",
        "flows/steps/alerting/deliver_alerts.py": "import flows.steps.leasing",
        "flows/steps/archive/redetect.py": "import flows.steps.reading.read_articles",
        "flows/steps/roster/apply.py": "import flows.steps.subscribers.readers",
        "flows/steps/doctor/store.py": "import flows.steps.roster.apply",
        "flows/steps/running/watch.py": "import flows.steps.polling.poll_feeds",
        **{f"flows/steps/{name}.py": "" for name in STEPS},
        "extractors/reading.py": "import sectorwatch.domain\nimport extractors.pages.article, extractors.feeds.feed",
        "extractors/feeds/feed.py": "import extractors.text",
        "extractors/pages/article.py": "import extractors.prefilter",
        "extractors/detection/mentions.py": "import extractors.gazetteer.model",
        "extractors/gazetteer/model.py": "import extractors.text",
        "extractors/stories/gist.py": "import extractors.text",
        "extractors/search/query.py": "import extractors.gazetteer.model",
        **{f"extractors/{name}.py": "" for name in EXTRACTORS},
        "storage/intake/feeds.py": "import sqlalchemy\nimport sectorwatch.domain, storage.leases",
        "storage/reading/articles.py": "import storage.search.index",
        "storage/alerting/outbox.py": "import storage.subscribers.subscriptions",
        "storage/upkeep/backup.py": "import storage.search.index",
        "storage/subscribers/subscriptions.py": "import storage.secrets",
        "storage/search/index.py": "import storage.unit_of_work",
        "storage/access/link_key.py": "import storage.secrets",
        "storage/views/queries.py": "import storage.alerting.outbox, storage.reading.articles",
        "storage/running/watching.py": "import storage.intake.feeds, storage.upkeep.backup",
        "storage/unit_of_work.py": "import storage.engine, storage.errors",
        **{f"storage/{name}.py": "" for name in STORAGE},
        "alerts/rules.py": "import sectorwatch.clock",
        "sectorwatch/web/app.py": "import flows.steps.polling.poll_feeds",
        "sectorwatch/cli/main.py": "def run():\n    from flows import monitor",
        "sectorwatch/net/client.py": "import sectorwatch.polling",
        **{f"sectorwatch/{name}.py": "" for name in KERNEL},
        "sectorwatch/newsroom/__init__.py": "",
    }
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
        for folder in path.relative_to(root).parents[:-1]:
            (root / folder / "__init__.py").touch()
    shutil.copy(CONTRACTS, root)
    return root


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Runs import-linter there, in a process of its own: the model's packages have the names of the real ones.

    With `-c` the current folder is first on the path, so the model is found before the installed project.
    """
    command = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True, no_logo=True))"
    return subprocess.run([sys.executable, "-c", command], cwd=root, capture_output=True, text=True, check=False)


def test_the_model_house_is_accepted(model: Path) -> None:
    """The contracts allow what the design allows; otherwise the refusals below would prove nothing."""
    result = lint(model)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("file", "line"), OFFENCES, ids=[f"{file}: {line!r}" for file, line in OFFENCES])
def test_an_import_against_the_design_is_refused(model: Path, tmp_path: Path, file: str, line: str) -> None:
    """Each import that the design forbids breaks a contract, and the message names the file's module."""
    house = tmp_path / "house"
    shutil.copytree(model, house)
    target = house / file
    target.write_text(f"{target.read_text('utf-8')}\n{line}\n", "utf-8")

    result = lint(house)

    assert result.returncode == 1, result.stdout + result.stderr
    assert file.removesuffix(".py").replace("/", ".") in result.stdout


@pytest.mark.parametrize("folder", ["storage", "flows/steps"])
def test_a_room_without_a_place_is_refused(model: Path, tmp_path: Path, folder: str) -> None:
    """A new module beside the rooms of the store or of the steps has to be given its place before it can be merged."""
    house = tmp_path / "house"
    shutil.copytree(model, house)
    (house / folder / "spare.py").touch()

    result = lint(house)

    assert result.returncode == 1, result.stdout + result.stderr
    assert "spare" in result.stdout
