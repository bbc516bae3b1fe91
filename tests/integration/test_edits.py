"""An edited page is read again, politely and with an end; what the edit adds is told once, and nothing else."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import pytest

from sectorwatch.domain import Validators
from storage.alerting import silences
from storage.unit_of_work import Store
from tests.builders import NOON
from tests.conftest import FakeClock
from tests.one_page import FILLER, SENTENCES, OnePage, html
from tests.plugins.databases import LONG_ON_POSTGRESQL

pytestmark = LONG_ON_POSTGRESQL

KUPIANSK, LYMAN, POKROVSK = SENTENCES["kupiansk"], SENTENCES["lyman"], SENTENCES["pokrovsk"]


@pytest.fixture
def site(store: Store, clock: FakeClock) -> OnePage:
    """The page was read, and told of."""
    site = OnePage(store, clock)
    assert site.later() == Counter(kupiansk=1)
    return site


def test_what_an_edit_adds_is_told_once(site: OnePage) -> None:
    """The text before is a revision; mentions that were there keep the time when they were found."""
    before = site.row()["text"]
    found = site.found()["kupiansk"]
    site.page = html(KUPIANSK, LYMAN)
    assert site.later(hours=1) == Counter(), "nobody said that it was edited"
    site.updated = site.clock()
    assert site.later(minutes=1) == Counter(lyman=1)
    assert site.texts() == [before]
    assert site.found() == {"kupiansk": found, "lyman": site.clock()}
    site.updated = site.clock() + timedelta(minutes=30)
    assert site.later(hours=2) == Counter()
    assert len(site.asked) == 3


def test_moved_commas_are_no_edit(site: OnePage) -> None:
    """Nothing is stored, and nobody told."""
    site.page = html(KUPIANSK.replace(", the", " — the").replace("three assaults", "three, assaults"))
    site.summary = f"{KUPIANSK}!"
    assert site.later(hours=1) == Counter()
    assert (len(site.asked), site.texts()) == (2, [])


def test_what_an_older_gazetteer_missed_is_no_news_of_an_edit(store: Store, clock: FakeClock) -> None:
    """A sector that a sentence of yesterday names by today's gazetteer is for redetect to tell."""
    site = OnePage(store, clock)
    site.page, site.unknown = html(KUPIANSK, LYMAN), {"lyman"}
    assert site.later() == Counter(kupiansk=1)
    site.page, site.unknown = html(KUPIANSK, LYMAN, POKROVSK), ()
    site.updated = site.clock() + timedelta(minutes=1)
    assert site.later(hours=2) == Counter(pokrovsk=1)
    assert set(site.found()) == {"kupiansk", "lyman", "pokrovsk"}


def test_what_is_taken_out_and_put_in_again_is_decided_once(site: OnePage) -> None:
    """Also where nobody was told the first time: that a silence is over makes no news of it."""
    with site.store.write() as work:
        silences.add(
            work,
            sector="lyman",
            subscription_id=None,
            subscriber_id=None,
            starts_at=NOON,
            ends_at=site.clock() + timedelta(hours=3),
            author="ops",
            reason="a test",
        )
        work.commit()
    told = []
    pages = [html(KUPIANSK, LYMAN), html(KUPIANSK), html(KUPIANSK, LYMAN), html(KUPIANSK, LYMAN, POKROVSK)]
    for site.page, hours in zip(pages, (1, 3, 4, 6), strict=True):
        site.updated = site.clock() + timedelta(minutes=1)
        told.append(site.later(hours=hours))
    assert told == [Counter(), Counter(), Counter(), Counter(pokrovsk=1)]
    assert len(site.texts()) == 4


def test_a_page_that_has_not_changed_costs_a_short_answer(site: OnePage) -> None:
    """Its validators are sent once it was read; a headline that the feed changes counts all the same."""
    site.etag = '"one"'
    site.updated = site.clock() + timedelta(minutes=1)
    site.later(hours=1)
    site.summary += " More."
    site.later(hours=1)
    assert site.conditions[-2:] == [None, Validators(etag='"one"')]
    assert site.row("entries")["read_state"] == "read"
    site.title = "Fighting near Lyman on the front line"
    assert site.later(hours=2) == Counter(lyman=1)
    assert site.conditions[-1] == Validators(etag='"one"')
    site.etag, site.page = '"two"', html(KUPIANSK, LYMAN, POKROVSK)
    site.summary += " More."
    assert site.later(hours=4) == Counter(pokrovsk=1)
    assert site.row("entries")["page_etag"] == '"two"'


