"""Two workers decide at once, on both databases: caps hold, and nobody waits for ever."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import func, select

from alerts.news import news_of
from flows.steps.alerting.tell_subscribers import Subject, tell
from sectorwatch.domain import Mode, Schedule, Side, Subscription
from storage.alerting import digests
from storage.secrets import Vault
from storage.subscribers import subscriptions
from storage.tables import deliveries, delivery_alerts
from storage.unit_of_work import Store, Work
from tests.builders import NOON, add_feed, add_subscription, read_article
from tests.stored_articles import add_article

DAILY = Schedule(mode=Mode.DIGEST, digest_at=time(18))
A_MOMENT = 0.5  # seconds that a worker gets to do what it must not: run past the turn of another


def article(store: Store, text: str) -> Subject:
    """A stored article of a story of its own, and what is known of it."""
    number = add_article(store, add_feed(store, f"https://news.example.org/{text}"), text)
    return Subject(
        article_id=number,
        story_id=number,
        language="en",
        publisher="News",
        side=Side.UNKNOWN,
        published_at=None,
        first_seen_at=NOON,
        baseline=False,
    )


def say(work: Work, wishes: list[Subscription], subject: Subject, *sectors: str) -> None:
    found = read_article("News.", sectors=sectors).detection
    tell(work, subject, news_of(found.sectors, found.mentions), wishes, NOON)


def passed(monkeypatch: pytest.MonkeyPatch, name: str) -> Event:
    """Set by the second call of a function of `digests`: the second worker got as far."""
    original: Callable[..., Any] = getattr(digests, name)
    calls, reached = [0], Event()

    def called(*arguments: Any, **named: Any) -> Any:
        calls[0] += 1
        answer = original(*arguments, **named)
        if calls[0] == 2:
            reached.set()
        return answer

    monkeypatch.setattr(digests, name, called)
    return reached


def test_a_cap_holds_between_two_workers(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who counts the alerts of the hour sees those of a worker that has not committed yet: it waits for its turn."""
    wishes = [add_subscription(store, "one", schedule=Schedule(hourly_cap=1))]
    first, second = article(store, "first"), article(store, "second")
    counted = passed(monkeypatch, "single_alerts")

    def other() -> None:
        with store.write() as work:
            say(work, wishes, second, "kupiansk")
            work.commit()

    with ThreadPoolExecutor(1) as worker:
        with store.write() as work:
            say(work, wishes, first, "kupiansk")
            running = worker.submit(other)
            assert not counted.wait(A_MOMENT)
            work.commit()
        running.result(30)
    with store.read() as work:
        kinds = work.connection.execute(select(deliveries.c.kind).order_by("kind")).scalars().all()
    assert kinds == ["alert", "digest"]


def test_who_joins_digests_in_another_order_is_waited_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """One worker joins B and then A (a batch of redetect), another A and then B (the live path): both come through."""
    add_subscription(store, "one", sectors=("kupiansk",), schedule=DAILY)
    with store.write() as work:
        old = subscriptions.every(work, Vault())[0]
        subscriptions.put_subscription(
            work,
            subscriber_id=old.subscriber.id,
            name="second",
            rule=type(old.rule)(sectors=("lyman",)),
            target_ids=[target.id for target in old.targets],
            group_wait=timedelta(0),
            paused=False,
            managed=True,
            now=NOON,
            schedule=DAILY,
        )
        work.commit()
    with store.read() as work:
        wishes = subscriptions.every(work, Vault())
    subjects = [article(store, text) for text in ("first", "second", "third")]
    joined = passed(monkeypatch, "join")

    def live() -> None:
        with store.write() as work:
            say(work, wishes, subjects[2], "kupiansk", "lyman")
            work.commit()

    with ThreadPoolExecutor(1) as worker:
        with store.write() as work:
            say(work, wishes, subjects[0], "lyman")
            running = worker.submit(live)
            assert not joined.wait(A_MOMENT)
            say(work, wishes, subjects[1], "kupiansk")
            work.commit()
        running.result(30)
    told = select(func.count()).select_from(delivery_alerts).group_by(delivery_alerts.c.delivery_id)
    with store.read() as work:
        assert work.connection.execute(told).scalars().all() == [2, 2]
