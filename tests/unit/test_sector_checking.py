"""A new sector's names are compared with everything else that is written so."""

from __future__ import annotations

import tomllib

import pytest

from extractors.gazetteer import gazetteer_of, load_sector
from extractors.gazetteer.checking import find_collisions
from extractors.gazetteer.findings import Finding
from extractors.gazetteer.lexicon import common_words
from extractors.gazetteer.mending import mended
from extractors.gazetteer.ordinary import common_by_archive, ends_like, is_given_name, is_short
from extractors.gazetteer.places import Namesakes, Settlements

TOWNS = Settlements(
    [
        Namesakes("Новопавлівка", {"Mykolaiv": 5, "Donetsk": 4}),
        Namesakes("Барвінкове", {"Kharkiv": 1}),
        Namesakes("Барвінків", {"Kyiv": 1}),
        Namesakes("Степове", {"Kharkiv": 1}),
    ]
)


def findings(toml: str) -> list[Finding]:
    gazetteer = gazetteer_of([("my.toml", toml)])
    return find_collisions(gazetteer.sectors[gazetteer.origins["my.toml"]], gazetteer, TOWNS)


def found(code: str, toml: str) -> Finding:
    return next(finding for finding in findings(toml) if finding.code == code)


def codes(toml: str) -> set[str]:
    return {finding.code for finding in findings(toml)}


def test_namesakes_in_ukraine_are_counted_by_oblast() -> None:
    """It says how many settlements have the name and where, and what to write."""
    one = found("settlements", 'id = "mine"\nplaces = ["Новопавлівка"]')

    assert one.said == "9 settlements in Ukraine are called Новопавлівка, in 2 oblasts: Mykolaiv 5, Donetsk 4"
    assert one.toml == "homonyms = 9"


def test_what_the_file_says_already_is_not_said_again() -> None:
    """With homonyms, ordinary and the context given there is nothing left to say of them."""
    toml = """
    id = "mine"
    context = "ukraine-war"
    places = [
        { names = { uk = "Новопавлівка" }, homonyms = 9 },
        { names = { uk = "Степове" }, homonyms = 64, ordinary = true },
    ]
    """

    assert codes(toml) <= {"sector"}


def test_a_place_of_another_sector_is_named_with_its_id() -> None:
    """Whoever means the same place learns the id that makes it one; whose it is, is said."""
    one = found("sector", 'id = "mine"\nplaces = [{ names = { uk = "Кругляківка" } }]')

    assert "Kruhliakivka in Kharkiv oblast (sector kupiansk)" in one.said
    assert one.toml == 'id = "kruhliakivka"'
    assert "кругляківці" in one.forms


def test_forms_of_other_settlements_are_told_apart_from_namesakes() -> None:
    """Барвінковим is a form of Барвінкове and of Барвінків."""
    one = found("other_settlements", 'id = "mine"\nplaces = [{ names = { uk = "Барвінкове" } }]')

    assert (one.forms, "Барвінків (1)" in one.said) == (("барвінковим",), True)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Степове", "common"),
        ("Лиман", "common"),
        ("Orange", "common"),
        ("Андрій", "given"),
        ("Вороняче", "adjective"),
        ("Петренко", "surname"),
        ("Антонов", "surname"),
        ("Рух", "short"),
        ("ACME", "short"),
    ],
)
def test_names_that_are_something_else_too(name: str, code: str) -> None:
    """Common words, given names, adjectives, surnames and very short names are each said to be so."""
    one = found(code, f'id = "mine"\nnames = ["{name}"]')

    assert one.name == name
    assert one.advice


def test_a_distinctive_name_has_nothing_against_it() -> None:
    """No finding is made up."""
    assert findings('id = "northern-port"\nnames = ["Norrhamn"]') == []


def test_a_word_that_is_watched_is_not_called_common() -> None:
    """A name written small in the file is meant as the word that it is."""
    assert findings('id = "steel"\nnames = ["steel"]') == []


def test_a_transliteration_may_be_a_word_too() -> None:
    """Марч is none in Ukrainian, and a month as soon as it stands in Latin letters."""
    assert "march (en)" in found("common", 'id = "mine"\nnames = { uk = "Марч" }').said


def test_a_former_name_that_is_a_word_does_not_weigh_on_the_present_one() -> None:
    """The advice is about the former name; the place as a whole stays distinctive."""
    toml = 'id = "mine"\nplaces = [{ names = ["Норргамн"], former = ["Красное"] }]'

    assert "former name" in found("common", toml).advice
    assert mended(load_sector(toml, "my.toml"), findings(toml)) == []


def test_a_name_without_language_is_asked_for_one() -> None:
    """A Ukrainian name that Russian rules decline too is better said to be Ukrainian."""
    one = found("language", 'id = "mine"\nplaces = ["Степове"]')

    assert one.toml == 'names = { uk = "Степове" }'
    assert "language" not in codes('id = "mine"\nplaces = [{ names = { uk = "Степове" } }]')


def test_a_star_is_found_out() -> None:
    """Words are written without one here: with it they would never be found."""
    one = found("star", 'id = "mine"\nnames = ["Norrhamn"]\ncues = ["ship*", "port"]')

    assert one.toml == 'cues = ["ship", "port"]'


def test_the_archive_tells_a_common_word() -> None:
    """A form that is often written small is one; one that is written small by mistake is not."""
    sector = load_sector('id = "mine"\nnames = ["Лозова", "Затишне"]', "my.toml")

    seen = common_by_archive(sector, {"затишне": (10, 8), "лозова": (100, 3), "лозовою": (2, 2)})

    assert [(one.name, one.forms, one.toml) for one in seen] == [("Затишне", ("затишне",), "ordinary = true")]


def test_what_to_write_can_be_written() -> None:
    """Each change is TOML that the file can hold, and with all of them made nothing more is asked for."""
    toml = """
    id = "mine"
    names = ["Orange"]
    places = ["Новопавлівка", { id = "s", kind = "village", names = { uk = "Степове" } }]
    """
    sector = load_sector(toml, "my.toml")
    names, first, second = mended(sector, findings(toml))
    changed = f'id = "mine"\nnames = [{names.toml}]\nplaces = [{first.toml}, {second.toml}]'

    places = load_sector(changed, "my.toml").places
    assert [(place.id, place.kind, place.homonyms, place.ordinary) for place in places] == [
        ("mine/новопавлівка", "place", 9, False),
        ("s", "village", 1, True),
    ]
    assert mended(load_sector(changed, "my.toml"), findings(changed)) == []


def test_a_table_that_says_more_is_added_to() -> None:
    """Where the file says more of a place than its names, only the new keys are given: nothing is lost."""
    toml = 'id = "mine"\nplaces = [{ names = ["Новопавлівка"], former = ["Стара"], raion = "X" }]'

    (mend,) = mended(load_sector(toml, "my.toml"), findings(toml))

    assert (mend.toml, mend.whole) == ("homonyms = 9", False)
    assert tomllib.loads(mend.toml)


def test_word_lists_are_words() -> None:
    """The list of common words has some of several languages, and no names that are nothing else."""
    assert {"uk", "ru", "en", "de", "pl"} <= {
        language for languages in common_words().values() for language in languages
    }
    assert "куп'янськ" not in common_words()


def test_the_signs_have_limits() -> None:
    """A village named after Andrii is no given name, Полтава no adjective, Kyiv no surname, Токмак not short."""
    assert not is_given_name("андріївка")
    assert not ends_like("adjective", "полтава")
    assert not ends_like("surname", "kyiv")
    assert not is_short("токмак")
    assert not is_short("東京")  # two letters are a whole name there
