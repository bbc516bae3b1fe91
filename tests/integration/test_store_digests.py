"""Digests on both databases: joined until they are claimed, and by the next one after that."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from threading import Event

import pytest
from sqlalchemy import select

from flows.steps.alerting.enqueue_alert import NewAlert, enqueue_alert
from flows.steps.alerting.storm_brake import Brake
from sectorwatch.domain import NO_GUARDS, Critical, Mode, Schedule, Subscription
from storage.alerting import outbox
from storage.alerting.outbox import Delivery
from storage.reading.stories import open_story
from storage.secrets import Vault
from storage.tables import deliveries, delivery_alerts
from storage.unit_of_work import Store, Work
from tests.builders import NOON, add_subscription

VAULT = Vault()
DAILY = Schedule(mode=Mode.DIGEST, digest_at=time(18))
QUIET = Schedule(quiet=(time(9), time(17)), critical=Critical(min_score=0.9))
DUE = NOON.replace(hour=18)


def subscribe(store: Store, schedule: Schedule) -> Subscription:
    """The only subscription, with one target."""
    return add_subscription(store, "one", schedule=schedule)


def tell(work: Work, subscription: Subscription, *, now: datetime = NOON, critical: bool = False) -> int:
    """A new alert of a new story on its way."""
    outbox.take_turn(work)
    story = open_story(work, now=now)
    key = {"subscription_id": subscription.id, "sector": "kupiansk", "story_id": story}
    alert = outbox.open_alert(work, **key, reason="", now=now, flush_at=now)  # type: ignore[arg-type]  # by name
    new = NewAlert(
        id=alert.id, sector="kupiansk", story_id=story, window=0, feed_id=None, flush_at=now, critical=critical
    )
    enqueue_alert(work, subscription, new, Brake(guards=NO_GUARDS), now=now)
    return alert.id


def told(store: Store, subscription: Subscription, *, now: datetime = NOON, critical: bool = False) -> int:
    with store.write() as work:
        alert = tell(work, subscription, now=now, critical=critical)
        work.commit()
    return alert


def due(store: Store, now: datetime) -> list[Delivery]:
    with store.write() as work:
        claimed = outbox.claim_due(work, VAULT, now=now, limit=99, lease=timedelta(seconds=45))
        work.commit()
    return claimed


def messages(store: Store) -> Iterator[tuple[datetime, int]]:
    """When each message is due that tells of an alert, and the alert."""
    joined = select(deliveries.c.due_at, delivery_alerts.c.alert_id).join_from(deliveries, delivery_alerts)
    with store.read() as work:
        return iter([(at, alert) for at, alert in work.connection.execute(joined.order_by("due_at", "alert_id"))])


@pytest.mark.parametrize("schedule", [Schedule(), DAILY, QUIET, Schedule(hourly_cap=3, weekday=6)])
def test_a_schedule_is_stored_as_it_is(store: Store, schedule: Schedule) -> None:
    """What is written of a schedule is read again, all of it."""
    assert subscribe(store, schedule).schedule == schedule


def test_alerts_of_a_period_are_one_message(store: Store) -> None:
    """A digest holds what comes until its time, and is due then, no earlier."""
    subscription = subscribe(store, DAILY)
    alerts = [told(store, subscription, now=NOON + timedelta(hours=n)) for n in range(3)]
    assert due(store, DUE - timedelta(seconds=1)) == []
    (delivery,) = due(store, DUE)
    assert delivery.alert_ids == tuple(alerts)


def test_a_claimed_digest_takes_no_more(store: Store) -> None:
    """What comes after the claim goes into the next digest: neither lost nor told twice."""
    subscription = subscribe(store, DAILY)
    first = told(store, subscription)
    assert [delivery.alert_ids for delivery in due(store, DUE)] == [(first,)]
    second = told(store, subscription, now=DUE - timedelta(seconds=1))
    assert list(messages(store)) == [(DUE, first), (DUE + timedelta(days=1), second)]


def test_quiet_hours_hold_all_but_the_critical(store: Store) -> None:
    """What is held is due at the release, and its day to be delivered begins there; the critical is due at once."""
    subscription = subscribe(store, QUIET)
    held, urgent = told(store, subscription), told(store, subscription, critical=True)
    assert [delivery.alert_ids for delivery in due(store, NOON)] == [(urgent,)]
    again, released = due(store, NOON.replace(hour=17))  # nobody finished the first: its lease ran out
    assert again.alert_ids == (urgent,)
    assert (released.alert_ids, released.first_due_at) == ((held,), NOON.replace(hour=17))


def test_the_rest_of_an_hour_is_one_message(store: Store) -> None:
    """Two alerts fill a cap of two; the others of the hour come together at its end."""
    subscription = subscribe(store, Schedule(hourly_cap=2))
    alerts = [told(store, subscription, now=NOON + timedelta(minutes=n)) for n in range(5)]
    told_of = [delivery.alert_ids for delivery in due(store, NOON + timedelta(hours=1))]
    assert told_of == [(alerts[0],), (alerts[1],), tuple(alerts[2:])]


def test_a_join_and_a_claim_at_once_lose_nothing(store: Store) -> None:
    """While one worker adds to a digest another claims: the alert is in that digest or in the next, once."""
    subscription = subscribe(store, DAILY)
    first = told(store, subscription)
    started = Event()

    def claims() -> list[Delivery]:
        started.set()
        return due(store, DUE)

    with ThreadPoolExecutor(1) as worker:
        with store.write() as work:
            second = tell(work, subscription)
            claimed = worker.submit(claims)
            started.wait(10)
            work.commit()
        seen = {alert for delivery in claimed.result() for alert in delivery.alert_ids}
    seen_later = [alert for delivery in due(store, DUE) for alert in delivery.alert_ids]
    assert sorted([*seen, *seen_later]) == [first, second]


def test_two_workers_fill_one_digest(store: Store) -> None:
    """Alerts that two workers add side by side are each told of once, by one message."""
    subscription = subscribe(store, DAILY)
    with ThreadPoolExecutor(2) as workers:
        alerts = sorted(workers.map(lambda _: told(store, subscription), range(10)))
    (delivery,) = due(store, DUE)
    assert sorted(delivery.alert_ids) == alerts
