"""News of a story that was told: gathered, told once, and only where it was asked for, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from flows.steps.preview import preview
from sectorwatch.domain import Entry, Guards, Message, Side, Source
from storage import entries, subscriptions
from storage.secrets import Vault
from storage.unit_of_work import Store
from tests.builders import add_entries, add_feed, mention, read_article
from tests.conftest import FakeClock
from tests.desk import BUSY, SENT, Desk
from tests.integration.test_store_outbox import LATER, entry, file

ALL = ["other_side", "new_place", "sources=3"]
MINUTE = timedelta(minutes=1)


class Newsroom:
    """One story of Kupiansk, told by one article after the other."""

    def __init__(self, store: Store, clock: FakeClock, **wanted: Any) -> None:
        self.desk = Desk(store, clock)
        self.store, self.clock = store, clock
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
    ) -> None:
        """A copy of the story that names Kupiansk and these villages; `text`: an edit."""
        found = (mention("kupiansk"), *(mention("kupiansk", place=place, kind="village") for place in places))
        read = read_article(text or "The story.", bands=(7,))
        read = replace(read, detection=replace(read.detection, mentions=found))
        one = number if isinstance(number, Entry) else entry(self.store, number)
        file(self.store, one, read, now=self.clock(), source=Source(publisher=publisher, side=side))

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
