"""Whether two articles likely tell one piece of news, where no rule of `extractors.stories.rewrites` is certain.

The odds come from `extractors.stories.signs`. What rules out that they are one, rules it out here too: another day or
time of day, a report of the same form about others, more than hours between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from math import exp

from extractors.stories.rewrites import (
    LEAST_EVIDENCE_ACROSS,
    SOON,
    evidence_of,
    in_words,
    is_akin,
    numbers_balance,
    of_one_form,
    on_another_day,
    overlap,
    speaks_of_else,
    sums_up,
)
from extractors.stories.signs import WordRarity, ceiling_within, count_weight, odds_across, odds_within, signs
from sectorwatch.domain import Gist

LEAST = 1.5  # odds, as a logarithm: 4.5 to 1 by the judged pairs, of which most were chosen for being hard to tell
_MORE_AGAINST = 1.0  # asked beyond, where each has numbers of its own that tell
_MORE_OF_ROUND_UPS = 2.0  # the same, where one alone tells of a whole day
_LEAST_OF_LEAD = -2.0  # with the article that the story began with: it may be told of in quite other words
_LEAST_ACROSS = 2.25
_EVIDENCE_ACROSS = 1.5  # weight of rare names, numbers and counts in common: one short name is in any two short texts


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """How likely two articles are one piece of news."""

    odds: float  # a logarithm; see `LEAST`
    same: bool
    reason: str  # in words


_NOT = Likeness(odds=float("-inf"), same=False, reason="too little in common")


def likely_news(
    new: Gist,
    earlier: Gist,
    *,
    story: int,
    words: WordRarity,
    rarity: Mapping[str, float],
    evidence: float,
    apart: timedelta,
) -> Likeness:
    """Whether an article likely tells the news of an earlier one in its language, which is one of `story`.

    `evidence` is that of `evidence_of`. Of two articles of one publisher it says nothing.
    """
    if apart > SOON:
        return _NOT
    common = words.evidence(new.words & earlier.words, story)
    length, counts = min(len(new.words), len(earlier.words)), len(new.counts & earlier.counts)
    if ceiling_within(words=common, length=length, evidence=evidence, counts=counts, apart=apart) < LEAST:
        return _NOT
    odds = odds_within(signs(new, earlier, words=common, rarity=rarity, apart=apart))
    if odds < LEAST:
        return _NOT
    found = overlap(new, earlier, rarity)
    if on_another_day(found) or found.other_times or of_one_form(found, new, earlier):
        return _NOT
    asked = LEAST + _more(new, earlier) + (_MORE_AGAINST if speaks_of_else(found) else 0.0)
    if odds < asked:
        return _NOT
    return Likeness(odds=odds, same=True, reason=f"likely in other words, {_said(odds)}{in_words(found, new)}")


def is_likely_akin(
    new: Gist, lead: Gist, *, story: int, words: WordRarity, rarity: Mapping[str, float], apart: timedelta
) -> bool:
    """Whether an article that is likely one with another of a story may be about what the story's lead tells."""
    if is_akin(new, lead, rarity=rarity):
        return True
    common = words.evidence(new.words & lead.words, story)
    return odds_within(signs(new, lead, words=common, rarity=rarity, apart=apart)) >= _LEAST_OF_LEAD


def may_be_one_event(new: Gist, earlier: Gist, *, rarity: Mapping[str, float]) -> bool:
    """Whether articles in two languages share enough for `same_event` or `likely_event`: told sooner than by these."""
    shared = evidence_of(new, earlier, rarity) + sum(map(count_weight, new.counts & earlier.counts))
    return shared >= min(LEAST_EVIDENCE_ACROSS, _EVIDENCE_ACROSS)


def likely_event(new: Gist, earlier: Gist, *, rarity: Mapping[str, float], apart: timedelta) -> Likeness:
    """Whether articles in two languages likely tell of one event, by names, numbers and what these count."""
    if apart > SOON:
        return _NOT
    found = signs(new, earlier, words=0.0, rarity=rarity, apart=apart)
    odds = odds_across(replace(found, balance=max(found.balance, numbers_balance(new, earlier))))
    if odds < _LEAST_ACROSS:
        return _NOT
    shared = overlap(new, earlier, rarity)
    if on_another_day(shared) or shared.other_times or speaks_of_else(shared):
        return _NOT
    if shared.evidence + sum(map(count_weight, new.counts & earlier.counts)) < _EVIDENCE_ACROSS:
        return _NOT
    if odds < _LEAST_ACROSS + _more(new, earlier):
        return _NOT
    return Likeness(odds=odds, same=True, reason=f"likely one event, {_said(odds)}{in_words(shared, new)}")


def _more(new: Gist, earlier: Gist) -> float:
    return _MORE_OF_ROUND_UPS if sums_up(new) != sums_up(earlier) else 0.0


def _said(odds: float) -> str:
    return f"{exp(min(odds, 7.0)):.0f} to 1"
