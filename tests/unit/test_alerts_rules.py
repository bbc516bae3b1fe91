"""The decider: every reason, in its order, with words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.news import NamedPlace
from alerts.rules import Candidate, Code, Decision, Verdict, decide
from sectorwatch.domain import Context, FollowUp, Rule, Salience, Side, Silence, Subscriber, Subscription, Told

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

SUBSCRIPTION = Subscription(
    id=1,
    subscriber=Subscriber(id=1, name="desk"),
    name="east",
    rule=Rule(sectors=("kupiansk", "lyman")),
    targets=(),
    active_from=NOW - timedelta(days=10),
)
CANDIDATE = Candidate(
    sector="kupiansk",
    score=0.9,
    salience=Salience.LEAD,
    language="uk",
    publisher="Northern Wire",
    side=Side.UKRAINIAN,
    published_at=NOW - timedelta(hours=1),
    first_seen_at=NOW - timedelta(minutes=5),
)


def decided(*, rule: Rule | None = None, paused: bool = False, **changes: object) -> Decision:
    subscription = replace(SUBSCRIPTION, rule=rule or SUBSCRIPTION.rule, paused=paused)
    return decide(subscription, replace(CANDIDATE, **changes), now=NOW)  # type: ignore[arg-type]  # fields by name


def test_a_wanted_new_story_is_an_alert_due_after_the_group_wait() -> None:
    """A match opens an alert that waits for the story's first sources, and says why in the reader's words."""
    decision = decided()
    assert (decision.verdict, decision.code) == (Verdict.ALERT, Code.MATCH)
    assert decision.due_at == NOW + timedelta(seconds=60)
    assert decision.words == "you follow kupiansk with a score of at least 0.5"
    assert decision.recorded


def test_a_sector_that_nobody_asked_for_is_not_recorded() -> None:
    """What a subscription does not watch leaves no decision behind."""
    decision = decided(sector="pokrovsk")
    assert (decision.verdict, decision.code, decision.recorded) == (Verdict.IGNORE, Code.NOT_WANTED, False)


SUPPRESSED = [
    ({"paused": True}, Code.PAUSED, "paused"),
    ({"baseline": True}, Code.BASELINE, "first poll"),
    ({"first_seen_at": NOW - timedelta(days=11), "published_at": None}, Code.BEFORE_START, "2026-02-19 12:00 UTC"),
    ({"published_at": NOW - timedelta(hours=49)}, Code.TOO_OLD, "over 48 hours"),
    ({"noticed_at": NOW + timedelta(days=9)}, Code.TOO_OLD, "before it was found to speak of it"),
    ({"score": 0.4999}, Code.SCORE_TOO_LOW, "0.499 is below 0.5"),
    ({"is_edit": True, "sector_is_new": False}, Code.EDIT, "spoke of kupiansk before"),
    ({"context": Context.PLACE}, Code.PLACE_ONLY, "peaceful life only"),
    ({"rule": Rule(min_salience=Salience.HEADLINE)}, Code.SALIENCE_TOO_LOW, "in the lead only; wanted: headline"),
    ({"rule": Rule(languages=("de", "pl"))}, Code.LANGUAGE, "is uk; wanted: de, pl"),
    ({"rule": Rule(languages=("de",)), "language": ""}, Code.LANGUAGE, "not known"),
    ({"rule": Rule(sides=(Side.RUSSIAN,))}, Code.SIDE, "is ukrainian; wanted: russian"),
    ({"rule": Rule(publishers=("Other Paper",))}, Code.PUBLISHER, "Northern Wire; wanted: Other Paper"),
]


@pytest.mark.parametrize(("changes", "code", "words"), SUPPRESSED, ids=lambda value: str(value)[:40])
def test_every_suppression_names_its_reason(changes: dict[str, object], code: Code, words: str) -> None:
    """Each thing that keeps an alert back gives its own stable code, and words with the facts."""
    decision = decided(**changes)  # type: ignore[arg-type]  # a table of keyword arguments
    assert (decision.verdict, decision.code) == (Verdict.SUPPRESS, code)
    assert words in decision.words
    assert decision.recorded
    assert decision.due_at is None


@pytest.mark.parametrize(
    ("age", "verdict"),
    [
        (timedelta(hours=48), Verdict.ALERT),
        (timedelta(hours=48, seconds=1), Verdict.SUPPRESS),
        (-timedelta(hours=3), Verdict.ALERT),
    ],
)
def test_age_counts_from_publication_to_first_sight(age: timedelta, verdict: Verdict) -> None:
    """Exactly 48 hours is still news; a date in the future is not old; reading late does not age an article."""
    seen = NOW - timedelta(days=5)
    assert decided(first_seen_at=seen, published_at=seen - age).verdict is verdict


def test_a_missing_date_counts_as_first_seen() -> None:
    """An article without a date is not suppressed as old."""
    assert decided(published_at=None).verdict is Verdict.ALERT


def test_a_known_story_folds_and_an_edit_of_it_too() -> None:
    """One alert for a story: copies and edits join it."""
    assert decided(told=Told()).code is Code.STORY_KNOWN
    edit = decided(told=Told(), is_edit=True, sector_is_new=False)
    assert edit.verdict is Verdict.FOLD


TOLD = Told(
    closed_at=NOW - timedelta(minutes=4),
    sides=frozenset({Side.UKRAINIAN}),
    places=frozenset({"kupiansk"}),
    publishers=frozenset({"A", "B"}),
)
ALL_NEWS = FollowUp(other_side=True, new_place=True, sources=3)
VILLAGE = NamedPlace(place="radkivka", score=0.8, salience=Salience.BODY, kind="village")


@pytest.mark.parametrize(
    ("changes", "news"),
    [
        ({"side": Side.RUSSIAN}, "a source of another side (russian)"),
        ({"side": Side.UNKNOWN}, ""),
        ({"side": Side.RUSSIAN, "told": replace(TOLD, sides=frozenset({Side.UNKNOWN}))}, ""),
        ({"places": (VILLAGE,)}, "radkivka is named"),
        ({"places": (replace(VILLAGE, place="kupiansk"),)}, ""),
        ({"places": (replace(VILLAGE, kind="river"),)}, ""),
        ({"places": (replace(VILLAGE, context=Context.PLACE),)}, ""),
        ({"places": (replace(VILLAGE, score=0.3),)}, ""),
        ({"publisher": "C"}, "3 sources"),
        ({"publisher": ""}, ""),
        ({"publisher": "C", "told": replace(TOLD, publishers=frozenset("ABD"))}, ""),
        ({"publisher": "C", "places": (VILLAGE,)}, "radkivka is named, 3 sources"),
        ({"publisher": "C", "rule": Rule()}, ""),
        ({"publisher": "C", "told": replace(TOLD, closed_at=None)}, ""),
        ({"publisher": "C", "told": None}, None),
        ({"places": (VILLAGE,), "is_edit": True, "only_places": True}, "radkivka is named"),
    ],
)
def test_news_of_a_told_story_follow_it_up_where_it_was_asked_for(changes: dict[str, Any], news: str | None) -> None:
    """What is no news folds; while the last alert waits, everything does; the interval counts from that alert."""
    given = {"publisher": "A", "side": Side.UKRAINIAN, "told": TOLD, "rule": Rule(follow_up=ALL_NEWS)} | changes
    decision = decided(**given)
    if news:
        assert decision.verdict is Verdict.FOLLOW_UP
        assert decision.words.startswith(f"new in a story that was told: {news}; you follow")
        assert decision.due_at == NOW + timedelta(minutes=6)
    else:
        assert decision.verdict is (Verdict.ALERT if news is None else Verdict.FOLD)


def test_an_edit_without_news_is_no_matter_of_a_follow_up() -> None:
    """An article that was decided on is not decided on again for a place that was told."""
    told = {"told": TOLD, "publisher": "A", "is_edit": True, "only_places": True}
    edit: dict[str, Any] = told | {"places": (replace(VILLAGE, place="kupiansk"),)}
    assert decided(rule=Rule(follow_up=ALL_NEWS), **edit).verdict is Verdict.IGNORE


def test_an_edit_that_brings_a_new_sector_alerts() -> None:
    """An edit alerts for a sector that its story did not have."""
    assert decided(is_edit=True, sector_is_new=True).verdict is Verdict.ALERT


def test_a_refused_candidate_is_not_folded() -> None:
    """What the rule refuses does not slip into an alert because its story has one."""
    assert decided(told=Told(), score=0.1).verdict is Verdict.SUPPRESS


def test_an_empty_rule_wants_everything() -> None:
    """Empty filters mean any, unknown language and publisher included."""
    decision = decided(rule=Rule(), sector="anywhere", language="", publisher="", side=Side.UNKNOWN)
    assert decision.verdict is Verdict.ALERT
    assert "anywhere" in decision.words


def test_filters_compare_as_readers_would() -> None:
    """The region of a language and the case and spacing of a publisher's name do not matter."""
    rule = Rule(languages=("UK-ua",), publishers=("northern  WIRE",), min_salience=Salience.LEAD)
    decision = decided(rule=rule)
    assert decision.verdict is Verdict.ALERT
    assert "named by the lead, in UK-ua, published by northern  WIRE" in decision.words


