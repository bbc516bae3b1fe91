"""Operators are told what is wrong, once, and another way when the first is broken; on both databases."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from random import Random
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select, update
from typer.testing import CliRunner

from flows.runtime import Runtime
from flows.steps.alerting.deliver_alerts import deliver_alerts, drain
from flows.steps.roster.apply import Difference, apply_roster
from flows.steps.running.prune import prune
from flows.steps.running.watch import EVERY, Watcher, watch
from flows.steps.tools import Sender, Tools
from sectorwatch.cli.main import app
from sectorwatch.domain import DeliveryKind, DeliveryState, Message, Outcome, OutcomeKind, Target, TargetKind
from sectorwatch.errors import ConfigurationError
from sectorwatch.newsroom import Receivers
from sectorwatch.newsroom.loop import LoopThread
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import FetchSettings, MailSettings, OperatorSettings, StoreSettings
from storage.alerting import outbox
from storage.running import cycles, notices
from storage.running.watching import own_targets
from storage.secrets import Vault
from storage.subscribers import target_health
from storage.tables import deliveries, feeds, targets
from storage.unit_of_work import Store
from storage.views import queries
from tests.builders import NOON, add_entries, add_feed, add_subscription, read_article
from tests.conftest import FakeClock
from tests.integration.test_store_outbox import LATER, entry, file

SENT = Outcome(kind=OutcomeKind.SENT, detail="accepted", status=250)
GONE = Outcome(kind=OutcomeKind.PERMANENT, detail="550 no such mailbox", status=550)
BUSY = Outcome(kind=OutcomeKind.RETRYABLE, detail="451 later", status=451)
MAIL = {"label": "mail", "kind": "email", "to": "ops@example.org"}
HOOK = {"label": "hook", "kind": "webhook", "to": "https://hook.example.org/T0KEN"}
CHAT = {"label": "chat", "kind": "apprise", "to": "json://chat.example.org/T0KEN"}


class Duty:
    """An installation whose operators have three targets; they answer as they are told, by label."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.store, self.clock = store, clock
        self.answers: dict[str, Outcome] = {}
        self.got: list[tuple[str, Message]] = []
        clock.now = NOON
        self.apply(MAIL, HOOK, CHAT)

    async def send(self, target: Target, message: Message) -> Outcome:
        answer = self.answers.get(target.label, SENT)
        if answer is SENT:
            self.got.append((target.label, message))
        return answer

    def apply(self, *own: dict[str, Any], **others: Any) -> Difference:
        operators = OperatorSettings.model_validate({"targets": own, **others})
        settings = Settings(operators=operators)
        self.tools = Tools(settings=settings, store=self.store, vault=Vault(), clock=self.clock, random=Random(1))
        return apply_roster(self.tools)

    def look(self, **later: float) -> list[tuple[str, str]]:
        """Looks after a while, sends what there is to send, and gives what arrived: (label, title)."""
        self.clock.advance(**later)
        watch(self.tools)
        before = len(self.got)
        asyncio.run(deliver_alerts(Sender(tools=self.tools, notifier=self)))
        return [(label, message.title) for label, message in self.got[before:]]

    def cycle(self) -> None:
        """A cycle has just finished."""
        with self.store.write() as work:
            cycles.finish(work, cycles.start(work, now=self.clock()), {}, now=self.clock())
            work.commit()


@pytest.fixture
def duty(store: Store, clock: FakeClock) -> Duty:
    return Duty(store, clock)


def fail(store: Store, *numbers: int, state: str = "failing", reason: str = "HTTP 500") -> None:
    with store.write() as work:
        here = feeds.c.id.in_(numbers)
        changed = {"state": state, "state_since": NOON, "failures": 5, "reason": reason}
        work.connection.execute(update(feeds).where(here).values(**changed))
        work.commit()


