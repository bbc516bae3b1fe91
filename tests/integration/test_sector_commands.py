"""The commands on sectors, as a person runs them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from sectorwatch.cli.main import main
from storage.engine import open_engine
from storage.unit_of_work import Store
from tests.builders import NOON, add_feed
from tests.plugins.databases import StoreTemplates
from tests.stored_articles import add_article

ROOT = Path(__file__).parents[2]
PORT = 'id = "port"\nnames = ["Norrhamn", "Степове"]\n'

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in an empty folder: exit code, output, errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["sectorwatch", *arguments])
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def written(name: str, text: str) -> str:
    Path(name).write_text(text, "utf-8")
    return name


def stored(templates: StoreTemplates, *texts: str) -> None:
    """A store in the folder, where the settings look for it without a configuration file."""
    Path("var").mkdir()
    shutil.copyfile(templates.sqlite(), "var/sectorwatch.db")
    store = Store(open_engine("sqlite:///var/sectorwatch.db"))
    feed = add_feed(store)
    for text in texts:
        add_article(store, feed, text, title=f"On {text[:8]}", seen=NOON)
    store.close()


def answer(run: Run, *arguments: str) -> Any:
    code, out, err = run(*arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def test_forms_are_shown_by_place_language_and_case(run: Run) -> None:
    """Each form stands under its place and language, beside its case and where it comes from in words."""
    code, out, _ = run("sectors", "forms", "kupiansk", "--place", "kruhliakivka")

    assert code == 0
    assert "Kruhliakivka (village kruhliakivka):" in out
    assert "    dative, declined: кругляківці" in out
    assert out.index("  Ukrainian") < out.index("  Russian") < out.index("transliterated")


def test_forms_can_be_narrowed_to_a_language(run: Run) -> None:
    """Only that language is shown; a dash asks for the forms of no one language."""
    russian = answer(run, "sectors", "forms", "kupiansk", "--lang", "ru")
    assert russian
    assert all("ru" in row["language"].split() for row in russian)
    assert {row["language"] for row in answer(run, "sectors", "forms", "kupiansk", "--lang", "-")} == {""}
    code, out, said = run("sectors", "forms", "kupiansk", "--place", "xyzzy")
    assert (code, out) == (2, "")
    assert "there is no place 'xyzzy': 'sectorwatch sectors show SECTOR' has them" in said


def test_every_form_is_one_row_for_tools(run: Run) -> None:
    """With --json each form says what it stands for, and what has been there stays."""
    row = answer(run, "sectors", "forms", "kupiansk", "--find", "Кругляківка")[0]

    assert row.keys() >= {"form", "target", "language", "case", "origin", "weight", "until"}
    assert (row["sector"], row["name"]) == ("kupiansk", "Kruhliakivka")


def test_a_written_word_is_explained(run: Run) -> None:
    """Whatever its apostrophe and capitals, a word is traced to the form and its readings, in every sector."""
    code, out, _ = run("sectors", "forms", "--find", "біля КРУГЛЯКІВКИ й Куп’янська")

    assert code == 0
    assert '"КРУГЛЯКІВКИ", matched as "кругляківки": 1 reading' in out
    assert "Kruhliakivka (village, sector kupiansk): Ukrainian, genitive; declined" in out
    assert '"Куп’янська", matched as "куп\'янська"' in out
    assert {row["form"] for row in answer(run, "sectors", "forms", "--find", "Kupiańsk")} == {"kupiansk"}
    assert "nothing in" in run("sectors", "forms", "--find", "nothing at all")[1]


@pytest.mark.parametrize("arguments", [("sectors", "forms"), ("sectors", "forms", "nowhere")])
def test_forms_of_no_sector_are_wrong_use(run: Run, arguments: tuple[str, ...]) -> None:
    """It says which sector is missing, and exits with 2."""
    code, out, err = run(*arguments)

    assert (code, out) == (2, "")
    assert "sector" in err


@pytest.mark.parametrize("columns", [60, 100])
def test_lines_fit_the_terminal(run: Run, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """Forms and the check are wrapped to its width."""
    monkeypatch.setenv("COLUMNS", str(columns))
    out = run("sectors", "forms", "kupiansk")[1] + run("sectors", "check", written("port.toml", PORT))[1]

    told, _, _ = out.partition("\nWhat it would have found")  # then come a path and TOML, which are left whole
    assert max(cell_len(line) for line in told.splitlines()) <= columns


def test_a_reader_that_goes_away_is_no_error() -> None:
    """`sectors forms kupiansk | head -1` ends without a word."""
    started = subprocess.Popen(
        [sys.executable, "-c", "from sectorwatch.cli.main import main; main()", "sectors", "forms", "kupiansk"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert started.stdout is not None
    assert started.stderr is not None
    started.stdout.readline()
    started.stdout.close()
    said = started.stderr.read()
    started.stderr.close()

    started.wait(30)
    assert said == b""


def test_a_check_says_what_matches_collides_and_helps(run: Run) -> None:
    """Forms, collisions, advice as TOML; and that there is no store to try it on, which is no error and makes none."""
    code, out, err = run("sectors", "check", written("port.toml", PORT))

    assert (code, err) == (0, "")
    assert "Norrhamn (port): the file is right; names 2, phrases 0, places 0" in out
    assert re.search(r"^  Norrhamn \(sector\): \d+ forms, such as norrhamn, степове, степового", out, re.MULTILINE)
    assert "64 settlements in Ukraine are called Степове" in out
    assert '{ text = "Степове", ordinary = true }' in out
    assert "there is no store yet" in out
    assert not Path("var").exists()


def test_the_findings_of_many_places_are_not_buried_under_their_forms(run: Run) -> None:
    """A name's forms are summed up in a line; --forms shows each of them, by language and case."""
    places = '["Іванівка", "Мирне", "Новопавлівка", "Петропавлівка", "Степове", "Лиман"]'
    written("many.toml", f'id = "many"\nnames = ["Norrhamn"]\nplaces = {places}\n')

    before, _, findings = run("sectors", "check", "many.toml")[1].partition("What else the names could mean")
    assert len(before.splitlines()) < 15
    assert re.search(r"^  Мирне \(place\): \d+ forms, such as мирне, мирного", before, re.MULTILINE)
    assert "settlements in Ukraine are called Іванівка" in findings

    everything = run("sectors", "check", "many.toml", "--forms")[1]
    assert "instrumental, declined: іванівкою" in everything
    assert "and 1 more\n" not in everything.partition("What else the names could mean")[0]


