"""What `up` looks after when no run can: the disk of Prefect's folder, and cycles that have stopped."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from flows.looking_after import LOW, Cycles, Disk, looked_after, told_by
from sectorwatch.errors import StoreError
from sectorwatch.newsroom import Receivers
from storage.running import cycles, on_watch
from storage.tables import feeds
from storage.unit_of_work import Store
from tests.builders import add_feed
from tests.conftest import FakeClock
from tests.plugins.commands import Run

ALLOWED = timedelta(minutes=15)


def test_a_disk_that_fills_up_is_said_once_and_room_again_too(tmp_path: Path) -> None:
    """A disk that cannot be asked, or is at the limit, changes nothing."""
    said: list[str] = []
    free = iter([LOW * 2, 12_000_000, 0, int(LOW * 1.05), LOW * 2, LOW * 2])
    disk = Disk(tmp_path, said.append, free=lambda _: next(free))
    for _ in range(6):
        disk.look()
    assert [words.partition(" for Prefect's folder ")[0] for words in said] == [
        "12 MB are free",
        "there is room again",
    ]
    assert "--home" in said[0]
    Disk(tmp_path / "gone", said.append).look()
    assert len(said) == 2


def test_cycles_that_stopped_are_told_of(store: Store, clock: FakeClock) -> None:
    """After as long as operators allow, counted from the start of `up` where it was off before; then each five minutes,
    as only something new is told; and no more when a cycle ends again."""
    told: list[int] = []
    add_feed(store)
    with store.write() as work:
        number = cycles.start(work, now=clock())
        cycles.finish(work, number, {}, now=clock())
        work.commit()
    clock.advance(hours=9)  # the machine was off
    watcher = Cycles(store, allowed=ALLOWED, tell=lambda: told.append(1), clock=clock)
    for _ in range(16):
        watcher.look()
        clock.advance(minutes=1)
    assert told == []
    for _ in range(10):
        watcher.look()
        clock.advance(minutes=1)
    assert told == [1, 1]
    with store.write() as work:
        cycles.finish(work, cycles.start(work, now=clock()), {}, now=clock())
        work.commit()
    clock.advance(minutes=10)
    watcher.look()
    assert told == [1, 1]
    unwatched = Cycles(store, allowed=timedelta(), tell=lambda: told.append(2), clock=clock)
    clock.advance(days=1)
    unwatched.look()
    assert told == [1, 1]


def test_a_look_that_fails_is_tried_again() -> None:
    """A store that is away for a while, or fails in a way that nobody knew: the others are looked at, and all again."""
    enough, tries = threading.Event(), [0]

    def away() -> None:
        raise StoreError("no database server answers")

    def unknown() -> None:
        raise NoConnectionFree

    def other() -> None:
        tries[0] += 1
        if tries[0] > 2:
            enough.set()

    with looked_after([away, unknown, other], every_s=0.01):
        assert enough.wait(30)


def test_what_tells_when_all_ends_is_interrupted(tmp_path: Path) -> None:
    """It may have minutes of sending before it, and `up` is killed ten seconds after it was told to stop."""
    begun = tmp_path / "begun"
    command = [sys.executable, "-c", f"import time; open({str(begun)!r}, 'w').close(); time.sleep(600)"]
    busy = threading.Event()
    with told_by(command) as tell:
        look = threading.Thread(target=lambda: (tell(), busy.set()), daemon=True)
        look.start()
        while not begun.exists():
            assert not busy.wait(0.05)
    assert busy.wait(30)


def test_operators_are_told_while_no_run_begins(
    store: Store, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`notices send`, which `up` starts then, finds that no cycle ends and sends the notice at once; once."""
    with Receivers() as receivers:
        hook = f'{{ label = "ops", kind = "webhook", to = "{receivers.webhook_url}" }}'
        config = tmp_path / "sectorwatch.toml"
        config.write_text(
            f'[fetch]\nallow_networks = ["127.0.0.0/8"]\n[operators]\ntargets = [{hook}]\n'
            '[[feeds]]\nurl = "https://a.example/rss"\n',
            "utf-8",
        )
        monkeypatch.setenv("SECTORWATCH_CONFIG", str(config))
        run("apply")
        assert run("notices", "send") == "nothing new to tell\n"
        hour_ago = datetime.now(UTC) - timedelta(hours=1)
        with store.write() as work:
            work.connection.execute(update(feeds).values(added_at=hour_ago))
            on_watch.record(work, began=hour_ago, now=hour_ago)
            work.commit()
        assert run("notices", "send") == "1 notice\n"
        assert run("notices", "send") == "nothing new to tell\n"
        assert [one.json()["kind"] for one in receivers.requests] == ["cycle_overdue"]


def test_up_that_dies_every_few_minutes_is_told_of(store: Store, clock: FakeClock) -> None:
    """Until a cycle ends, only the first start has its time: one every five minutes puts the notice off no further."""
    told: list[datetime] = []
    add_feed(store)
    with store.write() as work:
        cycles.finish(work, cycles.start(work, now=clock()), {}, now=clock())
        work.commit()
    begun = clock.advance(hours=9)
    for _ in range(6):
        up = Cycles(store, allowed=ALLOWED, tell=lambda: told.append(clock()), clock=clock)
        for _ in range(4):
            up.look()
            clock.advance(minutes=1)
        clock.advance(minutes=1)
    assert told[0] == begun + ALLOWED + timedelta(minutes=1)
