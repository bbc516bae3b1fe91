"""A target that fails is left alone, on both databases: by all workers, with one message as a probe."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, update

from alerts.breaker import ours_to_blame
from alerts.outbox import LEASE
from flows.steps.alerting.deliver_alerts import deliver_alerts
from flows.steps.roster.apply import apply_roster
from flows.steps.stopping import cancelled_by_sigterm
from flows.steps.tools import Sender
from sectorwatch.domain import Circuit, Message, OnUnknown, Outcome, OutcomeKind, Target
from sectorwatch.settings import Settings
from sectorwatch.settings.roster import SubscriberSpec, TargetSpec
from storage.alerting import outbox, replay
from storage.alerting.delivery_filter import DeliveryFilter
from storage.alerting.outbox import Delivery
from storage.secrets import Vault
from storage.subscribers import subscriptions, target_health
from storage.subscribers.target_rows import switch, target_rows
from storage.tables import targets
from storage.unit_of_work import Store, Work
from storage.views import queries
from tests.builders import NOON
from tests.conftest import FakeClock
from tests.integration.test_slow_targets import SENT, queue, tools

BUSY = Outcome(kind=OutcomeKind.RETRYABLE, detail="busy", status=503)
BAD, OK = "bad", "ok"


class Answers:
    """Answers by the label of the target; counts what it is sent."""

    def __init__(self, **outcomes: Outcome) -> None:
        self.outcomes, self.seen = outcomes, Counter[str]()

    async def send(self, target: Target, message: Message) -> Outcome:
        self.seen[target.label] += 1
        return self.outcomes.get(target.label, SENT)


def deliver(store: Store, clock: FakeClock, answers: Answers) -> Counter[str]:
    """What each target is sent now."""
    answers.seen.clear()
    asyncio.run(deliver_alerts(Sender(tools=tools(store, clock, concurrency=8), notifier=answers)))
    return Counter(answers.seen)


def states(store: Store) -> Counter[tuple[str, str]]:
    """How many deliveries of each target are in which state."""
    with store.read() as work:
        return Counter((row.target, row.state) for row in queries.delivery_rows(work, limit=99))


def sending(store: Store, label: str, now: datetime) -> str:
    with store.read() as work:
        return next(row.health.words(now) for row in target_rows(work) if row.label == label)


def test_a_failing_target_is_left_alone_and_tried_with_one_message(store: Store, clock: FakeClock) -> None:
    """Five failures are enough; the rest keeps its place and its attempts; a probe that arrives lets all go."""
    clock.now = NOON
    queue(store, [BAD, OK], each=7)
    answers = Answers(bad=BUSY)
    assert deliver(store, clock, answers) == {BAD: 5, OK: 7}
    assert sending(store, BAD, NOON) == "open until 2026-03-01 12:01 UTC, 5 failures in a row"
    with store.read() as work:
        attempts = Counter(row.attempts for row in queries.delivery_rows(work, limit=99) if row.target == BAD)
    assert attempts == {1: 5, 0: 2}
    clock.advance(seconds=59)
    assert deliver(store, clock, answers) == {}
    clock.advance(seconds=1)
    assert deliver(store, clock, answers) == {BAD: 1}
    assert sending(store, BAD, clock()) == "open until 2026-03-01 12:03 UTC, 6 failures in a row"
    clock.advance(minutes=2)
    assert deliver(store, clock, Answers()) == {BAD: 7}
    assert sending(store, BAD, clock()) == "ok"
    assert states(store) == {(BAD, "sent"): 7, (OK, "sent"): 7}


def test_what_waits_a_day_behind_an_open_circuit_is_dead_and_says_so(store: Store, clock: FakeClock) -> None:
    """Its time to live ends as any other's, also of what was never tried; operators see it on record."""
    clock.now = NOON
    queue(store, [BAD], each=6)
    answers = Answers(bad=BUSY)
    deliver(store, clock, answers)
    with store.write() as work:
        until = NOON + timedelta(hours=25)
        work.connection.execute(update(targets).values(breaker_until=until))
        work.commit()
    clock.advance(hours=24)
    assert deliver(store, clock, answers) == {}
    assert states(store) == {(BAD, "dead"): 6}
    with store.read() as work:
        rows = queries.delivery_rows(work, limit=9)
        last = {queries.attempt_rows(work, row.id)[-1].outcome for row in rows}
    assert {row.reason for row in rows} == {
        "given up after 24 hours: the target's circuit has been open since 2026-03-01 12:00 UTC"
    }
    assert last == {"not sent"}