def test_failing_feeds_are_one_notice_and_one_all_clear(duty: Duty) -> None:
    """Told once however often is looked; another look by another process tells nothing; the end is told as well."""
    numbers = [add_feed(duty.store, f"https://n{n}.example.org/rss?key=S3CRET") for n in range(3)]
    duty.cycle()
    assert duty.look() == []
    fail(duty.store, *numbers)
    assert duty.look() == []
    duty.clock.advance(minutes=5)
    duty.cycle()
    assert duty.look() == [("mail", "3 feeds fail")]
    assert watch(duty.tools).posted == 0
    text = duty.got[-1][1].text
    assert "sectorwatch feeds list" in text
    assert "S3CRET" not in text
    with duty.store.read() as work:
        assert [one.opened_at is not None for one in notices.current(work)] == [True] * 3
    fail(duty.store, *numbers, state="ok", reason="")
    duty.cycle()
    assert duty.look() == []
    duty.clock.advance(minutes=11)
    duty.cycle()
    assert duty.look() == [("mail", "Over: 3 of them: no longer failing")]
    assert duty.look(minutes=1) == []
    duty.clock.advance(days=91)
    duty.cycle()
    assert prune(duty.tools)["notices"] == 3


def test_that_no_cycle_finishes_is_noticed_by_the_drain(duty: Duty) -> None:
    """Whoever sends alerts looks, too: at once, and every half minute; also while alerts are paused."""
    add_feed(duty.store)
    assert duty.look() == []
    with duty.store.write() as work:
        outbox.pause_alerts(work, paused=True, author="ops", now=NOON)
        work.commit()
    duty.clock.advance(minutes=16)
    watcher = Watcher(duty.tools)
    sender = Sender(tools=duty.tools, notifier=duty)
    asyncio.run(drain(sender, seconds=0, look=watcher.look))
    assert [message.title for _, message in duty.got] == ["No cycle has finished: none finished for 16 minutes"]
    duty.cycle()
    duty.clock.advance(seconds=EVERY.total_seconds() - 1)
    watcher.look()
    with duty.store.read() as work:
        assert [one.over_at for one in notices.current(work)] == [None]
    duty.clock.advance(seconds=1)
    watcher.look()
    with duty.store.read() as work:
        assert [one.over_at for one in notices.current(work)] == [duty.clock()]


def test_a_start_after_a_stop_has_its_time(duty: Duty) -> None:
    """Nobody is told of the hours for which all was off: a cycle may finish first. One that never does is told of."""
    add_feed(duty.store)
    duty.cycle()
    assert duty.look() == []
    assert duty.look(hours=9) == []
    assert duty.look(minutes=14) == []
    duty.cycle()
    assert duty.look(minutes=1) == []
    assert duty.look(hours=9) == []
    assert duty.look(minutes=16) == [("mail", "No cycle has finished: none finished for 16 minutes")]


def test_starts_in_a_loop_put_the_notice_off_no_further(duty: Duty) -> None:
    """One every five minutes: without a cycle that has finished, the first of them counts."""
    add_feed(duty.store)
    duty.cycle()
    assert duty.look() == []
    assert duty.look(hours=9) == []
    assert [duty.look(minutes=5) for _ in range(3)] == [[]] * 3
    assert duty.look(minutes=5) == [("mail", "No cycle has finished: none finished for 20 minutes")]


def test_each_start_that_finishes_nothing_is_no_new_one(duty: Duty) -> None:
    """The second start after hours, without a cycle between them, is told of at once."""
    add_feed(duty.store)
    duty.cycle()
    assert duty.look() == []
    assert duty.look(hours=9) == []
    assert duty.look(hours=1) == [("mail", "No cycle has finished: none finished for 1 hour")]


def test_a_stop_ends_no_notice(duty: Duty) -> None:
    """What was told before the stop is not over by it: only a cycle that finishes is."""
    add_feed(duty.store)
    assert duty.look() == []
    duty.cycle()
    for _ in range(15):
        assert duty.look(minutes=1) == []
    assert len(duty.look(minutes=1)) == 1
    assert duty.look(hours=2) == []
    assert duty.look(minutes=10) == []
    duty.cycle()
    assert duty.look(minutes=1) == []
    duty.cycle()
    assert duty.look(minutes=5) == [("mail", "Over: cycles finish again")]


