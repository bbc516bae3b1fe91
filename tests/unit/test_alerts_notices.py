"""What operators are told and when: once at the beginning, at most daily, once at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from alerts.channels import Channel, channel_of
from alerts.notice_text import WORDS, render_notice, rerouted
from alerts.notices import Note, conditions, next_way, plan, way
from sectorwatch.domain import TargetKind
from sectorwatch.notice import (
    Condition,
    DeadFact,
    Facts,
    FeedFact,
    HeldFact,
    Known,
    Limits,
    MissedFact,
    MovedFact,
    NoticeKind,
    Phase,
    QuarantineFact,
    RunFact,
    TargetFact,
)
from tests.builders import NOON

LIMITS = Limits()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BEGUN, REMINDER, CLEARED = Phase.BEGUN, Phase.REMINDER, Phase.CLEARED


def feed(state: str = "failing", **changes: object) -> FeedFact:
    fact = FeedFact(id=1, name="News", state=state, since=NOON, reason="HTTP 500", failures=2)
    return replace(fact, **changes)  # type: ignore[arg-type]  # a test names the fields it is about


def target(number: int = 1, **changes: object) -> TargetFact:
    fact = TargetFact(
        id=number,
        name=f"Desk/t{number}",
        label=f"t{number}",
        kind=TargetKind.EMAIL,
        enabled=True,
        disabled_reason="",
        circuit_open=False,
    )
    return replace(fact, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "after", "kind"),
    [
        (Facts(feeds=(feed(),)), 59 * MINUTE, None),
        (Facts(feeds=(feed(),)), 60 * MINUTE, NoticeKind.FEED_FAILING),
        (Facts(feeds=(feed(failures=5),)), MINUTE, NoticeKind.FEED_FAILING),
        (Facts(feeds=(feed("gone"),)), MINUTE, NoticeKind.FEED_GONE),
        (Facts(feeds=(feed("silent"),)), 3 * DAY, None),
        (Facts(feeds=(feed("silent"),)), 3 * DAY + MINUTE, NoticeKind.FEED_SILENT),
        (Facts(moved=(MovedFact(key="1", name="A", at=NOON, detail="to B"),)), MINUTE, NoticeKind.FEED_MOVED),
        (Facts(missed=(MissedFact(id=1, name="A", at=NOON, count=40),)), timedelta(0), NoticeKind.FEED_MISSED),
        (Facts(targets=(target(),)), MINUTE, None),
        (Facts(targets=(target(circuit_open=True),)), MINUTE, NoticeKind.TARGET_CIRCUIT),
        (Facts(targets=(target(enabled=False, circuit_open=True),)), MINUTE, NoticeKind.TARGET_DISABLED),
        (
            Facts(dead=(DeadFact(target_id=1, target="Desk/t1", count=3, since=NOON, reason="550"),)),
            MINUTE,
            NoticeKind.DELIVERY_DEAD,
        ),
        (
            Facts(quarantined=(QuarantineFact(key="k", url="https://a.test/", reason="memory", at=NOON),)),
            MINUTE,
            NoticeKind.QUARANTINE,
        ),
        (Facts(cycles_since=NOON), 15 * MINUTE, None),
        (Facts(cycles_since=NOON), 16 * MINUTE, NoticeKind.CYCLE_OVERDUE),
        (Facts(delivery_stopped_since=NOON), 16 * MINUTE, NoticeKind.DELIVERY_STOPPED),
        (Facts(runs=(RunFact(flow="monitor", at=NOON, detail="1 died"),)), MINUTE, NoticeKind.RUN_FAILED),
        (Facts(network_down=HeldFact(since=NOON, detail="none of 9")), MINUTE, NoticeKind.NETWORK_DOWN),
        (Facts(no_room=HeldFact(since=NOON, detail="little")), MINUTE, NoticeKind.NO_ROOM),
        (Facts(held=HeldFact(since=NOON, detail="900 wait")), MINUTE, NoticeKind.ALERTS_HELD),
        (Facts(paused=HeldFact(since=NOON, detail="by ops")), 12 * HOUR, None),
        (Facts(paused=HeldFact(since=NOON, detail="by ops")), 13 * HOUR, NoticeKind.ALERTS_PAUSED),
    ],
)
def test_what_is_wrong_enough(facts: Facts, after: timedelta, kind: NoticeKind | None) -> None:
    """Each fact becomes a condition when it has lasted, and not before."""
    found = conditions(facts, LIMITS, now=NOON + after)
    assert [one.kind for one in found] == ([] if kind is None else [kind])


def test_cycles_need_not_be_watched() -> None:
    """Who runs cycles by hand sets the limit to nothing."""
    facts = Facts(cycles_since=NOON, delivery_stopped_since=NOON)
    assert conditions(facts, replace(LIMITS, cycle_overdue=timedelta(0)), now=NOON + DAY) == []


class Watch:
    """Plays looks one after the other, as the store would keep them."""

    def __init__(self) -> None:
        self.rows: dict[int, Known] = {}
        self.told: dict[NoticeKind, datetime] = {}

    def look(self, at: timedelta, *found: Condition, heard: bool = True) -> list[tuple[Phase, list[str]]]:
        now = NOON + at
        open_rows = [one for one in self.rows.values() if one.cleared_at is None]
        then = plan(found, open_rows, self.told, LIMITS, now=now, heard=heard)
        for one in then.new:
            number = len(self.rows) + 1
            self.rows[number] = replace(one, id=number)
        self.rows |= {one.id: one for one in then.changed}
        for number in then.forgotten:
            self.rows[number] = replace(self.rows[number], cleared_at=now)
        self.told |= {note.kind: now for note in then.notes}
        return [(note.phase, [one.subject for one in note.items]) for note in then.notes]


def failing(*names: str) -> list[Condition]:
    kind = NoticeKind.FEED_FAILING
    return [Condition(key=f"feed:{name}", kind=kind, since=NOON, subject=name, detail="HTTP 500") for name in names]


def test_a_condition_is_told_once_reminded_of_daily_and_cleared() -> None:
    """Not at once, not again with every look, and the all-clear only when it has been over for a while."""
    watch = Watch()
    assert watch.look(0 * MINUTE, *failing("a")) == []
    assert watch.look(4 * MINUTE, *failing("a")) == []
    assert watch.look(5 * MINUTE, *failing("a")) == [(BEGUN, ["a"])]
    for minute in range(6, 1445, 7):
        assert watch.look(minute * MINUTE, *failing("a")) == []
    assert watch.look(1445 * MINUTE, *failing("a")) == [(REMINDER, ["a"])]
    assert watch.look(1446 * MINUTE) == []
    assert watch.look(1460 * MINUTE) == [(CLEARED, ["a"])]
    assert watch.look(1470 * MINUTE) == []
    assert watch.look(1480 * MINUTE, *failing("a")) == []  # a new one, from the beginning
    assert watch.look(1490 * MINUTE, *failing("a")) == [(BEGUN, ["a"])]


def test_what_nobody_hears_is_told_when_somebody_does() -> None:
    """Open, and not told: whoever comes to the operators' targets hears of what lasts, not of what is over since."""
    watch = Watch()
    for minute in (0, 5, 2000):
        assert watch.look(minute * MINUTE, *failing("a", "b"), heard=False) == []
    assert {(one.opened_at, one.told_at) for one in watch.rows.values()} == {(NOON + 5 * MINUTE, None)}
    watch.look(2001 * MINUTE, *failing("a"), heard=False)
    assert watch.look(2010 * MINUTE, *failing("a")) == [(BEGUN, ["a"])]
    assert watch.look(2020 * MINUTE) == []
    assert watch.look(2030 * MINUTE, heard=False) == []
    assert [one.cleared_at is None for one in watch.rows.values()] == [False, False]


