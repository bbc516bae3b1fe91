"""Which of the feeds that are due come first, and how many that come due together are spread: pure decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

AT_ONCE = 200  # so many that come together are polled without more ado
LATE = timedelta(minutes=30)  # a feed that is due for longer has been waiting for us: nothing ran, or not fast enough
WINDOW = timedelta(minutes=10)  # over which the others are spread ...
OF_INTERVAL = 0.5  # ... each within so much of its own interval
PER_HOST = 4  # in one batch: they wait for one another, and the batch for them
NEW_SHARE = 4  # a quarter of a batch goes to feeds that were never polled


@dataclass(frozen=True, kw_only=True)
class Due:
    """A feed that is due, as far as its turn depends on it."""

    id: int
    host: str
    due_at: datetime
    interval: timedelta
    new: bool  # never polled


def turns(
    due: Sequence[Due], *, limit: int, now: datetime, batches: int = 1, per_host: int = PER_HOST
) -> list[list[int]]:
    """Whose turn it is in each of the next `batches`, `limit` at most in each and of each host `per_host`.

    Who has waited longest, by its own interval; but somebody who has just added a feed waits for no backlog.
    """
    new = sorted((one for one in due if one.new), key=lambda one: -one.id)
    waiting = sorted(due, key=lambda one: ((one.due_at - now) / max(one.interval, timedelta(seconds=1)), one.id))
    planned: list[list[int]] = []
    while waiting and len(planned) < batches:
        chosen = _chosen(new, waiting, limit, per_host)
        new, waiting = ([one for one in some if one.id not in chosen] for some in (new, waiting))
        planned.append(list(chosen))
    return planned


def _chosen(new: Sequence[Due], waiting: Sequence[Due], limit: int, per_host: int) -> dict[int, None]:
    hosts: Counter[str] = Counter()
    chosen: dict[int, None] = {}
    for some, most in ((new, max(limit // NEW_SHARE, 1)), (waiting, limit)):
        for one in some:
            if len(chosen) >= most:
                break
            if one.id not in chosen and hosts[one.host] < per_host:
                hosts[one.host] += 1
                chosen[one.id] = None
    return chosen


def spread(backlog: Sequence[Due], *, now: datetime) -> dict[int, datetime]:
    """When those of a backlog are due that cannot all come now; the shortest intervals first, `AT_ONCE` of them now.

    The same feeds at the same moment get the same times, and those of one host are far from one another.
    """
    if len(backlog) <= AT_ONCE:
        return {}
    order = sorted(backlog, key=lambda one: (one.interval, blake2b(b"%d" % one.id, digest_size=8).digest()))
    later = order[AT_ONCE:]
    step = WINDOW / len(later)
    return {one.id: now + min(step * (place + 1), one.interval * OF_INTERVAL) for place, one in enumerate(later)}
