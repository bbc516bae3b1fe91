"""Normalising: one form for every way of writing, and the way back to the original."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extractors.text import normalise, plain, search_form

SPELLINGS = [
    "Куп'янськ",
    "Куп’янськ",
    "Куп‘янськ",
    "Купʼянськ",
    "Куп`янськ",
    "Куп′янськ",
    "Ку́п'янськ",
    "Куп'я\u00adнськ",
    "Куп\u200b'янськ",
    "КУП'ЯНСЬК",
    "Kуп'янcьк",
    "Куп'янсьk",
    "\ufeffКуп'янськ",
]


@pytest.mark.parametrize("written", SPELLINGS)
def test_thirteen_spellings_are_one(written: str) -> None:
    """Apostrophes, stress, invisible characters, capitals and look-alike letters make no difference."""
    assert plain(written) == "куп'янськ"


@pytest.mark.parametrize("written", SPELLINGS)
def test_the_way_back_covers_the_original(written: str) -> None:
    """The span of the whole name, mapped back, is the name as written."""
    text = f"Біля {written} тихо."
    norm = normalise(text)
    start = norm.text.index("куп'янськ")
    first, last = norm.span(start, start + 9)
    assert text[first:last] == written.lstrip("\ufeff")


def test_decomposed_letters_become_whole() -> None:
    """й and ї written as two characters stay й and ї, and the span takes both characters in."""
    text = unicodedata.normalize("NFD", "район її Зміїв")
    norm = normalise(text)
    assert norm.text == "район її зміїв"
    first, last = norm.span(9, 14)
    assert text[first:last] == unicodedata.normalize("NFD", "Зміїв")


def test_dashes_spaces_and_diacritics_are_plain() -> None:
    """Dashes, no-break spaces and Latin diacritics are written in one way; ё is е."""
    assert plain("Łódź\u00a0– Kupiańsk—Ёлка İzmir") == "lodz - kupiansk-елка izmir"


def test_words_that_mix_alphabets_on_purpose_stay() -> None:
    """A word whose letters have no double in the other alphabet is left alone."""
    assert plain("Zапорожье IT-армія") == "zапорожье it-армія"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_every_place_maps_into_the_original(text: str) -> None:
    """Whatever the text, positions map back in order and inside it, and a kept letter maps to itself."""
    norm = normalise(text)
    origins = [norm.origin(position) for position in range(len(norm.text) + 1)]
    assert origins == sorted(set(origins))
    assert not origins or origins[-1] <= len(text)
    for position, char in enumerate(norm.text):
        if char.isascii() and char.isdigit():
            assert text[norm.origin(position)] == char
        assert norm.position(norm.origin(position)) == position


@given(st.text(max_size=100))
@example("ÒЀ")
def test_normalising_twice_changes_nothing(text: str) -> None:
    """Names and texts may be normalised any number of times."""
    assert plain(plain(text)) == plain(text)


def test_search_sees_one_word() -> None:
    """Full-text search keeps Куп'янськ as one word and leaves English apostrophes alone."""
    assert search_form("Куп’янськ, Kupiansk's") == "купянськ, kupiansk's"
