"""A subscriber with a mailbox: from the configuration to the message."""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any

from flows.steps.alerting.deliver_alerts import deliver_alerts
from flows.steps.roster.apply import Difference, apply_roster
from flows.steps.tools import Sender, Tools
from sectorwatch.domain import Message, Outcome, OutcomeKind, Target
from sectorwatch.settings import Settings
from sectorwatch.settings.roster import SubscriberSpec, SubscriptionSpec, TargetSpec
from sectorwatch.settings.tables import AlertSettings
from storage.secrets import Vault
from storage.unit_of_work import Store
from tests.builders import NOON, add_entries, add_feed, read_article
from tests.conftest import FakeClock
from tests.integration.test_store_outbox import LATER, entry, file

SENT = Outcome(kind=OutcomeKind.SENT, detail="accepted", status=250)
BUSY = Outcome(kind=OutcomeKind.RETRYABLE, detail="busy", status=451)


class Mailbox:
    """Keeps what it is sent; answers as it is told."""

    def __init__(self) -> None:
        self.got: list[Message] = []
        self.answer = SENT

    async def send(self, target: Target, message: Message) -> Outcome:
        if self.answer is SENT:
            self.got.append(message)
        return self.answer


class Desk:
    """One subscriber of Kupiansk and Lyman with one mailbox, in UTC."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.store, self.clock, self.mailbox = store, clock, Mailbox()
        self.alerts = AlertSettings()
        clock.now = NOON
        add_entries(store, add_feed(store), 1, 2, 3, now=LATER)

    def tools(self, wanted: dict[str, Any]) -> Tools:
        name, was = wanted.get("subscriber", "Desk"), wanted.pop("was", "")
        desk = SubscriberSpec(
            name=name, was=was, targets=[TargetSpec(label="mail", kind="email", to="desk@example.org")]
        )
        keys: dict[str, Any] = {"subscriber": "Desk", "sectors": ["kupiansk", "lyman"], "group_wait_s": 0} | wanted
        settings = Settings(subscribers=[desk], subscriptions=[SubscriptionSpec(**keys)], alerts=self.alerts)
        return Tools(settings=settings, store=self.store, vault=Vault(), clock=self.clock, random=Random(1))

    def apply(self, **wanted: Any) -> Difference:
        """Puts the subscription in force, with these keys beside its own."""
        self.sender = Sender(tools=self.tools(wanted), notifier=self.mailbox)
        return apply_roster(self.sender.tools)

    def news(self, number: int, sector: str) -> None:
        """An article of a story of its own, on an entry of the feed (1, 2, 3)."""
        article = read_article(f"News {number} of Kupiansk.", sectors=(sector,))
        file(self.store, entry(self.store, number), article, now=self.clock())

    def deliver(self) -> list[Message]:
        """What arrives now."""
        before = len(self.mailbox.got)
        asyncio.run(deliver_alerts(self.sender))
        return self.mailbox.got[before:]
