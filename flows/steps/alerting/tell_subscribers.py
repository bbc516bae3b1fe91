"""Decides whom to tell of a stored article, and puts every decision on record. Does not commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.news import SectorNews, settlements
from alerts.rules import Candidate, Decision, Verdict, decide
from alerts.schedule import is_critical
from flows.steps.alerting.enqueue_alert import NewAlert, enqueue_alert
from flows.steps.alerting.storm_brake import Brake
from sectorwatch.domain import NO_GUARDS, FollowUp, Grounds, Guards, Side, Subscription, Told
from storage.alerting import outbox
from storage.alerting import silences as silence_store
from storage.alerting.told import told_of
from storage.intake import feeds as feed_store
from storage.unit_of_work import Work


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A stored article, as far as deciding whom to tell of it needs."""

    article_id: int
    story_id: int
    language: str
    publisher: str
    side: Side
    published_at: datetime | None
    first_seen_at: datetime
    baseline: bool
    rewritten: bool = False  # of a baseline: not the first poll of its feed, but a rewrite
    noticed_at: datetime | None = None  # when its sectors were found, where that was later
    feed_id: int | None = None  # whose entry it was
    is_edit: bool = False  # a new text of an article that was decided on before


def tell(
    work: Work,
    subject: Subject,
    news: Sequence[SectorNews],
    subscriptions: Sequence[Subscription],
    now: datetime,
    guards: Guards = NO_GUARDS,
) -> dict[str, int]:
    """Records one decision for each subscription and sector; opens alerts with their deliveries."""
    counts = {"alerts": 0, "folded": 0, "suppressed": 0}
    if not news or not subscriptions:
        return counts
    outbox.take_turn(work)
    if subject.baseline and subject.feed_id is not None:
        seen = subject.first_seen_at
        subject = replace(subject, rewritten=feed_store.was_rewritten(work, subject.feed_id, first_seen_at=seen))
    in_full = any(subscription.rule.follow_up != FollowUp() for subscription in subscriptions)
    told = told_of(work, subject.story_id, in_full=in_full)
    silences = silence_store.active(work, now=now)
    brake = Brake(guards=guards)
    for subscription in subscriptions:  # in one order for all workers: none waits for another's digests in a circle
        for one in news:
            candidate = candidate_of(subject, one, told=told.get((subscription.id, one.sector.sector)))
            decision = decide(subscription, candidate, now=now, silences=silences)
            if decision.recorded:
                counts[_carry_out(work, decision, subscription, candidate, subject, brake)] += 1
    return counts


def candidate_of(subject: Subject, news: SectorNews, *, told: Told | None) -> Candidate:
    """What is decided on: one sector of one article."""
    return Candidate(
        sector=news.sector.sector,
        score=news.sector.score,
        salience=news.sector.salience,
        context=news.sector.context,
        language=subject.language,
        publisher=subject.publisher,
        side=subject.side,
        published_at=subject.published_at,
        first_seen_at=subject.first_seen_at,
        noticed_at=subject.noticed_at,
        baseline=subject.baseline,
        rewritten=subject.rewritten,
        told=told,
        is_edit=subject.is_edit,
        sector_is_new=news.is_new,
        places=news.places,
        only_places=news.only_places,
    )


def _carry_out(
    work: Work, decision: Decision, subscription: Subscription, candidate: Candidate, subject: Subject, brake: Brake
) -> str:
    now, article, sector = decision.at, subject.article_id, candidate.sector
    if decision.verdict is Verdict.SUPPRESS:
        outbox.suppress(
            work,
            subscription_id=subscription.id,
            article_id=article,
            sector=sector,
            code=decision.code.value,
            reason=decision.words,
            now=now,
        )
        return "suppressed"
    due_at = decision.due_at or now
    last = 0 if candidate.told is None else candidate.told.window
    window = last + 1 if decision.verdict is Verdict.FOLLOW_UP else last
    alert = outbox.open_alert(
        work,
        subscription_id=subscription.id,
        sector=sector,
        story_id=subject.story_id,
        window=window,
        reason=decision.words,
        now=now,
        flush_at=due_at,
        grounds=Grounds(rule=subscription.rule, places=decision.places, news=decision.news),
    )
    words = decision.verdict if alert.created else Verdict.FOLD
    places = () if alert.closed else settlements(candidate.places)
    outbox.unsuppress(work, subscription_id=subscription.id, article_id=article, sector=sector)
    outbox.add_article(work, alert.id, article, decision=words.value, reason=decision.words, now=now, places=places)
    if not alert.created:
        return "folded"
    critical = subscription.schedule.critical
    new = NewAlert(
        id=alert.id,
        sector=sector,
        story_id=subject.story_id,
        window=window,
        feed_id=subject.feed_id,
        flush_at=due_at,
        waits_for=decision.waits_for,
        critical=is_critical(critical, sector=sector, score=candidate.score, salience=candidate.salience),
    )
    enqueue_alert(work, subscription, new, brake, now=now)
    return "alerts"
