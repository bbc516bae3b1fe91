"""What a subscription would have been told of what is stored: decided and placed as the live path does. Writes nothing.

The storm brake is left out, as it counts what all subscriptions are told. An article that was edited since is judged
as it is now, and what detecting anew has found since as if it had been found at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from alerts.news import SectorNews, news_of, settlements
from alerts.rules import Decision, Verdict, decide
from alerts.schedule import Placement, end_of_hour, is_critical, place, zone_of
from extractors.detection.mentions import best_first
from flows.steps.alerting.tell_subscribers import Subject, candidate_of
from flows.steps.tools import Progress, silent
from sectorwatch.domain import Guards, ReaderState, Silence, Subscription, Told
from storage.alerting import silences as silence_store
from storage.alerting.told import told_before
from storage.reading import history
from storage.reading.history import PastArticle
from storage.unit_of_work import Work


@dataclass(frozen=True, kw_only=True)
class Previewed:
    """One decision of the past, as it would have been."""

    article_id: int
    title: str
    url: str | None
    publisher: str
    story_id: int
    sector: str
    decision: Decision
    placed: Placement | None  # of an alert: the message that it would have come with

    def as_dict(self) -> dict[str, Any]:
        """Everything, for tools."""
        placed = self.placed
        return {
            "at": self.decision.at,
            "article_id": self.article_id,
            "title": self.title,
            "url": self.url,
            "publisher": self.publisher,
            "story": self.story_id,
            "sector": self.sector,
            "verdict": self.decision.verdict,
            "code": self.decision.code,
            "reason": self.decision.words,
            "message": None if placed is None else placed.kind,
            "held_for": None if placed is None else placed.held_for,
            "due_at": None if placed is None else placed.due_at,
            "heading": None if placed is None else placed.heading,
        }


@dataclass(kw_only=True)
class Preview:
    """All decisions, in the order of the articles."""

    since: datetime
    until: datetime
    cut: bool = False  # there was more than was asked for: `since` is where the newest of it begin
    articles: int = 0  # looked at
    decisions: list[Previewed] = field(default_factory=list)

    @property
    def by_verdict(self) -> Counter[str]:
        return Counter(one.decision.verdict.value for one in self.decisions)

    @property
    def by_code(self) -> Counter[str]:
        """What would have been suppressed, by its reason."""
        kept = (one.decision for one in self.decisions if one.decision.verdict is Verdict.SUPPRESS)
        return Counter(decision.code.value for decision in kept)

    @property
    def alone(self) -> int:
        """Messages to each target of one alert each."""
        return sum(one.placed is not None and not one.placed.period for one in self.decisions)

    @property
    def digests(self) -> dict[str, int]:
        """Messages to each target of several alerts: when and why, and how many alerts."""
        told = Counter(one.placed.period for one in self.decisions if one.placed is not None and one.placed.period)
        return dict(sorted(told.items()))

    def as_dict(self) -> dict[str, Any]:
        """Everything, for tools."""
        return {
            "since": self.since,
            "until": self.until,
            "cut": self.cut,
            "articles": self.articles,
            "alerts": self.by_verdict[Verdict.ALERT.value],
            "follow_ups": self.by_verdict[Verdict.FOLLOW_UP.value],
            "folded": self.by_verdict[Verdict.FOLD.value],
            "suppressed": dict(self.by_code),
            "messages": {"alone": self.alone, "digests": self.digests},
            "decisions": [one.as_dict() for one in self.decisions],
        }


@dataclass(kw_only=True)
class _Past:
    """What the subscription was told of so far."""

    subscription: Subscription
    guards: Guards
    silences: Sequence[Silence]
    told: dict[tuple[str, int], Told]  # by sector and story
    alone: Counter[datetime] = field(default_factory=Counter)  # alerts of their own, by the end of their hour
    opened: Counter[tuple[int | None, datetime]] = field(default_factory=Counter)  # by feed and the end of the hour

    def judged(self, article: PastArticle, news: SectorNews) -> Previewed | None:
        """The decision on one sector of an article; None where it is no matter of the subscription."""
        sector, now = news.sector.sector, article.filed_at
        told = self._so_far((sector, article.story_id), now)
        candidate = candidate_of(_subject(article), news, told=told)
        decision = decide(self.subscription, candidate, now=now, silences=self.silences)
        if not decision.recorded:
            return None
        placed = None
        if decision.verdict is not Verdict.SUPPRESS:
            told = told or Told(window=-1)
            if decision.verdict is not Verdict.FOLD:
                placed = self._placed(article, news, decision)
                told = replace(told, window=told.window + 1, closed_at=None)
            self._join((sector, article.story_id), told, article, news, placed)
        return Previewed(
            article_id=article.id,
            title=article.title,
            url=article.url,
            publisher=article.publisher,
            story_id=article.story_id,
            sector=sector,
            decision=decision,
            placed=placed,
        )

    def _so_far(self, key: tuple[str, int], now: datetime) -> Told | None:
        """What was told by now: an alert that goes out later still takes what comes."""
        told = self.told.get(key)
        waits = told is not None and told.closed_at is not None and told.closed_at > now
        return replace(told, closed_at=None) if told is not None and waits else told

    def _join(
        self, key: tuple[str, int], told: Told, article: PastArticle, news: SectorNews, placed: Placement | None
    ) -> None:
        """An article joins the last alert of its story, in the words if that still waits."""
        if told.closed_at is None:
            told = replace(told, sides=told.sides | {article.side}, places=told.places | settlements(news.places))
        publishers = told.publishers | ({article.publisher} - {""})
        closes = placed.due_at if placed is not None else self.told[key].closed_at
        self.told[key] = replace(told, publishers=publishers, closed_at=closes)

    def _placed(self, article: PastArticle, news: SectorNews, decision: Decision) -> Placement:
        now, flush_at = decision.at, decision.due_at or decision.at
        schedule, zone, found = self.subscription.schedule, zone_of(self.subscription.subscriber.zone), news.sector
        feed = (article.feed_id, end_of_hour(zone, now))
        placed = place(
            schedule,
            zone,
            now=now,
            flush_at=flush_at,
            sent_in_hour=self.alone[end_of_hour(zone, max(now, flush_at))],
            critical=is_critical(schedule.critical, sector=found.sector, score=found.score, salience=found.salience),
            feed_in_hour=0 if article.feed_id is None else self.opened[feed],
            feed_cap=self.guards.feed_cap,
            waits_for=decision.waits_for,
        )
        self.opened[feed] += 1
        if not placed.period:
            self.alone[end_of_hour(zone, placed.due_at)] += 1
        return placed


def preview(
    work: Work,
    subscription: Subscription,
    *,
    since: datetime,
    until: datetime,
    guards: Guards,
    most: int | None = None,
    progress: Progress = silent,
) -> Preview:
    """What the subscription would have been told from `since` on, had it been in force by then, and not paused.

    With `most`, of the newest so many articles that name something.
    """
    stretch = history.stretch(work, since=since, until=until, most=most)
    if stretch is None:
        return Preview(since=since, until=until)
    in_force = min(subscription.active_from, since)
    past = _Past(
        subscription=replace(subscription, active_from=in_force, paused=False, reader=ReaderState()),
        guards=guards,
        silences=silence_store.between(work, since=since, until=until),
        told=told_before(work, subscription.id, before=stretch.since, first=stretch.first),
    )
    found = Preview(since=stretch.since, until=until, cut=stretch.cut)
    rule = subscription.rule
    for article in history.past_articles(work, stretch, places=rule.places, settlements=rule.follow_up.new_place):
        found.articles += 1
        progress("days", (article.first_seen_at - since).days, (until - since).days)
        for news in news_of(best_first(article.sectors), article.namings):
            judged = past.judged(article, news)
            if judged is not None:
                found.decisions.append(judged)
    return found


def _subject(article: PastArticle) -> Subject:
    return Subject(
        article_id=article.id,
        story_id=article.story_id,
        language=article.language,
        publisher=article.publisher,
        side=article.side,
        published_at=article.published_at,
        first_seen_at=article.first_seen_at,
        baseline=article.baseline,
        rewritten=article.rewritten,
        feed_id=article.feed_id,
    )
