"""What changes between an alert and its message: erased, unsubscribed, renamed, silenced, quiet."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from flows.steps.alerting import deliver_alerts as sending
from flows.steps.alerting.deliver_alerts import deliver_alerts
from flows.steps.alerting.resume import resume
from flows.steps.roster.apply import apply_roster
from sectorwatch.domain import DeliveryKind, Message, Outcome, Subscription, Target
from storage.alerting import outbox, silences
from storage.secrets import Vault
from storage.subscribers import people, readers, subscriptions
from storage.tables import deliveries
from storage.unit_of_work import Store
from storage.views import queries
from tests.builders import NOON
from tests.conftest import FakeClock
from tests.desk import BUSY, SENT, Desk

SOON = NOON + timedelta(minutes=5)


@pytest.fixture
def desk(store: Store, clock: FakeClock) -> Desk:
    return Desk(store, clock)


def subscription(desk: Desk) -> Subscription:
    with desk.store.read() as work:
        (found,) = subscriptions.every(work, Vault())
    return found


def states(desk: Desk) -> list[str]:
    with desk.store.read() as work:
        return [row.state for row in queries.delivery_rows(work, limit=99)]


def test_who_is_erased_during_a_send_stops_nobody_else(desk: Desk) -> None:
    """The run goes on to its end; nothing of the erased is left."""
    desk.apply()
    desk.news(1, "kupiansk")
    desk.news(2, "kupiansk")

    class Erasing:
        async def send(self, target: Target, message: Message) -> Outcome:
            with desk.store.write() as work:
                people.erase(work, target.subscriber_id)
                work.commit()
            return SENT

    asyncio.run(deliver_alerts(replace(desk.sender, notifier=Erasing())))
    assert states(desk) == []


def test_a_critical_alert_stays_critical_when_it_is_tried_again(desk: Desk) -> None:
    """A first attempt that failed does not let the quiet hours hold it."""
    desk.apply(quiet="00:00-23:59", critical={"sectors": ["kupiansk"]})
    desk.mailbox.answer = BUSY
    desk.news(1, "kupiansk")
    assert desk.deliver() == []
    desk.mailbox.answer, desk.clock.now = SENT, SOON
    assert len(desk.deliver()) == 1


def test_who_unsubscribed_stays_so_under_another_name_and_after_a_while_out_of_the_file(desk: Desk) -> None:
    """Neither a renamed subscription nor a target that comes back writes to somebody who has left."""
    desk.apply()
    one = subscription(desk)
    with desk.store.write() as work:
        readers.leave(work, one.id, one.targets[0].id, now=NOON)
        work.commit()
    desk.apply(name="other")
    desk.news(1, "kupiansk")
    desk.clock.now = SOON
    assert desk.deliver() == []
    with desk.store.write() as work:
        subscriptions.put_subscription(
            work,
            subscriber_id=one.subscriber.id,
            name="other",
            rule=one.rule,
            target_ids=[],
            group_wait=one.group_wait,
            paused=False,
            managed=True,
            now=SOON,
        )
        work.commit()
    desk.apply(name="other")
    assert not desk.apply(name="other")
    desk.news(2, "kupiansk")
    assert desk.deliver() == []


def test_a_silence_ends_with_its_subscription(desk: Desk) -> None:
    """A subscription that gets the number of a removed one is not silent."""
    desk.apply(name="one")
    with desk.store.write() as work:
        silences.add(
            work,
            sector=None,
            subscription_id=subscription(desk).id,
            subscriber_id=None,
            starts_at=NOON,
            ends_at=NOON + timedelta(days=9),
            author="ops",
            reason="too much",
        )
        work.commit()
    tools = desk.tools({})
    apply_roster(replace(tools, settings=tools.settings.model_copy(update={"subscriptions": []})))
    desk.apply(name="two")
    desk.clock.now = SOON
    desk.news(1, "kupiansk")
    assert len(desk.deliver()) == 1


def test_who_unsubscribes_gets_nothing_that_waits_behind_a_slow_message(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two messages are claimed together; the reader leaves while the first is being sent."""
    monkeypatch.setattr(sending, "_SOON_S", 0.0)
    desk.apply()
    desk.news(1, "kupiansk")
    desk.news(2, "kupiansk")
    one, got = subscription(desk), list[Message]()

    class Leaving:
        async def send(self, target: Target, message: Message) -> Outcome:
            got.append(message)
            with desk.store.write() as work:
                readers.leave(work, one.id, target.id, now=NOON)
                work.commit()
            return SENT

    asyncio.run(deliver_alerts(replace(desk.sender, notifier=Leaving())))
    assert (len(got), sorted(states(desk))) == (1, ["sent", "suppressed"])


