"""What a clock that was ahead has put off: once it is right again, all that would wait until the time that it said."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from sectorwatch.domain import DeliveryState
from storage.alerting.outbox import GROUP
from storage.tables import deliveries, entries, feeds, hosts, jobs, polls
from storage.unit_of_work import Work

APART = timedelta(minutes=1)  # clocks of several machines may be, without one of them having been wrong
_WAITING = (DeliveryState.PENDING.value, DeliveryState.RETRY.value)


def by_how_much(work: Work, *, now: datetime) -> timedelta | None:
    """How far the newest poll lies in the future; None: it does not."""
    newest: datetime | None = work.connection.execute(select(func.max(polls.c.at))).scalar()
    return newest - now if newest is not None and newest - now > APART else None


def put_right(work: Work, *, now: datetime, lease: timedelta) -> None:
    """Makes due what was put off by that clock, and lets no claim last longer than `lease` from now.

    Claims are not ended: whoever is at work renews them in time, so nothing is done twice. What has an hour of its own
    (a digest, the end of quiet hours, a host's wish) keeps it.
    """
    ahead = now + APART
    put_off = (feeds.c.last_poll_at > ahead) & (feeds.c.next_poll_at > now)
    work.connection.execute(update(feeds).where(put_off).values(next_poll_at=now, last_poll_at=now))
    unread = (entries.c.first_seen_at > ahead) & (entries.c.read_due_at > now)
    work.connection.execute(update(entries).where(unread).values(read_due_at=now))
    grouped = (deliveries.c.state == DeliveryState.HELD.value) & (deliveries.c.held_for == GROUP)
    untold = (deliveries.c.created_at > ahead) & (deliveries.c.due_at > now)
    soon = untold & (grouped | deliveries.c.state.in_(_WAITING))
    work.connection.execute(update(deliveries).where(soon).values(due_at=now))
    for table in (feeds, entries, deliveries, hosts, jobs):
        too_long = table.c.lease_token.is_not(None) & (table.c.lease_until > now + lease)
        work.connection.execute(update(table).where(too_long).values(lease_until=now + lease))
