"""What `sectorwatch run` prints of a cycle leads on: to the delivery that failed, whoever has a target of that name."""

from __future__ import annotations

import asyncio

import pytest

from flows.steps.alerting.deliver_alerts import deliver_alerts
from flows.steps.running.summaries import CycleSummary
from sectorwatch.cli.summary import tell
from storage.unit_of_work import Store
from tests.conftest import FakeClock
from tests.desk import BUSY, Desk
from tests.integration.test_store_outbox import LATER


def test_a_delivery_that_failed_is_named_by_its_number(
    store: Store, clock: FakeClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every subscriber may have a target called "mail"; `deliveries show` takes the number."""
    desk = Desk(store, clock)
    desk.apply()
    desk.clock.now = LATER
    desk.news(1, "kupiansk")
    desk.mailbox.answer = BUSY
    summary = CycleSummary(deliveries=asyncio.run(deliver_alerts(desk.sender)))

    tell(summary)

    assert "deliveries that failed:\n  delivery 1 to mail: busy\n" in capsys.readouterr().out
    assert summary.as_dict()["deliveries"]["failed"][0] == {"delivery": 1, "target": "mail", "error": "busy"}
