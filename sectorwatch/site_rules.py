"""What a site's robots.txt lets us do and how long that is believed: pure decisions, as RFC 9309 has them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

KEPT = timedelta(hours=24)  # section 2.4
UNREACHED_MOST = timedelta(days=30)  # section 2.3.1.4: from then on it counts as if there were none
AGAIN_LEAST = timedelta(minutes=10)  # a server that could not answer may do so soon


class Access(StrEnum):
    """Which of a site's pages robots may read."""

    RULES = "rules"  # as the body says
    ALL = "all"  # there are no rules
    NONE = "none"  # its rules cannot be had


@dataclass(frozen=True, kw_only=True)
class SiteRules:
    """The robots.txt of one site as it is kept."""

    site: str  # scheme, host and port
    host: str
    status: int | None = None  # HTTP, of the last answer; None: none came
    body: bytes | None = None  # None: there is none, or it was never had
    fetched_at: datetime | None = None  # the site last said what its rules are, or that it has none
    expires_at: datetime  # not asked again before
    unreached_since: datetime | None = None  # the site has not said it since, though it was asked
    note: str = ""  # why not
    crawl_delay_s: float | None = None  # pause between two requests


def access(rules: SiteRules, now: datetime) -> Access:
    """What may be read now. While a site cannot say, its last word holds; after 30 days, none."""
    if rules.unreached_since is not None:
        if now - rules.unreached_since >= UNREACHED_MOST:
            return Access.ALL
        if rules.fetched_at is None:
            return Access.NONE
    return Access.ALL if rules.body is None else Access.RULES


def said(
    site: str, host: str, *, status: int | None, body: bytes | None, crawl_delay_s: float | None, now: datetime
) -> SiteRules:
    """What is kept of an answer: rules, or that there are none (4xx, endless redirects)."""
    return SiteRules(
        site=site,
        host=host,
        status=status,
        body=body,
        fetched_at=now,
        expires_at=now + KEPT,
        crawl_delay_s=crawl_delay_s,
    )


def not_said(
    before: SiteRules | None, site: str, host: str, *, status: int | None, note: str, now: datetime
) -> SiteRules:
    """What is kept where the site could not say. It is asked again after as long as it has been so, within a day."""
    known = before or SiteRules(site=site, host=host, expires_at=now)
    since = known.unreached_since or now
    again = min(max(now - since, AGAIN_LEAST), KEPT)
    return replace(known, status=status, note=note, unreached_since=since, expires_at=now + again)
