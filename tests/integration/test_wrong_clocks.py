"""Machines whose clocks are wrong share a PostgreSQL store: its clock counts, so what one holds no other takes."""

from __future__ import annotations

import asyncio
import logging
import re
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

import sectorwatch.clock
from flows.runtime import Runtime
from flows.steps.alerting.deliver_alerts import deliver_alerts
from flows.steps.tools import Sender
from sectorwatch.domain import DeliveryKind, Message, Outcome, OutcomeKind, Target
from sectorwatch.errors import StoreError
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import FetchSettings, StoreSettings
from storage.access import api_tokens
from storage.alerting import outbox
from storage.running import watching
from storage.shared_clock import shared_clock
from storage.unit_of_work import Store, Work
from storage.views import feeds as feed_views
from tests.builders import add_feed, add_subscription
from tests.documents import ROOT
from tests.plugins.commands import Run
from tests.raw_web import answer
from tests.served import served

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
on_postgresql = pytest.mark.parametrize("store", ["postgresql"], indirect=True)


class MachineTime(datetime):
    """What the clock of this machine says: `off` is how wrong it is."""

    off = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # any moment will do
        return datetime.now(tz) + cls.off


class Wire:
    """Sends for one machine; meanwhile another one, whose clock says something else, looks what is due."""

    def __init__(self, rival: Runtime, off: timedelta) -> None:
        self.rival, self.off = rival, off
        self.sent: list[str] = []

    async def send(self, _target: Target, message: Message) -> Outcome:
        self.sent.append(message.id)
        MachineTime.off = self.off
        if len(self.sent) == 1:
            await deliver_alerts(Sender(tools=self.rival.tools, notifier=self))
        return Outcome(kind=OutcomeKind.SENT, detail="accepted", status=200)


