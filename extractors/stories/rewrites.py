"""Rewrites of one piece of news: texts in other words that share names, numbers and time.

Two articles tell the same when they share enough rare names and numbers, when most of what the one with fewer of them
has is in the other too, and when they do not have other numbers or days instead. A cut copy (a first paragraph,
a half) has nearly all of its words in the other besides. How rare a name is, the store counts: so it is right for any
language, region and time.

What stays apart: two daily reports of one template share names and words, and differ in numbers and days; a later
development shares names and brings others of its own, so that the longer after, the more has to be shared.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from operator import add

from extractors.stories.fingerprints import StoryVerdict
from extractors.stories.gist import ROUND_UP, name_weight, number_weight
from extractors.stories.signs import (
    counted_otherwise,
    names_in_common,
    own_names,
    weight_of_names,
    weight_of_numbers,
)
from sectorwatch.domain import Gist

LEAST_EVIDENCE = 1.2  # names and numbers in common that any rule asks for
WINDOW = timedelta(days=3)  # a cut copy comes within days, a rewrite within hours

_AT_ONCE = timedelta(hours=3)  # what another channel posts meanwhile in the same words is seldom of another event
SOON = timedelta(hours=18)  # news of the day: later, the same names are mostly about what came of it
_LATE = timedelta(hours=36)  # no rewrite comes later


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What two articles have to share."""

    evidence: float  # rare names and numbers
    share: float  # of the names and numbers of the article that has fewer
    words: float  # of the words of the article that has fewer: the subject is the same
    numbers: float = 0.5  # of the numbers; with fewer it is another report of the same kind


_REWRITE = _Asked(evidence=2.6, share=0.6, words=0.14)
_WITHOUT_NUMBERS = _Asked(evidence=2.8, share=0.65, words=0.22)
_CLOSE = _Asked(evidence=1.8, share=0.7, words=0.38)  # little to know it by, and most of the words
_UPDATE = _Asked(evidence=3.5, share=0.8, words=0.3, numbers=0.8)  # of the next day, or of the same publisher
_PART = _Asked(evidence=2.6, share=0.7, words=0.4)  # of an article with much else in it: a round-up, perhaps
_ALIKE = _Asked(evidence=1.5, share=0.85, words=0.3, numbers=0.95)  # short, but with nothing else of its own
_NESTED = _Asked(evidence=1.5, share=0.65, words=0.13, numbers=0.75)  # all that one of them has is in the other
_NESTED_IN_MORE = 2.0  # evidence
_BRIEF = _Asked(evidence=2.6, share=0.95, words=0.3, numbers=0.95)  # a post of a line or two
_MANY = _Asked(evidence=4.5, share=0.8, words=0.07, numbers=0.95)  # more than two reports of a kind have in common
_COUNTED = _Asked(evidence=1.3, share=0.35, words=0.25, numbers=0.9)  # two rare numbers or more
_WORDED = _Asked(
    evidence=LEAST_EVIDENCE, share=0.5, words=0.55, numbers=0.9
)  # in much the same words, within few hours
_CUT = _Asked(evidence=1.5, share=0.8, words=0.8, numbers=0.95)

_FEWEST_WORDS = _NESTED.words  # that any of these asks for, of articles that came within hours, but for `_MANY`

_AKIN = _Asked(evidence=1.8, share=0.4, words=0.08, numbers=0.0)
_EVENT = _Asked(evidence=2.5, share=0.6, words=0.0, numbers=0.7)
_EVENT_NAMES, _EVENT_NUMBERS = 2.0, 0.75  # weight of those in common: two names and more than a round number


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """What tells one event within hours, where no number of one article speaks against it."""

    asked: _Asked
    names: float  # weight of those in common
    numbers: float
    balance: float


_EVENTS = (
    _Kind(asked=_Asked(evidence=1.5, share=0.45, words=0.0, numbers=0.9), names=0.7, numbers=0.75, balance=0.4),
    _Kind(asked=_Asked(evidence=1.8, share=0.75, words=0.0, numbers=0.9), names=1.7, numbers=0.6, balance=0.4),
    _Kind(asked=_Asked(evidence=1.5, share=0.4, words=0.0, numbers=0.95), names=0.2, numbers=2.0, balance=0.5),
    _Kind(asked=_Asked(evidence=2.5, share=0.75, words=0.0, numbers=0.9), names=3.3, numbers=0.0, balance=0.35),
)

