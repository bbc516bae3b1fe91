"""Sentences and languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.languages import language_of
from extractors.sentences import REACH, sentence_around


@pytest.mark.parametrize(
    ("before", "sentence", "after"),
    [
        ("Тихо. ", "Бої йдуть у м. Лиман та с. Торське на півночі.", " Далі спокій."),
        ("He left. ", "On Dec. 12 Gen. Syrskyi visited LYMAN with J. Smith.", " He left."),
        ("Так. ", "«Ворог атакує Лиман», – сказав О. Сирський.", " Потім пішов."),
        ('"Stop!" ', "Lyman holds.", ' "Yes," he said.'),
        ("Headline\n", "Lyman holds", "\nNext line."),
        ("What? ", "At 3.5 km from Lyman, says example.com, all is quiet!", " Really."),
        ("俄军进攻。", "利曼附近有战斗。", "另一句。"),
        ("", "Lyman", ""),
    ],
)
def test_the_sentence_is_the_one_written(before: str, sentence: str, after: str) -> None:
    """Abbreviations, initials, numbers and quotations end no sentence; stops and line breaks do."""
    text = before + sentence + after
    name = next(name for name in ("Лиман", "Lyman", "LYMAN", "利曼") if name in sentence)
    start = text.index(name)
    first, last = sentence_around(text, start, start + len(name))
    assert text[first:last] == sentence


def test_an_endless_sentence_is_cut() -> None:
    """Without any stop the surroundings are cut at words, within reach."""
    text = "word " * 1000 + "Lyman" + " word" * 1000
    first, last = sentence_around(text, 5000, 5005)
    assert last - first <= 2 * REACH + 5
    assert text[first:last].split()[0] == "word" == text[first:last].split()[-1]


@given(st.text(max_size=300), st.data())
def test_the_sentence_holds_its_mention(text: str, data: st.DataObject) -> None:
    """Whatever the text, the sentence encloses the span asked for."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first, last = sentence_around(text, start, end)
    assert 0 <= first <= start
    assert end <= last <= len(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Бої тривають на околицях міста, є поранені.", "uk"),
        ("Мы были там вчера, но это ещё не всё.", "ru"),
        ("Групировката вече държи контрола над града, съобщи днес шефът.", "bg"),
        ("Руските части са навлезли в града и градовете наоколо, казаха жителите.", "bg"),
        ("Ён жыве ў Мінску, дзе ўсё спакойна.", "be"),
        ("Край вёскі знайшлі рэшткі беспілотніка, памежнікі ачапілі поле.", "be"),
        ("Полковник Орехов әскери базада отыз дрон атып түсірілгенін айтты.", "kk"),
        ("The army repelled the attack on the town, officials said.", "en"),
        ("Die Armee hat den Angriff auf die Stadt zurückgeschlagen.", "de"),
        ("Ukraińscy żołnierze odparli natarcie pod miastem.", "pl"),
        ("東京で行われた会議の結果", "ja"),
        ("القوات الروسية تهاجم المدينة", "ar"),
        ("12:34", ""),
        ("", ""),
        ("Втрати ворога станом на 13.05: особовий склад +1040, танки +4, ББМ +11, арта +38, авто +154.", "uk"),
        ("Пологи та Токмак без зв'язку, окупанти глушать усе.", "uk"),
        (
            "Советуем записи докладов с осенней встречи мостостроителей, они ещё доступны:\n"
            "[The bridges of the north: the good, the bad and the old](https://example.org/a) /"
            " [What is it that we can learn from the sea, and why we should](https://example.org/b) /"
            " [How the old towers of the coast have been built, and by whom](https://example.org/c) /"
            " [The end of the road: what it is to be the last of them all](https://example.org/d)",
            "ru",
        ),
    ],
)
def test_languages_are_told(text: str, language: str) -> None:
    """Letters and endings tell the Cyrillic and other scripts, statistics the Latin ones, and nothing tells nothing."""
    assert language_of(text) == language
