"""Declension, romanisation and the frozen table of forms."""

from __future__ import annotations

import pytest

from extractors.gazetteer import build, shipped
from extractors.gazetteer.declension import relational, russian, ukrainian
from extractors.gazetteer.transliteration import official, spellings

UKRAINIAN = [
    ("Куп'янськ", "gen", "Куп'янська"),
    ("Куп'янськ", "dat", "Куп'янськові"),
    ("Куп'янськ-Вузловий", "gen", "Куп'янська-Вузлового"),
    ("Велика Новосілка", "gen", "Великої Новосілки"),
    ("Велика Новосілка", "loc", "Великій Новосілці"),
    ("Часів Яр", "gen", "Часового Яру"),
    ("Червоний Лиман", "gen", "Червоного Лиману"),
    ("Червоний Лиман", "gen", "Червоного Лимана"),
    ("Кучерів Яр", "gen", "Кучерового Яру"),
    ("Русин Яр", "gen", "Русиного Яру"),
    ("Малі Щербаки", "gen", "Малих Щербаків"),
    ("Рай-Олександрівка", "gen", "Рай-Олександрівки"),
    ("Сіверський Донець", "gen", "Сіверського Дінця"),
    ("Оскіл", "gen", "Осколу"),
    ("Гуляйполе", "gen", "Гуляйполя"),
    ("Ямпіль", "gen", "Ямполя"),
    ("Оріхів", "gen", "Оріхова"),
    ("Новоосинове", "gen", "Новоосинового"),
    ("Терни", "gen", "Тернів"),
    ("Надія", "gen", "Надії"),
    ("Добропілля", "ins", "Добропіллям"),
    ("Тернова", "gen", "Тернової"),
    ("Суми", "gen", "Сум"),
]
RUSSIAN = [
    ("Купянск", "ins", "Купянском"),
    ("Купянск-Узловой", "gen", "Купянска-Узлового"),
    ("Великая Новоселка", "loc", "Великой Новоселке"),
    ("Часов Яр", "gen", "Часова Яра"),
    ("Северский Донец", "gen", "Северского Донца"),
    ("Гуляйполе", "gen", "Гуляйполя"),
    ("Курахово", "loc", "Курахово"),
    ("Курахово", "loc", "Курахове"),
    ("Казачьи Лагеря", "gen", "Казачьих Лагерей"),
    ("Волчанские Хутора", "ins", "Волчанскими Хуторами"),
    ("Терны", "gen", "Тернов"),
    ("Красный Лиман", "dat", "Красному Лиману"),
]


@pytest.mark.parametrize(("name", "case", "form"), UKRAINIAN)
def test_ukrainian_names_decline(name: str, case: str, form: str) -> None:
    """The words of a Ukrainian name decline, and agree with each other."""
    assert form in ukrainian(name)[case]


@pytest.mark.parametrize(("name", "case", "form"), RUSSIAN)
def test_russian_names_decline(name: str, case: str, form: str) -> None:
    """The words of a Russian name decline, and agree with each other."""
    assert form in russian(name)[case]


def test_sector_adjectives_have_all_forms() -> None:
    """An adjective is found in every case and gender, of a double name in its last word."""
    assert {"куп'янському", "куп'янської", "куп'янські"} <= relational("куп'янський")
    assert "південно-слобожанському" in relational("південно-слобожанський")
    assert {"купянском", "купянского"} <= relational("купянский")


@pytest.mark.parametrize(
    ("uk", "ru", "wanted"),
    [
        ("Куп'янськ", "Купянск", {"kupiansk", "kupyansk", "kupjansk", "koupiansk", "kupjanszk"}),
        ("Часів Яр", "Часов Яр", {"chasiv yar", "chasov yar", "tschassiw jar", "tchassiv iar", "casiv jar"}),
        ("Гуляйполе", "Гуляйполе", {"huliaipole", "hulyaipole", "guliaipole", "gulyaypole", "hulajpole"}),
        ("Добропілля", "Доброполье", {"dobropillia", "dobropillya", "dobropilla", "dobropolye", "dobropolje"}),
    ],
)
def test_newspapers_spellings_are_made(uk: str, ru: str, wanted: set[str]) -> None:
    """What the press of a dozen languages writes is among the romanised forms."""
    assert wanted <= set(spellings(uk, ru))


def test_the_official_spelling() -> None:
    """The 2010 standard: є, ю, я differ at the start of a word, ь and the apostrophe vanish."""
    assert official("Куп'янськ") == "kupiansk"
    assert official("Яцьківка") == "yatskivka"


def test_the_frozen_tables_are_up_to_date() -> None:
    """What is shipped is what the definitions and rules give: else run python -m extractors.gazetteer.build."""
    assert build.main(["--check"]) == 0


def test_no_form_is_empty_or_short() -> None:
    """Every form has at least two letters, and every reading leads to a place or sector of the gazetteer."""
    gazetteer = shipped()
    for form, readings in gazetteer.forms.items():
        assert len(form) > 1, form
        for reading in readings:
            known = gazetteer.sectors if reading.target.startswith("@") else gazetteer.places
            assert reading.target.removeprefix("@") in known


def test_thirteen_sectors_are_shipped() -> None:
    """The sectors the General Staff reports on, and Dobropillia."""
    assert set(shipped().sectors) == {
        "kupiansk", "lyman", "sloviansk", "kramatorsk", "kostiantynivka", "pokrovsk", "oleksandrivka", "huliaipole",
        "orikhiv", "prydniprovske", "south-slobozhanskyi", "north-slobozhanskyi", "dobropillia",
    }  # fmt: skip
