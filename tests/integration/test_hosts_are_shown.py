"""What is known of a host is said by `feeds show` and `feeds check`, and `extract URL` keeps to it; both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from sectorwatch.clock import system_clock
from sectorwatch.domain import Hold
from sectorwatch.errors import HostHeld, RobotsRefused
from sectorwatch.site_rules import UNREACHED_MOST, SiteRules
from storage.intake import hosts, robots
from storage.unit_of_work import Store
from tests.builders import add_feed
from tests.integration.test_feed_check import Pages, feed_answer, site
from tests.plugins.commands import Run
from tests.raw_web import RawWeb, answer

__all__ = ["site"]

NEWS = answer(f"<html><title>News</title><article><p>{'A town on a river. ' * 30}</p></article></html>".encode())
RULES = answer(b"User-agent: *\nDisallow: /private\nCrawl-delay: 0.2\n")


def known(store: Store, *, hold: Hold | None = None, rules: SiteRules | None = None) -> None:
    with store.write() as work:
        hosts.claim(work, ["127.0.0.1"], "one", now=system_clock(), lease=timedelta(0))
        hosts.release(work, {"127.0.0.1": None}, "one")
        if hold is not None:
            hosts.hold(work, "127.0.0.1", hold)
        if rules is not None:
            robots.keep(work, rules)
        work.commit()


def test_a_page_is_extracted_as_reading_would_fetch_it(store: Store, run: Run, site: Callable[[Pages], RawWeb]) -> None:
    """robots.txt is asked first and kept, and both feeds commands show it; what it forbids is not fetched."""
    web = site({"/robots.txt": RULES, "/news": NEWS, "/private": NEWS, "/rss": feed_answer()})
    assert "A town on a river." in run("extract", f"{web.url}/news", "--json")["text"]
    with pytest.raises(RobotsRefused):
        run("extract", f"{web.url}/private")
    assert [request.path for request in web.requests] == ["/robots.txt", "/news"]
    add_feed(store, f"{web.url}/rss", now=system_clock())
    for said in (run("feeds", "show", "1"), run("feeds", "check", "1")):
        assert "127.0.0.1: its robots.txt asks for 0.2 s between two requests" in said
        assert f"{web.url}/robots.txt: rules for robots (200) of 20" in said
    assert run("feeds", "check", "1", "--json")["host"]["robots"][0]["status"] == 200


def test_a_held_host_gets_no_request_by_hand_either(store: Store, run: Run, site: Callable[[Pages], RawWeb]) -> None:
    """The words say until when; when it is over, all is as ever."""
    web = site({"/robots.txt": RULES, "/news": NEWS, "/rss": feed_answer()})
    add_feed(store, f"{web.url}/rss", now=system_clock())
    until = system_clock() + timedelta(minutes=20)
    known(store, hold=Hold(until=until, status=429))
    words = f"127.0.0.1: asked to wait until {until:%Y-%m-%d %H:%M} UTC (429)"
    with pytest.raises(HostHeld, match="asked to wait until"):
        run("extract", f"{web.url}/news")
    assert words in run("feeds", "show", "1")
    said = run("feeds", "check", "1", code=1)
    assert words in said
    assert "the server asks for patience" in said
    assert web.requests == []
    known(store, hold=Hold(until=system_clock(), status=429))
    assert "asked to wait" not in run("feeds", "show", "1")
    run("feeds", "check", "1")


def test_what_is_not_had_of_a_site_is_said(store: Store, run: Run) -> None:
    """Since when, why, and what follows from it."""
    add_feed(store, "http://127.0.0.1/rss", now=system_clock())
    now = system_clock()
    fetched = now - timedelta(days=3)
    silent = SiteRules(
        site="http://127.0.0.1", host="127.0.0.1", status=503, expires_at=now, unreached_since=now, note="answers 503"
    )
    for changes, words in (
        ({}, "(answers 503): its pages are left alone; asked again after"),
        ({"fetched_at": fetched, "body": b""}, f": that of {fetched:%Y-%m-%d %H:%M} UTC holds, rules for robots;"),
        ({"fetched_at": fetched}, "holds, none, robots may read all;"),
        ({"unreached_since": now - UNREACHED_MOST}, "(answers 503): robots may read all;"),
    ):
        known(store, rules=SiteRules(**{**vars(silent), **changes}))  # type: ignore[arg-type]  # as above
        assert words in run("feeds", "show", "1")
