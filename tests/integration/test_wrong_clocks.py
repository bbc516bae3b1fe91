"""Machines whose clocks are wrong share a PostgreSQL store: its clock counts, so what one holds no other takes."""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

import pytest

import sectorwatch.clock
from flows.runtime import Runtime
from flows.steps.deliver_alerts import deliver_alerts
from flows.steps.tools import Sender
from sectorwatch.domain import DeliveryKind, Message, Outcome, OutcomeKind, Target
from sectorwatch.errors import StoreError
from sectorwatch.settings import Settings, StoreSettings
from storage import outbox
from storage.shared_clock import shared_clock
from storage.unit_of_work import Store, Work
from tests.builders import add_subscription

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.parametrize("store", ["postgresql"], indirect=True)
DAY = timedelta(days=1)


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