@pytest.mark.parametrize(
    ("toml", "part"),
    [
        ('id = "Port"\nnames = ["X"]', "bad.toml, line 1: id must be small Latin letters"),
        (
            'id = "port"\nnames = ["Norrhamn"]\nplace = ["Y"]',
            "bad.toml, line 3: unknown key 'place'. Did you mean 'places'?",
        ),
        ('id = "port"\nnames = "Norrhamn', "bad.toml is not valid TOML"),
        ('id = "port"', "names nothing to look for"),
    ],
)
def test_a_mistake_in_the_file_is_named(run: Run, toml: str, part: str) -> None:
    """The file, the key and what to do, and exit code 2."""
    code, out, err = run("sectors", "check", written("bad.toml", toml))

    assert (code, out) == (2, "")
    assert part in err


def test_files_that_cannot_be_read_are_named(run: Run) -> None:
    """A missing file, a folder and one in another encoding are wrong use, each said in its way."""
    Path("latin.toml").write_bytes('id = "x"\nnames = ["Zürich"]'.encode("latin-1"))
    for name, part in (("none.toml", "cannot be read"), (".", "cannot be read"), ("latin.toml", "is not UTF-8")):
        code, _, err = run("sectors", "check", name)
        assert (code, part in err) == (2, True)


def test_a_check_shows_what_would_have_been_found(run: Run, store_templates: StoreTemplates) -> None:
    """Articles with the sentence and the name marked, how many names were turned down and why."""
    written("port.toml", PORT)
    stored(store_templates, "Ships left Norrhamn. More.", "In norrhamn ice.", "Nothing.")

    code, out, _ = run("sectors", "check", "port.toml")

    assert code == 0
    assert "1 article with 1 mention; all 3 stored articles were read, 2 hold one of the forms" in out
    assert "Ships left »Norrhamn«." in out
    assert "1 small_letter" in out


def test_a_check_is_one_document_for_tools(run: Run, store_templates: StoreTemplates) -> None:
    """Everything that is shown is there with --json."""
    written("port.toml", PORT)
    stored(store_templates, "Ships left Norrhamn.", "In norrhamn ice.")

    told = answer(run, "sectors", "check", "port.toml", "--limit", "1")

    assert told["id"] == "port"
    assert {finding["code"] for finding in told["findings"]} >= {"settlements", "common"}
    assert [mend["name"] for mend in told["suggestions"]] == ["Степове"]
    assert (told["archive"]["found"], told["archive"]["rejected"], len(told["archive"]["latest"])) == (1, 1, 1)
    assert {row["form"] for row in told["matched"]} >= {"norrhamn", "степове"}


def test_an_empty_store_is_no_error(run: Run, store_templates: StoreTemplates) -> None:
    """It says that there is nothing to try the sector on; also where nothing is as new as was asked for."""
    written("port.toml", PORT)
    stored(store_templates)
    assert "no articles are stored: nothing to try it on" in run("sectors", "check", "port.toml")[1]

    code, out, _ = run("sectors", "check", "port.toml", "--since", "30d")
    assert (code, "no articles are stored from then on" in out) == (0, True)


def test_a_store_that_is_none_does_not_hide_the_check(run: Run) -> None:
    """The file has been checked all the same; that the store failed is said and shows in the exit code."""
    Path("var").mkdir()
    Path("var/sectorwatch.db").write_bytes(b"this is no database" * 100)

    code, out, _ = run("sectors", "check", written("port.toml", PORT))

    assert code == 1
    assert "64 settlements" in out
    assert "the store cannot be used" in out


def test_a_file_that_is_in_force_can_be_checked(run: Run) -> None:
    """A file listed in sector_files is not compared with itself; a second one with its id says whose place it takes."""
    written("port.toml", PORT)
    written("sectorwatch.toml", 'sector_files = ["port.toml"]\n')
    assert "takes the place" not in run("sectors", "check", "port.toml")[1]

    assert "it takes the place of the sector port of" in run("sectors", "check", written("new.toml", PORT))[1]
    shipped = written("kupiansk.toml", 'id = "kupiansk"\nnames = ["Kupiansk"]')
    assert "it takes the place of the shipped sector kupiansk" in run("sectors", "check", shipped)[1]
