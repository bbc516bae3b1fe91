"""Whom to tell: one subscription and one sector of one article in, a decision with its reason out.

Pure: the same candidate gives the same decision, so that a preview over the archive says what the live path would do.
Every decision but "not wanted" is put on record by the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import floor

from alerts.news import NamedPlace, most_prominent, settlements
from sectorwatch.domain import Context, Rule, Salience, Side, Silence, StoryNews, Subscription, Told, utc

TOO_OLD = timedelta(hours=48)
"""News published longer before we first saw it is an archive, not an alert (old items come back when GUIDs change)."""

_PROMINENCE = tuple(Salience)  # most prominent first


class Verdict(StrEnum):
    ALERT = "alert"
    FOLLOW_UP = "follow_up"  # news of a story that was told
    FOLD = "fold"  # joins the alert that its story has already
    SUPPRESS = "suppress"
    IGNORE = "ignore"  # no matter of this subscription: not recorded


class Code(StrEnum):
    """Why, in one stable word. Stored with the decision."""

    MATCH = "match"
    FOLLOW_UP = "follow_up"
    STORY_KNOWN = "story_known"
    NOT_WANTED = "not_wanted"
    PAUSED = "paused"
    SILENCED = "silenced"
    BASELINE = "baseline"
    FEED_REWRITTEN = "feed_rewritten"
    BEFORE_START = "before_start"
    TOO_OLD = "too_old"
    EDIT = "edit"
    PUBLISHER = "publisher"
    SIDE = "side"
    LANGUAGE = "language"
    PLACE_ONLY = "place_only"
    SALIENCE_TOO_LOW = "salience_too_low"
    SCORE_TOO_LOW = "score_too_low"
    STORM = "storm"  # held in a storm and dropped by operators: nothing that the rules decide


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What is known of one sector of one article when it is committed."""

    sector: str
    score: float
    salience: Salience
    context: Context = Context.FRONT
    language: str  # ISO 639-1, "" when unknown
    publisher: str
    side: Side
    published_at: datetime | None  # None counts as published when first seen
    first_seen_at: datetime
    noticed_at: datetime | None = None  # when the sector was found, where that was not when it was first seen
    baseline: bool = False  # came with the first poll of its feed, or ...
    rewritten: bool = False  # ... with a rewrite of it
    told: Told | None = None  # of this story and sector, to this subscription; None: nothing yet
    is_edit: bool = False  # a new text of an article that was stored before
    sector_is_new: bool = True  # False: the story spoke of this sector before this text came
    places: tuple[NamedPlace, ...] = ()  # of the sector
    only_places: bool = False  # an edit: the sector was decided on before, and these places come new


@dataclass(frozen=True, kw_only=True)
class Decision:
    verdict: Verdict
    code: Code
    words: str  # for the person who asks why
    at: datetime
    due_at: datetime | None = None  # of a new alert: when its group of first sources is closed and sent
    waits_for: str = "group"  # until then: "group", or "interval" since the story was told
    news: StoryNews | None = None  # of a follow-up
    places: tuple[str, ...] = ()  # of a new alert: the single places that it is told for; (): the whole sector

    @property
    def recorded(self) -> bool:
        """Whether the decision goes on record: all but those on sectors nobody asked for here."""
        return self.verdict is not Verdict.IGNORE