LEAST_EVIDENCE_ACROSS = min(kind.asked.evidence for kind in _EVENTS)
"""Of names and numbers: on less no rule relates articles in two languages."""

_LEAST_LENGTH = 12  # words of the shorter one, small ones not counted: less is no account of anything
_CUT_LENGTH = 10
_BRIEF_LENGTH = 5
_NESTED_NAMES, _NESTED_NUMBERS = 0.5, 0.3  # weight of its own that the one with fewer may have
_ANOTHER_NAME, _BESIDE_ANOTHER = 1.0, 0.75  # weight: somebody or some place else; the share that is asked then
_FORM = 0.5  # of the words: two reports written alike
_ELSE, _NEARLY_ALL = 1.0, 0.75  # weight of numbers of its own; the share that is asked then
_RARE_NUMBERS = 2.0  # weight
_MANY_NUMBERS = 3.0  # weight: no two days have as many in common
_OTHER_TIME = 60  # minutes; accounts of one strike differ by less
_DAY = 24 * 60  # minutes
_CHRONICLE = 4  # times of day in one article
_TIME_OF_DAY = re.compile("([01]?[0-9]|2[0-4]):([0-5][0-9])")
_LITTLE_MORE = 0.4  # names and numbers of the one beside the other's
_NO_MORE = 0.5  # the same beside each other: neither has much that the other has not
_MUCH_ELSE = 0.35  # names and numbers of the one beside those of the other
_TELLING = 0.6  # weight of a number that few texts have
_TELLING_NUMBERS = 0.8  # weight in all that two articles must have for their disagreement to count
_ALL = 0.95  # of the numbers
_UNCOUNTED = 0.6  # rarity of what was not looked up


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """What two articles share; shares are of the one that has less, in what names and numbers weigh."""

    names: tuple[str, ...]  # keys
    numbers: tuple[str, ...]
    evidence: float
    share: float  # of names and numbers
    number_share: float  # 1 where one has next to no numbers
    numbers_within: bool  # all numbers of one are in the other
    balance: float  # names and numbers of the one that has fewer, beside the other's
    words: float
    length: int  # words of the one that has fewer
    own_names: float  # weight of those that only one has, of the one with fewer of them
    own_numbers: float
    other_days: bool
    other_times: bool


def same_news(
    new: Gist, earlier: Gist, *, rarity: Mapping[str, float], apart: timedelta, one_source: bool
) -> StoryVerdict:
    """Whether an article tells the news of an earlier one, and why. `rarity` of a term is 1 for a unique one.

    `one_source`: both are of one publisher, who does not often tell the same twice, and has words of its own in each.
    """
    found = overlap(new, earlier, rarity)
    if apart > WINDOW:
        return StoryVerdict(same=False, reason=f"more than {WINDOW.days} days apart")
    telling = any(number_weight(number) >= _TELLING for number in found.numbers)
    if on_another_day(found):
        return StoryVerdict(same=False, reason="another day")
    if found.other_times:
        return StoryVerdict(same=False, reason="another time of day")
    said = in_words(found, new)
    is_cut = found.length >= _CUT_LENGTH and found.numbers_within and _meets(found, _CUT)
    if is_cut and (not one_source or _meets(found, _UPDATE)):
        return StoryVerdict(same=True, reason=f"{found.words:.0%} of the words of the shorter one{said}")
    if (ROUND_UP in new.counts) != (ROUND_UP in earlier.counts):
        return StoryVerdict(same=False, reason="one of them sums up a day")
    if found.number_share < _REWRITE.numbers or speaks_of_else(found):
        return StoryVerdict(same=False, reason="other numbers")
    asked = [_CLOSE if found.words >= _CLOSE.words else _REWRITE if telling else _WITHOUT_NUMBERS]
    asked += [_UPDATE] if one_source or apart > SOON else []
    asked += [_PART] if found.balance < _MUCH_ELSE else []
    form = of_one_form(found, new, earlier)
    enough = all(_meets(found, one) for one in asked) and not form
    enough = enough and found.length >= _LEAST_LENGTH
    if apart <= SOON and not one_source:
        enough = enough or _at_once(found, telling=telling)
    if apart <= _AT_ONCE and not (one_source or form):
        enough = enough or _worded(found)
    if apart <= _LATE and enough:
        return StoryVerdict(same=True, reason=f"in other words{said}")
    return StoryVerdict(same=False, reason=f"too little in common{said}")


