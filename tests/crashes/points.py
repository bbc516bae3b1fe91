"""Named points between the steps of the work, found from outside: the product knows nothing of them.

A point is a statement that has run, the moment before or after a commit, or a message about to go or just gone. The
functions named in SCOPES say which step a transaction belongs to.
"""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

from sqlalchemy import Engine, event

from alerts.notifier import Notifier
from sectorwatch.domain import Message, Outcome, Target

SCOPES = {
    "due": ("storage.intake.feeds", "claim_due"),
    "poll": ("storage.intake.feeds", "holding"),
    "take": ("storage.intake.entries", "claim_unread"),
    "file": ("flows.steps.reading.read_articles", "file_article"),
    "join": ("storage.alerting.digests", "join"),
    "claim": ("storage.alerting.outbox", "claim_due"),
    "freeze": ("storage.alerting.outbox", "freeze"),
    "finish": ("storage.alerting.outbox", "finish"),
    "hold": ("flows.steps.alerting.deliver_alerts", "hold_back"),
}
"""The steps of the work: what begins each. A step lasts until its transaction ends, a part of one until it returns."""
_PARTS = ("join", "freeze")

_WRITE = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+(\w+)")
_SELECT = re.compile(r"\s*SELECT\b.*?\bFROM\s+(\w+)", re.DOTALL)
_SELECTED = {
    "due": "feeds",
    "take": "entries",
    "claim": "deliveries",
}  # steps that first choose rows, and of which table


class Points:
    """Counts the passages of points, and ends its own process by SIGKILL at one of them."""

    def __init__(self, *, fatal: str = "", passage: int = 1) -> None:
        self.counts: Counter[str] = Counter()
        self._fatal, self._passage = fatal, passage
        self._steps: list[str] = []  # the step that the open transaction belongs to, and the part of it

    def passed(self, point: str) -> None:
        self.counts[point] += 1
        if point == self._fatal and self.counts[point] == self._passage:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, engine: Engine) -> None:
        """Sees what the engine executes and commits, and the steps. Once in a process."""
        event.listen(engine, "after_cursor_execute", self._executed)
        event.listen(engine, "rollback", lambda _connection: self._steps.clear())
        commit = engine.dialect.do_commit

        def committing(connection: Any) -> None:
            step = self._steps[-1] if self._steps else ""
            if step:
                self.passed(f"{step}: before commit")
            commit(connection)
            self._steps.clear()
            if step:
                self.passed(f"{step}: after commit")

        engine.dialect.do_commit = committing  # type: ignore[method-assign]
        for step, (module, function) in SCOPES.items():
            room = import_module(module)
            setattr(room, function, self._step(step, getattr(room, function)))

    def _step(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def seen(*args: Any, **options: Any) -> Any:
            before = list(self._steps)
            if before[-1:] != [step]:
                self._steps.append(step)
            self.passed(f"{step}: begin")
            result = function(*args, **options)
            if step in _PARTS:
                self._steps = before
            return result

        return seen

    def _executed(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not self._steps:
            return
        step = self._steps[-1]
        if write := _WRITE.match(statement):
            self.passed(f"{step}: {write[1].split()[0].lower()} {write[2]}")
        elif (read := _SELECT.match(statement)) and _SELECTED.get(step) == read[1]:
            self.passed(f"{step}: select {read[1]}")


class SeenSending:
    """A notifier around another that passes the points before and after each message."""

    def __init__(self, notifier: Notifier, points: Points) -> None:
        self._notifier, self._points = notifier, points

    async def send(self, target: Target, message: Message) -> Outcome:
        self._points.passed("send: before")
        outcome = await self._notifier.send(target, message)
        self._points.passed("send: after")
        return outcome
