"""News of a story that was told: gathered, told once, and only where it was asked for, on both databases."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from flows.steps.alerting.deliver_alerts import deliver_alerts
from flows.steps.subscribers.preview import preview
from sectorwatch.domain import NO_GUARDS, Entry, Guards, Mention, Message, Side, Source
from sectorwatch.settings.tables import AlertSettings
from storage.alerting import outbox
from storage.intake import entries
from storage.secrets import Vault
from storage.subscribers import subscriptions
from storage.unit_of_work import Store
from tests.builders import add_entries, add_feed, mention, read_article
from tests.conftest import FakeClock
from tests.desk import BUSY, SENT, Desk
from tests.integration.test_store_outbox import LATER, entry, file

ALL = ["other_side", "new_place", "sources=3"]
MINUTE = timedelta(minutes=1)
A_MOMENT = 1.0  # seconds that a claim gets to do what it must not


def village(place: str) -> Mention:
    """Named in a sentence of its own."""
    sentence = f"Shells fell on {place.title()}."
    where = {"start": 900, "sentence_start": 885, "end": 900 + len(place), "surface": place.title()}
    return mention("kupiansk", place=place, kind="village", sentence=sentence, score=0.7, **where)


class Newsroom:
    """One story of Kupiansk, told by one article after the other."""

    def __init__(self, store: Store, clock: FakeClock, **wanted: Any) -> None:
        self.desk = Desk(store, clock)
        self.store, self.clock, self.guards = store, clock, NO_GUARDS
        self.desk.apply(**({"follow_up": ALL} | wanted))
        clock.now = LATER
        add_entries(store, add_feed(store, "https://other.example.org/rss"), *range(10, 20), now=LATER)

    def report(
        self,
        number: int | Entry,
        publisher: str = "A",
        side: Side = Side.UKRAINIAN,
        places: tuple[str, ...] = (),
        text: str = "",
        method: str = "fast",
    ) -> None:
        """A copy of the story that names Kupiansk and these villages; `text`: an edit."""
        found = (mention("kupiansk"), *(village(place) for place in places))
        read = read_article(text or "The story.", bands=(7,), method=method)
        read = replace(read, detection=replace(read.detection, mentions=found))
        one = number if isinstance(number, Entry) else entry(self.store, number)
        source = Source(publisher=publisher, side=side)
        file(self.store, one, read, now=self.clock(), source=source, guards=self.guards)

    def told(self, *, after: timedelta = timedelta(0)) -> list[Message]:
        """What arrives after this time."""
        self.clock.now += after
        return self.desk.deliver()


@pytest.fixture
def room(store: Store, clock: FakeClock) -> Newsroom:
    """A newsroom whose story was told once."""
    room = Newsroom(store, clock)
    room.report(10, places=("radkivka",))
    (message,) = room.told()
    assert "New in this story" not in message.text
    return room


def test_each_kind_of_news_is_told_once(room: Newsroom) -> None:
    """The other side, a village, the third source; what is no news joins in silence."""
    room.report(11, places=("radkivka",))
    assert room.told(after=11 * MINUTE) == []
    room.report(12, side=Side.RUSSIAN)
    (message,) = room.told(after=11 * MINUTE)
    assert "New in this story: Russian source" in message.text
    assert "<strong>New in this story: Russian source</strong>" in str(message.html)
    room.report(13, side=Side.RUSSIAN, places=("kindrashivka",))
    (message,) = room.told(after=11 * MINUTE)
    assert "New in this story: Kindrashivka" in message.text
    assert "Shells fell on »Kindrashivka«." in message.text
    room.report(14, publisher="B")
    assert room.told(after=11 * MINUTE) == []
    room.report(15, publisher="C")
    (message,) = room.told(after=11 * MINUTE)
    assert "New in this story: number of sources: 3" in message.text
    for number in (16, 17):
        room.report(number, publisher="D", side=Side.RUSSIAN, places=("kindrashivka", "radkivka"))
    assert room.told(after=60 * MINUTE) == []


def test_what_comes_within_the_interval_comes_in_one_message(room: Newsroom) -> None:
    """Ten minutes after the last message, with everything that was gathered by then; each article is on record once."""
    room.report(11, side=Side.RUSSIAN)
    room.report(12, publisher="B", places=("kindrashivka",))
    assert room.told(after=9 * MINUTE) == []
    room.report(13, publisher="C")
    (message,) = room.told(after=MINUTE)
    assert "New in this story: Russian source, Kindrashivka, number of sources: 3" in message.text
    with room.store.read() as work:
        decisions = [row.decision for row in work.connection.exec_driver_sql("SELECT decision FROM alert_articles")]
    assert sorted(decisions) == ["alert", "fold", "fold", "follow_up"]
    assert room.told(after=60 * MINUTE) == []


def test_a_single_cycle_keeps_to_the_interval(store: Store, clock: FakeClock) -> None:
    """`sectorwatch run` does not wait for further sources; from one message of a story to the next it does."""
    room = Newsroom(store, clock, group_wait_s=60)

    def cycle() -> list[Message]:
        before = len(room.desk.mailbox.got)
        asyncio.run(deliver_alerts(room.desk.sender, close_groups=True))
        return room.desk.mailbox.got[before:]

    room.report(10)
    assert len(cycle()) == 1
    room.clock.now += 9 * MINUTE
    room.report(11, side=Side.RUSSIAN)
    assert cycle() == []
    room.clock.now += MINUTE
    assert len(cycle()) == 1
    room.clock.now += 11 * MINUTE
    room.report(12, places=("radkivka",))
    assert len(cycle()) == 1


def test_the_same_input_again_tells_nothing(room: Newsroom) -> None:
    """Ten times the same articles, and their edits back and forth."""
    room.report(11, side=Side.RUSSIAN, places=("kindrashivka",))
    assert len(room.told(after=11 * MINUTE)) == 1
    for again in range(10):
        room.report(10, places=("radkivka",), text=f"The story, edited {again % 2}.")
        room.report(11, side=Side.RUSSIAN, places=("kindrashivka",), text=f"The story, {again % 2}.")
        assert room.told(after=11 * MINUTE) == []


def test_an_edit_that_names_a_village_is_news(room: Newsroom) -> None:
    """Once, and with the article that was told already as its source."""
    for _ in range(2):
        room.report(10, places=("radkivka", "kindrashivka"), text="The story, and more.")
    (message,) = room.told(after=11 * MINUTE)
    assert "New in this story: Kindrashivka" in message.text


def test_a_village_that_comes_and_goes_is_told_once(room: Newsroom) -> None:
    """What a text named when it was told is told, whatever becomes of the text, and whoever names it next."""
    room.report(10, text="The story without it.")
    room.report(10, places=("radkivka",), text="The story with it again.")
    room.report(10, text="The story without it, for good.")
    room.report(11, places=("radkivka",))
    assert room.told(after=11 * MINUTE) == []


def test_a_village_of_an_edit_in_time_is_told_with_the_alert(store: Store, clock: FakeClock) -> None:
    """The text is edited while the alert waits: its message names the village, and nothing follows."""
    room = Newsroom(store, clock, group_wait_s=60)
    room.report(10)
    room.report(10, places=("radkivka",), text="The story, and a village.")
    room.report(10, text="The story without it.")
    room.report(10, places=("radkivka",), text="The story, and a village again.")
    assert len(room.told(after=MINUTE)) == 1
    room.report(10, text="The story without it.")
    room.report(11, places=("radkivka",))
    assert room.told(after=11 * MINUTE) == []


def test_the_page_behind_the_feeds_words_repeats_nothing(store: Store, clock: FakeClock) -> None:
    """The feed's few words were told; of the page that can be read later, only what they did not name is news."""
    room = Newsroom(store, clock)
    room.report(10, places=("radkivka",), method="feed")
    assert len(room.told()) == 1
    room.report(10, places=("radkivka",), text="The story, as its page tells it.")
    assert room.told(after=11 * MINUTE) == []
    room.report(11, places=("radkivka",), method="feed")
    room.report(11, places=("radkivka", "kindrashivka"), text="The other page of it.")
    (message,) = room.told(after=11 * MINUTE)
    assert "New in this story: Kindrashivka" in message.text


