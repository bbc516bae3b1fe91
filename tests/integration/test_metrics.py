"""What monitors are told agrees with the store, on both databases, and strangers are told nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert, text, update
from starlette.testclient import TestClient

from sectorwatch.settings import Settings
from sectorwatch.settings.tables import WebSettings
from sectorwatch.web.app import create_app
from sectorwatch.web.metrics import FRESH_S, Metrics
from storage.running import cycles
from storage.tables import feeds, polls, switches, targets
from storage.unit_of_work import Store
from tests.builders import NOON, add_entries, add_feed, add_subscription, read_article
from tests.conftest import FakeClock
from tests.integration.test_notices import BUSY, Duty, duty
from tests.integration.test_store_outbox import LATER, entry, file

__all__ = ["duty"]
ON_SQLITE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
Samples = dict[str, float]


class Monitor:
    """Asks for the metrics, each time after what was asked before has aged."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.clock, self.passed = clock, 0.0
        self.metrics = Metrics(store, clock, monotonic=lambda: self.passed)
        self.look()

    def look(self, **later: float) -> Samples:
        """Every sample by its name and labels, as `name{a,b}`."""
        self.clock.advance(**later)
        self.passed += FRESH_S
        return told(self.metrics.text().decode("utf-8"))


def told(words: str) -> Samples:
    found = {}
    for family in text_string_to_metric_families(words):
        for sample in family.samples:
            labels = f"{{{','.join(sample.labels.values())}}}" if sample.labels else ""
            found[sample.name.removeprefix("sectorwatch_") + labels] = sample.value
    return found


def counted(samples: Samples) -> Samples:
    return {name: value for name, value in samples.items() if "_total" in name and "process" not in name and value}


def poll(store: Store, at: datetime, **values: Any) -> None:
    with store.write() as work:
        work.connection.execute(insert(polls).values(**{"feed_id": 1, "at": at, "status": "new", "ms": 300, **values}))
        work.commit()


@pytest.fixture
def desk(duty: Duty) -> Duty:
    """A feed, three entries, somebody who is told of all, and something of yesterday."""
    add_feed(duty.store)
    add_subscription(duty.store, "phone")
    add_entries(duty.store, 1, 1, 2, 3, now=LATER)
    poll(duty.store, NOON)
    file(duty.store, entry(duty.store, 1), read_article("Of yesterday, Kupiansk."), now=LATER)
    duty.clock.now = LATER + timedelta(minutes=5)
    return duty


def test_what_happens_is_counted_once_from_the_beginning_on(desk: Duty) -> None:
    """What was there before is not counted, each new row once: polls, articles, mentions, alerts, attempts."""
    monitor = Monitor(desk.store, desk.clock)
    assert counted(monitor.look()) == {}

    poll(desk.store, desk.clock.now, new_entries=2, bytes=900)
    poll(desk.store, desk.clock.now, status="failed", ms=20_000, overlap_lost=True)
    poll(desk.store, desk.clock.now, status="held", ms=0)
    file(desk.store, entry(desk.store, 2), read_article("Today Kupiansk held."), now=desk.clock.now)
    desk.answers["phone"] = BUSY
    desk.look()
    first = monitor.look(seconds=31)
    again = monitor.look(minutes=1)

    assert counted(first) == {
        "polls_total{new}": 1,
        "polls_total{failed}": 1,
        "polls_total{held}": 1,
        "new_entries_total": 2,
        "poll_bytes_total": 900,
        "polls_that_may_have_missed_items_total": 1,
        "articles_total{fast}": 1,
        "mentions_total{front,kupiansk}": 1,
        "alerts_total{kupiansk}": 1,
        "delivery_attempts_total{email,retryable}": 2,
    }
    assert (first["poll_seconds_bucket{0.5}"], first["poll_seconds_count"]) == (1, 2)
    assert (first["news_lag_seconds_bucket{3600.0}"], first["news_lag_seconds_bucket{7200.0}"]) == (0, 1)
    assert counted(again) == counted(first)
    del desk.answers["phone"]
    desk.clock.advance(minutes=10)
    desk.cycle()
    desk.look()
    later = monitor.look(seconds=31)
    assert later["delivery_attempts_total{email,sent}"] == 2
    assert (later["delivery_delay_seconds_bucket{900.0}"], later["delivery_delay_seconds_count"]) == (1, 2)


