"""docs/add-a-sector.md can be followed: its files load, its commands run, and it tells what they say."""

from __future__ import annotations

import re
import shlex
import sys
import tomllib
from pathlib import Path

import pytest

from extractors.gazetteer import load_sector
from sectorwatch.cli.main import main

PAGE = (Path(__file__).parents[2] / "docs" / "add-a-sector.md").read_text("utf-8")
TOML = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
SECTORS = [block for block in TOML if block.startswith("id =")]
COMMANDS = [
    shlex.split(line)[1:]
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("sectorwatch ")
]


def run(*arguments: str) -> int:
    sys.argv = ["sectorwatch", *arguments]
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.mark.parametrize("toml", SECTORS, ids=lambda toml: tomllib.loads(toml)["id"])
def test_every_example_is_a_sector(toml: str) -> None:
    """Whoever copies an example has a definition that loads."""
    assert load_sector(toml, "example.toml").id


@pytest.mark.full
def test_the_walk_through_can_be_walked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In an empty folder the files can be written and the commands run, in the order of the page; all succeed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [])
    Path("article.txt").write_text("Бої за Барвінкове на Харківщині тривають, ворог штурмує Мирне.", "utf-8")
    first, mended, listed = TOML[:3]
    Path("barvinkove.toml").write_text(first, "utf-8")

    assert run(*COMMANDS[0]) == 0
    before = capsys.readouterr().out
    Path("barvinkove.toml").write_text(mended, "utf-8")
    assert run(*COMMANDS[0]) == 0
    after = capsys.readouterr().out
    Path("sectorwatch.toml").write_text(listed, "utf-8")
    for command in COMMANDS[1:]:
        assert run(*command) == 0, command
    said = capsys.readouterr().out

    assert "What to write into the file" in before
    assert "What to write into the file" not in after
    assert "barvinkove (barvinkove/барвінкове)" in said or "barvinkove (sector)" in said
    assert "+ sector barvinkove" in said


def test_the_page_counts_as_the_check_does() -> None:
    """The numbers of namesakes on the page are those of the shipped table."""
    from extractors.gazetteer.places import settlements

    for place in load_sector(TOML[1], "barvinkove.toml").places:
        named = settlements().named(place.names[0].text)
        assert named is not None
        assert named.count == place.homonyms