def test_a_place_in_peace_is_told_where_it_was_asked_for() -> None:
    """A subscription that wants every mention is told of the town's court too, and the words say so."""
    decision = decided(rule=Rule(context=Context.PLACE), context=Context.PLACE)
    assert decision.verdict is Verdict.ALERT
    assert "its peaceful life included" in decision.words


SILENCE = Silence(
    id=1, starts_at=NOW, ends_at=NOW + timedelta(hours=6), author="anna", reason="exercise", sector="kupiansk"
)


@pytest.mark.parametrize(
    ("changes", "kept_back"),
    [
        ({}, True),
        ({"sector": None, "subscription_id": 1}, True),
        ({"sector": None, "subscriber_id": 1}, True),
        ({"sector": "lyman"}, False),
        ({"subscription_id": 2}, False),  # all that is stated has to hold
        ({"subscriber_id": 2}, False),
        ({"starts_at": NOW + timedelta(seconds=1)}, False),
        ({"ends_at": NOW}, False),  # its end is no part of it
    ],
)
def test_a_silence_keeps_back_what_matches_all_of_it(changes: dict[str, Any], kept_back: bool) -> None:
    """Sector, subscription and subscriber are compared where they are stated, from its start to before its end."""
    decision = decide(SUBSCRIPTION, CANDIDATE, now=NOW, silences=[replace(SILENCE, **changes)])
    assert (decision.code is Code.SILENCED) is kept_back


