"""A sector is added to a running installation, and found in what has been stored before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from sectorwatch.clock import system_clock
from storage import schema
from storage.engine import open_engine
from storage.unit_of_work import Store
from tests.builders import add_feed
from tests.stored_articles import add_article

ROOT = Path(__file__).parents[2]
PORT = 'id = "port"\nnames = ["Norrhamn"]\n'
CONFIG = """
sector_files = {files}
[store]
url = "{url}"
[[subscribers]]
name = "Desk"
targets = [{{ label = "mail", kind = "email", to = "desk@example.org" }}]
[[subscriptions]]
subscriber = "Desk"
sectors = {sectors}
"""


class Installation:
    """A configuration with its store, used by the command line alone."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.config = folder / "sectorwatch.toml"
        (folder / "port.toml").write_text(PORT, "utf-8")
        self.configure([], [])

    def configure(self, files: list[str], sectors: list[str]) -> None:
        text_ = CONFIG.format(files=json.dumps(files), url=self.url, sectors=json.dumps(sectors))
        self.config.write_text(text_, "utf-8")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        code = "from sectorwatch.cli.main import main; main()"
        command = [sys.executable, "-c", code, "-c", str(self.config), *arguments]
        env = {name: value for name, value in os.environ.items() if not name.startswith("SECTORWATCH_")}
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, stdout=pipe, stderr=pipe, stdin=subprocess.DEVNULL, text=True, cwd=ROOT, env=env
        )

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, output, errors."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=300)
        return process.returncode, out, err

    def json(self, *arguments: str) -> Any:
        code, out, err = self.run(*arguments, "--json")
        assert code == 0, err
        return json.loads(out)

    def fill(self, texts: list[str], *, seen: datetime) -> None:
        store = Store(open_engine(self.url))
        schema.upgrade(store)
        feed = add_feed(store)
        for words in texts:
            add_article(store, feed, words, title=words[:30], seen=seen)
        store.close()

    def sql(self, statement: str) -> list[Any]:
        engine = create_engine(self.url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            found = list(result) if result.returns_rows else []
        engine.dispose()
        return found


@pytest.mark.full
@pytest.mark.timeout(600)
def test_a_new_sector_is_found_in_the_archive(tmp_path: Path) -> None:
    """Counted first, written when asked, told only with --alert; wrong use is said with exit code 2."""
    site = Installation(tmp_path, f"sqlite:///{tmp_path / 'store.db'}")
    assert site.run("apply", str(site.config))[0] == 0
    site.fill(["Ships left Norrhamn.", "Weather.", "Окупанти обстріляли Куп'янськ."], seen=system_clock())
    site.configure(["port.toml"], ["port"])

    code, _, err = site.run("redetect")
    assert (code, "run 'sectorwatch apply' first" in err) == (2, True)
    assert site.run("apply", str(site.config))[0] == 0
    code, out, _ = site.run("redetect")
    assert code == 0
    assert "3 stored, 3 of them read with another gazetteer version" in out
    assert "nothing was written: --apply writes it" in out
    counted = site.json("redetect")
    assert counted["sectors"]["port"] == {"before": 0, "after": 1, "gained": 1, "lost": 0}
    assert counted["sectors"]["kupiansk"]["gained"] == 1
    assert [one["sentence"] for one in counted["gained"]] == ["Ships left Norrhamn.", "Окупанти обстріляли Куп'янськ."]
    assert site.json("mentions") == []
    for wrong in (("--alert",), ("--sector", "nowhere")):
        assert site.run("redetect", *wrong)[0] == 2

    assert site.json("redetect", "--apply", "--sector", "kupiansk")["articles"]["looked_at"] == 3
    applied = site.json("redetect", "--apply", "--alert", "--since", "1d")

    assert applied["alerts"] == {"opened": 1, "folded": 0, "suppressed": 0}
    assert {row["sector"] for row in site.json("mentions")} == {"port", "kupiansk"}
    assert len(site.json("deliveries", "list")) == 1
    assert site.json("redetect", "--apply", "--alert")["articles"]["looked_at"] == 0


def run_and_kill(site: Installation, after: float) -> bool:
    """Kills a run so many seconds after it has taken up its job; False when it had ended by itself."""
    process = site.start("redetect", "--apply", "--alert", "--every")
    try:
        while not site.sql("SELECT 1 FROM jobs WHERE lease_until > created_at"):
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
                break
        _, err = process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return True
    assert process.returncode == 0, err
    return False


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_kills_at_any_moment_lose_nothing(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """After many kills every article is read once more, and every subscriber told once."""
    url = f"sqlite:///{tmp_path / 'store.db'}" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    site, random = Installation(tmp_path, url), Random(20260301)
    filler = " ".join(f"The mayor spoke of harvest number {number}." for number in range(60))
    texts = [f"Report {n}. {'Ships left Norrhamn. ' if n % 3 == 0 else ''}{filler}" for n in range(1800)]
    site.fill(texts, seen=system_clock() + timedelta(hours=1))
    site.configure(["port.toml"], ["port"])
    assert site.run("apply", str(site.config))[0] == 0

    marks = [0]  # the watermark after each kill
    state = ""
    while state != "done":
        idle = len(marks) - 1 - marks.index(marks[-1])  # kills since it last got on: a slow machine needs longer
        if run_and_kill(site, random.uniform(0, 0.2 * len(marks)) + 0.5 * idle):
            marks.append(0)
        site.sql("UPDATE jobs SET lease_until = created_at")  # as if the lease had run out meanwhile
        for mark, now in site.sql("SELECT watermark, state FROM jobs"):
            marks[-1], state = mark, now
        assert len(marks) < 60, f"it does not come to an end: {marks}"

    assert len(marks) > 3, "the kills came too late to mean anything"
    assert marks == sorted(marks)
    assert any(0 < mark < 1800 for mark in marks), "nothing was ever gone on with"
    ((state, counts),) = site.sql("SELECT state, counts FROM jobs")
    counts = json.loads(counts) if isinstance(counts, str) else counts
    assert (state, counts["looked_at"], counts["sectors"]["port"]["gained"]) == ("done", 1800, 600)
    told = Counter(number for (number,) in site.sql("SELECT article_id FROM alert_articles"))
    assert (len(told), set(told.values())) == (600, {1})
    assert site.sql("SELECT count(DISTINCT article_id) FROM mentions WHERE sector = 'port'") == [(600,)]
    assert site.sql("SELECT count(DISTINCT gazetteer_version) FROM articles") == [(1,)]
    # Most in digests: they are of one feed.
    assert site.sql("SELECT count(*), count(DISTINCT alert_id) FROM delivery_alerts") == [(600, 600)]
