"""How likely two articles tell one piece of news, by all that they share and all that each has for itself.

Each sign adds to the odds or takes from them, as in record linkage (Fellegi and Sunter, "A theory for record linkage",
1969): rare words, names and numbers in common, the same count of the same thing ("dead=3"); against it numbers of
their own, other counts of the same thing, hours between them. How rare a word is, the other stories near the new
article say: "drone" stands in most of them, "dormitory" in one. The weights were fitted (logistic regression) on the
labelled stories and on pairs of real posts that were judged by eye; none is set for one text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import log, log1p

from extractors.stories.gist import name_weight, number_weight
from sectorwatch.domain import Gist

_FEWEST_HOURS = 2.0  # within them it makes no difference which came when
_LEAST_LENGTH = 4.0  # words
_OTHERWISE_COUNTED = 0.25  # what is left of a number that counts something else in either
_UNCOUNTED = 0.6  # rarity of what was not looked up
_NAMES_FADE, _NUMBERS_FADE = 3, 1.5  # a name of ten stories says next to nothing
_OF_COUNTS = 0.8  # rarity of those that are not looked up
_AGED = "aged"
_TELLING = 0.7  # weight of a name

WITHIN = {  # what each sign adds to the odds; all but shares and yes or no are logarithms
    "words": 4.72,
    "names": 0.75,
    "numbers": 3.21,
    "counts": 2.8,
    "balance": 0.79,
    "own_numbers": -1.89,
    "own_names": -1.92,
    "other_age": -3.0,
    "other_lead": -0.43,
    "hours": -2.22,
}
_WITHIN_START = -0.25
ACROSS = {  # two languages, where words say nothing
    "names": 2.6,
    "numbers": 7.46,
    "counts": 3.5,
    "share": 2.31,
    "balance": 1.21,
    "own_numbers": -1.88,
    "own_names": -0.39,
    "other_counts": -1.5,
    "other_age": -2.63,
    "other_lead": -0.51,
    "hours": -2.5,
}
_ACROSS_START = -0.94


class WordRarity:
    """How many of the stories near a new article have each of its words."""

    def __init__(self, new: Gist, near: Iterable[tuple[int, Gist]]) -> None:
        """`near`: story and gist of the earlier articles in its language that share names or numbers with it."""
        self._having: dict[int, set[int]] = {}
        self._stories: set[int] = set()
        for story, gist in near:
            self._stories.add(story)
            for word in new.words & gist.words:
                self._having.setdefault(word, set()).add(story)

    def evidence(self, words: Iterable[int], story: int) -> float:
        """What words in common with an article of that story tell: up to 1 each."""
        others = len(self._stories - {story})
        most = log(others + 2)
        total = 0.0
        for word in words:
            having = self._having.get(word) or set()
            total += (log((others + 2) / (len(having) - (story in having) + 1)) / most) ** 2
        return total


@dataclass(frozen=True, kw_only=True)
class Signs:
    """What speaks for and against one piece of news, as far as it is counted."""

    words: float
    names: float
    numbers: float
    counts: float
    share: float
    balance: float
    own_numbers: float
    own_names: float
    other_counts: float
    other_age: float
    other_lead: float
    hours: float


def odds_within(found: Signs) -> float:
    """The logarithm of the odds that two articles in one language tell one piece of news: 0 is even, 2 is 7 to 1."""
    return _WITHIN_START + sum(weight * float(getattr(found, sign)) for sign, weight in WITHIN.items())


def odds_across(found: Signs) -> float:
    """The same of two articles in two languages."""
    return _ACROSS_START + sum(weight * float(getattr(found, sign)) for sign, weight in ACROSS.items())


def ceiling_within(*, words: float, length: int, evidence: float, counts: int, apart: timedelta) -> float:
    """What `odds_within` comes to at most, told from little: most articles with a name in common are far below."""
    found = log1p(evidence)
    return (
        _WITHIN_START
        + WITHIN["words"] * _of_length(words, length)
        + (WITHIN["names"] + WITHIN["numbers"]) * found
        + WITHIN["counts"] * log1p(counts)
        + WITHIN["balance"]
        + WITHIN["hours"] * _hours(apart)
    )


def signs(
    new: Gist,
    earlier: Gist,
    *,
    words: float,
    rarity: Mapping[str, float],
    apart: timedelta,
) -> Signs:
    """The signs of two articles; `words` is the evidence of those that they share (`WordRarity`)."""
    names = names_in_common(new, earlier)
    mine, its = _by_kind(new.counts), _by_kind(earlier.counts)
    otherwise = counted_otherwise(new.counts, earlier.counts)
    numbers = new.numbers & earlier.numbers
    named, counted = sum(map(name_weight, names)), sum(map(number_weight, numbers))
    least, most = sorted(weight_of_names(one) + weight_of_numbers(one) for one in (new, earlier))
    own = min(own_names(new, earlier), own_names(earlier, new))
    own_numbers = min(
        sum(map(number_weight, new.numbers - earlier.numbers)), sum(map(number_weight, earlier.numbers - new.numbers))
    )
    other = [
        kind
        for kind in mine.keys() & its.keys()
        if mine[kind].isdisjoint(its[kind]) and not (mine[kind] <= earlier.numbers or its[kind] <= new.numbers)
    ]
    agreed = {count.partition("=")[0] for count in new.counts & earlier.counts}
    return Signs(
        words=_of_length(words, min(len(new.words), len(earlier.words))),
        names=log1p(sum(name_weight(name) * rarity.get(f"n:{name}", _UNCOUNTED) ** _NAMES_FADE for name in names)),
        numbers=log1p(
            sum(
                number_weight(number)
                * rarity.get(f"u:{number}", _UNCOUNTED) ** _NUMBERS_FADE
                * (_OTHERWISE_COUNTED if number in otherwise else 1.0)
                for number in numbers
            )
        ),
        counts=log1p(
            sum(
                count_weight(count) * rarity.get(f"c:{count}", _OF_COUNTS) ** _NUMBERS_FADE
                for count in new.counts & earlier.counts
            )
        ),
        share=min(1.0, (named + counted) / least) if least else 0.0,
        balance=least / most if most else 1.0,
        own_numbers=log1p(own_numbers),
        own_names=own / (own + named + 0.5),
        other_counts=max(0.0, sum(kind != _AGED for kind in other) - len(agreed)),
        other_age=float(_AGED in other and min(len(mine[_AGED]), len(its[_AGED])) == 1),
        other_lead=float(_leads_elsewhere(new, earlier) and _leads_elsewhere(earlier, new)),
        hours=_hours(apart),
    )


def _leads_elsewhere(one: Gist, other: Gist) -> bool:
    """Whether the first name of one article, mostly where it happened, is nowhere in the other."""
    first = next((name for name in one.names if name_weight(name) >= _TELLING), None)
    return first is not None and first not in other.names and first not in other.perhaps


def _of_length(words: float, length: int) -> float:
    """Evidence of words beside what two texts of that length have in common by chance."""
    return log1p(words / max(_LEAST_LENGTH, length) ** 0.5)


def _hours(apart: timedelta) -> float:
    return log1p(max(_FEWEST_HOURS, apart.total_seconds() / 3600))


def count_weight(count: str) -> float:
    """What a count of something tells: one dead is told of many events, three dead and eleven hurt of few."""
    kind, _, value = count.partition("=")
    number = int(value)
    if kind == "unit":
        return 0.3
    if number > 12:
        return 0.8 if kind == _AGED else 1.0
    if number > 3:
        return 0.4 if kind == _AGED else 0.7
    return 0.25 if number == 1 else 0.4


def _by_kind(counts: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for count in counts:
        kind, _, value = count.partition("=")
        found.setdefault(kind, set()).add(value)
    return found


def counted_otherwise(mine: Collection[str], its: Collection[str]) -> set[str]:
    """Numbers that count one thing in one article and another in the other."""
    if not (mine and its):
        return set()
    kinds: list[dict[str, set[str]]] = [{}, {}]
    for found, counts in zip(kinds, (mine, its), strict=True):
        for count in counts:
            kind, _, value = count.partition("=")
            found.setdefault(value, set()).add(kind)
    one, other = kinds
    return {value for value in one.keys() & other.keys() if one[value].isdisjoint(other[value])}


def names_in_common(new: Gist, earlier: Gist) -> set[str]:
    """The names of either that the other has, or has where it may be the first word of a sentence."""
    return (new.names.keys() & earlier.either) | (earlier.names.keys() & new.perhaps.keys())


def own_names(one: Gist, other: Gist) -> float:
    """The weight of the names that the other has not."""
    return sum(map(name_weight, one.names.keys() - other.either))


def weight_of_names(gist: Gist) -> float:
    return sum(map(name_weight, gist.names))


def weight_of_numbers(gist: Gist) -> float:
    return sum(map(number_weight, gist.numbers))
