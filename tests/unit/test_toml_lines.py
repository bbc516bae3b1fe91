"""The line of a key is where it stands, whichever way TOML is written, or it is not said."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from extractors.gazetteer import load_sector
from sectorwatch.errors import ConfigurationError
from sectorwatch.settings import load
from sectorwatch.settings.mistakes import in_file
from sectorwatch.toml_lines import Lines, Place
from tests.documents import ROOT

DOCUMENT = '''# feeds = 1
public_url = "x"  # <- public_url
[fetch]  # <- fetch
contact = """
[[feeds]]
timeout_s = 1
"""
timeout_s = 3  # <- fetch.timeout_s
hosts = { "a.test" = "1", b = "2" }  # <- fetch.hosts.b
mail.port = 1  # <- fetch.mail.port

[[feeds]]  # <- feeds.0
url = "one"  # <- feeds.0.url
[[feeds]]  # <- feeds.1
title = "[[feeds]]"
"url" = "two"  # <- feeds.1.url

[[subscribers]]  # <- subscribers.0
name = "Olena"
targets = [  # <- subscribers.0.targets
    # { label = "old" },
    { label = "one" },  # <- subscribers.0.targets.0
    { label = "two", to = """a
    b""", kind = "mail" }, { label = "three" },

    { label = "four", tags = [  # <- subscribers.0.targets.3
        "x",  # <- subscribers.0.targets.3.tags.0
        ["y",
         "z"],  # <- subscribers.0.targets.3.tags.1.1
    ] },
    { label = "five" }]  # <- subscribers.0.targets.4
[[subscribers.more]]  # <- subscribers.0.more.0
key = 1
[[subscribers.more]]
key = 2  # <- subscribers.0.more.1.key
[[subscribers]]
name = "Petro"  # <- subscribers.1.name
'''
MARKED = [
    (number, line.partition("# <- ")[2])
    for number, line in enumerate(DOCUMENT.splitlines(), start=1)
    if "# <- " in line
]


def place_of(words: str) -> Place:
    return [int(word) if word.isdecimal() else word for word in words.split(".")]


@pytest.mark.parametrize(("line", "words"), MARKED, ids=lambda one: str(one))
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_each_key_is_found_on_its_line(line: int, words: str, ends: str) -> None:
    """Tables, lists over several lines, texts that look like tables, dotted and quoted keys."""
    assert Lines(DOCUMENT.replace("\n", ends)).line_of(place_of(words)) == line


def test_what_begins_within_a_line_that_goes_on_is_where_it_begins() -> None:
    """The item two has a text of two lines, and three begins behind it."""
    lines = Lines(DOCUMENT)
    first = DOCUMENT.splitlines().index('    { label = "two", to = """a') + 1

    assert lines.line_of(["subscribers", 0, "targets", 1, "kind"]) == first
    assert lines.line_of(["subscribers", 0, "targets", 2, "label"]) == first


def test_a_list_in_an_inline_table_has_the_lines_of_its_items() -> None:
    """As critical = { sectors = [...] }, over several lines."""
    lines = Lines('[a]\nb = { c = 1, d = [\n  "x",\n  # e\n  "y",\n  { f = [\n    "z"] },\n] }\n')

    for place, line in ((["c"], 2), (["d"], 2), (["d", 0], 3), (["d", 1], 5), (["d", 2], 6), (["d", 2, "f", 0], 7)):
        assert lines.line_of(["a", "b", *place]) == line


def test_a_long_list_of_inline_tables_has_lines_too() -> None:
    """As the places of a sector: a list of a thousand is looked through by halves."""
    rows = "".join(f'    {{ names = {{ uk = "Місто{number}" }}, lat = 48.5 }},\n' for number in range(1_000))
    with pytest.raises(ConfigurationError, match=r"^own\.toml, line 1003: unknown key 'latt' in places\[1001\]"):
        load_sector(f'id = "own"\nplaces = [\n{rows}    {{ names = "x", latt = 1 }},\n]\n', "own.toml")