def test_retry_after_of_one_answer_holds_back_the_target(store: Store, clock: FakeClock) -> None:
    """Nothing goes there before; then all in their order. Others do not wait."""
    clock.now = NOON
    queue(store, [BAD, OK], each=3)
    slow = replace(BUSY, status=429, retry_after=timedelta(minutes=10))
    assert deliver(store, clock, Answers(bad=slow)) == {BAD: 1, OK: 3}
    assert sending(store, BAD, NOON) == "asked us to wait until 2026-03-01 12:10 UTC"
    clock.advance(minutes=9, seconds=59)
    assert deliver(store, clock, Answers()) == {}
    clock.advance(seconds=1)
    assert deliver(store, clock, Answers()) == {BAD: 3}


def claim(work: Work, now: datetime, gap: float = 0) -> list[Delivery]:
    def same(_target: Target) -> timedelta:
        return timedelta(seconds=gap)

    return outbox.claim_due(work, Vault(), now=now, limit=99, lease=LEASE, gap=same)


def at_once(store: Store, now: datetime, gap: float = 0) -> list[Delivery]:
    """What two workers claim at the same time: one has not committed when the other begins."""

    def other() -> list[Delivery]:
        with store.write() as work:
            claimed = claim(work, now, gap)
            work.commit()
        return claimed

    with ThreadPoolExecutor(1) as pool, store.write() as work:
        first = claim(work, now, gap)
        second = pool.submit(other)
        wait([second], timeout=0.2)  # it has to wait; had it not to, it would be done by now
        work.commit()
        return first + second.result()


@pytest.mark.parametrize("gap", [0.0, 2.0])
def test_two_workers_send_one_probe_and_keep_the_gap(store: Store, clock: FakeClock, gap: float) -> None:
    """Which of them may send is decided under lock; the other gets nothing of that target, and all of the others."""
    clock.now = NOON
    queue(store, [BAD], each=4)
    if not gap:
        with store.write() as work:
            circuit = {"breaker": "open", "breaker_since": NOON, "breaker_until": NOON, "fail_streak": 5}
            work.connection.execute(update(targets).values(**circuit))
            work.commit()
    claimed = at_once(store, NOON, gap)
    assert [delivery.probe for delivery in claimed] == [not gap]
    with store.read() as work:
        (found,) = target_health.health(work, [claimed[0].target.id]).values()
    if gap:
        assert found.allowed_at == NOON + timedelta(seconds=gap)
        assert len(at_once(store, NOON + timedelta(seconds=gap), gap)) == 1
    else:
        assert (found.circuit, found.until) == (Circuit.HALF, NOON + LEASE)


def test_who_finds_a_target_taken_goes_on_with_the_others(store: Store, clock: FakeClock) -> None:
    """A worker that sees nothing but what another one is just taking claims what comes after it: no run ends early."""
    clock.now = NOON
    queue(store, [BAD], each=4)
    queue(store, [OK], each=2)

    def some(work: Work) -> list[Delivery]:
        return outbox.claim_due(work, Vault(), now=NOON, limit=2, lease=LEASE, gap=lambda _target: timedelta(seconds=5))

    def other() -> list[Delivery]:
        with store.write() as work:
            claimed = some(work)
            work.commit()
        return claimed

    with ThreadPoolExecutor(1) as pool, store.write() as work:
        first = some(work)
        second = pool.submit(other)
        wait([second], timeout=0.2)
        work.commit()
        assert [[one.target.label for one in claimed] for claimed in (first, second.result())] == [[BAD], [OK]]


def test_who_finds_all_claimed_goes_on_with_what_comes_after(store: Store, clock: FakeClock) -> None:
    """The same where targets want no gap, and only the deliveries are being claimed."""
    clock.now = NOON
    queue(store, [OK], each=4)

    def other() -> list[Delivery]:
        with store.write() as work:
            claimed = outbox.claim_due(work, Vault(), now=NOON, limit=2, lease=LEASE)
            work.commit()
        return claimed

    with ThreadPoolExecutor(1) as pool, store.write() as work:
        first = outbox.claim_due(work, Vault(), now=NOON, limit=2, lease=LEASE)
        second = pool.submit(other)
        wait([second], timeout=0.2)
        work.commit()
        assert len({one.id for one in (*first, *second.result())}) == 4


