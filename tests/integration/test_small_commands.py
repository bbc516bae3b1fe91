"""Commands that are short, and what commands say of a wrong name, a full disk and a narrow terminal."""

from __future__ import annotations

import io
import os
import re
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import update

from sectorwatch.cli.output import coloured
from sectorwatch.domain import DateQuality, Source
from sectorwatch.errors import ConfigurationError
from storage import schema
from storage.reading import articles
from storage.reading.articles import NewArticle
from storage.reading.stories import open_story
from storage.tables import feeds as feeds_table
from storage.unit_of_work import Store
from tests.acceptance.sampling import COMMAND
from tests.builders import NOON, add_feed, add_subscription, read_article
from tests.documents import ROOT
from tests.plugins.commands import Run

NEAR = "there is no sector 'kupiansl'; did you mean 'kupiansk'\\?"


def test_targets_are_asked_confirmed_and_switched_off(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address waits for its owner, counts as theirs when operators say so, and can be left alone."""
    monkeypatch.setenv("SECTORWATCH_PUBLIC_URL", "https://sectorwatch.example.org")
    run("subscribers", "add", "Olena")
    run("targets", "add", "Olena", "mail", "--to", "olena@example.org")
    number = str(run("targets", "list", "--json")[0]["id"])

    refused, advice = run("targets", "test", number, code=1).splitlines()
    assert refused.startswith("permanent: ")
    assert "would be refused again" in advice
    assert "asked" in run("targets", "ask", number)
    assert "confirmed" in run("targets", "confirm", number)
    run("targets", "disable", number, "--reason", "on holiday")
    assert "on holiday" in run("targets", "list")


def test_nothing_is_told_of_as_nothing(run: Run) -> None:
    """Lists without rows say so; as JSON they are empty lists. A brake that holds nothing has nothing to drop."""
    assert run("false-alarms") == "none\n"
    assert run("false-alarms", "--json") == []
    with pytest.raises(ConfigurationError, match="there is no storm"):
        run("storm", "drop", "--reason", "a wrong gazetteer")
    assert "removed: nothing" in run("db", "prune")
    assert "were given back" in run("db", "compact")
    with pytest.raises(ConfigurationError, match="nowhere: there is no such file"):
        run("db", "restore", "nowhere")
    assert run("db", "version", "--json") == {"store": schema.newest(), "release": schema.newest()}
    assert {"id": "kupiansk", "name": "Kupiansk sector", "own": False}.items() <= next(
        row for row in run("sectors", "list", "--json") if row["id"] == "kupiansk"
    ).items()


@pytest.mark.parametrize("words", ["mentions", "stories", "suppressions", "suppressions --summary", "deliveries list"])
def test_a_sector_that_there_is_not_is_no_empty_answer(run: Run, words: str) -> None:
    """A typing mistake in a filter is told of, with the name that was meant; a right name is answered."""
    for _ in ("before the first 'apply'", "after it"):
        with pytest.raises(ConfigurationError, match=NEAR):
            run(*words.split(), "--sector", "kupiansl")
        run("apply")
    assert run(*words.split(), "--sector", "kupiansk") == "none\n"


@pytest.mark.parametrize("words", ["mentions", "stories", "search", "redetect", "re-extract"])
def test_a_language_that_there_is_not_is_no_empty_answer(run: Run, words: str) -> None:
    """Its name for its code, or a mistyped code, is told of; a language that no article is in is answered."""
    more = ["source:bbc"] if words == "search" else []
    for given, hint in (
        ("ukr", "did you mean 'uk'\\?"),
        ("germann", "did you mean 'de'\\?"),
        ("xx", "give its ISO 639-1 code, such as uk"),
    ):
        with pytest.raises(ConfigurationError, match=f"there is no language '{given}'; {hint}"):
            run(words, *more, "--lang", given)
    if words in ("mentions", "stories"):
        assert run(words, "--lang", "uk") == "none\n"


@pytest.mark.parametrize("language", ["en", "EN", "en-GB", "en_US"])
def test_a_language_is_meant_whatever_its_region_and_case(run: Run, store: Store, language: str) -> None:
    """As `lang:` of a search has it; no article is passed over in silence."""
    feed = add_feed(store)
    with store.write() as work:
        new = NewArticle(
            canonical_url=None, url=None, feed_id=feed, source=Source(publisher="News"), published_at=None,
            date_quality=DateQuality.STATED, first_seen_at=NOON, baseline=False, read=read_article(), raw=None,
        )  # fmt: skip
        articles.add(work, new, story_id=open_story(work, now=NOON), story_reason="", now=NOON)
        work.commit()

    assert [row["language"] for row in run("stories", "--lang", language, "--json")] == ["en"]
    assert [row["language"] for row in run("mentions", "--lang", language, "--json")] == ["en"]
    assert run("redetect", "--lang", language, "--json")["articles"]["outdated"] == 1
    assert run("mentions", "--lang", "uk") == "none\n"


@pytest.mark.parametrize("words", ["status", "doctor", "feeds show 1", "notices list", "feeds list"])
def test_a_screen_has_no_line_that_is_too_long(
    run: Run, store: Store, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    """On a terminal of 80 columns, also where a feed has much to say."""
    feed = add_feed(store, "https://news.example.org/rss")
    with store.write() as work:
        reason = "answers 410 Gone: the publisher has ended it: look for a successor, which may be one of several"
        failing = {"state": "gone", "state_since": NOON, "failures": 5, "reason": reason}
        work.connection.execute(update(feeds_table).where(feeds_table.c.id == feed).values(**failing))
        work.commit()
    monkeypatch.setattr("sectorwatch.cli.output.on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    shown = run(*words.split(), code=1 if words in ("status", "doctor") else 0)
    assert max(map(len, shown.splitlines())) <= 80, shown


@pytest.mark.parametrize(("given", "then"), [(None, "1"), ("0", "0")])
def test_prefect_sends_no_usage_data(run: Run, monkeypatch: pytest.MonkeyPatch, given: str | None, then: str) -> None:
    """Nor does `deploy` show its notice of that; whoever wants it says so."""
    monkeypatch.setenv("DO_NOT_TRACK", given or "")
    if given is None:
        monkeypatch.delenv("DO_NOT_TRACK")
    run("tokens", "list")
    assert os.environ["DO_NOT_TRACK"] == then


def test_an_error_names_what_is_meant_once(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file in force and no other; an address that is none once, and one with a password not at all."""
    file = tmp_path / "watch.toml"
    file.write_text("", "utf-8")
    monkeypatch.setenv("SECTORWATCH_CONFIG", str(file))
    with pytest.raises(ConfigurationError, match=re.escape(f"under [operators] in {file}, and put it in force")):
        run("notices", "test")
    for given, said in (
        ("nonsense", "feeds add: it is no web address such as https://news.example.org/rss: nonsense"),
        ("https://me:secret@news.test/rss", "feeds add: its address names a user: such addresses are refused"),
    ):
        with pytest.raises(ConfigurationError, match=f"^{re.escape(said)}$"):
            run("feeds", "add", given)


def test_a_name_that_there_is_not_is_told_of_with_the_nearest(run: Run, store: Store) -> None:
    """Whatever a command is narrowed to or works on."""
    add_feed(store, "https://news.example.org/rss")
    add_subscription(store, "one")
    run("tokens", "add", "dashboard")
    for words, said in (
        (("feeds", "list", "--publisher", "Nwes"), "there is no publisher 'Nwes'; did you mean 'News'?"),
        (("feeds", "show", "https://news.example.org/rs"), "did you mean 'https://news.example.org/rss'?"),
        (("feeds", "show", "7"), "there is no feed '7': 'sectorwatch feeds list' shows their numbers"),
        (("search", "source:nwesroom"), "there is no source 'nwesroom'; known: News"),
        (("tokens", "remove", "dashbord"), "no token 'dashbord' works; did you mean 'dashboard'?"),
        (("subscribers", "export", "Dsk"), "there is no subscriber 'Dsk'; did you mean 'Desk'?"),
        (("subscribers", "erase", "Dsk", "--yes"), "there is no subscriber 'Dsk'; did you mean 'Desk'?"),
        (("subscriptions", "preview", "Desk/defult"), "did you mean 'Desk/default'?"),
        (("sectors", "forms", "kupiansk", "--lang", "xx"), "no form is in the language 'xx'; known: "),
        (("sectors", "forms", "kupiansk", "--place", "Osskil"), "there is no place 'Osskil'; did you mean 'Oskil'?"),
    ):
        with pytest.raises(ConfigurationError, match=re.escape(said)) as caught:
            run(*words)
        assert caught.value.exit_code == 2
    assert run("feeds", "list", "--publisher", "NEWS", "--state", "gone") == "none\n"
    assert run("search", "source:new") == "none\n"


@pytest.mark.parametrize(
    ("environment", "terminal", "colours"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_colours_are_for_terminals(
    environment: dict[str, str], terminal: bool, colours: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept in a file or piped has none; whoever wants none, or wants them there, says so as everywhere."""
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: terminal)

    assert coloured(stream) is colours


def test_a_reader_that_goes_and_a_disk_that_is_full(tmp_path: Path) -> None:
    """`| head` is no error; what cannot be written is one, in one line; --debug has the traceback."""
    environment = {**os.environ, "SECTORWATCH_STORE__URL": f"sqlite:///{tmp_path}/store.db"}

    def shell(line: str) -> subprocess.CompletedProcess[str]:
        command = ["bash", "-c", line.replace("sectorwatch", str(COMMAND))]
        return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)

    left = shell("sectorwatch sectors forms kupiansk | head -1; exit ${PIPESTATUS[0]}")
    full = shell("sectorwatch sectors list > /dev/full")
    debug = shell("sectorwatch --debug sectors show nowhere")

    assert (left.returncode, left.stderr) == (0, "")
    assert (full.returncode, full.stderr) == (1, "sectorwatch: No space left on device\n")
    assert (debug.returncode, "Traceback" in debug.stderr) == (2, True)


def test_ctrl_c_is_an_exit_code_of_its_own(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """130, as shells have it, and a line that nothing is lost."""

    def interrupted() -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(schema, "newest", interrupted)

    assert "nothing was lost" in run("db", "version", code=130)


def test_the_page_lists_the_exit_codes() -> None:
    """Those that this file tries out, and no others."""
    page = (ROOT / "docs" / "command-line.md").read_text("utf-8")

    assert re.findall(r"^\| (\d+) \|", page, re.MULTILINE) == ["0", "1", "2", "130"]