def test_follow_ups_count_for_the_cap_of_a_feed(store: Store, clock: FakeClock) -> None:
    """As any alert: what goes beyond it in an hour comes in one message."""
    room = Newsroom(store, clock, group_interval_s=0)
    room.desk.alerts = AlertSettings(feed_cap=2)
    room.guards = Guards(feed_cap=2)
    for number, village in enumerate(("radkivka", "kindrashivka", "petropavlivka"), 10):
        room.report(number, places=(village,))
        room.clock.now += MINUTE
        found = room.told()
    assert found == []
    (message,) = room.told(after=60 * MINUTE)
    assert "Petropavlivka" in message.text


def test_news_joins_an_alert_that_still_waits(store: Store, clock: FakeClock) -> None:
    """Nothing follows what was not told yet: of a digest say."""
    room = Newsroom(store, clock, digest="hour")
    room.report(10)
    room.report(11, side=Side.RUSSIAN)
    assert len(room.told(after=60 * MINUTE)) == 1
    room.report(12, places=("radkivka",))
    (message,) = room.told(after=60 * MINUTE)
    assert "New in this story: Radkivka" in message.text
    assert room.told(after=60 * MINUTE) == []


def test_a_message_that_fails_is_not_followed_before_it_arrives(room: Newsroom) -> None:
    """The retry keeps its words; news that comes meanwhile is told after the interval."""
    room.report(11, side=Side.RUSSIAN)
    room.desk.mailbox.answer = BUSY
    room.told(after=11 * MINUTE)
    room.report(12, places=("kindrashivka",))
    room.desk.mailbox.answer = SENT
    found = [message.text for _ in range(4) for message in room.told(after=6 * MINUTE)]
    assert ["Russian source" in text for text in found] == [True, False]
    assert "New in this story: Kindrashivka" in found[1]


