"""Whether a name is also something else, as far as lists and endings tell: a common word, a person's name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from extractors.gazetteer.lexicon import lexicon
from extractors.text import plain

COMMON = Path(__file__).parent / "data" / "common.toml"
SHORT = 4  # letters: names up to so long are abbreviations, and words of other languages

_ENDINGS = {
    "adjective": "[\u0400-\u04ff](?:е|є|ий|ый|ой|ая|яя|ська|цька|зька|ская|цкая)",
    "surname": "[\u0400-\u04ffa-z]{2}(?:(?:ов|ев|єв|ov|ev)[аa]?|енко|чук|[сц]кий|enko|chuk|sk(?:y|i|yi|iy|ij))",
}
_ENDING_IN = {kind: re.compile(f"{endings}$") for kind, endings in _ENDINGS.items()}
_LETTERS = re.compile("[a-z\u0400-\u04ff]")
_GIVEN_ENDING = 3  # letters that a stem in the list of given names may go on for: андр-ій, not андр-іївка


@cache
def common_words() -> Mapping[str, tuple[str, ...]]:
    """Common word, normalised -> the languages it is one in."""
    found: dict[str, tuple[str, ...]] = {}
    for language, words in tomllib.loads(COMMON.read_text("utf-8")).items():
        for word in dict.fromkeys(plain(word) for word in words.split()):
            found[word] = (*found.get(word, ()), language)
    return found


def is_given_name(name: str) -> bool:
    """Whether a normalised name of one word is in the lists of given names, in some case, and is no surname."""
    if ends_like("surname", name):
        return False
    for cue in lexicon().scan(name).within("given", 0, len(name)):
        stem = plain(cue.entry.removesuffix("*"))
        if (cue.start, cue.end) == (0, len(name)) and len(name) - len(stem) <= _GIVEN_ENDING:
            return True
    return False


def ends_like(kind: str, name: str) -> bool:
    """Whether a normalised name of one word ends like an "adjective" or a "surname", Slavic ones that is."""
    return " " not in name and bool(_ENDING_IN[kind].search(name))


def is_short(name: str) -> bool:
    """Whether a normalised name in Latin or Cyrillic letters is too short to stand for itself."""
    return bool(_LETTERS.search(name)) and sum(char.isalnum() for char in name) <= SHORT