def test_what_waited_for_a_pause_to_end_keeps_the_cap_of_an_hour(desk: Desk) -> None:
    """Ten hours of a pause are one message and a digest; what is critical goes alone, and quiet hours still hold."""
    desk.apply(hourly_cap=1, critical={"sectors": ["lyman"]})
    pause(desk, paused=True)
    for number, sector in ((1, "kupiansk"), (2, "kupiansk"), (3, "lyman")):
        desk.clock.advance(hours=2)
        desk.news(number, sector)
    assert desk.deliver() == []
    assert pause(desk, paused=False) == 2  # the critical one took the only place
    (message,) = desk.deliver()
    assert "Lyman" in message.title
    desk.clock.advance(hours=1)
    (message,) = desk.deliver()
    assert "More than one alert in an hour" in message.title
    assert desk.deliver() == []


def test_what_waited_without_a_cap_goes_at_once(desk: Desk) -> None:
    """And a resume without a pause folds nothing."""
    desk.apply()
    pause(desk, paused=True)
    for number in (1, 2):
        desk.news(number, "kupiansk")
    assert pause(desk, paused=False) == 0
    assert len(desk.deliver()) == 2
    desk.apply(hourly_cap=1)
    desk.news(3, "kupiansk")
    assert pause(desk, paused=False) == 0


def pause(desk: Desk, *, paused: bool) -> int:
    with desk.store.write() as work:
        if paused:
            outbox.pause_alerts(work, paused=True, author="ops", now=desk.clock())
        folded = 0 if paused else resume(work, author="ops", now=desk.clock())
        work.commit()
    return folded


def test_a_sender_that_died_before_a_long_pause_costs_its_message_nothing(desk: Desk) -> None:
    """Its time to live begins when alerts go out again."""
    desk.apply()
    desk.news(1, "kupiansk")
    with desk.store.write() as work:
        outbox.claim_due(work, Vault(), now=NOON + timedelta(minutes=2), limit=9, lease=timedelta(seconds=45))
        work.commit()
    later = NOON + timedelta(days=2)
    for moment, paused in ((NOON + timedelta(minutes=3), True), (later, False)):
        with desk.store.write() as work:
            outbox.pause_alerts(work, paused=paused, author="ops", now=moment)
            work.commit()
    desk.clock.now, desk.mailbox.answer = later, BUSY
    desk.deliver()
    assert states(desk) == ["retry"]


def test_what_another_release_put_into_words_holds_nobody_up(desk: Desk) -> None:
    """A later one's message is sent as it was; one that lacks a part is put into words anew, or ends with a reason."""
    desk.apply()
    desk.mailbox.answer = BUSY
    desk.news(1, "kupiansk")
    desk.news(2, "lyman")
    assert desk.deliver() == []
    with desk.store.write() as work:
        first, second = work.connection.execute(select(deliveries.c.id, deliveries.c.payload)).all()
        outbox.freeze(work, first.id, {**first.payload, "title": "As it was", "colour": "red"})
        outbox.freeze(work, second.id, {"id": second.payload["id"], "words": second.payload["text"]})
        message = {
            "target_id": subscription(desk).targets[0].id,
            "kind": DeliveryKind.NOTICE,
            "dedup_key": "n",
            "payload": {},
        }
        assert outbox.post(work, **message, now=NOON)
        work.commit()
    desk.mailbox.answer, desk.clock.now = SENT, SOON
    titles = {message.id: message.title for message in desk.deliver()}
    assert titles == {first.payload["id"]: "As it was", second.payload["id"]: second.payload["title"]}
    assert sorted(states(desk)) == ["sent", "sent", "suppressed"]