def test_without_the_wish_nothing_follows(store: Store, clock: FakeClock) -> None:
    """One alert for a story, as ever."""
    room = Newsroom(store, clock, follow_up=[])
    room.report(10)
    assert len(room.told()) == 1
    room.report(11, "B", Side.RUSSIAN, ("kindrashivka",))
    assert room.told(after=60 * MINUTE) == []


def test_two_workers_with_news_make_one_follow_up(room: Newsroom) -> None:
    """Who comes second joins the first one's message."""
    with room.store.write() as work:
        _, found = entries.claim_unread(work, now=room.clock(), limit=9, per_host=9, lease=MINUTE)
        work.commit()
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(lambda one: room.report(one, side=Side.RUSSIAN), found[:2]))
    assert len(room.told(after=11 * MINUTE)) == 1
    with room.store.read() as work:
        assert work.connection.exec_driver_sql("SELECT count(*) FROM alerts").scalar() == 2


def test_news_that_is_decided_while_its_alert_is_claimed_is_in_the_message(
    store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What joins an alert that waits is told with it, or comes after it: a claim between both is put off."""
    room, waits_for_nobody = Newsroom(store, clock), store.engine.dialect.name == "postgresql"
    room.report(10)
    add_article, claims = outbox.add_article, list[Future[list[Message]]]()

    def claimed_meanwhile(*arguments: Any, **named: Any) -> None:
        add_article(*arguments, **named)
        claims.append(worker.submit(room.told))
        done, _ = wait(claims, timeout=30 if waits_for_nobody else A_MOMENT)
        assert bool(done) is waits_for_nobody

    with ThreadPoolExecutor(1) as worker:
        monkeypatch.setattr(outbox, "add_article", claimed_meanwhile)
        room.report(11, publisher="B", side=Side.RUSSIAN)
        found = [message for claim in claims for message in claim.result(30)] + room.told()
    assert ["Also reported by: B (Russian source)" in message.text for message in found] == [True]


def test_a_preview_follows_up_as_the_live_path_did(room: Newsroom) -> None:
    """The same articles give the same decisions."""
    since = room.clock() - MINUTE
    for number, changes in enumerate(({"side": Side.RUSSIAN}, {"publisher": "B"}, {"places": ("kindrashivka",)}), 11):
        room.told(after=4 * MINUTE)
        room.report(number, **changes)
    room.told(after=60 * MINUTE)
    with room.store.read() as work:
        (subscription,) = subscriptions.every(work, Vault())
        found = preview(work, subscription, since=since, until=room.clock(), guards=Guards())
        made = (
            work.connection.exec_driver_sql("SELECT decision FROM alert_articles ORDER BY article_id").scalars().all()
        )
    assert [one.decision.verdict.value for one in found.decisions] == list(made)
    assert found.as_dict()["follow_ups"] == made.count("follow_up")