def test_a_row_that_is_committed_late_is_counted(desk: Duty) -> None:
    """A transaction may commit after one that began later: its rows have lower numbers, and count all the same."""
    monitor = Monitor(desk.store, desk.clock)
    with desk.store.write() as work:
        work.connection.execute(text("SELECT 1"))
        number = work.connection.execute(
            insert(polls).values(feed_id=1, at=desk.clock.now, status="known", ms=1).returning(polls.c.id)
        ).scalar_one()
        if work.postgresql:
            poll(desk.store, desk.clock.now)
        monitor.look(seconds=29)
        work.commit()
    if desk.store.engine.dialect.name == "sqlite":
        poll(desk.store, desk.clock.now, id=number + 1)
    found = counted(monitor.look(seconds=31))
    assert (found["polls_total{known}"], found["polls_total{new}"]) == (1, 1)


def test_an_attempt_whose_process_was_killed_is_unknown_after_a_while(desk: Duty) -> None:
    """It holds up the counting of later ones for no longer than that."""
    monitor = Monitor(desk.store, desk.clock)
    with desk.store.write() as work:
        work.connection.execute(
            text(
                "INSERT INTO delivery_attempts (delivery_id, n, lease_token, started_at, detail)"
                " SELECT id, 9, 'x', :at, '' FROM deliveries ORDER BY id LIMIT 1"
            ),
            {"at": desk.clock.now if work.postgresql else desk.clock.now.replace(tzinfo=None)},
        )
        work.commit()
    desk.look(seconds=5)
    assert "delivery_attempts_total{email,sent}" not in counted(monitor.look(minutes=14))
    assert counted(monitor.look(minutes=1))["delivery_attempts_total{email,unknown}"] == 1


def test_cycles_are_counted_by_their_ends(desk: Duty) -> None:
    """A cycle that began first may end last; what it says of pages is added up."""
    monitor = Monitor(desk.store, desk.clock)
    summary = {
        "articles": {
            "read": 3,
            "from_feed": 1,
            "failed": [{"url": "https://a.example.org/", "error": "HTTP 403"}],
            "refused": {"forbidden": 1},
            "extractions": 4,
            "extraction_seconds": 0.5,
        }
    }
    with desk.store.write() as work:
        slow = cycles.start(work, now=desk.clock.now)
        quick = cycles.start(work, now=desk.clock.now)
        cycles.finish(work, quick, {}, now=desk.clock.advance(seconds=10))
        work.commit()
    first = monitor.look(seconds=31)
    with desk.store.write() as work:
        cycles.finish(work, slow, summary, now=desk.clock.now)
        work.commit()
    found = monitor.look(seconds=31)
    assert (first["cycles_total"], found["cycles_total"], monitor.look(hours=1)["cycles_total"]) == (1, 2, 2)
    assert [found[f"pages_total{{{outcome}}}"] for outcome in ("read", "from_feed", "known", "failed")] == [3, 1, 0, 1]
    assert (found["pages_refused_total{forbidden}"], found["extraction_seconds_total"]) == (1, 0.5)
    assert found["last_cycle_seconds"] == 41
    assert found["last_cycle_timestamp_seconds"] == desk.clock.now.timestamp() - 31 - 3600


