"""Random kill -9 of several senders and a reader, with a receiver in bad weather: nothing lost, nothing told anew.

`make test-full` runs a short one, `make chaos` the long one (its figures are printed).
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random

import pytest

from sectorwatch.domain import DeliveryState
from storage.unit_of_work import Store
from tests.crashes.desk import SEEN, Desk, open_desk
from tests.crashes.forks import Forks
from tests.crashes.receiver import Receiver, receiving

DELIVERIES = int(os.environ.get("CHAOS_DELIVERIES", "400"))  # at least
KILLS = int(os.environ.get("CHAOS_KILLS", "12"))  # at least
LONGEST_S = 120 + DELIVERIES / 10 + KILLS * 2
CREW = ("send", "send", "send", "read")
TARGETS = 20
SPEED = 8.0  # a lease of 45 s ends after 5.6 s, a request after 3.8 s
_BACKLOG = 20 * TARGETS  # deliveries; below it more news comes
_NEWS = 10  # articles at once


@dataclass(kw_only=True)
class Chaos:
    """A crew at work on one desk, and how it is disturbed."""

    desk: Desk
    forks: Forks
    random: Random
    began: float = field(default_factory=time.time)
    crew: dict[int, str] = field(default_factory=dict)  # process id to role
    kills: Counter[str] = field(default_factory=Counter)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def man(self) -> None:
        """Starts whoever is missing. Raises AssertionError where somebody ended by himself."""
        gone = [child for child in self.crew if self.forks.ended(child)]
        assert not gone, f"{self.crew[gone[0]]} ended unasked: {self.forks.log.read_text('utf-8')[-2000:]}"
        for role in (Counter(CREW) - Counter(self.crew.values())).elements():
            job = {"store": self.desk.address, "now": SEEN.isoformat(), "role": role, "concurrency": 8}
            seed = self.random.randrange(1 << 30)
            self.crew[self.forks.start(**job, began=self.began, speed=SPEED, seed=seed)] = role

    def kill(self, role: str) -> None:
        """Ends one of this role, wherever it is just now."""
        victim = self.random.choice([child for child, its in self.crew.items() if its == role])
        os.kill(victim, signal.SIGKILL)
        self.kills[role] += 1
        del self.crew[victim]
        assert self.forks.wait(victim) == -signal.SIGKILL

    def disturb(self) -> None:
        """News and kills until there were enough of both."""
        articles = 0
        while self.kills.total() < KILLS or articles * TARGETS < DELIVERIES:
            self.man()
            if not self.desk.unread() and self.waiting() < _BACKLOG:
                self.desk.news(*(next(self.numbers) for _ in range(_NEWS)))
                articles += _NEWS
                time.sleep(self.random.uniform(0.05, 0.5))
                self.kill("read")
            else:
                time.sleep(self.random.uniform(0.1, 0.8))
                self.kill("send")

    def calm(self) -> None:
        """Without further kills, until nothing is left to be read or sent; then all go home."""
        deadline = time.monotonic() + LONGEST_S
        while self.desk.unread() or self.waiting():
            self.man()
            assert time.monotonic() < deadline, self.desk.states()
            time.sleep(0.1)
        for role in CREW:
            self.kill(role)
            self.kills[role] -= 1

    def waiting(self) -> int:
        states = self.desk.states()
        return states.total() - states[DeliveryState.SENT.value] - states[DeliveryState.DEAD.value]


@pytest.mark.full
@pytest.mark.timeout(LONGEST_S * 2)
def test_nothing_is_lost_in_bad_weather(store: Store, tmp_path: Path) -> None:
    """All is told under one id each; a receiver that keeps ids sees nothing twice; no attempt is off the record."""
    random = Random(20260301)
    with receiving(random) as receiver, Forks(tmp_path / "log") as forks:
        desk = open_desk(store, receiver, "/desk", alone=TARGETS, digests=0)
        chaos = Chaos(desk=desk, forks=forks, random=random)
        chaos.disturb()
        chaos.calm()
        seconds = time.time() - chaos.began
        show(desk, receiver, chaos, seconds)
        copies, told, attempts = desk.copies(), desk.told(), desk.attempts()
        assert desk.expected() - told == Counter(), "lost"
        assert told - desk.expected() == Counter(), "told again under another id"
        assert desk.states() == Counter(sent=len(copies))
        assert [key for key, posts in copies.items() if posts > attempts[key]] == [], "sent off the record"
        assert len({(post.id, post.body) for post in receiver.accepted}) == len(copies), "a repeat says something else"


def needless(desk: Desk) -> int:
    """Repeats that no unknown end explains: neither a connection that broke nor a process that died."""
    ended = desk.endings()
    return sum(max(0, posts - 1 - ended[key, ""] - ended[key, "unknown"]) for key, posts in desk.copies().items())


def show(desk: Desk, receiver: Receiver, chaos: Chaos, seconds: float) -> None:
    copies, faults, ended = desk.copies(), receiver.faults, desk.endings()
    rows = {
        "deliveries": len(desk.expected()),
        "lost": (desk.expected() - desk.told()).total(),
        "told again under another id": (desk.told() - desk.expected()).total(),
        "kills of senders": chaos.kills["send"],
        "kills of the reader": chaos.kills["read"],
        "attempts that died with their process": sum(n for (_, outcome), n in ended.items() if not outcome),
        "requests": receiver.requests,
        "requests that met a fault": f"{faults.total():,} ({100 * faults.total() / receiver.requests:.1f} %)",
        **{f"  {fault}": faults[fault] for fault in sorted(faults)},
        "messages accepted again, under their id": sum(posts > 1 for posts in copies.values()),
        "  of one, at most": max(copies.values()),
        "  needlessly": needless(desk),
        "seconds": round(seconds),
    }
    print(f"\nchaos on {desk.store.engine.dialect.name}")
    for what, figure in rows.items():
        print(f"  {what:42} {figure if isinstance(figure, str) else format(figure, ',')}")