def decide(
    subscription: Subscription,
    candidate: Candidate,
    *,
    now: datetime,
    max_age: timedelta = TOO_OLD,
    silences: Sequence[Silence] = (),
) -> Decision:
    """Whether this subscription is told of this candidate, and why.

    The reasons are tried in a fixed order, so that the one on record is the strongest. A candidate that the rule
    refuses is suppressed even where its story has an alert. Raises ValueError for a naive datetime.
    """
    now = utc(now)
    rule = subscription.rule
    wanted = _as_wanted(rule, candidate)
    if isinstance(wanted, str):
        return Decision(verdict=Verdict.IGNORE, code=Code.NOT_WANTED, words=wanted, at=now)
    candidate, places = wanted
    news = _news(rule, candidate, places)
    if candidate.only_places and not places and not news and not _joins(rule, candidate):
        words = f"{candidate.sector} was decided on before"
        return Decision(verdict=Verdict.IGNORE, code=Code.NOT_WANTED, words=words, at=now)
    refused = _refused_by_pause(subscription, now) or _refused_by_time(subscription, candidate, max_age)
    refused = refused or _refused_by_source(rule, candidate) or _refused_by_weight(rule, candidate)
    refused = refused or _refused_by_silence(subscription, candidate, silences, now)
    if refused:
        code, words = refused
        return Decision(verdict=Verdict.SUPPRESS, code=code, words=words, at=now)
    if news and candidate.told is not None and candidate.told.closed_at is not None:
        pause_over = utc(candidate.told.closed_at) + timedelta(seconds=rule.follow_up.interval_s)
        due_at = max(now + subscription.group_wait, pause_over)
        words = f"new in a story that was told: {_news_words(news)}; {why(rule, candidate.sector, places)}"
        return Decision(
            verdict=Verdict.FOLLOW_UP,
            code=Code.FOLLOW_UP,
            words=words,
            at=now,
            due_at=due_at,
            waits_for="interval" if pause_over > now else "group",
            news=news,
            places=places,
        )
    if candidate.told is not None:
        words = f"this subscription has an alert of this story for {candidate.sector}: the article joins it"
        return Decision(verdict=Verdict.FOLD, code=Code.STORY_KNOWN, words=words, at=now)
    if candidate.is_edit and not candidate.sector_is_new:
        words = f"an edit: the story spoke of {', '.join(places) or candidate.sector} before"
        return Decision(verdict=Verdict.SUPPRESS, code=Code.EDIT, words=words, at=now)
    due_at = now + subscription.group_wait
    words = why(rule, candidate.sector, places)
    return Decision(verdict=Verdict.ALERT, code=Code.MATCH, words=words, at=now, due_at=due_at, places=places)


def why(rule: Rule, sector: str, places: tuple[str, ...] = ()) -> str:
    """The rule in the reader's words: why an alert for `sector`, or for single `places` of it, comes to them."""
    followed = sector if rule.sectors else f"every sector ({sector} is one)"
    if places:
        followed = f"{', '.join(places)} in {sector}"
    parts = [f"you follow {followed} with a score of at least {rule.min_score:g}"]
    if rule.min_salience is not Salience.BODY:
        parts.append("named in the headline" if rule.min_salience is Salience.HEADLINE else "named by the lead")
    if rule.context is Context.PLACE:
        parts.append("its peaceful life included")
    if rule.languages:
        parts.append("in " + ", ".join(rule.languages))
    if rule.sides:
        parts.append(f"from {', '.join(rule.sides)} sources")
    if rule.publishers:
        parts.append("published by " + ", ".join(rule.publishers))
    return ", ".join(parts)


def _as_wanted(rule: Rule, candidate: Candidate) -> tuple[Candidate, tuple[str, ...]] | str:
    """The candidate with the single places that the rule follows it for (none: the whole sector), or why not.

    A place is judged by its own mentions, not by those of its sector.
    """
    if candidate.sector in rule.sectors or not (rule.sectors or rule.places):
        return candidate, ()
    named = [one for one in candidate.places if one.place in rule.places]
    if not named:
        what = "sectors and places" if rule.places else "sectors"
        return f"{candidate.sector} is not among the {what} of this subscription"
    front = [one for one in named if one.context is Context.FRONT]
    telling = front or named
    as_named = replace(
        candidate,
        score=max(one.score for one in telling),
        salience=most_prominent(one.salience for one in telling),
        context=Context.FRONT if front else Context.PLACE,
        sector_is_new=any(one.is_new for one in named),
    )
    return as_named, tuple(one.place for one in named)


def _news(rule: Rule, candidate: Candidate, places: tuple[str, ...]) -> StoryNews | None:
    """What of the candidate is news to who was told of its story and asked for it; None while an alert waits."""
    told, asked = candidate.told, rule.follow_up
    if told is None or told.closed_at is None:
        return None
    known = told.sides - {Side.UNKNOWN}
    other_side = asked.other_side and known and candidate.side not in {Side.UNKNOWN, *known}
    named = (one for one in candidate.places if not places or one.place in places)
    count = len((told.publishers | {candidate.publisher}) - {""})
    news = StoryNews(
        sides=(candidate.side,) if other_side else (),
        places=tuple(
            one.place
            for one in named
            if asked.new_place
            and one.is_settlement
            and one.context is Context.FRONT
            and one.score >= rule.min_score
            and one.place not in told.places
        ),
        sources=count if asked.sources is not None and len(told.publishers) < asked.sources <= count else 0,
    )
    return None if news == StoryNews() else news


def _joins(rule: Rule, candidate: Candidate) -> bool:
    """Whether settlements of an edit come with an alert that waits: to be known as told."""
    waits = candidate.told is not None and candidate.told.closed_at is None
    return waits and rule.follow_up.new_place and bool(settlements(candidate.places))


def _news_words(news: StoryNews) -> str:
    words = [f"a source of another side ({side})" for side in news.sides] + [f"{one} is named" for one in news.places]
    return ", ".join(words + ([f"{news.sources} sources"] if news.sources else []))