def may_be_same_news(new: Gist, earlier: Gist, *, evidence: float, apart: timedelta) -> bool:
    """Whether articles share enough for `same_news`: told sooner, for most that have a name in common do not.

    `evidence` is that of `evidence_of`.
    """
    if evidence < LEAST_EVIDENCE:
        return False
    least = _UPDATE.words if apart > SOON else _MANY.words if evidence >= _MANY.evidence else _FEWEST_WORDS
    length = min(len(new.words), len(earlier.words))
    return length > 0 and len(new.words & earlier.words) >= least * length


def on_another_day(found: Overlap) -> bool:
    """Whether they name no day in common. One report of a day's numbers may name the day, and another the next.

    In the same words with another day it is the next one of a form: hours of power cuts are the same for days.
    """
    if not found.other_days or found.words >= _FORM:
        return found.other_days
    common = sum(map(number_weight, found.numbers))
    telling = any(number_weight(number) >= _TELLING for number in found.numbers)
    return not (telling and found.number_share >= (_ALL if common < _MANY_NUMBERS else _NEARLY_ALL))


def of_one_form(found: Overlap, new: Gist, earlier: Gist) -> bool:
    """Whether it is a report written like another one, about somebody or some place else."""
    telling = any(number_weight(number) >= _TELLING for number in found.numbers)
    return (
        not telling
        and new.numbers != earlier.numbers
        and found.words >= _FORM
        and found.own_names >= _ANOTHER_NAME
        and found.share < _BESIDE_ANOTHER
    )


def speaks_of_else(found: Overlap) -> bool:
    """Whether each has numbers that tell and that the other has not: one speaker's words on two subjects."""
    return found.own_numbers >= _ELSE and found.number_share < _NEARLY_ALL


def _at_once(found: Overlap, *, telling: bool) -> bool:
    """Whether two publishers tell one thing within hours: little of it, but nothing else, or very much of it."""
    if _meets(found, _MANY) or (found.length >= _BRIEF_LENGTH and _meets(found, _BRIEF)):
        return found.own_numbers <= _NESTED_NUMBERS
    if not telling or found.length < _LEAST_LENGTH or found.balance < _LITTLE_MORE:
        return False
    counted = sum(number_weight(number) for number in found.numbers if number_weight(number) >= 1.0) >= _RARE_NUMBERS
    nested = found.own_names <= _NESTED_NAMES and found.own_numbers <= _NESTED_NUMBERS
    nested = nested and _meets(found, _NESTED) and (found.balance >= _NO_MORE or found.evidence >= _NESTED_IN_MORE)
    return nested or (counted and _meets(found, _COUNTED)) or (found.balance >= _NO_MORE and _meets(found, _ALIKE))


def _worded(found: Overlap) -> bool:
    """Whether two publishers tell one thing in much the same words, and all numbers of the one are in the other."""
    if found.length < _CUT_LENGTH or found.balance < _LITTLE_MORE or found.own_numbers > 0:
        return False
    return _meets(found, _WORDED)


def is_akin(new: Gist, lead: Gist, *, rarity: Mapping[str, float]) -> bool:
    """Whether an article that is like one of a story is also about what the story's lead tells.

    Without this, a day of events in one country becomes a chain in which each is like the one before.
    """
    return _meets(overlap(new, lead, rarity), _AKIN)


def same_event(new: Gist, earlier: Gist, *, rarity: Mapping[str, float], apart: timedelta) -> StoryVerdict:
    """Whether articles in two languages tell of one event, as far as names and numbers can say; and why.

    Words do not count, so more of names and of numbers has to agree; that they do not name other places, the caller
    sees to. Where an article has numbers enough, these tell whether the other one has much else: German nouns look
    like names.
    """
    found = overlap(new, earlier, rarity)
    said = in_words(found, new)
    counted, named = sum(map(number_weight, found.numbers)), sum(map(name_weight, found.names))
    same = False
    one_event = (ROUND_UP in new.counts) == (ROUND_UP in earlier.counts)
    if one_event and apart <= SOON and not (found.other_days or found.other_times or speaks_of_else(found)):
        balance = max(found.balance, numbers_balance(new, earlier))
        same = counted >= _EVENT_NUMBERS and named >= _EVENT_NAMES and balance >= _MUCH_ELSE and _meets(found, _EVENT)
        if not same and found.own_numbers <= _NESTED_NUMBERS:
            same = any(
                named >= kind.names
                and counted >= kind.numbers
                and found.balance >= kind.balance
                and _meets(found, kind.asked)
                for kind in _EVENTS
            )
    return StoryVerdict(same=same, reason=f"one event{said}" if same else f"too little in common{said}")


