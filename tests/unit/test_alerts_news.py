"""What of an article is news: sectors and places that were not named before."""

from __future__ import annotations

from alerts.news import SectorNews, news_of
from sectorwatch.domain import Context, Salience, SectorScore, Zone
from tests.builders import mention

KUPIANSK = SectorScore(sector="kupiansk", score=0.9, salience=Salience.LEAD, count=3)
LYMAN = SectorScore(sector="lyman", score=0.7, salience=Salience.BODY, count=1)
MENTIONS = (
    mention("kupiansk", kind="sector"),
    mention("kupiansk", place="pishchane", zone=Zone.BODY, score=0.6),
    mention("kupiansk", place="pishchane", zone=Zone.TITLE, score=0.8),
    mention("kupiansk", place="pishchane", zone=Zone.TITLE, score=1.0, context=Context.PLACE),
    mention("lyman", place="zarichne", zone=Zone.BODY),
)


def summary(news: list[SectorNews]) -> list[tuple[str, list[tuple[str, bool]], bool, bool]]:
    return [
        (one.sector.sector, [(place.place, place.is_new) for place in one.places], one.is_new, one.only_places)
        for one in news
    ]


def test_a_place_is_judged_by_its_own_mentions() -> None:
    """Its best score and place in the text; its peaceful life counts only where there is nothing else."""
    (kupiansk,) = news_of([KUPIANSK], MENTIONS)
    (pishchane,) = kupiansk.places
    assert (pishchane.score, pishchane.salience, pishchane.context) == (0.8, Salience.HEADLINE, Context.FRONT)


def test_what_an_edit_brings() -> None:
    """A sector that was decided on counts for its new places alone, and without any not at all."""
    decided = {("kupiansk", "kupiansk"), ("lyman", "zarichne")}
    assert summary(news_of([KUPIANSK, LYMAN], MENTIONS, decided=decided, told=decided)) == [
        ("kupiansk", [("pishchane", True)], False, True)
    ]


def test_what_the_story_had_is_not_new() -> None:
    """A sector or place that another article of the story named is decided on, and marked as known."""
    told = {("kupiansk", "pishchane")}
    assert summary(news_of([KUPIANSK, LYMAN], MENTIONS, told=told)) == [
        ("kupiansk", [("pishchane", False)], False, False),
        ("lyman", [("zarichne", True)], True, False),
    ]
