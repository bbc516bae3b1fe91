"""The forms that an ordinary word of a query may take: its endings are exchanged, the same for every database.

Light on purpose: дрони finds дрон, дронів, дронами; drones finds drone. Nothing is said of words whose stem changes
(бій, боєм). What is made of a wrong guess is mostly no word, and finds nothing.
"""

from __future__ import annotations

import re

_CYRILLIC = re.compile(r"[\u0400-\u04ff]+")
_LATIN = re.compile(r"[a-z]+")
_STEM = 3  # letters that are left at least
_ENGLISH_STEM = 4  # shorter English words have too many neighbours: new, news
_VOWELS = "аеєиіїоуюяыэёьй"

# Of nouns and adjectives, Ukrainian and Russian together.
_NOMINAL = frozenset(
    re.split(
        r"\s+",
        """
        а я о е є и і ї у ю ь й ы ой ою ею єю ом ем єм ам ям ами ями ах ях ов ів їв ев єв ей ові еві єві
        ий ій ый ая яя ое ее ую юю ые ие ії ии ия ию ием ого его ього ому ему ьому им ым ім їм ими ыми іми
        их ых іх їх ія іє ію ією іям іях іями иям иях иями
        """,  # begins and ends with no ending at all
    )
)
_PAST = ("в", "ла", "ло", "ли", "л", "ти", "ть")  # and the infinitive
_VERBAL = frozenset(ending + tail for ending in _PAST for tail in ("", "ся", "сь"))
_ENGLISH = ("", "s", "es", "ed", "ing", "e")


def word_forms(word: str) -> tuple[str, ...]:
    """What a normalised word may be written as, itself first; itself alone where nothing is known of its kind."""
    if _CYRILLIC.fullmatch(word):
        made = _cyrillic(word)
    elif _LATIN.fullmatch(word):
        made = _english(word)
    else:
        made = set()
    return (word, *sorted(made - {word}))


def _cyrillic(word: str) -> set[str]:
    stems = {_without(word, _NOMINAL)}
    if word[-1] not in _VOWELS:
        stems.add(word)  # проблем is no проблем-ем
    made = {stem + ending for stem in stems - {""} for ending in _NOMINAL}
    past = _without(word, _VERBAL)
    if past and past[-1] in _VOWELS:
        made |= {past + ending for ending in _VERBAL}
    return made


def _without(word: str, endings: frozenset[str]) -> str:
    """The word without the longest of these endings that leaves enough of it; "" where there is none."""
    lengths = range(min(6, len(word) - _STEM), -1, -1)
    return next((word[: len(word) - cut] for cut in lengths if word[len(word) - cut :] in endings), "")


def _english(word: str) -> set[str]:
    if len(word) < _ENGLISH_STEM:
        return set()
    stems = {word} | {word.removesuffix(ending) for ending in _ENGLISH if ending and word.endswith(ending)}
    if word.endswith(("ies", "ied")):
        stems.add(word[:-3] + "y")
    made = {stem + ending for stem in stems if len(stem) >= _ENGLISH_STEM for ending in _ENGLISH}
    return made | {stem[:-1] + ending for stem in stems if stem.endswith("y") for ending in ("ies", "ied")}