def test_the_list_says_that_nobody_is_sent_notices(duty: Duty, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where operators have no targets; else it says nothing of it."""
    fail(duty.store, add_feed(duty.store))
    duty.look()
    monkeypatch.setenv("SECTORWATCH_STORE__URL", duty.store.engine.url.render_as_string(hide_password=False))
    said = [CliRunner().invoke(app, ["notices"], catch_exceptions=False).output]
    duty.apply()
    said.append(CliRunner().invoke(app, ["notices"], catch_exceptions=False).output)
    assert ["nobody is sent them" in one for one in said] == [False, True]


def test_a_notice_without_targets_is_not_told_until_there_is_one(duty: Duty, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list says so, and who is set up then hears of it at once."""
    duty.apply()
    fail(duty.store, add_feed(duty.store))
    assert [duty.look(minutes=minutes) for minutes in (0, 6, 5)] == [[], [], []]
    monkeypatch.setenv("SECTORWATCH_STORE__URL", duty.store.engine.url.render_as_string(hide_password=False))
    (one,) = json.loads(CliRunner().invoke(app, ["notices", "list", "--json"], catch_exceptions=False).output)
    assert (one["state"], one["told_at"]) == ("open", None)
    duty.apply(MAIL)
    (told,) = duty.look(minutes=1)
    assert told[0] == "mail"


def test_what_nobody_sends_is_noticed_and_sent(duty: Duty) -> None:
    """A cycle that finds the drain dead tells of it, and `Watched` says that somebody has to send."""
    add_feed(duty.store)
    add_subscription(duty.store, "one")
    add_entries(duty.store, 1, 1, now=LATER)
    file(duty.store, entry(duty.store, 1), read_article())
    duty.clock.advance(minutes=20)
    duty.cycle()
    watched = watch(duty.tools)
    assert (watched.posted, watched.stopped) == (1, True)
    assert ("mail", "Nothing is being sent: the oldest waits for 19 minutes, and nothing is being sent") in duty.look()


def test_what_came_due_during_a_stop_is_sent_before_anybody_looks(duty: Duty) -> None:
    """A drain that begins after hours tells nobody that nothing is being sent: it sends."""
    add_feed(duty.store)
    add_subscription(duty.store, "one")
    add_entries(duty.store, 1, 1, now=LATER)
    file(duty.store, entry(duty.store, 1), read_article())
    duty.clock.advance(hours=9)
    duty.cycle()
    watcher = Watcher(duty.tools, lasts=EVERY * 9)
    watcher.look()
    asyncio.run(deliver_alerts(Sender(tools=duty.tools, notifier=duty)))
    duty.clock.advance(seconds=EVERY.total_seconds())
    watcher.look()
    with duty.store.read() as work:
        assert notices.current(work) == []
    duty.clock.advance(minutes=16)
    watcher.look()
    with duty.store.read() as work:
        assert [one.kind for one in notices.current(work)] == ["cycle_overdue"]


def test_dead_deliveries_and_targets_are_told_of(duty: Duty) -> None:
    """What a subscriber did not get, and which target is left alone, with the reason."""
    add_feed(duty.store)
    (target,) = add_subscription(duty.store, "phone", kind=TargetKind.WEBHOOK).targets
    add_entries(duty.store, 1, 1, now=LATER)
    file(duty.store, entry(duty.store, 1), read_article())
    duty.answers["phone"] = GONE
    duty.cycle()
    duty.clock.advance(minutes=2)
    duty.look()
    duty.look()
    duty.cycle()
    assert duty.look(minutes=6) == [("mail", "Alerts could not be delivered to Desk/phone")]
    assert "1 given up on; the last: 550 no such mailbox" in duty.got[-1][1].text
    with duty.store.write() as work:
        off = {"enabled": False, "disabled_reason": "410 five times", "refused_at": duty.clock()}
        work.connection.execute(update(targets).where(targets.c.id == target.id).values(**off))
        work.commit()
    assert duty.look() == [("mail", "Target is disabled: Desk/phone")]
    assert "410 five times" in duty.got[-1][1].text


def test_a_notice_that_is_not_taken_goes_another_way_and_no_further(duty: Duty) -> None:
    """Dead at the first: to the second with the next look. Busy: after ten minutes. Nobody: no notice about it."""
    add_feed(duty.store)
    duty.answers = {"mail": GONE, "hook": BUSY}
    assert duty.look() == []
    assert duty.look(minutes=16) == []  # mail has refused it
    assert duty.look(minutes=1) == []  # the webhook is busy
    assert duty.look(minutes=9) == []
    assert duty.look(minutes=2) == [("chat", "No cycle has finished: none finished for 16 minutes")]
    assert duty.got[-1][1].text.startswith("This comes another way: mail, hook did not take it (451 later).")
    assert duty.got[-1][1].payload["instead_of"] == ["mail", "hook"]
    duty.answers = {}
    assert [label for label, _ in duty.look(minutes=10)] == ["hook"]  # its own one, late
    duty.answers = dict.fromkeys(["mail", "hook", "chat"], GONE)
    duty.clock.advance(days=1)
    for _ in range(12):
        assert duty.look(minutes=6) == []
    with duty.store.read() as work:
        rows = queries.delivery_rows(work, limit=99)
        assert {one.kind for one in notices.current(work)} == {"cycle_overdue"}
    assert len(rows) == 6  # the notice and the reminder, each to three targets
    duty.apply(MAIL)
    assert len(duty.look(days=2)) == 0


def test_word_of_a_broken_mail_server_does_not_go_by_mail(duty: Duty) -> None:
    """A subscriber's mailbox fails five times in a row and is left alone: the webhook is told at once."""
    (target,) = add_subscription(duty.store, "inbox").targets
    message = asdict(Message(id="1", title="Question", text="Is this yours?", html=None))
    with duty.store.write() as work:
        for number in range(5):
            key = f"question-{number}"
            question = DeliveryKind.CONFIRMATION
            outbox.post(work, target_id=target.id, kind=question, dedup_key=key, payload=message, now=NOON)
        work.commit()
    duty.answers["inbox"] = BUSY
    duty.look()
    assert duty.look() == []
    assert duty.look(minutes=5) == [("hook", "Target is not reached: Desk/inbox")]
    duty.answers = {}
    duty.look(minutes=40)  # a probe is taken
    duty.look()
    assert ("mail", "Over: Desk/inbox: reached again") in duty.look(minutes=6)


def test_the_operators_are_a_subscriber_that_nobody_else_can_be(duty: Duty) -> None:
    """Their targets keep their order; one that is taken out is left alone, and comes back when it is put back."""
    assert not duty.apply(MAIL, HOOK, CHAT)
    assert duty.apply(HOOK, MAIL).removed == ["operators' target chat"]
    moved = {**HOOK, "to": "https://other.example.org"}
    assert duty.apply(moved, MAIL).changed == ["operators' target hook"]
    with duty.store.read() as work:
        rows = select(targets.c.label, targets.c.rank, targets.c.enabled).order_by(targets.c.enabled.desc(), "rank")
        assert [tuple(row) for row in work.connection.execute(rows)] == [
            ("hook", 0, True),
            ("mail", 1, True),
            ("chat", 2, False),
        ]
    with duty.store.write() as work:
        hook = work.connection.execute(select(targets.c.id).where(targets.c.label == "hook")).scalar_one()
        target_health.disable(work, hook, "it is gone", now=duty.clock())
        work.commit()
    for wanted, reason in (
        ((CHAT, MAIL), "taken out of the configuration; before that: it is gone"),
        ((CHAT, MAIL, moved), "it is gone"),
        ((CHAT, MAIL), "taken out of the configuration; before that: it is gone"),
    ):
        duty.apply(*wanted)
        with duty.store.read() as work:
            found = work.connection.execute(select(targets).where(targets.c.id == hook)).one()
            assert (found.enabled, found.disabled_reason) == (False, reason)
            assert ("hook" in {one.label for one in own_targets(work)}) == (moved in wanted)
    add_feed(duty.store)
    assert duty.look() == []
    assert duty.look(minutes=16) == [("chat", "No cycle has finished: none finished for 16 minutes")]
    settings = Settings.model_validate({"subscribers": [{"name": "operators"}]})
    with pytest.raises(ConfigurationError, match=r"set in \[operators\]"):
        apply_roster(Tools(settings=settings, store=duty.store, vault=Vault(), clock=duty.clock, random=Random(1)))
    with pytest.raises(ValueError, match="all of them are e-mail"):
        OperatorSettings.model_validate({"targets": [MAIL, {**MAIL, "label": "second"}]})
    with pytest.raises(ValueError, match="confirm and links are for subscribers"):
        OperatorSettings.model_validate({"targets": [{**MAIL, "confirm": True}]})


class Refusing:
    """A mail server that is out of order."""

    def __init__(self) -> None:
        self.asked = 0

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        self.asked += 1
        return "451 4.3.0 out of order"


@contextmanager
def relay(handler: object) -> Iterator[int]:
    """The port of a mail server on loopback."""
    loop = LoopThread("relay")

    async def start() -> asyncio.Server:
        running = asyncio.get_running_loop()
        return await running.create_server(lambda: SMTP(handler, loop=running), "127.0.0.1", 0)

    try:
        yield int(loop.call(start()).sockets[0].getsockname()[1])
    finally:
        loop.close()


def test_mail_is_down_and_the_webhook_says_so(store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way, with real servers: SMTP refuses, and ten minutes later the signed webhook has the notice."""
    clock.now = NOON
    refusing = Refusing()
    with Receivers() as receivers, relay(refusing) as port:
        hook = {**HOOK, "to": receivers.webhook_url, "signing_secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
        settings = Settings(
            store=StoreSettings(url=store.engine.url.render_as_string(hide_password=False)),
            fetch=FetchSettings(allow_networks=["127.0.0.0/8"]),
            mail=MailSettings(host="127.0.0.1", port=port, security="none", sender="watch@example.org"),
            operators=OperatorSettings.model_validate({"targets": [MAIL, hook]}),
        )
        with Runtime.open(settings, clock=clock) as runtime:
            apply_roster(runtime.tools)
            add_feed(store)
            runtime.watch()
            clock.advance(minutes=16)
            runtime.drain(seconds=0)
            assert (refusing.asked, receivers.requests) == (1, ())
            clock.advance(minutes=11)
            runtime.drain(seconds=0)
            (request,) = receivers.requests
            assert request.json()["kind"] == "cycle_overdue"
            assert request.json()["instead_of"] == ["mail"]
            assert request.headers["webhook-id"] == request.json()["id"]
            assert request.headers["webhook-signature"]
            ended = dict(runtime.send_test_notice())
        assert (ended["mail"].kind, ended["hook"].kind) == (OutcomeKind.RETRYABLE, OutcomeKind.SENT)
        assert receivers.requests[-1].json()["phase"] == "test"
    monkeypatch.setenv("SECTORWATCH_STORE__URL", settings.store.url)
    listed = json.loads(CliRunner().invoke(app, ["notices", "list", "--json"], catch_exceptions=False).output)
    assert [(row["state"], row["kind"], row["key"]) for row in listed] == [("open", "cycle_overdue", "cycle")]
    assert "the monitor cycle" in CliRunner().invoke(app, ["notices"], catch_exceptions=False).output
    with store.read() as work:
        states = work.connection.execute(select(deliveries.c.state).order_by(deliveries.c.id)).scalars().all()
    assert states == [DeliveryState.RETRY.value, DeliveryState.SENT.value]
    with pytest.raises(ConfigurationError, match="there is no 'x' among the operators' targets; known: hook, mail"):
        CliRunner().invoke(app, ["notices", "test", "--target", "x"], catch_exceptions=False)