def test_what_waits_is_told_with_its_age(desk: Duty) -> None:
    """Feeds, pages and deliveries that are due, since when, and what holds all of it up."""
    with desk.store.write() as work:
        work.connection.execute(update(feeds).values(next_poll_at=desk.clock.now - timedelta(seconds=90)))
        work.connection.execute(update(targets).where(targets.c.label == "phone").values(breaker="open"))
        work.connection.execute(insert(switches).values(name="storm", value="x", set_at=NOON))
        work.commit()
    found = Monitor(desk.store, desk.clock).look()
    assert (found["due{feeds}"], found["due_age_seconds{feeds}"]) == (1, 90)
    assert (found["due{pages}"], found["due_age_seconds{pages}"]) == (3, 300)
    assert (found["due{deliveries}"], found["due_age_seconds{deliveries}"], found["deliveries{dead}"]) == (1, 300, 0)
    assert (found["feeds{ok}"], found["feeds{gone}"]) == (1, 0)
    assert (found["targets{failing}"], found["targets{ok}"], found["targets{disabled}"]) == (1, 3, 0)
    assert (found["stopped{storm}"], found["stopped{pause}"], found["last_cycle_timestamp_seconds"]) == (1, 0, 0)
    assert found["store_bytes"] > 100_000


def test_asking_often_costs_no_more(desk: Duty) -> None:
    """Within five seconds the same answer is given again."""
    monitor = Monitor(desk.store, desk.clock)
    before = monitor.metrics.text()
    with desk.store.write() as work:
        work.connection.execute(update(feeds).values(state="gone"))
        work.commit()
    assert monitor.metrics.text() is before
    assert monitor.look()["feeds{gone}"] == 1


@ON_SQLITE
def test_strangers_are_told_nothing(duty: Duty) -> None:
    """The metrics are for the networks that are named, asked directly; to all others there is no such page."""

    def status(client: str, *networks: str, path: str = "/metrics", **headers: str) -> int:
        web = WebSettings(metrics_from=list(networks)) if networks else WebSettings()
        app = create_app(replace(duty.tools, settings=Settings(web=web)))
        return TestClient(app, client=(client, 1234)).get(path, headers=headers).status_code

    assert [status("127.0.0.1"), status("::1")] == [200, 200]
    assert [status("10.1.2.3"), status("10.1.2.3", "10.1.0.0/16"), status("127.0.0.1", "10.1.0.0/16")] == [
        404,
        200,
        404,
    ]
    assert status("127.0.0.1", **{"X-Forwarded-For": "127.0.0.1"}) == 404
    assert [status("10.1.2.3", path=path) for path in ("/health", "/ready")] == [200, 200]


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_tables_that_are_locked_keep_no_monitor_waiting(duty: Duty, monkeypatch: pytest.MonkeyPatch) -> None:
    """As by VACUUM FULL: they are told that the store does not answer, in time; when it is over, all is well."""
    monkeypatch.setattr("storage.running.health.PATIENCE_S", 0.05)
    passed = count(0.0, FRESH_S)
    tools = replace(duty.tools, settings=Settings(web=WebSettings(metrics_from=["127.0.0.0/8"])))
    web = TestClient(create_app(tools, now=lambda: next(passed)), client=("127.0.0.1", 1))
    with duty.store.write() as other:
        other.connection.execute(text("LOCK TABLE switches, polls, feeds IN ACCESS EXCLUSIVE MODE"))
        assert [web.get(path).status_code for path in ("/health", "/metrics")] == [503, 503]
    assert [web.get(path).status_code for path in ("/health", "/metrics")] == [200, 200]


def test_ready_is_who_can_work(duty: Duty) -> None:
    """A store of another release, or none, is no failure of this process, but it can do nothing."""
    web = TestClient(create_app(duty.tools))
    assert (web.get("/ready").status_code, web.get("/ready").json()) == (200, {"status": "ready"})
    with duty.store.write() as work:
        work.connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        work.commit()
    assert web.get("/health").status_code == 200
    assert web.get("/ready").status_code == 503
    assert "sectorwatch db upgrade" in web.get("/ready").json()["status"]
