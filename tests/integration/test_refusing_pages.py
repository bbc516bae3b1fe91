"""A page that refuses: its feed's words stand in, it is asked again, and what it says at last is told once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from sectorwatch.errors import FetchError
from storage.running import overview
from storage.unit_of_work import Store
from storage.views import queries
from tests.builders import NOON
from tests.conftest import FakeClock
from tests.one_page import PAGE, SENTENCES, OnePage, html

KUPIANSK, LYMAN = SENTENCES["kupiansk"], SENTENCES["lyman"]
WHOLE = html(KUPIANSK, LYMAN)
LOCKED = (
    "<html><head><title>Morning report</title><script type='application/ld+json'>"
    '{"@type": "NewsArticle", "headline": "Morning report", "isAccessibleForFree": false}</script></head>'
    f"<body><article><p>{KUPIANSK} The General Staff reported this on Sunday in its morning report, as it does</p>"
    "</article></body></html>"
).encode()
CONSENT = (
    b"<html><title>Before you go on</title><form action='/consent'><p>Choose.</p><button>OK</button></form></html>"
)


@pytest.fixture
def site(store: Store, clock: FakeClock) -> OnePage:
    return OnePage(store, clock)


@pytest.mark.parametrize(
    ("refusing", "word"),
    [
        (FetchError(f"{PAGE}: answers 403 Forbidden", status=403), "forbidden"),
        (CONSENT, "consent"),
        (b"<html><body><div id='root'></div><script src='/a.js'></script></body></html>", "scripts"),
        (LOCKED, "paywall"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_refused_article_is_told_by_its_feed_and_completed_when_the_page_answers(
    site: OnePage, refusing: bytes | FetchError, word: str
) -> None:
    """At once what the feed says; then, once, what the page adds; never the same again."""
    site.page = refusing
    assert site.later() == Counter(kupiansk=1)
    article, entry = site.row(), site.row("entries")
    assert (article["refusal"], entry["refusal"], entry["read_state"]) == (word, word, "retry")
    assert KUPIANSK in article["text"]
    with site.store.read() as work:
        assert [row.refusal for row in queries.mention_rows(work, limit=9)] == [word]
        assert overview.refusals(work, since=NOON) == {word: 1}

    assert site.later(minutes=59) == Counter()
    assert len(site.asked) == 1, "it was asked before its time"
    site.page = WHOLE
    assert site.later(minutes=2) == Counter(lyman=1)
    article, entry = site.row(), site.row("entries")
    assert (article["refusal"], article["method"], entry["refusal"], entry["read_state"]) == ("", "fast", "", "read")
    assert LYMAN in article["text"]
    assert len(site.texts()) == 1
    assert site.later(days=1) == Counter()
    assert len(site.asked) == 2


def test_a_page_that_never_answers_is_given_up_after_a_few_tries(site: OnePage) -> None:
    """Four requests in two days, however often cycles run; the feed's words stay."""
    site.page = FetchError(f"{PAGE}: answers 403 Forbidden", status=403)
    for _ in range(55):
        site.later(hours=1)
    assert [round(asked / timedelta(hours=1)) for asked in site.asked] == [1, 2, 8, 50]
    entry = site.row("entries")
    assert (entry["read_state"], entry["read_due_at"], entry["refusal"]) == ("feed_text", None, "forbidden")
    assert KUPIANSK in site.row()["text"]
    assert len(site.sent) == 1


def test_a_feed_that_edits_what_its_page_refuses_is_followed_without_asking_the_page(site: OnePage) -> None:
    """Its words are read anew, and what they add is told; the page keeps its times."""
    site.page = FetchError(f"{PAGE}: answers 403 Forbidden", status=403)
    assert site.later() == Counter(kupiansk=1)
    site.later(hours=1)
    before = len(site.asked)
    site.summary += f" {LYMAN}"
    assert site.later(minutes=45) == Counter(lyman=1)
    assert LYMAN in site.row()["text"]
    assert len(site.asked) == before == 2
    assert site.row("entries")["read_attempts"] == 2
    site.page = html(KUPIANSK, LYMAN)
    site.later(hours=5, minutes=16)
    assert (len(site.asked), site.row("entries")["read_state"]) == (3, "read")


def test_a_request_for_everything_now_spares_pages_that_refuse(site: OnePage) -> None:
    """An outage may be over; a wall is there still, and a Retry-After holds."""
    for refusing, asked_again in (
        (FetchError("timeout"), True),
        (FetchError("x", status=403), False),
        (FetchError("x", status=429, retry_after=1800), False),
    ):
        site.page = refusing
        site.summary += " More."  # an edit: tried anew
        site.later(hours=1)
        before = len(site.asked)
        site.clock.advance(minutes=1)
        site.cycle(retry_before=site.clock())
        assert (len(site.asked) > before) is asked_again, refusing
    assert site.row("entries")["read_hold_until"] is not None


def test_a_wall_never_takes_the_place_of_what_was_read(site: OnePage) -> None:
    """The page of an edited item is behind a wall now: the text stays, and its sectors."""
    site.page = WHOLE
    assert site.later() == Counter(kupiansk=1, lyman=1)
    for refusing in (LOCKED, CONSENT, FetchError("x", status=410)):
        site.page = refusing
        site.summary += " More."
        assert site.later(hours=2) == Counter()
        assert LYMAN in site.row()["text"]
        assert site.row()["refusal"] == ""
        assert site.row("entries")["refusal"] != ""
    assert site.texts() == []
