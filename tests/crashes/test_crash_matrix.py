"""kill -9 at every step boundary, first and fifth passage, on both databases: nothing lost, nothing told anew."""

from __future__ import annotations

import json
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import update

from sectorwatch.domain import Schedule
from storage.subscribers.subscriptions import stored_schedule
from storage.tables import subscriptions
from storage.unit_of_work import Store
from tests.crashes.desk import SEEN, Desk, open_desk
from tests.crashes.forks import Forks
from tests.crashes.receiver import Receiver, receiving

NEWS = range(1, 7)
UNKNOWABLE = {
    "send: after",
    "finish: begin",
    "finish: update deliveries",
    "finish: update delivery_attempts",
    "finish: before commit",
}
"""Between "the receiver has accepted" and "we have that on record": here alone a kill may bring a repeat."""
POINTS = {
    "take": ("begin", "select entries", "update entries", "before commit", "after commit"),
    "file": (
        "begin",
        "insert stories",
        "insert articles",
        "insert mentions",
        "delete article_sectors",
        "insert article_sectors",
        "insert story_bands",
        "insert gists",
        "insert gist_terms",
        "insert raw_pages",
        "insert article_search",
        "update stories",
        "insert alerts",
        "delete suppressions",
        "insert alert_articles",
        "insert deliveries",
        "insert delivery_alerts",
        "update entries",
        "before commit",
        "after commit",
    ),
    "join": ("begin", "insert deliveries", "insert delivery_alerts"),
    "claim": (
        "begin",
        "select deliveries",
        "update deliveries",
        "insert delivery_attempts",
        "update alerts",
        "before commit",
        "after commit",
    ),
    "freeze": ("begin", "update deliveries"),
    "send": ("before", "after"),
    "finish": ("begin", "update deliveries", "update delivery_attempts", "before commit", "after commit"),
}
"""By step: the points that a run passes, as `points.Points` names them."""
ALL = [f"{step}: {point}" for step, points in POINTS.items() for point in points]
ONLY_SQLITE = {"file: delete article_search"}
SHORT = {"file: before commit", "claim: after commit", "send: after", "finish: before commit"}
"""The points that `make test` tries; all others are for `make test-full`."""
CASES = [
    pytest.param(point, passage, marks=() if passage == 1 and point in SHORT else pytest.mark.full)
    for passage in (1, 5)
    for point in ALL
]
_NUMBERS = count(1)


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    with Forks(tmp_path_factory.mktemp("forks") / "log") as running:
        yield running


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture(scope="module")
def tally() -> Iterator[Counter[str]]:
    """Figures of all kills; shown with `pytest -s`."""
    figures: Counter[str] = Counter(lost=0)
    yield figures
    print("\ncrash matrix:", ", ".join(f"{count:,} {what}" for what, count in figures.items()))


@pytest.fixture
def desk(store: Store, receiver: Receiver) -> Desk:
    """Six articles for two targets that are told at once and five that get digests: 17 messages."""
    opened = open_desk(store, receiver, f"/{next(_NUMBERS)}", alone=2, digests=5)
    opened.news(*NEWS)
    return opened


def test_every_write_and_commit_of_the_work_is_a_named_point(desk: Desk, forks: Forks, tmp_path: Path) -> None:
    """Without a kill each target is told of each article once; all that is passed on the way is in the matrix."""
    file = tmp_path / "points"
    assert forks.run(store=desk.address, now=SEEN.isoformat(), record=str(file)) == 0, forks.log.read_text("utf-8")
    assert desk.told() == desk.expected()
    assert set(desk.copies().values()) == {1}
    passed = json.loads(file.read_text("utf-8"))
    assert set(passed) - ONLY_SQLITE == set(ALL), "name the new point in POINTS, so that a process dies there"
    assert [point for point in ALL if passed[point] < 5] == []


