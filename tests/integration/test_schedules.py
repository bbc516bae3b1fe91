"""A subscription's schedule from the configuration to the message, on both databases: nothing lost, nothing twice."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from sectorwatch.cli.main import app
from sectorwatch.errors import ConfigurationError
from sectorwatch.settings.roster import SubscriptionSpec
from storage.tables import subscribers
from storage.unit_of_work import Store
from storage.views import queries
from tests.builders import NOON
from tests.conftest import FakeClock
from tests.desk import BUSY, SENT, Desk
from tests.integration.test_store_outbox import LATER

AFTERNOON = "12:00-15:00"  # around NOON


@pytest.fixture
def desk(store: Store, clock: FakeClock) -> Desk:
    return Desk(store, clock)


def test_what_quiet_hours_held_comes_as_one_message(desk: Desk) -> None:
    """Two alerts in the night are one message in the morning, which tells of both."""
    desk.apply(quiet=AFTERNOON)
    desk.clock.now = LATER
    desk.news(1, "kupiansk")
    desk.news(2, "lyman")
    assert desk.deliver() == []
    desk.clock.now = NOON.replace(hour=15)
    (message,) = desk.deliver()
    assert "quiet hours" in message.title
    assert "kupiansk" in message.text.casefold()
    assert "lyman" in message.text.casefold()
    assert desk.deliver() == []


def test_a_zone_that_this_machine_does_not_know_stops_nobody(desk: Desk) -> None:
    """Another machine took it, or it is gone from the data of zones: hours count in UTC, and all are told."""
    desk.apply(quiet="13:00-15:00", hourly_cap=5)
    with desk.store.write() as work:
        work.connection.execute(update(subscribers).values(zone="Europe/Atlantis"))
        work.commit()
    desk.clock.now = LATER
    desk.news(1, "kupiansk")
    assert len(desk.deliver()) == 1
    desk.clock.now = NOON.replace(hour=14)
    desk.news(2, "lyman")
    assert desk.deliver() == []
    desk.clock.now = NOON.replace(hour=15)
    assert len(desk.deliver()) == 1


def test_a_digest_tells_of_each_alert_once(desk: Desk) -> None:
    """A daily digest comes at its time with all alerts, and not again the next day."""
    desk.apply(digest="day", digest_at="18:00")
    desk.clock.now = LATER
    desk.news(1, "kupiansk")
    desk.news(2, "lyman")
    desk.clock.now = NOON.replace(hour=18)
    (message,) = desk.deliver()
    assert message.title.startswith("Daily digest")
    desk.clock.advance(days=1)
    assert desk.deliver() == []


def test_quiet_hours_that_are_set_later_hold_what_waits(desk: Desk) -> None:
    """An alert that is on its way when its reader goes to bed is told in the morning, once."""
    desk.apply()
    desk.clock.now = LATER
    desk.news(1, "kupiansk")
    desk.news(2, "lyman")
    assert desk.apply(quiet=AFTERNOON).changed == ["subscription Desk/default"]
    assert desk.deliver() == []
    desk.clock.now = NOON.replace(hour=15)
    (message,) = desk.deliver()
    assert "lyman" in message.text.casefold()
    with desk.store.read() as work:
        states = sorted(row.state for row in queries.delivery_rows(work, limit=9))
    assert states == ["sent", "suppressed", "suppressed"]


def test_the_critical_goes_out_in_quiet_hours(desk: Desk) -> None:
    """What the subscriber called critical is told at once, whenever the quiet hours were set."""
    desk.apply()
    desk.clock.now = LATER
    desk.news(1, "kupiansk")
    desk.apply(quiet=AFTERNOON, critical={"sectors": ["kupiansk"]})
    assert len(desk.deliver()) == 1
    desk.news(2, "kupiansk")
    desk.news(3, "lyman")
    (message,) = desk.deliver()
    assert "lyman" not in message.text.casefold()


def test_a_retry_does_not_disturb_and_keeps_its_id(desk: Desk) -> None:
    """A repeat that falls into quiet hours waits for their end under the same id, however long that is."""
    desk.apply(quiet="12:02-12:00")
    desk.clock.now = LATER
    desk.news(1, "kupiansk")
    desk.mailbox.answer = BUSY
    assert desk.deliver() == []
    with desk.store.read() as work:
        (first,) = queries.delivery_rows(work, limit=9)
    desk.mailbox.answer = SENT
    desk.clock.now = NOON + timedelta(hours=1)
    assert desk.deliver() == []
    desk.clock.now = NOON + timedelta(days=1)
    (message,) = desk.deliver()
    assert message.id == first.dedup_key


def test_quiet_hours_that_are_taken_back_let_go(desk: Desk) -> None:
    """What was held under the old schedule goes out under the new one, without waiting for the old release."""
    desk.apply(quiet=AFTERNOON)
    desk.clock.now = LATER
    desk.news(1, "kupiansk")
    desk.apply()
    assert len(desk.deliver()) == 1


def test_the_same_schedule_again_changes_nothing(desk: Desk) -> None:
    """A second apply says that nothing changed, with every key of a schedule set."""
    schedule = {
        "digest": "week",
        "digest_at": "07:30",
        "digest_day": "friday",
        "quiet": "22:00-07:00",
        "critical": {"min_score": 0.9, "headline": True, "sectors": ["kupiansk"]},
        "hourly_cap": 5,
    }
    assert desk.apply(**schedule)
    assert not desk.apply(**schedule)


def test_the_list_says_when(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`subscriptions list` has the schedule, in words or whole as JSON; a wrong one is refused in plain words."""
    file = tmp_path / "sectorwatch.toml"
    person = '[[subscribers]]\nname = "Desk"\n[[subscriptions]]\nsubscriber = "Desk"\n'
    wanted = 'digest = "week"\ndigest_day = "friday"\ndigest_at = "07:30"\nhourly_cap = 5\n'
    monkeypatch.setenv("SECTORWATCH_CONFIG", str(file))
    runner = CliRunner()
    file.write_text(f'{person}quiet = "22-7"\n', "utf-8")
    with pytest.raises(ConfigurationError, match=r"quiet \(Desk\): '22-7' are no quiet hours"):
        runner.invoke(app, ["apply", str(file)], catch_exceptions=False)
    file.write_text(f'{person}{wanted}quiet = "22:00-07:00"\n', "utf-8")
    runner.invoke(app, ["apply", str(file)], catch_exceptions=False)
    listed = json.loads(runner.invoke(app, ["subscriptions", "list", "--json"], catch_exceptions=False).output)
    assert listed[0]["schedule"]["quiet"] == ["22:00:00", "07:00:00"]
    assert listed[0]["schedule"]["weekday"] == 4
    monkeypatch.setenv("COLUMNS", "200")
    shown = runner.invoke(app, ["subscriptions", "list"], catch_exceptions=False).output
    assert "every Friday at 07:30, quiet 22:00-07:00, at most 5 an hour" in shown


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [("quiet", "22-7", "22:00-07:00"), ("quiet", "24:00-07:00", "22:00-07:00"), ("digest_at", "08:00:30", "08:00")],
)
def test_a_wrong_time_says_what_to_write(key: str, value: str, words: str) -> None:
    """The error names the value and shows a right one."""
    with pytest.raises(ValueError, match=words):
        SubscriptionSpec(subscriber="Desk", **{key: value})
