"""What a number counts is told in five languages everywhere, and in others in their own texts."""

from __future__ import annotations

import pytest

from extractors.stories.numerals import figures
from extractors.text import plain


@pytest.mark.parametrize(
    ("text", "language", "counts"),
    [
        ("Загинули троє людей, ще одинадцять дістали поранення", "uk", {"dead=3", "hurt=11"}),
        ("Ще четверо працівників у лікарні, одна людина загинула", "uk", {"hurt=4", "dead=1"}),
        ("Двое мирных жителей погибли, восемь ранены", "ru", {"dead=2", "civilian=2", "hurt=8"}),
        ("killing three people and wounding 11", "en", {"dead=3", "hurt=11"}),
        ("12 wurden verletzt, zwei Menschen getötet", "de", {"hurt=12", "dead=2"}),
        ("Dwóch kolejarzy zginęło, czterech jest rannych", "pl", {"dead=2", "hurt=4"}),
        ("Sept personnes ont été blessées, deux morts", "fr", {"hurt=7", "dead=2"}),
        ("420 дронів і 38 ракет", "uk", {"drone=420", "missile=38"}),
    ],
)
def test_a_number_is_known_by_what_it_counts(text: str, language: str, counts: set[str]) -> None:
    """Before the word or behind it, up to the next comma, number or "and"."""
    assert figures(plain(text), language).counts == counts


@pytest.mark.parametrize(
    ("text", "language", "counts"),
    [
        ("водій, 48 років, і 19-річний студент", "uk", {"aged=48", "aged=19"}),
        ("пропрацював тридцять чотири роки", "uk", set()),
        ("a 19-year-old, for two years", "en", {"aged=19"}),
        ("один із поранених", "uk", set()),
        ("11 services late", "en", set()),
    ],
)
def test_years_of_service_are_no_age_and_one_of_the_hurt_is_not_one_hurt(
    text: str, language: str, counts: set[str]
) -> None:
    """What only looks like a count is none."""
    assert figures(plain(text), language).counts == counts


def test_a_brigade_s_number_counts_nothing() -> None:
    """It is a name: two reports of one brigade have no number in common."""
    told = figures(plain("бійці 93-ї бригади взяли в полон 8 росіян"), "uk")
    assert told.counts == {"unit=93", "captive=8"}
    assert told.numbers == {"8"}