def test_a_lost_probe_and_one_that_was_not_sent_do_not_block_the_target(store: Store, clock: FakeClock) -> None:
    """The first is taken for lost with its lease; after the second the next message is the probe."""
    clock.now = NOON
    queue(store, [BAD], each=3)
    with store.write() as work:
        circuit = {"breaker": "open", "breaker_since": NOON, "breaker_until": NOON, "fail_streak": 5}
        work.connection.execute(update(targets).values(**circuit))
        (probe,) = claim(work, NOON)
        assert claim(work, NOON + LEASE - timedelta(seconds=1)) == []
        (again,) = claim(work, NOON + LEASE)
        assert (again.id, again.attempt, again.probe) == (probe.id, 2, True)
        outbox.give_back(work, [again])
        (third,) = claim(work, NOON + LEASE)
        assert (third.id, third.attempt, third.probe) == (probe.id, 2, True)
        work.commit()


def test_what_is_given_back_is_as_it_was(store: Store, clock: FakeClock) -> None:
    """Neither attempt nor place is lost, and no attempt stays on record that was none."""
    clock.now = NOON
    queue(store, [OK], each=2)
    with store.write() as work:
        first = claim(work, NOON)
        outbox.give_back(work, first)
        assert [queries.attempt_rows(work, delivery.id) for delivery in first] == [[], []]
        second = claim(work, NOON)
        work.commit()
    assert [(one.id, one.attempt) for one in first] == [(one.id, one.attempt) for one in second]


def gone(status: int) -> Outcome:
    return Outcome(kind=OutcomeKind.PERMANENT, detail=f"HTTP {status}", status=status, refused=True)


def disabled(store: Store) -> dict[str, str]:
    with store.read() as work:
        return {row.label: row.disabled_reason for row in target_rows(work) if not row.enabled}


def test_a_target_that_is_gone_is_disabled_alone(store: Store, clock: FakeClock) -> None:
    """After three such answers and a wait; what is left can be sent again once it is enabled, by hand."""
    clock.now = NOON
    found = queue(store, [BAD, OK], each=5)
    assert deliver(store, clock, Answers(bad=gone(410))) == {BAD: 3, OK: 5}
    assert states(store) == {(BAD, "dead"): 3, (BAD, "pending"): 2, (OK, "sent"): 5}
    assert sending(store, BAD, NOON) == "refused 3 times in a row, and tried once more after 2026-03-01 12:10 UTC"
    clock.advance(minutes=9)
    assert deliver(store, clock, Answers(bad=gone(410))) == {}
    assert disabled(store) == {}
    clock.advance(minutes=1)
    assert deliver(store, clock, Answers(bad=gone(410))) == {BAD: 1}
    assert disabled(store) == {BAD: "4 answers in a row that it is gone, or shut to us; the last: HTTP 410"}
    assert states(store) == {(BAD, "dead"): 5, (OK, "sent"): 5}
    number = found.targets[0].id
    with store.write() as work:
        again = subscriptions.put_target(
            work,
            Vault(),
            subscriber_id=found.subscriber.id,
            label=BAD,
            kind=found.targets[0].kind,
            secret=found.targets[0].secret,
            signing_secret=None,
            now=NOON,
        )
        work.commit()
    assert (again, list(disabled(store))) == (number, [BAD])
    with store.write() as work:
        chosen = DeliveryFilter(target=number)
        assert not replay.plan(work, chosen, unknown=False, by_number=False, per_minute=99, now=NOON).again
        assert switch(work, number, enabled=True, reason="")
        plan = replay.plan(work, chosen, unknown=False, by_number=False, per_minute=99, now=NOON)
        replay.carry_out(work, plan)
        work.commit()
    clock.advance(minutes=1)
    assert deliver(store, clock, Answers()) == {BAD: 5}