@on_postgresql
@pytest.mark.parametrize(("first", "second"), [(0 * DAY, DAY), (-DAY, 0 * DAY)], ids=["ahead", "behind"])
def test_what_one_machine_sends_no_other_sends_too(
    store: Store,
    first: timedelta,
    second: timedelta,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A day is more than a lease lasts. The machine that is wrong says so."""
    monkeypatch.setattr(logging.getLogger("storage.shared_clock"), "disabled", False)  # import-linter does so to all
    monkeypatch.setattr(sectorwatch.clock, "datetime", MachineTime)
    monkeypatch.setattr(MachineTime, "off", second)
    settings = Settings(store=StoreSettings(url=store.engine.url.render_as_string(hide_password=False)))
    with Runtime.open(settings) as rival:
        MachineTime.off = first
        with Runtime.open(settings) as runtime:
            words = Message(id="m-1", title="Kupiansk", text="News", html=None, payload=None)
            (target,) = add_subscription(store, "desk").targets
            with store.write() as work:
                key, now = words.id, runtime.tools.clock()
                kind = DeliveryKind.NOTICE
                outbox.post(work, target_id=target.id, kind=kind, dedup_key=key, payload=asdict(words), now=now)
                work.commit()
            wire = Wire(rival, second)
            asyncio.run(deliver_alerts(Sender(tools=runtime.tools, notifier=wire)))
    assert wire.sent == ["m-1"]
    assert "this machine's clock is" in caplog.text
    assert "the database's" in caplog.text


class Shaky(Store):
    """One that may be away."""

    asked, away = 0, False

    @contextmanager
    def read(self, *, steady: bool = False) -> Iterator[Work]:
        self.asked += 1
        if self.away:
            raise StoreError("the store: no database server answers")
        with super().read(steady=steady) as work:
            yield work


@on_postgresql
def test_the_database_is_asked_once_a_minute_and_may_be_away(store: Store) -> None:
    """Between, the time is counted on; afterwards it is again the database's, whatever was counted."""
    shaky, passed = Shaky(store.engine), [0.0]
    clock = shared_clock(shaky, steady=lambda: passed[0])
    began = clock()
    passed[0] = 59
    assert (clock() - began, shaky.asked) == (timedelta(seconds=59), 1)
    shaky.away, passed[0] = True, 1e6
    assert [clock() - began for _ in range(3)] == [timedelta(seconds=1e6)] * 3
    assert shaky.asked == 2
    shaky.away, passed[0] = False, 2e6
    assert clock() - began < timedelta(seconds=1e6)
    assert shaky.asked == 3


@on_postgresql
@pytest.mark.parametrize("off", [DAY, -DAY], ids=["ahead", "behind"])
def test_commands_go_by_the_clock_that_all_share(
    store: Store, off: timedelta, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept back, paused, given or taken for a time on a machine that is wrong holds for that time elsewhere."""
    monkeypatch.setattr(sectorwatch.clock, "datetime", MachineTime)
    monkeypatch.setattr(MachineTime, "off", off)
    add_subscription(store, "desk")
    feed = add_feed(store, "https://a.example/rss", now=datetime.now(UTC))
    run("silence", "add", "--subscriber", "Desk", "--for", "6h", "--reason", "exercise")
    run("feeds", "pause", str(feed), "--for", "6h")
    run("tokens", "add", "board")
    run("tokens", "add", "former")
    run("tokens", "remove", "former")
    run("pause")
    with store.read() as work:
        now = work.connection.execute(select(func.clock_timestamp())).scalar_one()
        row = feed_views.feed_row(work, feed)
        paused, tokens = watching.paused(work), api_tokens.every(work)
    near = timedelta(minutes=5)
    assert row is not None
    assert row.paused_until is not None
    assert paused is not None
    moments = [row.paused_until - 6 * HOUR, paused.since, *(one.created_at for one in tokens)]
    moments += [one.revoked_at for one in tokens if one.revoked_at]
    assert len(moments) == 5
    assert [at for at in moments if abs(at - now) > near] == []
    (silence,) = run("silence", "list", "--json")
    assert 0 < silence["remaining_s"] <= 6 * HOUR.total_seconds()
    run("silence", "end", str(silence["id"]))
    assert run("silence", "list", "--json") == []
    run("feeds", "resume", str(feed))
    assert run("feeds", "list", "--json")[0]["next_poll_at"] <= f"{now + near:%Y-%m-%dT%H:%M:%SZ}"


@on_postgresql
def test_a_date_to_come_back_at_is_read_by_the_shared_clock(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server says until when it wants to be left alone: on a machine a day behind it was a day longer."""
    monkeypatch.setattr(sectorwatch.clock, "datetime", MachineTime)
    monkeypatch.setattr(MachineTime, "off", -DAY)
    until = datetime.now(UTC) + timedelta(minutes=30)
    busy = answer(b"", "429 Too Many Requests", Retry_After=format_datetime(until, usegmt=True))
    with served({"/rss": busy, "/robots.txt": answer(b"", "404 Not Found")}) as web:
        settings = Settings(
            store=StoreSettings(url=store.engine.url.render_as_string(hide_password=False)),
            fetch=FetchSettings(allow_networks=["127.0.0.0/8"]),
        )
        feed = add_feed(store, f"{web.url}/rss", now=datetime.now(UTC) - HOUR)
        with Runtime.open(settings) as runtime:
            runtime.poll()
    with store.read() as work:
        row = feed_views.feed_row(work, feed)
    assert row is not None
    assert row.hold_until is not None
    assert abs(row.hold_until - until) < timedelta(minutes=5)


ASKS_THE_MACHINE = {
    "sectorwatch/cli/doctor.py",  # compares it with the others
    "sectorwatch/cli/sectors.py",  # a file may be checked without any store
    "flows/doctor_prefect.py",  # compares it with the Prefect server's
    "flows/deliver.py",  # how long a run has still to go: it begins and ends on one machine
    "flows/monitor.py",  # brings a moment of this machine to the store's time
    "flows/troubles.py",  # where Prefect's server does not say its time
    "flows/web.py",  # pages that are read without any store
    "storage/shared_clock.py",
}


def test_whoever_works_on_a_store_asks_for_its_time() -> None:
    """The machine's own clock is asked by those that have a reason. A new one belongs here, or asks `shared_clock`."""
    folders = ("sectorwatch/cli", "sectorwatch/web", "flows", "storage", "alerts", "extractors")
    found = {
        str(file.relative_to(ROOT))
        for folder in folders
        for file in (ROOT / folder).rglob("*.py")
        if "system_clock" in (text := file.read_text("utf-8")) or re.search(r"time\.time\(\)|utcnow\(", text)
    }
    assert found == ASKS_THE_MACHINE