def die_and_go_on(desk: Desk, forks: Forks, point: str, passage: int, *, concurrency: int = 1) -> set[str]:
    """Kills one process at the point, and lets others do the rest; what nobody could know the end of."""
    job = {"store": desk.address, "concurrency": concurrency}
    ended = forks.run(**job, now=SEEN.isoformat(), fatal=point, passage=passage)
    assert ended == -signal.SIGKILL, f"{point} was not passed {passage} times: {forks.log.read_text('utf-8')}"
    unknowable = set(desk.copies()) - desk.recorded()
    assert forks.run(**job, now=(SEEN + timedelta(hours=2)).isoformat()) == 0, forks.log.read_text("utf-8")
    return unknowable


def check(desk: Desk, unknowable: set[str], tally: Counter[str]) -> None:
    """Nothing is lost, nothing is told anew, every attempt is on record, and only the unknowable is repeated, once."""
    copies, attempts = desk.copies(), desk.attempts()
    tally.update(kills=1, messages=len(copies), repeats=copies.total() - len(copies))
    tally["lost"] += (desk.expected() - desk.told()).total()
    assert desk.told() == desk.expected()
    assert desk.states() == Counter(sent=len(copies))
    assert {key for key, posts in copies.items() if posts > 1} == unknowable
    assert max(copies.values()) <= 2
    assert [key for key, posts in copies.items() if posts > attempts[key]] == []


@pytest.mark.parametrize(("point", "passage"), CASES)
def test_a_kill_loses_nothing(desk: Desk, forks: Forks, tally: Counter[str], point: str, passage: int) -> None:
    """Killed there, with one message in flight at most: all are told, and one repeat follows where nobody can know."""
    unknowable = die_and_go_on(desk, forks, point, passage)
    assert len(unknowable) == (1 if point in UNKNOWABLE else 0)
    check(desk, unknowable, tally)


@pytest.mark.full
@pytest.mark.parametrize("point", [point for point in ALL if point.startswith(("claim", "send", "finish"))])
def test_a_kill_among_sends_repeats_only_what_was_in_flight(
    desk: Desk, forks: Forks, tally: Counter[str], point: str
) -> None:
    """With messages to several targets in flight, at most one of each target comes again, under its id."""
    unknowable = die_and_go_on(desk, forks, point, 5, concurrency=4)
    assert len(unknowable) <= len(desk.targets)
    check(desk, unknowable, tally)


HANDED_OVER = (
    "hold: begin",
    "join: insert deliveries",
    "join: insert delivery_alerts",
    "finish: begin",
    "finish: update deliveries",
    "finish: update delivery_attempts",
    "finish: before commit",
    "finish: after commit",
)
"""Points of handing over what comes due in quiet hours: it joins a digest, and is finished, in one transaction."""


@pytest.mark.full
@pytest.mark.parametrize("passage", [1, 5])
@pytest.mark.parametrize("point", HANDED_OVER)
def test_a_kill_while_quiet_hours_take_over_loses_nothing(
    store: Store, receiver: Receiver, forks: Forks, tally: Counter[str], point: str, passage: int
) -> None:
    """Alerts that come due in hours that became quiet since are told together, once, when those end."""
    desk = open_desk(store, receiver, f"/{next(_NUMBERS)}", alone=2, digests=0)
    desk.news(*NEWS)
    job = {"store": desk.address}
    forks.run(**job, now=SEEN.isoformat(), fatal="claim: begin", passage=1)  # all is read, and nothing sent
    quiet = stored_schedule(Schedule(quiet=((SEEN - timedelta(hours=1)).time(), (SEEN + timedelta(hours=1)).time())))
    with store.write() as work:
        work.connection.execute(update(subscriptions).values(schedule=quiet))
        work.commit()
    ended = forks.run(**job, now=SEEN.isoformat(), fatal=point, passage=passage)
    assert ended == -signal.SIGKILL, forks.log.read_text("utf-8")
    assert not desk.told()
    assert forks.run(**job, now=(SEEN + timedelta(minutes=30)).isoformat()) == 0, forks.log.read_text("utf-8")
    copies = desk.copies()
    tally.update(kills=1, messages=len(copies), repeats=copies.total() - len(copies))
    assert desk.told() == desk.expected()
    assert set(copies.values()) == {1}
    assert desk.states() == Counter(sent=len(desk.targets), suppressed=len(desk.targets) * len(NEWS))
