"""How long a robots.txt is believed, and what may be read while it cannot be had (RFC 9309)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sectorwatch.site_rules import AGAIN_LEAST, KEPT, UNREACHED_MOST, Access, SiteRules, access, not_said, said
from tests.builders import NOON

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
SITE = ("http://a.test", "a.test")


def answered(status: int = 200, body: bytes | None = b"User-agent: *") -> SiteRules:
    return said(*SITE, status=status, body=body, crawl_delay_s=7, now=NOON)


def silent(before: SiteRules | None, at: timedelta) -> SiteRules:
    return not_said(before, *SITE, status=503, note="answers 503", now=NOON + at)


@pytest.mark.parametrize(
    ("before", "first", "last"),
    [
        (None, Access.NONE, Access.ALL),
        (answered(), Access.RULES, Access.ALL),
        (answered(404, None), Access.ALL, Access.ALL),
    ],
)
def test_a_site_that_cannot_say(before: SiteRules | None, first: Access, last: Access) -> None:
    """Its last word holds for 30 days, without one nothing is allowed; then it is as if it had none (2.3.1.4)."""
    rules = silent(before, DAY)
    assert access(rules, NOON + DAY) is first
    for day in range(2, 29):
        rules = silent(rules, day * DAY)
    assert access(rules, NOON + DAY + UNREACHED_MOST - SECOND) is first
    assert access(rules, NOON + DAY + UNREACHED_MOST) is last
    assert rules.unreached_since == NOON + DAY
    assert rules.crawl_delay_s == (before and 7)


def test_it_is_asked_again_at_growing_intervals() -> None:
    """Ten minutes, then after as long as it has been so, a day at most; an answer ends it."""
    rules, pauses = silent(None, timedelta(0)), list[timedelta]()
    for _ in range(9):
        pauses.append(rules.expires_at - NOON)
        rules = silent(rules, rules.expires_at - NOON)
    minutes = [int(pause.total_seconds() / 60) for pause in pauses]
    assert minutes == [10, 20, 40, 80, 160, 320, 640, 1280, 2560]
    assert rules.expires_at - NOON == pauses[-1] + KEPT
    assert (answered().unreached_since, answered().expires_at) == (None, NOON + KEPT)
    assert silent(None, timedelta(0)).expires_at == NOON + AGAIN_LEAST