def test_many_at_once_are_one_message_and_latecomers_another() -> None:
    """An outage that takes feed after feed with it sends two messages in ten minutes, not fifty."""
    watch, names = Watch(), [f"feed {number:02}" for number in range(50)]
    watch.look(0 * MINUTE, *failing(*names[:40]))
    assert watch.look(5 * MINUTE, *failing(*names)) == [(BEGUN, names[:40])]
    assert watch.look(10 * MINUTE, *failing(*names)) == []  # ripe, but a message went out five minutes ago
    assert watch.look(15 * MINUTE, *failing(*names)) == [(BEGUN, names[40:])]
    watch.look(30 * MINUTE, *failing(names[0]))
    assert watch.look(40 * MINUTE, *failing(names[0])) == [(CLEARED, names[1:])]


def test_what_comes_and_goes_is_told_of_once() -> None:
    """A condition that ends and begins again within the time to settle is the same one, or none."""
    watch = Watch()
    for minute in range(0, 60, 4):  # never five minutes long
        assert watch.look(minute * MINUTE, *(failing("a") if minute % 8 == 0 else [])) == []
    watch = Watch()
    watch.look(0 * MINUTE, *failing("a"))
    assert watch.look(5 * MINUTE, *failing("a")) == [(BEGUN, ["a"])]
    for minute in range(9, 200, 4):
        assert watch.look(minute * MINUTE, *(failing("a") if minute % 8 == 1 else [])) == []


def test_what_does_not_come_and_go_is_told_at_once() -> None:
    """Nobody waits five minutes to hear that no cycle finishes; a quarantine has no all-clear."""
    watch = Watch()
    overdue = Condition(key="cycle", kind=NoticeKind.CYCLE_OVERDUE, since=NOON, subject="cycle", detail="16 minutes")
    killed = Condition(key="q", kind=NoticeKind.QUARANTINE, since=NOON, subject="https://a.test/", detail="memory")
    assert watch.look(0 * MINUTE, overdue, killed) == [(BEGUN, ["cycle"]), (BEGUN, ["https://a.test/"])]
    assert watch.look(DAY, overdue, killed) == [(REMINDER, ["cycle"])]  # of the other one within a week
    watch.look(2 * DAY)
    assert watch.look(2 * DAY + 10 * MINUTE) == [(CLEARED, ["cycle"])]


