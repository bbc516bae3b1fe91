"""Floods on both databases: what one feed may send, and the storm brake that holds and never loses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from typer.testing import CliRunner

from flows.steps.alerting.storm_brake import drop, release
from flows.steps.reading.store_article import file_article
from flows.steps.running.summaries import CycleSummary
from sectorwatch.cli.main import app
from sectorwatch.domain import Entry, Guards, Source
from storage.alerting import storms
from storage.running import watching
from storage.secrets import Vault
from storage.subscribers import subscriptions
from storage.unit_of_work import Store
from storage.views import queries
from tests.builders import NOON, add_entries, add_feed, read_article
from tests.conftest import FakeClock
from tests.desk import Desk
from tests.integration.test_store_outbox import LATER, entry

BRAKE = Guards(storm_floor=3)
WORDS = "more than 3 stories to be told of in 10 minutes"


@pytest.fixture
def desk(store: Store, clock: FakeClock) -> Desk:
    """Twelve entries of one feed, to be told of in a moment."""
    found = Desk(store, clock)
    add_entries(store, 1, *range(4, 13), now=LATER)
    found.apply()
    clock.now = LATER
    return found


def file_news(desk: Desk, one: Entry, guards: Guards = BRAKE) -> None:
    """An article of a story of its own on this entry."""
    with desk.store.write() as work:
        file_article(
            work,
            one,
            Source(publisher="News"),
            read_article(f"News {one.id} of the front."),
            raw=None,
            charset="utf-8",
            subscriptions=subscriptions.every(work, Vault()),
            now=desk.clock(),
            guards=guards,
        )
        work.commit()


def news(desk: Desk, *numbers: int, guards: Guards = BRAKE) -> None:
    """An article of a story of its own on each of these entries."""
    for number in numbers:
        file_news(desk, entry(desk.store, number), guards)


def storm(desk: Desk) -> tuple[str, int, int] | None:
    with desk.store.read() as work:
        found = storms.current(work)
    return None if found is None else (found.words, found.stories, found.deliveries)


def released(desk: Desk, now: datetime) -> int:
    with desk.store.write() as work:
        messages = release(work, author="anna", now=now)
        work.commit()
    return messages


def test_a_feed_fills_its_hour_and_the_rest_comes_together(desk: Desk) -> None:
    """Two alerts of a feed go alone, the others in one message when the hour ends; another feed is not bound by it."""
    news(desk, 1, 2, 3, 4, guards=Guards(feed_cap=2))
    other = add_feed(desk.store, "https://other.example.org/rss")
    add_entries(desk.store, other, 21, now=LATER)
    news(desk, 21, guards=Guards(feed_cap=2))
    assert len(desk.deliver()) == 3
    desk.clock.now = NOON + timedelta(hours=1)
    (message,) = desk.deliver()
    assert message.title.startswith("More than 2 alerts of one source in an hour")
    news(desk, 5, guards=Guards(feed_cap=2))
    assert len(desk.deliver()) == 1  # a new hour


def test_the_brake_holds_what_nobody_was_sent_yet(desk: Desk) -> None:
    """The alert that is one too many stops those that wait beside it, and all that come after; none is sent or lost."""
    news(desk, 1)
    assert len(desk.deliver()) == 1
    news(desk, 2, 3, 4, 5)
    assert storm(desk) == (WORDS, 4, 4)
    news(desk, 6)
    desk.clock.advance(days=2)
    assert desk.deliver() == []
    assert storm(desk) == (WORDS, 5, 5)


def test_a_release_tells_everything_in_one_message(desk: Desk) -> None:
    """Each alert is told once, also where the commands are given again; then alerts go out as before."""
    news(desk, 1, 2, 3, 4, 5)
    assert released(desk, desk.clock()) == 1
    assert released(desk, desk.clock()) == 0
    (message,) = desk.deliver()
    assert message.title.startswith("Held in a flood of alerts, and released")
    with desk.store.read() as work:
        (sent,) = (row for row in queries.delivery_rows(work, limit=9) if row.state == "sent")
    assert len(set(sent.stories)) == 5
    assert storm(desk) is None
    news(desk, 6)
    assert len(desk.deliver()) == 1


def test_what_is_dropped_is_on_record(desk: Desk) -> None:
    """Nobody is told; each alert has the author and the reason, and copies of the story stay quiet."""
    news(desk, 1, 2, 3, 4)
    with desk.store.write() as work:
        assert drop(work, author="anna", reason="a wrong gazetteer", now=desk.clock()) == 4
        work.commit()
    assert desk.deliver() == []
    with desk.store.read() as work:
        rows = queries.suppression_rows(work, limit=9)
    assert {(row.code, row.reason) for row in rows} == {("storm", "dropped in a storm by anna: a wrong gazetteer")}
    assert len(rows) == 4
    news(desk, 5)
    assert len(desk.deliver()) == 1


def test_what_is_usual_is_no_storm(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last week, without the ten minutes in question, says how much is far too much."""
    monkeypatch.setattr("alerts.storm.TIMES_USUAL", 7 * 24 * 6)  # as many in ten minutes as in the week before
    news(desk, 1, 2, 3, 4, guards=Guards())
    desk.clock.advance(hours=1)
    news(desk, 5, 6, 7, 8)
    assert storm(desk) is None
    news(desk, 9)
    assert storm(desk) == ("more than 4 stories to be told of in 10 minutes", 5, 5)


def test_digests_are_no_storm(desk: Desk) -> None:
    """What comes in one message anyway floods nobody."""
    desk.apply(digest="day", digest_at="18:00")
    news(desk, *range(1, 9))
    assert storm(desk) is None
    desk.clock.now = NOON.replace(hour=18)
    assert len(desk.deliver()) == 1


def test_two_workers_pull_one_brake(desk: Desk) -> None:
    """Side by side they let no more through than one would, and hold the rest in one storm."""
    ones = [entry(desk.store, number) for number in range(1, 9)]
    with ThreadPoolExecutor(3) as workers:
        list(workers.map(lambda one: file_news(desk, one), ones))
    assert storm(desk) == (WORDS, 8, 8)
    assert released(desk, desk.clock()) == 1


def test_the_commands(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """`storm show` says what is held and of whom; the cycle and the status say it too; the others end it."""
    monkeypatch.setenv("SECTORWATCH_STORE__URL", desk.store.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("COLUMNS", "200")
    runner = CliRunner()

    def run(*arguments: str) -> str:
        return runner.invoke(app, list(arguments), catch_exceptions=False).output

    assert "there is no storm" in run("storm", "show")
    news(desk, 1, 2, 3, 4)
    shown = run("storm", "show")
    assert WORDS in shown
    assert "4 stories in 4 deliveries" in shown
    assert "Desk/default" in shown
    assert "HELD by the storm brake" in run("status")
    with desk.store.read() as work:
        summary = CycleSummary()
        summary.read.storm = storms.current(work)
    assert summary.as_dict()["alerts"]["storm"]["stories_held"] == 4
    assert "1 message is on its way" in run("storm", "release")
    assert "there is no storm" in run("storm", "show")


def test_operators_are_told(desk: Desk) -> None:
    """The watch sees since when alerts are held, and how many, and does not think that nobody sends."""
    news(desk, 1, 2, 3, 4)
    desk.clock.advance(hours=1)
    with desk.store.read() as work:
        facts = watching.facts(work, now=desk.clock())
    assert facts.held is not None
    assert (facts.held.since, facts.held.detail) == (LATER, f"4 deliveries; {WORDS}")
    assert facts.delivery_stopped_since is None
