"""Which language a text is in: by letters no other language has, else by statistics.

Letters settle Ukrainian, Russian, Belarusian, Bulgarian, Serbian, Macedonian and languages with an alphabet of their
own in microseconds. Only Latin script needs the statistical model (py3langid), which is loaded at its first use.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Protocol

_SAMPLE = 400  # characters at the start, and as many from the middle: more changes few answers and costs time
_MODEL_SAMPLE = 400  # characters given to the statistical model
_ENOUGH = 3  # letters of a kind below which the script decides nothing

# What only one of the languages written in Cyrillic has, the surest sign first.
_SIGNS = (
    ("be", "ў"),
    ("mk", "ѓќѕ"),
    ("sr", "ђћџјљњ"),
    ("uk", "іїєґ"),
    ("kk", "әұқңғһөү"),
    ("ru", "ыэё"),
)
_BULGARIAN = frozenset({"на", "и", "от", "за", "се", "са", "със", "че", "което", "която", "вече", "към", "във", "беше"})
_VOWELS = ("аеиоуі", "aeiou")
_SCRIPTS = (
    ("el", "\u0370", "\u03ff"),
    ("hy", "\u0530", "\u058f"),
    ("he", "\u0590", "\u05ff"),
    ("ar", "\u0600", "\u06ff"),
    ("hi", "\u0900", "\u097f"),
    ("th", "\u0e00", "\u0e7f"),
    ("ka", "\u10a0", "\u10ff"),
    ("ko", "\uac00", "\ud7af"),
    ("ja", "\u3040", "\u30ff"),
    ("zh", "\u4e00", "\u9fff"),
)
# The model is asked among these alone: a short headline is otherwise called Latin, Maltese or Luxembourgish.
_LATIN_LANGUAGES = frozenset(
    re.findall(
        r"\w+",
        "af az bs ca cs cy da de en es et eu fi fr ga gl hr hu id is "
        "it lt lv ms nl no pl pt ro sk sl sq sv sw tl tr vi",
    )
)


class _Model(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


def language_of(text: str) -> str:
    """The ISO 639-1 code of the language of `text`, or "" where there is too little to tell.

    Looks at a sample: the time does not grow with the text.
    """
    sample = _sample(text).lower()
    cyrillic, latin = (sum(map(sample.count, vowels)) for vowels in _VOWELS)
    if max(cyrillic, latin) < _ENOUGH or max(cyrillic, latin) * 8 < len(sample):  # vowels are a third of any text
        other = _by_script(Counter(filter(str.isalpha, sample)))
        if other or max(cyrillic, latin) == 0:
            return other
    return _cyrillic(sample) if cyrillic >= latin else _latin(sample)


def _sample(text: str) -> str:
    if len(text) <= 2 * _SAMPLE:
        return text
    middle = len(text) // 2
    return f"{text[:_SAMPLE]} {text[middle : middle + _SAMPLE]}"


def _cyrillic(sample: str) -> str:
    """Ukrainian and Belarusian share і, Russian and Belarusian ы: ў comes first, then whatever is more frequent."""
    counts = {code: sum(map(sample.count, signs)) for code, signs in _SIGNS}
    for code in ("be", "mk", "sr"):
        if counts[code] * 150 >= len(sample):
            return code
    best = max(("uk", "ru", "kk"), key=lambda code: counts[code])
    if counts[best]:
        return best
    words = sample.split()
    bulgarian = sum(word in _BULGARIAN for word in words) * 8 >= len(words) or sample.count("ъ") * 100 >= len(sample)
    return "bg" if "ъ" in sample and bulgarian else "ru"


def _latin(sample: str) -> str:
    code, _ = _model().classify(sample[:_MODEL_SAMPLE])
    return code


def _by_script(letters: Counter[str]) -> str:
    """Kana makes it Japanese even amid more Chinese characters; else the script with the most letters."""
    counts = {
        code: sum(count for char, count in letters.items() if low <= char <= high) for code, low, high in _SCRIPTS
    }
    if counts["ja"] >= _ENOUGH:
        return "ja"
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] >= _ENOUGH else ""


@cache
def _model() -> _Model:
    """py3langid's model; imported here because it takes a third of a second and Cyrillic texts never need it."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]  # ships no types

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages([code for code in identifier.labels if code in _LATIN_LANGUAGES])
    model: _Model = identifier
    return model