def note(kind: NoticeKind, key: str, phase: Phase = BEGUN, count: int = 1) -> Note:
    rows = tuple(
        Known(
            id=number,
            key=f"{key}{number}" if number else key,
            kind=kind,
            subject=f"Новини <b>@everyone</b> {number}\u202e",
            detail="HTTP 500: " + "no " * 200,
            since=NOON,
            seen_at=NOON,
            cleared_at=NOON + HOUR if phase is CLEARED else None,
        )
        for number in range(count)
    )
    return Note(kind=kind, phase=phase, items=rows)


@pytest.mark.parametrize(
    ("own", "said", "label"),
    [
        ([target(1), target(2)], note(NoticeKind.FEED_FAILING, "feed:9"), "t1"),
        ([target(1, circuit_open=True), target(2)], note(NoticeKind.FEED_FAILING, "feed:9"), "t2"),
        ([target(1, refusing=True), target(2)], note(NoticeKind.FEED_FAILING, "feed:9"), "t2"),
        ([target(1, enabled=False), target(2)], note(NoticeKind.FEED_FAILING, "feed:9"), "t2"),
        ([target(1), target(2)], note(NoticeKind.TARGET_DISABLED, "target:1:target_disabled:email"), "t2"),
        (
            [target(1), target(2, kind=TargetKind.WEBHOOK)],
            note(NoticeKind.TARGET_CIRCUIT, "target:9:target_circuit:email"),
            "t2",
        ),
        (
            [target(1, kind=TargetKind.WEBHOOK), target(2)],
            note(NoticeKind.TARGET_CIRCUIT, "target:9:target_circuit:webhook"),
            "t1",
        ),
        ([target(1)], note(NoticeKind.TARGET_CIRCUIT, "target:1:target_circuit:email"), "t1"),
        ([target(1, circuit_open=True)], note(NoticeKind.FEED_FAILING, "feed:9"), "t1"),
        ([], note(NoticeKind.FEED_FAILING, "feed:9"), None),
    ],
)
def test_a_notice_does_not_go_the_way_that_is_broken(own: Sequence[TargetFact], said: Note, label: str | None) -> None:
    """The main target unless it is what the notice is about; mail does not report that mail is down."""
    chosen = way(said, own)
    assert (chosen and chosen.label) == label


def test_another_way_is_one_that_was_not_tried() -> None:
    """From target to target, and no further: no loops."""
    own = [target(1), target(2, enabled=False), target(3)]
    assert next_way(["t1"], own) == own[2]
    assert next_way(["t1", "t3"], own) is None


CHANNELS = [
    channel_of(TargetKind.EMAIL, "ops@example.org"),
    channel_of(TargetKind.WEBHOOK, "https://example.org"),
    channel_of(TargetKind.APPRISE, "discord://id/token"),
    channel_of(TargetKind.APPRISE, "twilio://sid:token@from/to"),
    channel_of(TargetKind.APPRISE, "aprs://user:pass@call"),
]


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)
@pytest.mark.parametrize("phase", [BEGUN, REMINDER, CLEARED])
@pytest.mark.parametrize("kind", list(NoticeKind))
def test_a_notice_fits_its_channel_and_says_what_to_do(channel: Channel, phase: Phase, kind: NoticeKind) -> None:
    """A thousand feeds with hostile names fit a text message too; the command is there wherever there is room."""
    said = note(kind, "feed:", phase, count=1000)
    message = render_notice(said, delivery_id="x", channel=channel, zone="Europe/Kyiv", now=NOON + HOUR)
    assert len(message.title) <= channel.title
    assert channel.size(message.text) <= channel.room(message.title)
    assert "\u202e" not in message.title + message.text
    if channel.body >= 1000 and phase is not CLEARED:
        assert WORDS[kind].command in message.text
        assert "since 01 Mar 14:00 EET (1 hour)" in message.text
        assert WORDS[kind].section in message.text
    assert message.payload["items_total"] == 1000
    again = rerouted(message, delivery_id="y", channel=channel, instead_of=["mail"], why="refused " * 99)
    assert channel.size(again.text) <= channel.room(again.title)
    assert (again.id, again.payload["id"], again.payload["instead_of"]) == ("y", "y", ["mail"])


def test_every_notice_has_its_section_in_the_runbook() -> None:
    """The section that a notice names is there; the others are those that alert rules of monitoring name."""
    page = Path(__file__).parents[2] / "docs" / "runbook.md"
    sections = {line[3:] for line in page.read_text("utf-8").splitlines() if line.startswith("## ")}
    rules = (Path(__file__).parents[2] / "deployments" / "prometheus" / "rules.yaml").read_text("utf-8")
    of_rules = {title for title in sections if f"runbook.md#{title.lower().replace(' ', '-')}" in rules}
    assert sections == {WORDS[kind].section for kind in NoticeKind} | of_rules