def test_when_most_targets_refuse_it_is_our_own_fault(store: Store, clock: FakeClock) -> None:
    """Five of seven: none is disabled, as a key is wrong, and what waits is kept. One that does later, alone, is.

    Nor is one disabled that had its three refusals before the others were tried.
    """
    clock.now = NOON
    labels = [f"t{number}" for number in range(7)]
    refusing = Answers(**dict.fromkeys(labels[:5], gone(403)))
    queue(store, labels[:1], each=4)
    assert deliver(store, clock, refusing) == {"t0": 3}
    clock.advance(minutes=5)
    queue(store, labels)
    assert sum(deliver(store, clock, refusing).values()) == 6
    clock.advance(minutes=5)
    assert deliver(store, clock, refusing) == {"t0": 1}
    assert disabled(store) == {}
    assert states(store)["t0", "pending"] == 1
    for _ in range(2):
        clock.advance(minutes=11)
        queue(store, labels)
        deliver(store, clock, Answers(t0=gone(403)))
    assert list(disabled(store)) == ["t0"]
    assert ours_to_blame(5, 9)
    assert not ours_to_blame(5, 10)
    assert not ours_to_blame(4, 4)


def test_who_was_tried_of_late_is_found_by_time(store: Store) -> None:
    """Not by going through all attempts of all time, of which there are millions after some years."""
    asked: list[str] = []
    on = (store.engine, "before_cursor_execute")
    listening = lambda *told: asked.append(told[2])  # noqa: E731 - the statement
    event.listen(*on, listening)
    with store.read() as work:
        target_health.refusing_of_tried(work, since=NOON)
    event.remove(*on, listening)
    (statement,) = [words for words in asked if "delivery_attempts" in words]
    postgresql = store.engine.dialect.name == "postgresql"
    with store.engine.connect() as connection:
        if postgresql:
            connection.exec_driver_sql("SET enable_seqscan = off")  # an empty table is read whole
        words = "EXPLAIN " if postgresql else "EXPLAIN QUERY PLAN "
        values = {"started_at_1": NOON} if postgresql else ("2026-03-01",)
        steps = "\n".join(map(str, connection.exec_driver_sql(words + statement, values)))
    assert "ix_delivery_attempts_started_at" in steps


def test_a_target_may_prefer_a_loss_to_a_repeat(store: Store, clock: FakeClock) -> None:
    """With `hold`, what may have arrived is not sent again by itself."""
    clock.now = NOON
    queue(store, [BAD, OK])
    with store.write() as work:
        work.connection.execute(update(targets).where(targets.c.label == BAD).values(on_ambiguous="hold"))
        work.commit()
    lost = Outcome(kind=OutcomeKind.UNKNOWN, detail="no answer after sending")
    deliver(store, clock, Answers(bad=lost, ok=lost))
    assert states(store) == {(BAD, "unknown"): 1, (OK, "retry"): 1}


def test_apply_sets_what_a_target_prefers_and_says_so(store: Store, clock: FakeClock) -> None:
    """A change shows as a difference, once."""
    clock.now = NOON

    def apply(wish: str) -> list[str]:
        target = TargetSpec(label="mail", kind="email", to="desk@example.org", on_ambiguous=OnUnknown(wish))
        settings = Settings(subscribers=[SubscriberSpec(name="Desk", targets=[target])])
        return apply_roster(replace(tools(store, clock, concurrency=1), settings=settings)).changed

    assert [apply(wish) for wish in ("retry", "hold", "hold")] == [
        [],
        ["target Desk/mail: on_ambiguous is 'hold' now"],
        [],
    ]


def test_a_stopped_run_gives_back_what_it_has_not_begun(store: Store, clock: FakeClock) -> None:
    """At SIGTERM what is claimed and not begun is free at once, as if it had not been claimed; what flies arrives."""
    clock.now = NOON
    queue(store, [OK], each=3)

    class Terminated:
        async def send(self, target: Target, message: Message) -> Outcome:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(0.05)
            return SENT

    async def run() -> None:
        with cancelled_by_sigterm():
            await deliver_alerts(Sender(tools=tools(store, clock, concurrency=8), notifier=Terminated()))

    seen: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: seen.append(number))
    try:
        with pytest.raises(asyncio.CancelledError):
            asyncio.run(run())
    finally:
        signal.signal(signal.SIGTERM, before)
    assert seen == [signal.SIGTERM]  # afterwards it has its usual effect
    assert states(store) == {(OK, "sent"): 1, (OK, "pending"): 2}
    assert deliver(store, clock, Answers()) == {OK: 2}
