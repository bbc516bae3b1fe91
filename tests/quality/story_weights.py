"""Fits the weights of the signs of one piece of news to our own labelled stories, and prints them beside those in use.

    python -m tests.quality.story_weights

Pairs are those that the store finds near one another: two publishers, one language, hours apart. A set is judged by
weights that were fitted without it. The weights in use were fitted with pairs of real posts besides, which are not ours
to publish, and a few were set by hand, so they differ; how well these do on each set is the first row of each.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path

from extractors.stories.likeness import LEAST
from extractors.stories.rewrites import SOON, WINDOW
from extractors.stories.signs import WITHIN, WordRarity, odds_within, signs
from sectorwatch.domain import ReadArticle
from storage import schema
from storage.engine import open_engine
from storage.reading.gists import Shelf, neighbours
from storage.unit_of_work import Store, Work
from tests.quality.labelled_stories import Labelled, file_all, read_stories

SETS = ("dev", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
SIGNS = tuple(WITHIN)
_RIDGE = 1.0  # of each weight: about as much as one pair says
_STEPS = 25  # of Newton's method: it needs fewer
_STEEPEST = 30.0  # odds, as a logarithm: beyond, nothing changes


@dataclass(frozen=True)
class Pair:
    """An article and one near it."""

    one: bool  # they are one piece of news
    values: tuple[float, ...]  # of the signs, and 1 for the start
    in_use: float  # odds by the weights in use


def main() -> int:
    """Prints each set and the weights."""
    pairs = {which: pairs_of(which) for which in SETS}
    for which, own in pairs.items():
        others = [pair for other, theirs in pairs.items() if other != which for pair in theirs]
        weights = fitted(others)
        print(_line(f"{which}, weights in use", [(pair.one, pair.in_use) for pair in own]))
        print(_line(f"{which}, fitted without it", [(pair.one, _odds(weights, pair)) for pair in own]))
    weights = fitted([pair for own in pairs.values() for pair in own])
    print("\nsign          in use  fitted")
    for sign, weight in zip(SIGNS, weights, strict=False):
        print(f"{sign:12} {WITHIN[sign]:7.2f} {weight:7.2f}")
    print(f"start                {weights[-1]:7.2f}")
    return 0


def pairs_of(which: str) -> list[Pair]:
    """The pairs of a set, in the order in which it is filed."""
    articles = read_stories(which)
    by_id = {article.id: article for article in articles}
    found: list[Pair] = []

    def look(work: Work, article: Labelled, read: ReadArticle, filed: Mapping[int, str]) -> None:
        near = neighbours(work, read.gist.terms, since=article.published_at - WINDOW, shelf=Shelf())
        alike = [one for one in near.candidates if one.language == article.language]
        words = WordRarity(read.gist, ((one.story_id, one.gist) for one in alike))
        for one in alike:
            apart = abs(article.published_at - one.at)
            if one.publisher == article.publisher or apart > SOON or one.article_id not in filed:
                continue
            common = words.evidence(read.gist.words & one.gist.words, one.story_id)
            seen = signs(read.gist, one.gist, words=common, rarity=near.rarity, apart=apart)
            values = (*(float(getattr(seen, sign)) for sign in SIGNS), 1.0)
            story = by_id[filed[one.article_id]].story
            found.append(Pair(story == article.story, values, odds_within(seen)))

    with tempfile.TemporaryDirectory() as folder:
        store = Store(open_engine(f"sqlite:///{Path(folder) / 'stories.db'}"))
        schema.ensure(store, migrate=True)
        file_all(store, articles, look)
        store.close()
    return found


def fitted(pairs: Sequence[Pair]) -> list[float]:
    """The weights of a logistic regression, the start last."""
    size = len(SIGNS) + 1
    weights = [0.0] * size
    for _ in range(_STEPS):
        slope = [-_RIDGE * weight for weight in weights[:-1]] + [0.0]
        curve = [[_RIDGE if row == column < size - 1 else 0.0 for column in range(size)] for row in range(size)]
        for pair in pairs:
            chance = _chance(_odds(weights, pair))
            for row, value in enumerate(pair.values):
                slope[row] += (pair.one - chance) * value
                steep = chance * (1 - chance) * value
                curve[row] = [sum_ + steep * other for sum_, other in zip(curve[row], pair.values, strict=True)]
        weights = [weight + step for weight, step in zip(weights, _solved(curve, slope), strict=True)]
    return weights


def _solved(rows: list[list[float]], right: list[float]) -> list[float]:
    """The solution of linear equations (Gauss, of the largest pivot)."""
    rows = [[*row, value] for row, value in zip(rows, right, strict=True)]
    for at in range(len(rows)):
        best = max(range(at, len(rows)), key=lambda row: abs(rows[row][at]))
        rows[at], rows[best] = rows[best], rows[at]
        for row in range(len(rows)):
            if row != at:
                factor = rows[row][at] / rows[at][at]
                rows[row] = [value - factor * above for value, above in zip(rows[row], rows[at], strict=True)]
    return [row[-1] / row[at] for at, row in enumerate(rows)]


def _odds(weights: Sequence[float], pair: Pair) -> float:
    return sum(weight * value for weight, value in zip(weights, pair.values, strict=True))


def _chance(odds: float) -> float:
    return 1 / (1 + exp(-min(_STEEPEST, max(-_STEEPEST, odds))))


def _line(name: str, judged: Sequence[tuple[bool, float]]) -> str:
    taken = [one for one, odds in judged if odds >= LEAST]
    right, wanted = sum(taken), sum(one for one, _ in judged)
    precision = right / len(taken) if taken else 1.0
    return (
        f"{name:28} precision {precision:.3f}  recall {right / wanted:.3f}  ({wanted} of {len(judged)} pairs are one)"
    )


if __name__ == "__main__":
    sys.exit(main())
