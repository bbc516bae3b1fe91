"""The keys of `--json` are those on the page of the command line: each command is asked, of a store that has it all."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from flows import deploying
from sectorwatch.notice import Known, NoticeKind
from storage.alerting import false_alarms, storms
from storage.running import notices
from storage.tables import raw_pages
from storage.unit_of_work import Store
from tests.conftest import FakeClock
from tests.documents import ROOT, commands
from tests.integration.test_feed_check import feed_answer
from tests.integration.test_operators_pages import Ops
from tests.integration.test_reader_pages import ON_SQLITE
from tests.integration.test_store_outbox import LATER
from tests.plugins.commands import Run
from tests.served import served

PAGE = ROOT / "docs" / "command-line.md"
TEXT = "<html><body><article><p>" + "Fighting near Kupiansk went on in the night. " * 9 + "</p></article></body></html>"
CALLS = {
    "run": "", "apply": "--dry-run", "status": "", "doctor": "", "deploy": "--check", "detect": "text.txt",
    "extract": "page.html", "mentions": "", "stories": "", "redetect": "", "re-extract": "", "search": "Kupiansk",
    "suppressions": "", "false-alarms": "", "feeds list": "", "feeds show": "1", "feeds check": "{web}/rss",
    "feeds import": "feeds.opml --dry-run", "sectors list": "", "sectors show": "kupiansk",
    "sectors forms": "kupiansk", "sectors check": "own.toml", "subscribers list": "", "subscriptions list": "",
    "subscriptions preview": "--sector kupiansk --days 3650", "targets list": "", "deliveries list": "",
    "deliveries show": "1 --message", "silence list": "", "storm show": "", "notices list": "", "tokens list": "",
    "db version": "", "db backup": "store.backup", "db prune": "--dry-run", "db restore": "store.backup --dry-run",
}  # fmt: skip
FAIL = {"run", "status", "doctor", "deploy"}  # something is wrong there
SLOW = {"run", "redetect", "re-extract", "feeds check", "sectors check"}
FILES = {
    "text.txt": "Fighting near Kupiansk went on in the night.",
    "page.html": TEXT,
    "feeds.opml": '<opml version="2.0"><body><outline xmlUrl="https://new.example.org/rss"/></body></opml>',
    "own.toml": 'id = "port"\nnames = ["Norrhamn"]\n',
}


def keys(value: Any) -> str:
    """The keys of an object, or of the objects of a list; in parentheses those of lists of objects within."""
    rows = value if isinstance(value, list) else [value]
    found: dict[str, list[Any]] = {}
    for row in rows:
        for key, held in row.items():
            found.setdefault(key, []).extend(held if isinstance(held, list) else [])
    return ", ".join(
        f"{key} ({keys(inner)})" if (inner := [one for one in held if isinstance(one, dict)]) else key
        for key, held in found.items()
    )


@pytest.fixture
def everything(store: Store, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """A store with something in every list, files to give to commands, and a Prefect server that wants something."""
    ops = Ops(store, clock)
    ops.given_up(1)
    ops.news(2)
    ops.kept(2)
    about = {"kind": NoticeKind.FEED_FAILING, "subject": "News", "detail": "404"}
    told = Known(id=0, key="feed:1:failing", since=LATER, seen_at=LATER, **about)
    with store.write() as work:
        false_alarms.report(work, 1, 1, note="", now=LATER)
        notices.record(work, new=(told,), changed=(), forgotten=())
        work.commit()
    run("silence", "add", "--sector", "lyman", "--for", "2h", "--reason", "exercise")
    run("tokens", "add", "dashboard")
    ops.news(3)
    with store.write() as work:
        work.connection.execute(raw_pages.delete())  # those of the other helpers are no pages
        storms.begin(work, words="a storm", since=LATER.replace(year=2025), now=LATER)
        work.commit()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    missing = deploying.Change(what="work pool sectorwatch", sign="+")
    monkeypatch.setattr(deploying, "deploy", lambda *_, **__: [missing])
    monkeypatch.setenv("SECTORWATCH_FETCH__ALLOW_NETWORKS", '["127.0.0.0/8"]')
    monkeypatch.setenv("SECTORWATCH_READ__WORKERS", "1")


def test_the_page_lists_every_command_with_json() -> None:
    """And no other; each of them is asked."""
    with_json = {" ".join(path) for path, one in commands().items() if any("--json" in of.opts for of in one.params)}
    assert set(CALLS) == with_json == set(on_page())


def on_page() -> dict[str, str]:
    return dict(re.findall(r"^\| `([a-z -]+)` \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE))


@ON_SQLITE
@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("slow", [False, pytest.param(True, marks=pytest.mark.full)])
def test_the_page_has_the_keys(run: Run, slow: bool) -> None:
    """A key that is renamed breaks somebody's script; a new one is added to the page."""
    said = {}
    with served({"/rss": feed_answer()}) as web:
        for command, words in CALLS.items():
            if (command in SLOW) is slow:
                asked = [*command.split(), *words.format(web=web.url).split(), "--json"]
                said[command] = keys(run(*asked, code=int(command in FAIL)))
    assert said == {command: found for command, found in on_page().items() if command in said}
