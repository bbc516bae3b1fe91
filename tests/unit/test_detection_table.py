"""What a form may stand for comes out of the packed table as it was put in."""

from __future__ import annotations

import pytest

from extractors.gazetteer import Gazetteer, Reading, load_sector
from extractors.gazetteer.table import FormTable

NAME = Reading("lyman", "uk", "nom", "name", 0.0)
FORMER = Reading("lyman", "ru", "gen/acc", "former spelling-case", -0.25, "2016-02-19", "ru-en ru-de")
OTHER = Reading("lyman-2", "", "", "guess", -0.1)


def rows(*readings: Reading, form: str = "лиман") -> list[tuple[str, str, tuple[str, ...]]]:
    return [(reading.target, reading.facts, (form,)) for reading in readings]


def test_readings_keep_their_facts_and_their_order() -> None:
    table = FormTable()
    table.add(rows(FORMER, OTHER, NAME))
    table.add(rows(NAME, form="лимані"))
    assert dict(table) == {"лиман": (FORMER, OTHER, NAME), "лимані": (NAME,)}
    assert (len(table), "лиман" in table, "liman" in table, table.get("liman", ())) == (2, True, False, ())


def test_a_place_of_two_sectors_counts_once() -> None:
    """By what its first sector says; other places of the second are added."""
    table = FormTable()
    table.add(rows(FORMER, NAME))
    table.add(rows(NAME._replace(weight=0.5), OTHER, OTHER._replace(case="gen")))
    assert table["лиман"] == (FORMER, NAME, OTHER, OTHER._replace(case="gen"))


@pytest.mark.parametrize("language", ["uk", "x;y|z"])
def test_any_language_that_an_operator_writes_is_kept(language: str) -> None:
    own = load_sector(f'id = "own"\nplaces = [{{ names = [{{ text = "Конотоп", language = "{language}" }}] }}]', "own")
    readings = Gazetteer.of([own]).forms["конотоп"]
    assert language in {one for reading in readings for one in reading.language.split()}
