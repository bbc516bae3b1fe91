"""Sector definitions: the shortest is enough, and mistakes are named with what to do."""

from __future__ import annotations

import pytest

from extractors.detection.mentions import detect
from extractors.gazetteer import Gazetteer, gazetteer_of, load_sector, shipped
from sectorwatch.errors import ConfigurationError

PORT = 'id = "northern-port"\nnames = ["Norrhamn", "Суджа", "بندر"]\n'


def found(text: str, gazetteer: Gazetteer) -> list[tuple[str, str]]:
    return [(mention.sector, mention.surface) for mention in detect(text, gazetteer=gazetteer).mentions]


def test_names_alone_make_a_sector() -> None:
    """An id and names are found anywhere, in any script, in case forms, romanised, without any talk of war."""
    gazetteer = Gazetteer.of([load_sector(PORT, "port.toml")])
    assert found("Snow fell in Norrhamn.", gazetteer) == [("northern-port", "Norrhamn")]
    assert found("Новости из Суджи", gazetteer) == [("northern-port", "Суджи")]
    assert found("Sudzha news, w Sudży", gazetteer) == [("northern-port", "Sudzha"), ("northern-port", "Sudży")]
    assert found("في بندر", gazetteer) == [("northern-port", "بندر")]
    assert found("norrhamn", gazetteer) == []


def test_a_name_without_capital_is_found_either_way() -> None:
    """A common noun may be watched: it is found as defined, and at the start of a sentence."""
    gazetteer = Gazetteer.of([load_sector('id = "chips"\nnames = ["semiconductor"]', "chips.toml")])
    assert found("The semiconductor market. Semiconductors rose.", gazetteer) == [
        ("chips", "semiconductor"),
        ("chips", "Semiconductors"),
    ]


def test_not_words_speak_against() -> None:
    """A NOT-word nearby keeps a name out."""
    sector = load_sector('id = "mercury"\nnames = ["Mercury"]\nnot_words = ["planet"]', "m.toml")
    gazetteer = Gazetteer.of([sector])
    assert found("Mercury rose on Monday", gazetteer) == [("mercury", "Mercury")]
    assert found("The planet Mercury rose", gazetteer) == []


def own(*names: str) -> Gazetteer:
    listed = ", ".join(f'"{name}"' for name in names)
    return Gazetteer.of([load_sector(f'id = "mine"\nnames = [{listed}]', "my.toml")])


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (("Сарни",), "Сарни виходять до сіл. Водіїв просять пильнувати."),
        (("Ромашка",), "Ромашка лікує. Заваріть ромашку окропом."),
        (("Brody", "Броди"), "Brody zapuścili wszyscy w oddziale."),
        (("Чоп",), "Охранник ЧОП ранен, ЧОПы просят оружия."),
    ],
)
def test_an_own_name_that_is_a_word_too_needs_more_than_a_first_capital(names: tuple[str, ...], text: str) -> None:
    """Where lists or the text itself have it as a word, the capital of a sentence makes no name; ЧОП is no town."""
    assert found(text, own(*names)) == []


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (("Сарни",), "Уночі Сарни атакували дрони."),
        (("Ромашка",), "Біля села Ромашка горів склад."),
        (("Чоп",), "ПОТЯГ СТАВ: ЧОП БЕЗ СВІТЛА"),
        (("Ніжин",), "Ніжин без світла. Ніжинський завод став, ніжинські огірки дорожчають."),
        (("Умань",), "Pożar pod Humaniem, z Humania ewakuowano ludzi. Na Humańszczyźnie spokój."),
        (("Біла Церква",), "Szkolenie pod Białą Cerkwią."),
        (("Ковель",), "Склади pod Kowlem."),
        (("Хуст",), "Huszton áramszünet van."),
        (("Ніжин",), "На Ніжинщині горів ліс."),
    ],
)
def test_an_own_name_is_found_all_the_same(names: tuple[str, ...], text: str) -> None:
    """Within a sentence, among capitals, in what a neighbour's language calls the town, and as the land around it."""
    assert found(text, own(*names))


