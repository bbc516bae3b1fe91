"""kill -9 at every statement and commit of polling, on both databases: no item is lost, none comes twice."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.intake import feeds
from storage.unit_of_work import Store
from tests.builders import NOON
from tests.conftest import FakeClock
from tests.crashes.forks import Forks
from tests.crashes.press import DEAD, Press

PAPERS = [f"https://paper{number}.test/feed" for number in range(4)]
POINTS = {
    "due": ("begin", "select feeds", "update feeds", "before commit", "after commit"),
    "poll": (
        "begin",
        "insert entries",
        "update entries",
        "update feeds",
        "insert polls",
        "before commit",
        "after commit",
    ),
}
"""By step: the points that a run passes, as `points.Points` names them."""
ALL = [f"{step}: {point}" for step, points in POINTS.items() for point in points]
SHORT = {"due: after commit", "poll: update feeds", "poll: before commit", "poll: after commit"}
"""The points that `make test` tries; all others are for `make test-full`."""
SECOND = {"poll: update entries"}
"""The points that are passed from the second edition on, where an item has another headline."""
CASES = [
    pytest.param(point, passage, marks=() if passage == 1 and point in SHORT else pytest.mark.full)
    for passage in (1, 4)
    for point in ALL
]


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    with Forks(tmp_path_factory.mktemp("forks") / "log") as running:
        yield running


@pytest.fixture
def press(store: Store, clock: FakeClock) -> Press:
    papers = Press(clock)
    papers.subscribe(store, *PAPERS, DEAD)
    return papers


def address(store: Store) -> str:
    """Of the store, for another process."""
    return store.engine.url.render_as_string(hide_password=False)


def check(press: Press, store: Store) -> None:
    """As if nobody had died: each item once, as the last edition has it; each feed polled once an edition, and free."""
    assert press.stored(store) == press.expected(PAPERS, editions=2)
    assert press.polls(store) == {**{paper: ["new", "new"] for paper in PAPERS}, DEAD: ["failed", "failed"]}
    with store.read() as work:
        for feed in feeds.every(work):
            assert (feed.failures, feed.validators.etag) == ((2, None) if feed.url == DEAD else (0, '"1"'))
        assert feeds.count_due(work, now=NOON + timedelta(days=2)) == len(PAPERS) + 1


def test_every_write_and_commit_of_polling_is_a_named_point(
    press: Press, store: Store, forks: Forks, tmp_path: Path
) -> None:
    """Without a kill all is stored; what is passed on the way is in the matrix."""
    file = tmp_path / "points"
    job = {"role": "poll", "store": address(store), "now": NOON.isoformat(), "record": str(file)}
    assert forks.run(**job) == 0, forks.log.read_text("utf-8")
    check(press, store)
    passed = json.loads(file.read_text("utf-8"))
    assert set(passed) == set(ALL), "name the new point in POINTS, so that a process dies there"
    assert [point for point in ALL if passed[point] < 4] == []


@pytest.mark.parametrize(("point", "passage"), CASES)
def test_a_kill_loses_nothing(press: Press, store: Store, forks: Forks, point: str, passage: int) -> None:
    """Validators never stand without their items, or a 304 would hide them; a first poll stays a baseline."""
    job = {"role": "poll", "store": address(store)}
    ended = forks.run(**job, now=NOON.isoformat(), fatal=point, passage=passage)
    assert ended == -signal.SIGKILL, f"{point} was not passed {passage} times: {forks.log.read_text('utf-8')}"
    done = 1 if point in SECOND else 0  # editions, when it died
    later = NOON + timedelta(hours=done, minutes=2)  # when the lease has run out, before the next edition
    assert forks.run(**job, now=later.isoformat(), cycles=2 - done) == 0, forks.log.read_text("utf-8")
    check(press, store)