def test_a_silence_says_who_how_long_and_why() -> None:
    """The record names its author, end and reason; a rule that refuses anyway is the stronger reason."""
    decision = decide(SUBSCRIPTION, CANDIDATE, now=NOW, silences=[SILENCE])
    assert decision.words == "silenced by anna until 2026-03-01 18:00 UTC: exercise"
    assert decide(SUBSCRIPTION, replace(CANDIDATE, score=0), now=NOW, silences=[SILENCE]).code is Code.SCORE_TOO_LOW


VUZLOVYI = NamedPlace(place="kupiansk-vuzlovyi", score=0.6, salience=Salience.BODY)
PISHCHANE = NamedPlace(place="pishchane", score=0.9, salience=Salience.LEAD)
PLACES = Rule(sectors=("lyman",), places=("kupiansk-vuzlovyi",))


@pytest.mark.parametrize(
    ("rule", "changes", "code"),
    [
        (PLACES, {"places": (PISHCHANE, VUZLOVYI)}, Code.MATCH),
        (PLACES, {"places": (PISHCHANE,)}, Code.NOT_WANTED),
        (PLACES, {"sector": "lyman"}, Code.MATCH),  # the whole of it
        (Rule(places=("kupiansk-vuzlovyi",)), {}, Code.NOT_WANTED),  # no sectors is not every sector here
        (replace(PLACES, min_score=0.8), {"places": (PISHCHANE, VUZLOVYI)}, Code.SCORE_TOO_LOW),
        (replace(PLACES, min_salience=Salience.LEAD), {"places": (VUZLOVYI,)}, Code.SALIENCE_TOO_LOW),
        (PLACES, {"places": (replace(VUZLOVYI, context=Context.PLACE),)}, Code.PLACE_ONLY),
        (PLACES, {"places": (VUZLOVYI,), "is_edit": True, "sector_is_new": False}, Code.MATCH),
        (PLACES, {"places": (replace(VUZLOVYI, is_new=False),), "is_edit": True, "sector_is_new": False}, Code.EDIT),
        (Rule(), {"places": (VUZLOVYI,), "only_places": True, "is_edit": True}, Code.NOT_WANTED),
        (PLACES, {"places": (VUZLOVYI,), "only_places": True, "is_edit": True}, Code.MATCH),
    ],
)
def test_single_places_stand_beside_whole_sectors(rule: Rule, changes: dict[str, object], code: Code) -> None:
    """A place is followed for itself: by its own score, prominence, context, and whether the story had it before."""
    assert decided(rule=rule, **changes).code is code


def test_an_alert_for_a_place_says_so() -> None:
    """The reader learns which place brought it."""
    assert decided(rule=PLACES, places=(VUZLOVYI,)).words == (
        "you follow kupiansk-vuzlovyi in kupiansk with a score of at least 0.5"
    )


def test_a_naive_time_is_refused() -> None:
    """A time without a zone is an error, never a guess."""
    with pytest.raises(ValueError, match="without time zone"):
        decided(first_seen_at=datetime(2026, 3, 1))  # noqa: DTZ001  # the point of the test
