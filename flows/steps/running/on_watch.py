"""A look how things are is put on record, so that a start after a stop is known from an installation that hangs."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.running import on_watch
from storage.running.on_watch import OnWatch
from storage.unit_of_work import Store

_EACH = (
    2 / 15
)  # part of what a cycle is allowed: how often looks are put on record, two minutes of a quarter of an hour
_STOPPED = 1 / 3  # part of it without a look after which nothing ran: five minutes


def began(watch: OnWatch | None, ended: datetime | None, allowed: timedelta, *, now: datetime) -> datetime:
    """When the watch began that this look belongs to.

    A look after a stop begins another, and cycles have their time anew. Only once, until a cycle has finished: what
    starts over and over, and never finishes one, is overdue from its first start on. And not where cycles were overdue
    before the stop: what operators were told is not over by it.
    """
    if watch is None or watch.began > now:
        return now
    stopped = now - watch.looked > allowed * _STOPPED
    in_order = ended is not None and ended >= watch.began and watch.looked - ended <= allowed
    return now if stopped and in_order else watch.began


def look(store: Store, allowed: timedelta, *, now: datetime) -> None:
    """Puts a look on record, unless one is that was made a moment ago. Raises StoreError."""
    with store.read() as work:
        watch = on_watch.current(work)
    if not allowed or (watch is not None and watch.began <= now and abs(now - watch.looked) < allowed * _EACH):
        return
    with store.write() as work:
        watch, ended = on_watch.current(work), on_watch.last_end(work)
        on_watch.record(work, began=began(watch, ended, allowed, now=now), now=now)
        work.commit()
