"""Numbers that are written out in one word or several: "сто вісімдесят п'ять", "deux cent quatorze", "hundertzwei".

The words are those of `extractors.stories.numberwords`; here they are added and multiplied.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from extractors.stories.numberwords import JOINING, ONES, hundreds_word, least_tens, number_words, unit_ordinal

_AGED = ("річн", "летн")  # п'ятнадцятирічного, пятнадцатилетний
_GLUED_HUNDREDS = {"de": ("hundert", "und"), "nl": ("honderd", "en"), "it": ("cento", ""), "sv": ("hundra", "")}
_JOINS_HUNDREDS = {"en": "and", "": "and", "pt": "e"}  # two hundred and five
_LONGEST = 60  # letters: siebenhundertsiebenundsiebzig has 29, and what is no word may have a million
_ADDS_TEENS = {"fr": (60, 80)}  # soixante-dix, quatre-vingt-onze


def worth(token: str, language: str) -> int | None:
    """What one normalised word is worth as a number, or as the number of an age; None for another word."""
    return _worth(token, language) if len(token) <= _LONGEST else None


@lru_cache(maxsize=1 << 14)
def _worth(token: str, language: str) -> int | None:
    words = number_words(language)
    if (value := words.get(token)) is not None:
        return value
    at = max(map(token.rfind, _AGED))
    if at > 0:
        return _glued_tens(token[:at], language)
    if (glued := _GLUED_HUNDREDS.get(language)) and glued[0] in token:
        return _glued_hundreds(token, *glued, language)
    return None


def _glued_tens(word: str, language: str) -> int | None:
    """Двадцятип'яти."""
    words = number_words(language)
    if word in words:
        return words[word]
    for length in range(len(word) - 2, 5, -1):
        tens, unit = words.get(word[:length], 0), words.get(word[length:], 0)
        if 20 <= tens <= 90 and 0 < unit < 10:
            return tens + unit
    return None


def _glued_hundreds(token: str, hundred: str, joint: str, language: str) -> int | None:
    """Zweihundertvierzehn, honderdvijf."""
    before, _, after = token.partition(hundred)
    words = number_words(language)
    times = ONES.get(before, 0) or words.get(before, 0) if before not in ("", "ein", "een", "ett") else 1
    if not 0 < times < 10:
        return None
    rest = 0
    for word in filter(None, (after, after.removeprefix(joint))):
        rest = rest or ONES.get(word, 0) or words.get(word, 0)
    return times * 100 + rest if rest < 100 and (rest or not after) else None


def spelt(tokens: Sequence[str], at: int, language: str) -> tuple[int, int]:
    """The number that begins at a token, and of how many tokens it is; (0, 0) for none."""
    value = worth(tokens[at], language)
    if value is None:
        return 0, 0
    tens = least_tens(language)
    length, place = 1, _place(value, tens)
    while at + length < len(tokens):
        token = tokens[at + length]
        if not place and value < 10 and hundreds_word(token, language):
            value, place, length = value * 100, 100, length + 1
            continue
        joined = bool(place) and (token in JOINING if place == 10 else token == _JOINS_HUNDREDS.get(language))
        if joined:
            token = tokens[at + length + 1] if at + length + 1 < len(tokens) else ""
        unit = _added(token, value, place, language)
        if not unit:
            break
        value, length = value + unit, length + 1 + joined
        place = _place(unit, tens) if place == 100 or unit == tens == 10 else 0
    return value, length


def _place(value: int, tens: int) -> int:
    """Below what a further word has to be, to be added."""
    if value >= 100 and value % 100 == 0:
        return 100
    return 10 if value % 10 == 0 and tens <= value < 100 else 0


def _added(token: str, value: int, place: int, language: str) -> int:
    """What a word adds to a number so far; 0 for nothing."""
    if not place:
        return 0
    unit = worth(token, language) or ONES.get(token, 0) or unit_ordinal(token, language)
    most = 20 if value % 100 in _ADDS_TEENS.get(language, ()) else place
    return unit if 0 < unit < most else 0
