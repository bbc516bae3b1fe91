"""How it is, on one screen: what waits, who paused, what is wrong; on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from sectorwatch.domain import TargetKind
from storage.alerting import outbox, silences
from storage.tables import switches
from tests.builders import NOON, add_entries, add_feed, add_subscription, read_article
from tests.integration.test_notices import GONE, Duty, duty, fail
from tests.integration.test_store_outbox import LATER, entry, file
from tests.plugins.commands import Run

__all__ = ["duty"]


@pytest.fixture
def desk(duty: Duty, monkeypatch: pytest.MonkeyPatch) -> Duty:
    """An installation that has just finished a cycle, and commands that know the same time."""
    monkeypatch.setattr("storage.shared_clock.now_of", lambda _work: duty.clock())
    add_feed(duty.store)
    add_subscription(duty.store, "phone", kind=TargetKind.WEBHOOK)
    add_entries(duty.store, 1, 1, 2, now=LATER)
    duty.clock.now = LATER + timedelta(minutes=1)
    duty.cycle()
    return duty


def test_all_is_well(desk: Duty, run: Run) -> None:
    """Then the exit code is 0, and nothing is called wrong."""
    words = run("status")
    for line in ("alerts       go out", "last cycle   0 s ago", "feeds        1: 1 ok", "notices      0 open"):
        assert line in words
    assert "WRONG" not in words
    assert run("status", "--json")["wrong"] == []


def test_everything_that_is_wrong_is_said(desk: Duty, run: Run) -> None:
    """Feeds, deliveries, targets, the brake, open notices: each is counted and named, and the exit code is 1."""
    desk.answers["phone"] = GONE
    file(desk.store, entry(desk.store, 1), read_article())
    desk.look()
    fail(desk.store, 1, state="gone", reason="410")
    with desk.store.write() as work:
        ends = NOON + timedelta(hours=3)
        silences.add(
            work,
            sector="lyman",
            subscription_id=None,
            subscriber_id=None,
            starts_at=NOON,
            ends_at=ends,
            author="ops",
            reason="exercise",
        )
        work.connection.execute(insert(switches).values(name="storm", value="900 stories", set_at=NOON))
        work.commit()
    desk.look()
    desk.clock.advance(minutes=20)
    found = run("status", "--json", code=1)
    assert found["feeds_by_state"] == {"gone": 1}
    assert (found["dead_24h"], found["silences_active"], found["deliveries_dead"]) == (1, 1, 1)
    assert {one["kind"] for one in found["wrong"]} == {"feed_gone", "cycle_overdue", "alerts_held", "delivery_dead"}
    assert [one["kind"] for one in found["notices_open"]] == ["alerts_held"]
    words = run("status", code=1)
    for line in (
        "alerts       HELD by the storm brake 22 min ago: 0 deliveries; 900 stories",
        "deliveries   1 sent, 1 dead",
        "dead in 24 h 1: 1 Desk/phone",
        "silences     1, the first ends in 2 h",
        "WRONG        feed gone: News: 410 (began 22 min ago)",
    ):
        assert line in words, words


def test_a_pause_says_who_and_why_and_what_waits(desk: Duty, run: Run) -> None:
    """Who paused, when, why; a second pause does not hide the first; `resume` says what it lets go."""
    file(desk.store, entry(desk.store, 1), read_article())
    assert "they are kept until 'sectorwatch resume'; 1 waits" in run("pause", "--reason", "wrong sector file")
    desk.clock.advance(minutes=10)
    desk.cycle()
    assert "(10 min ago by " in run("pause")
    words = run("status")
    assert "alerts       PAUSED 10 min ago by " in words
    assert ": wrong sector file; 1 waits" in words
    assert run("status", "--json")["paused"]["detail"].endswith(": wrong sector file")
    assert desk.look() == []
    desk.cycle()
    words = run("resume")
    assert ": wrong sector file; 1 is due now" in words
    assert "alerts were not paused" in run("resume")
    with desk.store.read() as work:
        assert not outbox.alerts_paused(work)