def _refused_by_pause(subscription: Subscription, now: datetime) -> tuple[Code, str] | None:
    pause = subscription.reader.pause
    if subscription.paused:
        return Code.PAUSED, "the subscription is paused"
    if pause is not None and pause.holds(now):
        return Code.PAUSED, f"its reader paused the subscription {pause.words}"
    return None


def _refused_by_time(subscription: Subscription, candidate: Candidate, max_age: timedelta) -> tuple[Code, str] | None:
    seen = utc(candidate.first_seen_at)
    published = seen if candidate.published_at is None else utc(candidate.published_at)
    if candidate.baseline and candidate.rewritten:
        words = "it came when its feed was rewritten: nearly all its items under new ids, and most of them known"
        return Code.FEED_REWRITTEN, words
    if candidate.baseline:
        return Code.BASELINE, "it came with the first poll of its feed, which alerts nobody"
    if seen < utc(subscription.active_from):
        start = _moment(subscription.active_from)
        return Code.BEFORE_START, f"first seen {_moment(seen)}, before the subscription started ({start})"
    noticed = seen if candidate.noticed_at is None else utc(candidate.noticed_at)
    if noticed - published > max_age:
        hours = max_age / timedelta(hours=1)
        when = f"first seen ({_moment(seen)})" if noticed == seen else f"found to speak of it ({_moment(noticed)})"
        return Code.TOO_OLD, f"published {_moment(published)}, over {hours:g} hours before it was {when}"
    return None


def silence_over(
    silences: Sequence[Silence], *, sector: str, subscription_id: int, subscriber_id: int, now: datetime
) -> Silence | None:
    """The silence that keeps this back now, the one that ends last; None where nothing does."""
    of_this = (
        one
        for one in silences
        if one.starts_at <= now < one.ends_at
        and one.sector in (None, sector)
        and one.subscription_id in (None, subscription_id)
        and one.subscriber_id in (None, subscriber_id)
    )
    return max(of_this, key=lambda one: one.ends_at, default=None)


def silenced_words(silence: Silence) -> str:
    """Who keeps it back, how long and why."""
    return f"silenced by {silence.author} until {_moment(silence.ends_at)}: {silence.reason}"


def _refused_by_silence(
    subscription: Subscription, candidate: Candidate, silences: Sequence[Silence], now: datetime
) -> tuple[Code, str] | None:
    silence = silence_over(
        silences,
        sector=candidate.sector,
        subscription_id=subscription.id,
        subscriber_id=subscription.subscriber.id,
        now=now,
    )
    return None if silence is None else (Code.SILENCED, silenced_words(silence))


def _refused_by_source(rule: Rule, candidate: Candidate) -> tuple[Code, str] | None:
    if rule.publishers and _folded(candidate.publisher) not in {_folded(name) for name in rule.publishers}:
        name = candidate.publisher or "an unknown publisher"
        return Code.PUBLISHER, f"published by {name}; wanted: {', '.join(rule.publishers)}"
    if rule.sides and candidate.side not in rule.sides:
        return Code.SIDE, f"the source's side is {candidate.side}; wanted: {', '.join(rule.sides)}"
    if rule.languages and _language(candidate.language) not in {_language(wanted) for wanted in rule.languages}:
        language = candidate.language or "not known"
        return Code.LANGUAGE, f"the language is {language}; wanted: {', '.join(rule.languages)}"
    return None


def _refused_by_weight(rule: Rule, candidate: Candidate) -> tuple[Code, str] | None:
    if candidate.context is Context.PLACE and rule.context is Context.FRONT:
        return Code.PLACE_ONLY, f"{candidate.sector} is named for its peaceful life only (a court, a club, history)"
    if _PROMINENCE.index(candidate.salience) > _PROMINENCE.index(rule.min_salience):
        words = f"{candidate.sector} is named in the {candidate.salience} only; wanted: {rule.min_salience}"
        return Code.SALIENCE_TOO_LOW, words
    if candidate.score < rule.min_score:
        shown = floor(candidate.score * 1000) / 1000  # rounded up, it could look high enough
        return Code.SCORE_TOO_LOW, f"the score {shown:.3f} is below {rule.min_score:g}"
    return None


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _language(tag: str) -> str:
    """The language of a tag without its region: "uk-UA" and "uk" are one language to a reader."""
    return tag.replace("_", "-").partition("-")[0].strip().casefold()


def _moment(moment: datetime) -> str:
    return f"{utc(moment):%Y-%m-%d %H:%M} UTC"
