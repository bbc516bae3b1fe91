"""Silences on both databases: what is decided, what is queued already, and the commands."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sectorwatch.cli.main import app
from sectorwatch.errors import ConfigurationError
from storage.alerting import silences
from storage.unit_of_work import Store
from storage.views import queries
from storage.views.queries import DeliveryRow
from tests.builders import NOON
from tests.conftest import FakeClock
from tests.desk import BUSY, SENT, Desk
from tests.integration.test_store_outbox import LATER

WORDS = "silenced by anna until 2026-03-01 18:01 UTC: exercise"


@pytest.fixture
def desk(store: Store, clock: FakeClock) -> Desk:
    return Desk(store, clock)


def silence(desk: Desk, sector: str | None = "kupiansk") -> int:
    with desk.store.write() as work:
        number = silences.add(
            work,
            sector=sector,
            subscription_id=None,
            subscriber_id=None,
            starts_at=LATER,
            ends_at=LATER + timedelta(hours=6),
            author="anna",
            reason="exercise",
        )
        work.commit()
    return number


def deliveries(desk: Desk) -> list[DeliveryRow]:
    with desk.store.read() as work:
        return queries.delivery_rows(work, limit=9)


def kept_back(desk: Desk) -> list[tuple[str, str, str]]:
    with desk.store.read() as work:
        return [(row.sector, row.code, row.reason) for row in queries.suppression_rows(work, limit=9)]


def test_what_comes_in_a_silence_is_recorded_and_what_comes_after_is_told(desk: Desk) -> None:
    """The decision names author, end and reason; from the end on all is as before."""
    desk.apply()
    desk.clock.now = LATER
    number = silence(desk)
    desk.news(1, "kupiansk")
    assert desk.deliver() == []
    assert kept_back(desk) == [("kupiansk", "silenced", WORDS)]
    with desk.store.write() as work:
        assert silences.end(work, number, now=LATER)
        assert not silences.end(work, number, now=LATER)
        work.commit()
    desk.news(2, "kupiansk")
    assert len(desk.deliver()) == 1


def test_what_is_queued_is_kept_back_too(desk: Desk) -> None:
    """An alert on its way ends as suppressed, with the reason on record; one of another sector goes out."""
    desk.apply()
    desk.clock.now = LATER
    desk.news(1, "kupiansk")
    desk.news(2, "lyman")
    silence(desk)
    (message,) = desk.deliver()
    assert "lyman" in message.text.casefold()
    assert {(row.sectors, row.state, row.reason) for row in deliveries(desk)} == {
        (("kupiansk",), "suppressed", WORDS),
        (("lyman",), "sent", "accepted"),
    }
    assert kept_back(desk) == [("kupiansk", "silenced", WORDS)]


def test_a_digest_loses_only_what_is_silenced(desk: Desk) -> None:
    """The rest of it is told; one with nothing left is not sent."""
    desk.apply(digest="day", digest_at="18:00")
    desk.clock.now = LATER
    desk.news(1, "kupiansk")
    desk.news(2, "lyman")
    silence(desk)
    desk.clock.now = NOON.replace(hour=18)
    (message,) = desk.deliver()
    assert "lyman" in message.text.casefold()
    assert "kupiansk sector" not in message.text.casefold()
    assert [row.sectors for row in deliveries(desk)] == [("lyman",)]
    assert kept_back(desk) == [("kupiansk", "silenced", WORDS)]


def test_a_repeat_of_a_digest_says_the_same(desk: Desk) -> None:
    """What its receiver may have got already is not changed under its id; it ends where all of it is silenced."""
    desk.apply(digest="day", digest_at="12:02")
    desk.clock.now = LATER
    desk.news(1, "kupiansk")
    desk.news(2, "lyman")
    desk.clock.now = NOON.replace(hour=12, minute=2)
    desk.mailbox.answer = BUSY
    assert desk.deliver() == []
    silence(desk)
    desk.mailbox.answer = SENT
    desk.clock.advance(hours=1)
    (message,) = desk.deliver()
    assert "kupiansk sector" in message.text.casefold()
    assert kept_back(desk) == []


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A silence needs an end within 90 days and a thing that exists; the list shows what is left of it."""
    file = tmp_path / "sectorwatch.toml"
    file.write_text('[[subscribers]]\nname = "Desk"\n[[subscriptions]]\nsubscriber = "Desk"\n', "utf-8")
    monkeypatch.setenv("SECTORWATCH_CONFIG", str(file))
    runner = CliRunner()

    def run(*arguments: str) -> str:
        return runner.invoke(app, list(arguments), catch_exceptions=False).output

    run("apply")
    add = ("silence", "add", "--reason", "exercise")
    for options, words in (
        (("--for", "6h"), "say what"),
        (("--sector", "kupiansk"), "one end"),
        (("--sector", "kupiansk", "--for", "6h", "--until", "2099-01-01"), "one end"),
        (("--sector", "kupiansk", "--for", "91d"), "at most 90 days"),
        (("--sector", "kupiansk", "--for", "soon"), "give 30m"),
        (("--sector", "kupiansk", "--until", "2020-01-01"), "is over"),
        (("--sector", "kupjansk", "--for", "6h"), "no sector 'kupjansk'; did you mean 'kupiansk'"),
        (("--subscription", "Desk", "--for", "6h"), "no subscription 'Desk'; known: Desk/default"),
        (("--subscriber", "Nobody", "--for", "6h"), "no subscriber 'Nobody'; known: Desk"),
    ):
        with pytest.raises(ConfigurationError, match=words):
            run(*add, *options)
    assert "silence 1 until" in run(*add, "--subscription", "Desk/default", "--sector", "kupiansk", "--for", "6h")
    (row,) = json.loads(run("silence", "list", "--json"))
    assert (row["sector"], row["subscription"], row["reason"]) == ("kupiansk", "Desk/default", "exercise")
    assert 6 * 3600 - 60 < row["remaining_s"] <= 6 * 3600
    monkeypatch.setenv("COLUMNS", "200")
    assert re.search(r"1 +sector kupiansk, subscription Desk/default +ends in 5 h", run("silence", "list"))
    run("silence", "end", "1")
    assert json.loads(run("silence", "list", "--json")) == []
    assert len(json.loads(run("silence", "list", "--all", "--json"))) == 1
    with pytest.raises(ConfigurationError, match="silence 1 is not in force"):
        run("silence", "end", "1")