def test_a_feed_that_says_edited_at_every_poll_is_believed_less_and_less(site: OnePage) -> None:
    """Some fifteen requests in two days, then none."""
    for number in range(60):
        site.summary = f"{KUPIANSK} Read {number} times."
        site.later(hours=1)
    assert 8 <= len(site.asked) <= 20
    assert site.asked[-1] <= timedelta(hours=55)


def post(number: int, text: str) -> dict[str, str]:
    return {"@type": "BlogPosting", "headline": f"Post {number}", "articleBody": text, "datePublished": f"{number}"}


def blog(*posts: str, declared: bool) -> bytes:
    """A live blog, the latest post first."""
    body = "".join(
        f"<div class='post'><time datetime='2026-03-01T{12 + number}:05Z'>{12 + number}:05</time>"
        f"<p>{text} {FILLER} This was post {number}.</p></div>"
        for number, text in reversed(list(enumerate(posts)))
    )
    described = {"@type": "LiveBlogPosting", "headline": "War live", "liveBlogUpdate": [post(1, "x")]}
    head = f"<script type='application/ld+json'>{json.dumps(described)}</script>" if declared else ""
    return f"<html><head><title>War live</title>{head}</head><body><article>{body}</article></body></html>".encode()


NEUTRAL = [
    f"Officials met in Kyiv for the {word} time and spoke of the budget." for word in ("first", "second", "third")
]


def test_a_live_blog_tells_of_each_new_sector_when_its_post_comes(store: Store, clock: FakeClock) -> None:
    """It is read again though its feed says nothing; posts that roll off and come back tell nothing."""
    site = OnePage(store, clock)
    pages = [
        (blog(*NEUTRAL, declared=True), Counter()),
        (blog(*NEUTRAL, KUPIANSK, declared=True), Counter(kupiansk=1)),
        (blog(*NEUTRAL, KUPIANSK, f"Again: {KUPIANSK}", declared=True), Counter()),
        (blog(*NEUTRAL, KUPIANSK, f"Again: {KUPIANSK}", LYMAN, declared=True), Counter(lyman=1)),
        (blog(*NEUTRAL, f"Again: {KUPIANSK}", declared=True), Counter()),
        (blog(*NEUTRAL, KUPIANSK, f"Again: {KUPIANSK}", LYMAN, declared=True), Counter()),
        (blog(*NEUTRAL, KUPIANSK, f"Again: {KUPIANSK}", LYMAN, POKROVSK, declared=True), Counter(pokrovsk=1)),
    ]
    for number, (page, told) in enumerate(pages):
        site.page = page
        assert site.later(minutes=15 if number else 0) == told, number
        assert site.row()["live"]
    assert len(site.asked) == len(pages)
    for _ in range(26):
        site.later(hours=2)
    assert len(site.asked) - len(pages) <= 14, "it has fallen silent"
    assert site.row("entries")["read_due_at"] is None


def test_posts_after_the_first_poll_of_a_feed_are_news(store: Store, clock: FakeClock) -> None:
    """What a live blog had when its feed was added is not told; what it gets then is."""
    site = OnePage(store, clock, listed=True)
    site.page = blog(*NEUTRAL, KUPIANSK, declared=True)
    site.updated = site.clock() + timedelta(minutes=1)
    assert site.later(hours=1) == Counter()
    site.page = blog(*NEUTRAL, KUPIANSK, LYMAN, declared=True)
    assert site.later(hours=1) == Counter(lyman=1)


def test_a_page_to_which_dated_posts_are_added_is_a_live_blog(site: OnePage) -> None:
    """Though it does not say so; an article that gets one more paragraph is none."""
    site.page = html(KUPIANSK, LYMAN)
    site.updated = site.clock() + timedelta(minutes=1)
    site.later(hours=1)
    assert not site.row()["live"]
    site.page = blog(*NEUTRAL, KUPIANSK, declared=False)
    site.updated = site.clock()
    site.later(hours=1)
    assert not site.row()["live"]
    site.page = blog(*NEUTRAL, KUPIANSK, POKROVSK, declared=False)
    site.updated = site.clock()
    assert site.later(hours=2) == Counter(pokrovsk=1)
    assert site.row()["live"]
    assert site.row("entries")["read_due_at"] == NOON + site.asked[-1] + timedelta(minutes=15)
