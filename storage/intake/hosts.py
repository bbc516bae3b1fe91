"""Which worker may ask a host now, and from when on: shared by all workers of a store."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.dialects import postgresql

from sectorwatch.domain import Hold
from storage.intake.robots import crawl_delays
from storage.leases import free
from storage.tables import hosts
from storage.unit_of_work import Work


@dataclass(frozen=True, kw_only=True)
class HostTurn:
    """A host that is ours for a while."""

    not_before: datetime | None  # a request may start
    crawl_delay_s: float | None
    hold: Hold | None  # it may be over


def claim(work: Work, names: Collection[str], token: str, *, now: datetime, lease: timedelta) -> dict[str, HostTurn]:
    """Takes those of the hosts that nobody else holds; the others are marked as wanted.

    A lease that ran out is of a worker that died or hung: it may have asked until then, so a Crawl-delay
    counts from there.
    """
    wanted = sorted(names)
    known = set(work.connection.execute(select(hosts.c.host).where(hosts.c.host.in_(wanted))).scalars())
    if missing := [{"host": name} for name in wanted if name not in known]:
        adding = postgresql.insert(hosts).on_conflict_do_nothing() if work.postgresql else insert(hosts)
        work.connection.execute(adding, missing)
    ours = or_(free(hosts, now), hosts.c.lease_token == token)
    query = select(hosts).where(hosts.c.host.in_(wanted), ours).order_by(hosts.c.host)
    if work.postgresql:
        query = query.with_for_update(skip_locked=True)
    found, delays = dict[str, HostTurn](), crawl_delays(work, wanted)
    for row in work.connection.execute(query):
        since = None
        if row.lease_until is not None and row.lease_token != token:
            since = row.lease_until + timedelta(seconds=delays.get(row.host, 0))
        times = [when for when in (row.next_allowed_at, since) if when is not None]
        hold = None if row.hold_until is None else Hold(until=row.hold_until, status=row.hold_status)
        found[row.host] = HostTurn(not_before=max(times, default=None), crawl_delay_s=delays.get(row.host), hold=hold)
    taken = {"lease_token": token, "lease_until": now + lease, "wanted_at": None, "used_at": now}
    if found:
        work.connection.execute(update(hosts).where(hosts.c.host.in_(list(found))).values(taken))
    if others := [name for name in wanted if name not in found]:
        work.connection.execute(update(hosts).where(hosts.c.host.in_(others)).values(wanted_at=now))
    return found


def renew(work: Work, names: Collection[str], token: str, *, now: datetime, lease: timedelta) -> dict[str, bool]:
    """Extends the leases; which of the hosts are still ours, and whether another worker wants them."""
    ours = (hosts.c.lease_token == token) & hosts.c.host.in_(list(names))
    work.connection.execute(update(hosts).where(ours).values(lease_until=now + lease))
    rows = work.connection.execute(select(hosts.c.host, hosts.c.wanted_at).where(ours))
    return {name: wanted_at is not None for name, wanted_at in rows}


def release(work: Work, until: Mapping[str, datetime | None], token: str) -> None:
    """Gives hosts back, each with when it may be asked again; None: now."""
    given = {"lease_token": None, "lease_until": None}
    ours = hosts.c.lease_token == token
    if at_once := [name for name, when in until.items() if when is None]:
        gone = update(hosts).where(ours, hosts.c.host.in_(at_once)).values(next_allowed_at=None, **given)
        work.connection.execute(gone)
    if later := [{"name": name, "when": when} for name, when in until.items() if when is not None]:
        row = update(hosts).where(ours, hosts.c.host == bindparam("name"))
        work.connection.execute(row.values(next_allowed_at=bindparam("when"), **given), later)


def hold(work: Work, name: str, asked: Hold) -> None:
    """Records that a host wants to be left alone."""
    values = {"hold_until": asked.until, "hold_status": asked.status}
    work.connection.execute(update(hosts).where(hosts.c.host == name).values(**values))
