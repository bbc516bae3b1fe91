"""What operators see of deliveries and suppressions, and how they send again, on both databases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from flows.steps.alerting.shown_message import without_links
from sectorwatch.domain import DeliveryKind, DeliveryState, Outcome, OutcomeKind
from sectorwatch.errors import ConfigurationError
from storage.alerting import outbox
from storage.alerting.delivery_filter import DeliveryFilter
from storage.alerting.replay import carry_out, plan
from storage.secrets import Vault
from storage.tables import deliveries as deliveries_table
from storage.tables import delivery_alerts, targets
from storage.unit_of_work import Store
from tests.builders import NOON, add_entries, add_feed, add_subscription, read_article
from tests.integration.test_store_outbox import LATER, due, entry, file
from tests.plugins.commands import Run

REFUSED = Outcome(kind=OutcomeKind.PERMANENT, detail="550 no such mailbox", status=550)


@pytest.fixture
def told(store: Store) -> Store:
    """Kupiansk told to two mailboxes: one took it, one refused it for good; Lyman waits for both."""
    add_subscription(store, "one", "two")
    add_entries(store, add_feed(store), 1, 2, now=LATER)
    file(store, entry(store, 1), read_article())
    first, second = due(store)
    with store.write() as work:
        outbox.freeze(work, first.id, {"id": first.dedup_key, "title": "Kupiansk", "text": "Held.\n", "html": None})
        sent = Outcome(kind=OutcomeKind.SENT, detail="accepted", status=250)
        for one, state, outcome in ((first, DeliveryState.SENT, sent), (second, DeliveryState.DEAD, REFUSED)):
            outbox.finish(work, one, state=state, due_at=None, reason=outcome.detail, outcome=outcome, now=LATER)
        work.commit()
    lyman = read_article("Lyman was quiet.", sectors=("lyman",))
    file(store, entry(store, 2), lyman, now=LATER + timedelta(hours=1))
    return store


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ((), 4),
        (("--state", "dead"), 1),
        (("--state", "dead", "--state", "sent"), 2),
        (("--sector", "lyman"), 2),
        (("--sector", "lyman", "--state", "dead"), 0),
        (("--target", "2"), 2),
        (("--subscriber", "Desk"), 4),
        (("--subscription", "default"), 4),
        (("--subscription", "Desk/default"), 4),
        (("--kind", "digest"), 0),
        (("--since", "2026-03-01T13:00"), 2),
        (("--until", "2026-03-01T13:00"), 2),
        (("--limit", "3"), 3),
    ],
)
def test_deliveries_are_found_by_what_is_known_of_them(
    told: Store, run: Run, filters: tuple[str, ...], count: int
) -> None:
    """State, kind, target, subscriber, subscription, sector and time narrow the list, together too."""
    assert len(run("deliveries", "list", *filters, "--json")) == count


def test_a_terminal_has_room_for_what_matters_of_deliveries(
    told: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which target, and why one has not arrived after how many attempts; no column says nothing."""
    monkeypatch.setattr("sectorwatch.cli.output.on_terminal", lambda: True)
    monkeypatch.setattr("sectorwatch.cli.deliveries.on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    heads = ["delivery", "state", "sector", "subscription", "target", "when"]
    assert run("deliveries", "list", "--state", "sent").splitlines()[0].split() == heads
    with told.write() as work:
        work.connection.execute(update(deliveries_table).values(attempts=3))
        work.commit()
    listed = run("deliveries", "list")
    assert listed.splitlines()[0].split() == ["delivery", "state", "subscription", "target", "when", "why"]
    assert max(map(len, listed.splitlines())) <= 80
    why = listed.splitlines()[0].index("why")
    assert "3 attempts; 550 no such mailbox" in " ".join(line[why:] for line in listed.splitlines())


def test_a_delivery_is_shown_with_each_attempt_and_its_message(told: Store, run: Run) -> None:
    """When it was tried, how it ended, what was answered; the frozen message when asked for."""
    shown = run("deliveries", "show", "2", "--json")
    assert [(one["outcome"], one["status"], one["detail"]) for one in shown["attempts"]] == [
        ("permanent", 550, "550 no such mailbox")
    ]
    assert "message" not in shown
    assert run("deliveries", "show", "1", "--message", "--json")["message"]["title"] == "Kupiansk"
    words = run("deliveries", "show", "1", "--message")
    assert "2026-03-01 12:01:00" in words
    assert words.endswith("Kupiansk\n\nHeld.\n\n")
    with pytest.raises(ConfigurationError, match="there is no delivery 9"):
        run("deliveries", "show", "9")


def test_what_waits_for_a_target_that_is_left_alone_says_so(told: Store, run: Run) -> None:
    """The list and the delivery say until when and why; what was sent does not, nor what waits for another target."""
    until = LATER.replace(year=2999)
    with told.write() as work:
        left = update(targets).where(targets.c.id == 1)
        work.connection.execute(left.values(breaker="open", breaker_until=until, fail_streak=6))
        work.commit()
    words = f"the target is left alone until {until:%Y-%m-%d %H:%M} UTC, after 6 failures in a row"
    listed = " ".join(run("deliveries", "list", "--target", "1").split())
    assert listed.count("the target is left alone") == 1
    assert words in run("deliveries", "show", "3")
    assert "left alone" not in run("deliveries", "show", "4") + run("deliveries", "show", "1")
    waiting, sent = run("deliveries", "list", "--target", "1", "--json")
    assert (waiting["target_waits_until"], waiting["target_failures"]) == (until.isoformat(), 6)
    assert (sent["target_waits_until"], sent["target_failures"]) == (None, 0)
    with told.write() as work:
        work.connection.execute(left.values(breaker="closed", next_allowed_at=until, fail_streak=0))
        work.commit()
    assert f"the target asked us to wait until {until:%Y-%m-%d %H:%M} UTC" in run("deliveries", "show", "3")
    with told.write() as work:
        work.connection.execute(left.values(next_allowed_at=LATER))
        work.connection.execute(update(deliveries_table).values(due_at=LATER))
        work.commit()
    assert "the target" not in run("deliveries", "show", "3")


def test_links_that_act_for_the_reader_are_not_shown() -> None:
    """A one-click link and every private page are masked wherever they stand; public pages stay."""
    frozen = {
        "text": "Read https://sw.test/stories/5 or leave: https://sw.test/u/TOKEN1?x=2",
        "html": '<a href="https://sw.test/p/TOKEN2">pause</a>',
        "payload": {"links": {"unsubscribe": "https://other.test/TOKEN3"}, "all": ["https://sw.test/stories"]},
        "unsubscribe": "https://other.test/TOKEN3",
    }
    shown = str(without_links(frozen, "https://sw.test/"))
    assert "TOKEN" not in shown
    assert "https://sw.test/stories/5" in shown
    assert "'https://sw.test/stories'" in shown


def test_what_is_dead_is_sent_again_and_the_rest_explained(told: Store, run: Run) -> None:
    """Counted first with --dry-run; what is not dead stays as it is and is said to, with exit code 1."""
    said = run("deliveries", "retry", "1", "2", "3", "--dry-run", code=1)
    assert "1 would go back in the queue" in said
    for why in ("1 left as it is: sent already", "waiting already"):
        assert why in said
    other = run("deliveries", "retry", "2", "--target", "1", "--dry-run", code=1)
    assert "1 left as it is: not of those asked for" in other
    assert len(run("deliveries", "list", "--state", "dead", "--json")) == 1  # nothing was changed
    assert "0 would go" in run("deliveries", "retry", "--target", "1", "--dry-run")
    assert "0 would go" in run("deliveries", "retry", "--until", "2026-03-01", "--dry-run")
    assert "1 is back in the queue" in run("deliveries", "retry", "--since", "2026-03-01")
    (again,) = run("deliveries", "list", "--state", "pending", "--target", "2", "--sector", "kupiansk", "--json")
    assert (again["id"], again["reason"]) == (2, "sent again by hand")
    with pytest.raises(ConfigurationError, match="or give --all"):
        run("deliveries", "retry")


def test_a_replay_of_many_is_spread_over_time(store: Store) -> None:
    """Each target gets so many a minute, oldest first; a disabled one, a notice and an unknown are left out."""
    subscription = add_subscription(store, "a", "b", "off")
    a, b, off = (target.id for target in subscription.targets)
    with store.write() as work:
        work.connection.execute(update(targets).where(targets.c.id == off).values(enabled=False))
        for number in range(40):
            goes_to = (a, a, b, off)[number % 4]
            kind, state = DeliveryKind.ALERT, DeliveryState.DEAD if number < 36 else DeliveryState.UNKNOWN
            row = {"target_id": goes_to, "kind": kind.value, "state": state.value}
            times = {"due_at": NOON, "first_due_at": NOON - timedelta(minutes=number), "created_at": NOON}
            own = {"dedup_key": f"key-{number}", "subscription_id": subscription.id}
            work.connection.execute(insert(deliveries_table).values(**row, **times, **own))
        outbox.post(work, target_id=a, kind=DeliveryKind.NOTICE, dedup_key="n", payload={}, now=NOON)
        notice = deliveries_table.c.dedup_key == "n"
        work.connection.execute(update(deliveries_table).where(notice).values(state="dead"))
        ended = DeliveryFilter(states=(DeliveryState.DEAD, DeliveryState.UNKNOWN))
        found = plan(work, ended, unknown=False, by_number=False, per_minute=6, now=NOON)
        carry_out(work, found)
        work.commit()
    assert len(found.again) == 27
    assert found.until == NOON + timedelta(seconds=10) * 17  # 18 to the busier target
    assert min(found.again, key=lambda number: found.again[number]) in (34, 35)  # the oldest ones
    assert found.left == {
        "the target is disabled": 9,
        "it may have arrived: --unknown sends it again": 4,
        "a notice or confirmation: name it by its number": 1,
    }
    with store.write() as work:
        claimed = outbox.claim_due(work, Vault(), now=NOON + timedelta(seconds=15), limit=99, lease=timedelta(45))
        assert len(claimed) == 4  # two targets, two each
        assert work.connection.execute(delivery_alerts.select()).all() == []


def test_suppressions_are_narrowed_and_counted(store: Store, run: Run) -> None:
    """By subscription, sector, cause and time; --summary says how many there are for each cause."""
    add_subscription(store, "one", now=LATER)
    feed = add_feed(store)
    add_entries(store, feed, 1, baseline=True, now=NOON)
    add_entries(store, feed, 2, now=NOON)
    file(store, entry(store, 1), read_article("Kupiansk, one."))
    file(store, entry(store, 2), read_article("Lyman, two.", sectors=("lyman",)))
    assert run("suppressions", "--summary", "--json") == {"baseline": 1, "before_start": 1}
    for filters, codes in (
        (("--code", "baseline"), ["baseline"]),
        (("--sector", "lyman"), ["before_start"]),
        (("--subscription", "Desk/default"), ["before_start", "baseline"]),
        (("--since", "2026-03-01T12:00"), ["before_start", "baseline"]),
        (("--since", "2026-03-01T13:00"), []),
        (("--limit", "1"), ["before_start"]),
    ):
        assert [row["code"] for row in run("suppressions", *filters, "--json")] == codes, filters
    assert "baseline" in run("suppressions", "--summary")
    for words in (("suppressions",), ("suppressions", "--summary"), ("deliveries", "list")):
        for given, said in (
            ("other", "'other'; known: default"),
            ("defualt", "'defualt'; did you mean 'default'"),
            ("Dsk/default", "'Dsk/default'; did you mean 'Desk/default'"),
        ):
            with pytest.raises(ConfigurationError, match=f"there is no subscription {said}"):
                run(*words, "--subscription", given)
    assert run("suppressions", "--subscription", "default", "--code", "match") == "none\n"
    with pytest.raises(ConfigurationError, match="--code 'x': give one of match"):
        run("suppressions", "--code", "x")


def test_a_wrong_filter_says_what_is_right(run: Run) -> None:
    """A typing mistake is no empty list."""
    with pytest.raises(ConfigurationError, match="--state 'ded': give one of held"):
        run("deliveries", "list", "--state", "ded")
    with pytest.raises(ConfigurationError, match="--until 'soon'"):
        run("deliveries", "list", "--until", "soon")


@pytest.mark.parametrize("command", ["list", "retry"])
@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (("--target", "99"), "there is no target 99: 'sectorwatch targets list' shows"),
        (("--subscriber", "Dsk"), "there is no subscriber 'Dsk'; did you mean 'Desk'?"),
        (("--subscription", "other"), "there is no subscription 'other'; known: default"),
        (("--target", "1", "--subscriber", "Nobody"), "there is no subscriber 'Nobody'"),
    ],
)
def test_deliveries_of_what_there_is_not_are_no_empty_list(
    told: Store, run: Run, command: str, filters: tuple[str, ...], words: str
) -> None:
    """Whose name or number there is not is said: "0 are back in the queue" would be taken for done."""
    with pytest.raises(ConfigurationError, match=re.escape(words)):
        run("deliveries", command, *filters)


def test_numbers_that_there_are_not_send_nothing_again(told: Store, run: Run) -> None:
    """A mistyped number among others changes nothing, as the others may be mistyped too."""
    with pytest.raises(ConfigurationError, match="there is no delivery 77, 78: 'sectorwatch deliveries list' shows"):
        run("deliveries", "retry", "2", "78", "77")
    assert len(run("deliveries", "list", "--state", "dead", "--json")) == 1