def numbers_balance(new: Gist, earlier: Gist) -> float:
    """The numbers of the one that has fewer beside the other's; 0 where it has next to none."""
    fewest, most = sorted(map(weight_of_numbers, (new, earlier)))
    return fewest / most if fewest >= _TELLING_NUMBERS else 0.0


def _meets(found: Overlap, asked: _Asked) -> bool:
    return (
        found.evidence >= asked.evidence
        and found.share >= asked.share
        and found.words >= asked.words
        and found.number_share >= asked.numbers
    )


def evidence_of(new: Gist, earlier: Gist, rarity: Mapping[str, float]) -> float:
    """What the names and numbers in common weigh, at most: no rule joins on less than `LEAST_EVIDENCE`."""
    found = sum(name_weight(name) * rarity.get(f"n:{name}", _UNCOUNTED) for name in names_in_common(new, earlier))
    numbers = new.numbers & earlier.numbers
    return found + sum(number_weight(number) * rarity.get(f"u:{number}", _UNCOUNTED) for number in numbers)


def overlap(new: Gist, earlier: Gist, rarity: Mapping[str, float]) -> Overlap:
    """What two gists have in common."""
    names = sorted(names_in_common(new, earlier))
    otherwise = counted_otherwise(new.counts, earlier.counts)
    numbers = sorted((new.numbers & earlier.numbers) - otherwise)
    named, counted = sum(map(name_weight, names)), sum(map(number_weight, numbers))
    of_numbers = [weight_of_numbers(one) for one in (new, earlier)]
    fewest_numbers = min(of_numbers)
    least, most = sorted(map(add, map(weight_of_names, (new, earlier)), of_numbers))
    evidence = sum(name_weight(name) * rarity.get(f"n:{name}", _UNCOUNTED) for name in names)
    evidence += sum(number_weight(number) * rarity.get(f"u:{number}", _UNCOUNTED) for number in numbers)
    length = min(len(new.words), len(earlier.words))
    return Overlap(
        names=tuple(names),
        numbers=tuple(numbers),
        evidence=evidence,
        share=min(1.0, (named + counted) / least) if least else 0.0,
        number_share=counted / fewest_numbers if fewest_numbers >= _TELLING_NUMBERS else 1.0,
        numbers_within=len(numbers) == min(len(new.numbers), len(earlier.numbers)),
        balance=least / most if most else 1.0,
        words=len(new.words & earlier.words) / length if length else 0.0,
        length=length,
        own_names=min(own_names(new, earlier), own_names(earlier, new)),
        own_numbers=min(
            sum(map(number_weight, new.numbers - (earlier.numbers - otherwise))),
            sum(map(number_weight, earlier.numbers - (new.numbers - otherwise))),
        ),
        other_times=_other_times(new, earlier),
        other_days=bool(new.days and earlier.days) and new.days.isdisjoint(earlier.days),
    )


def _other_times(new: Gist, earlier: Gist) -> bool:
    """Whether both give times of day, and none of the one is near one of the other."""
    mine, its = (_times(one) for one in (new, earlier))
    return bool(mine and its) and all(_between(one, other) > _OTHER_TIME for one in mine for other in its)


def sums_up(gist: Gist) -> bool:
    """Whether it tells of a whole day, of which each entry is news of its own."""
    return ROUND_UP in gist.counts or len(_times(gist)) >= _CHRONICLE


def _between(one: int, other: int) -> int:
    """Minutes from one time of day to another: from 23:50 to 0:10 there are 20."""
    apart = abs(one - other)
    return min(apart, _DAY - apart)


def _times(gist: Gist) -> list[int]:
    """Times of day, in minutes; a score of 2:1 is none, and no result of 2:30.45."""
    times = filter(None, map(_TIME_OF_DAY.fullmatch, gist.numbers))
    return [int(time[1]) * 60 + int(time[2]) for time in times]


def in_words(found: Overlap, new: Gist) -> str:
    """The names and numbers in common, in words."""
    names = [new.names.get(key) or new.perhaps.get(key, key) for key in _first(found.names)]
    said = [f"names {', '.join(names)}"] if names else []
    said += [f"numbers {', '.join(_first(found.numbers))}"] if found.numbers else []
    return f"; in common: {'; '.join(said)}" if said else ""


def _first(keys: Collection[str]) -> list[str]:
    return list(keys)[:8]