def test_own_sectors_join_the_shipped_ones() -> None:
    """Own sectors are added, origins say which file gave which sector, and the version tells the difference."""
    gazetteer = gazetteer_of([("port.toml", PORT)])
    assert gazetteer.origins == {"port.toml": "northern-port"}
    assert {"kupiansk", "northern-port"} <= set(gazetteer.sectors)
    assert gazetteer.version != shipped().version == gazetteer_of([]).version


def test_an_own_sector_replaces_a_shipped_one() -> None:
    """A definition with a shipped id takes its place."""
    gazetteer = gazetteer_of([("kupiansk.toml", 'id = "kupiansk"\nnames = ["Kupiansk"]')])
    assert gazetteer.sectors["kupiansk"].places == ()


@pytest.mark.parametrize(
    ("toml", "part"),
    [
        ('id = "a\nnames = 1', "not valid TOML"),
        ('names = ["A"]', "id must be small Latin letters"),
        ('id = "Big Name"\nnames = ["A"]', "id must be small Latin letters"),
        ('id = "a"', "names nothing to look for"),
        ('id = "a"\nname_s = ["A"]', "Did you mean 'names'"),
        ('id = "a"\nnames = [1]', "names[1]"),
        ('id = "a"\nnames = ["..."]', "a name with letters"),
        ('id = "a"\nnames = ["\u00ad"]', "a name with letters"),
        ('id = "a"\nnames = { english = "A" }', "named by a language"),
        ('id = "a"\nnames = ["A"]\ncontext = "peace"', "context must be"),
        ('id = "a"\nplaces = [{ kind = "town" }]', "places[1].names must be at least one name"),
        ('id = "a"\nplaces = [{ names = ["A"], lat = "x" }]', "places[1].lat must be a number"),
        ('id = "a"\nplaces = [{ names = ["A"], homonyms = true }]', "places[1].homonyms must be a whole number"),
        ('id = "a"\nplaces = ["A", "A"]', "another id"),
        ('id = "a"\nphrases = [{ text = "A", valid_to = "2025" }]', "a date without quotes"),
    ],
)
def test_mistakes_are_named(toml: str, part: str) -> None:
    """A wrong definition raises an error with the file, the key and what is expected."""
    with pytest.raises(ConfigurationError) as error:
        load_sector(toml, "own.toml")
    assert "own.toml" in str(error.value)
    assert part in str(error.value)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('id = "a"\n\nname_s = ["A"]', "own.toml, line 3: unknown key 'name_s'."),
        ('id = "a"\nnames = [\n  "A",\n  1,\n]', "own.toml, line 4: names[2] must be"),
        ('id = "a"\n[[places]]\nnames = ["A"]\n[[places]]\nnames = ["B"]\nlat = "x"', "line 6: places[2].lat must"),
        ('id = "a"\nplaces = [\n  { names = ["A"] },\n  { kind = "town" },\n]', "line 4: places[2].names must be"),
        (
            'id = "a"\nplaces = [{ names = [{ text = "A", ordinry = true }] }]',
            "line 2: unknown key 'ordinry' in places[1].names[1].",
        ),
        ('id = "a"\n[names]\nuk = "Б"\nenglish = "A"', "line 4: names.english must be"),
        ('names = ["A"]', "own.toml: id must be"),
    ],
)
def test_mistakes_have_their_line(toml: str, said: str) -> None:
    """Where the key or the item stands; none where a key is missing from the file."""
    with pytest.raises(ConfigurationError) as error:
        load_sector(toml, "own.toml")
    assert said in str(error.value)


def test_two_files_for_one_sector_are_refused() -> None:
    """Two own files with one id name each other."""
    with pytest.raises(ConfigurationError, match=r"a\.toml and b\.toml define the same sector"):
        gazetteer_of([("a.toml", PORT), ("b.toml", PORT)])
