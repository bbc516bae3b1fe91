"""The robots.txt of each site, kept for all workers of a store."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from dataclasses import fields

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from sectorwatch.site_rules import SiteRules
from storage.tables import robots
from storage.unit_of_work import Work

_PLAIN = tuple(one.name for one in fields(SiteRules) if one.name != "body")
_LONGEST_NOTE = 1_000  # characters


def find(work: Work, site: str) -> SiteRules | None:
    """What is kept of a site."""
    row = work.connection.execute(select(robots).where(robots.c.site == site)).mappings().first()
    if row is None:
        return None
    body = None if row["body"] is None else zlib.decompress(row["body"])
    return SiteRules(body=body, **{name: row[name] for name in _PLAIN})


def keep(work: Work, rules: SiteRules) -> None:
    """Puts it in the place of what was kept."""
    values = {name: getattr(rules, name) for name in _PLAIN}
    values["body"] = None if rules.body is None else zlib.compress(rules.body)
    values["note"] = rules.note[:_LONGEST_NOTE]
    row = (postgresql if work.postgresql else sqlite).insert(robots).values(**values)
    work.connection.execute(row.on_conflict_do_update(index_elements=[robots.c.site], set_=values))


def crawl_delays(work: Work, hosts: Collection[str]) -> dict[str, float]:
    """The pause that each of the hosts asks for in seconds, the longest of its sites; none where none does."""
    longest = func.max(robots.c.crawl_delay_s)
    wanted = select(robots.c.host, longest).where(robots.c.host.in_(list(hosts))).group_by(robots.c.host)
    return {host: delay for host, delay in work.connection.execute(wanted) if delay is not None}