def test_what_is_missing_is_missed_in_its_table() -> None:
    """A key that has to be there has no line; its table has one. Of what nothing is there, none is said."""
    lines = Lines(DOCUMENT)

    assert lines.line_of(["feeds", 1, "language"]) == lines.line_of(["feeds", 1])
    assert lines.line_of(["operators", "zone"]) is None
    assert lines.line_of([]) is None


def test_no_line_is_said_of_what_takes_too_long() -> None:
    """A file of a hundred megabytes, or a list of thousands of lines: rather none than a wait."""
    long = "[[feeds]]\n" + "# " + "x" * 9_000_000 + "\nurl = 1\n"

    assert Lines(long).line_of(["feeds", 0, "url"]) is None


def everything(value: Any, place: tuple[int | str, ...] = ()) -> list[tuple[int | str, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(one for key, item in inner for one in everything(item, (*place, key)))]


def test_every_line_of_the_shipped_file_names_its_key() -> None:
    """Of each value there the line has the key, or is the head of its table."""
    text = (ROOT / "sectorwatch.toml").read_text("utf-8")
    lines, rows = Lines(text), text.splitlines()

    for place in everything(tomllib.loads(text))[1:]:
        number = lines.line_of(place)
        assert number is not None
        name = next(part for part in reversed(place) if isinstance(part, str))
        assert name in rows[number - 1], place


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n[fetch]\ntimeot_s = 3", "sectorwatch.toml, line 3: unknown key 'fetch.timeot_s'"),
        ("# x\n[stor]\nurl='x'", "sectorwatch.toml, line 2: unknown key 'stor'"),
        ("[[feeds]]\nurl='https://a.test/'\n\n[[feeds]]\ntitle='b'", "sectorwatch.toml, line 4: feeds.1.url"),
        (
            "[[subscribers]]\nname='Olena'\ntargets=[\n{label='a',kind='email',to='a@b.test'},\n{label='b',kind='mail',to='x'}]",
            "sectorwatch.toml, line 5: subscribers.0.targets.1.kind (Olena/b)",
        ),
    ],
)
def test_a_mistake_in_the_file_is_said_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    """Beside the entry and the key."""
    file = tmp_path / "sectorwatch.toml"
    file.write_text(text, "utf-8")

    with pytest.raises(ConfigurationError) as caught:
        load(file)
    assert said in str(caught.value)


def test_a_variable_of_the_environment_has_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the file has the key, too."""
    file = tmp_path / "sectorwatch.toml"
    file.write_text("[fetch]\ntimeout_s = 3", "utf-8")
    monkeypatch.setenv("SECTORWATCH_FETCH__TIMEOUT_S", "soon")

    with pytest.raises(ConfigurationError, match=r"^the environment variable SECTORWATCH_FETCH__TIMEOUT_S: fetch"):
        load(file)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('[{"url": "https://b.test/", "titel": "b"}]', "unknown key 'feeds.0.titel'"),
        ('[{"title": "b"}]', "feeds.0.url: Field required"),
    ],
)
def test_a_list_of_the_environment_has_no_line(
    given: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands in the place of the file's."""
    file = tmp_path / "sectorwatch.toml"
    file.write_text("[[feeds]]\nurl = 'https://a.test/'", "utf-8")
    monkeypatch.setenv("SECTORWATCH_FEEDS", given)

    with pytest.raises(ConfigurationError, match=f"^the environment variable SECTORWATCH_FEEDS: {said}"):
        load(file)


def test_what_apply_finds_in_the_environment_has_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what it finds in the file has one, though the environment has other entries."""
    file = tmp_path / "sectorwatch.toml"
    file.write_text("[[feeds]]\nurl = 'https://a.test/'\n[[subscribers]]\nname = 'a'", "utf-8")
    monkeypatch.setenv("SECTORWATCH_FEEDS", '[{"url": "https://b.test/"}]')

    for place, where in (
        (("feeds", 0, "url"), "the environment variable SECTORWATCH_FEEDS"),
        (("subscribers", 0, "name"), f"{file}, line 4"),
    ):
        assert str(in_file(file, ConfigurationError("wrong", place))) == f"{where}: wrong"
