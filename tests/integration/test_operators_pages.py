"""The operators' pages, on the real application and both databases: who gets in, what they see, what they do."""

from __future__ import annotations

import asyncio
import csv
import json
import re
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import Response
from sqlalchemy import text, update
from starlette.testclient import TestClient

from flows.steps.alerting.deliver_alerts import deliver_alerts
from flows.steps.polling.feed_words import Condition
from flows.steps.tools import Sender, Tools
from sectorwatch.domain import DeliveryKind, DeliveryState, Outcome, OutcomeKind
from sectorwatch.notice import NoticeKind
from sectorwatch.settings.tables import WebSettings
from sectorwatch.web.app import create_app
from sectorwatch.web.ops import listing, rooms
from sectorwatch.web.words.operators import operator_words
from storage.alerting import outbox
from storage.intake import feeds as feed_store
from storage.running import cycles
from storage.tables import entries, mentions, targets
from storage.unit_of_work import Store
from storage.views import feeds as feed_views
from storage.views import queries
from storage.views.feeds import FeedRow
from tests.builders import NOON, add_subscription
from tests.conftest import FakeClock
from tests.desk import Mailbox
from tests.integration.test_public_pages import HOSTILE, PUBLIC, SENTENCE, Site, titles
from tests.integration.test_reader_pages import ON_SQLITE
from tests.integration.test_store_outbox import LATER
from tests.plugins.commands import Run

PASSWORD = "correct horse battery staple"
GONE = Outcome(kind=OutcomeKind.PERMANENT, detail="550 no such user", status=550)
LISTS = ("feeds", "deliveries", "subscriptions", "subscribers", "targets", "suppressions")


class Ops(Site):
    """The application with a password, news that was told, and a message that was given up."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        super().__init__(store, clock)
        self.seconds, self.tested, self.answer = 0.0, list[int](), GONE
        self.tools = self.with_web(admin_password=PASSWORD)
        self.app = self.made(self.tools)
        self.web = self.client()

    def made(self, tools: Tools) -> FastAPI:
        return create_app(tools, now=lambda: self.seconds, send_test=self.send_test)

    def with_web(self, **web: Any) -> Tools:
        return replace(self.tools, settings=self.settings.model_copy(update={"web": WebSettings(**web)}))

    def client(self, tools: Tools | None = None, *, peer: str = "192.0.2.1", base: str = PUBLIC) -> TestClient:
        app = self.made(tools) if tools else self.app
        return TestClient(app, base_url=base, follow_redirects=False, client=(peer, 5000))

    def send_test(self, target: int) -> Outcome | None:
        self.tested.append(target)
        return self.answer if target == 1 else None

    def given_up(self, *numbers: int) -> None:
        """News of which the message was refused for good."""
        if not self.tested:
            add_subscription(self.store, "desk", now=NOON - timedelta(days=1))
            self.tested.append(0)
        for number in numbers:
            self.news(number, title=f"Given up {number}")
        mailbox = Mailbox()
        mailbox.answer = GONE
        asyncio.run(deliver_alerts(Sender(tools=self.tools, notifier=mailbox)))

    def kept(self, article: int) -> None:
        """An article that the subscription was not told of."""
        with self.store.write() as work:
            row = {"subscription_id": 1, "article_id": article, "sector": "lyman"}
            outbox.suppress(work, **row, code="edit", reason=HOSTILE, now=LATER)
            work.commit()

    def log_in(self, web: TestClient | None = None, password: str = PASSWORD, **query: str) -> Response:
        web = web or self.web
        web.cookies.pop("sectorwatch_session", None)
        page = web.get("/ops/login", params=query)
        return web.post("/ops/login", params=query, data={"key": key_in(page.text), "password": password})

    def post(self, path: str, status: int = 303, **fields: str) -> Response:
        """What a form of the page does."""
        answer = self.web.post(path, data={"key": key_in(self.get("/ops")), **fields})
        assert answer.status_code == status, answer.text
        return answer


@pytest.fixture
def ops(store: Store, clock: FakeClock) -> Ops:
    return Ops(store, clock)


def key_in(page: str) -> str:
    found = re.search(r'name="key" value="(\w+)"', page)
    assert found is not None, page
    return found[1]


def states(ops: Ops) -> list[str]:
    with ops.store.read() as work:
        return [row.state for row in queries.delivery_rows(work, limit=99)]


@pytest.mark.parametrize("language", ["en", "uk"])
def test_there_is_a_word_for_everything(language: str) -> None:
    """A kind, state or cause that is added needs its words in each language."""
    say = operator_words(language)
    assert set(say.kinds) == set(say.advice) == set(NoticeKind)
    assert set(say.feed_states) == set(Condition)
    assert set(say.delivery_states) == set(DeliveryState)
    assert set(say.delivery_kinds) == set(DeliveryKind)
    assert set(say.feed_advice) == set(Condition) - {Condition.OK}


@ON_SQLITE
def test_without_a_way_in_there_are_no_such_pages(ops: Ops) -> None:
    closed = ops.client(ops.with_web())
    for path in ("/ops", "/ops/login", "/ops/feeds", "/ops/deliveries.csv"):
        assert closed.get(path).status_code == 404, path


def test_a_session_begins_with_the_password_and_ends_for_good(ops: Ops) -> None:
    """Strangers are led to the form and back to the page that they wanted; after the end a copied cookie is nothing."""
    led = ops.web.get("/ops/deliveries?state=dead&lang=uk")
    assert (led.status_code, led.headers["location"]) == (
        303,
        "../ops/login?next=ops%2Fdeliveries%3Fstate%3Ddead&lang=uk",
    )
    assert ops.log_in(password="wrong").status_code == 403
    inside = ops.log_in(next="ops/deliveries?state=dead", lang="uk")
    assert (inside.status_code, inside.headers["location"]) == (303, "../ops/deliveries?state=dead&lang=uk")
    cookies = {line.partition("=")[0]: line for line in inside.headers.get_list("set-cookie")}
    assert all(
        "HttpOnly" in line and "SameSite=lax" in line and "Secure" in line for line in list(cookies.values())[:2]
    )
    assert "Max-Age=43200" in cookies["sectorwatch_session"]
    assert ops.web.get("/ops").headers["cache-control"] == "no-store"
    copied = ops.web.cookies["sectorwatch_session"]
    assert "login?left=1" in ops.post("/ops/logout").headers["location"]
    assert ops.web.get("/ops").status_code == 303
    thief = ops.client()
    assert thief.get("/ops", headers={"Cookie": f"sectorwatch_session={copied}"}).status_code == 303
    assert ops.log_in().status_code == 303
    assert ops.web.get("/ops").status_code == 200
    ops.clock.now += timedelta(hours=12)
    assert ops.web.get("/ops").status_code == 303


@ON_SQLITE
def test_what_was_signed_for_one_use_is_nothing_for_another(ops: Ops) -> None:
    """Nor is a changed cookie, one of another password, a form without its key, or one with another's."""
    ops.log_in()
    session, known = (ops.web.cookies[f"sectorwatch_{name}"] for name in ("session", "known"))
    other = ops.client(ops.with_web(admin_password="another one of these"))
    for cookie in (known, session[:-1] + ("0" if session[-1] != "0" else "1"), "x", "..", "a.9999999999.", "é"):
        assert ops.client().get("/ops", headers={"Cookie": f"sectorwatch_session={cookie}".encode()}).status_code == 303
    assert other.get("/ops", headers={"Cookie": f"sectorwatch_session={session}"}).status_code == 303
    key = key_in(ops.get("/ops"))
    for fields in ({}, {"key": ""}, {"key": "é"}, {"key": key[:-1]}):
        assert ops.web.post("/ops", data={"act": "pause", **fields}).status_code == 403, fields
    assert "All alerts are paused" not in ops.get("/ops")
    assert ops.web.post("/ops/login", data={"password": PASSWORD}).status_code == 403  # a form of another site
    assert ops.log_in(next="//evil.test/ops").headers["location"] == "../ops"
    assert ops.log_in(next="ops/../../x").headers["location"] == "../ops"


@ON_SQLITE
def test_guessing_is_slowed_down_and_locks_nobody_out(ops: Ops) -> None:
    """Of one address, for a while; a browser that has been in has tries of its own, another address has too."""
    ops.log_in()
    here, attacker, elsewhere = ops.web, ops.client(), ops.client(peer="198.51.100.7")
    answers = [ops.log_in(attacker, password=f"guess {number}").status_code for number in range(7)]
    assert answers == [403, 403, 403, 403, 429, 429, 429]  # the operator's own try counted too
    assert ops.log_in(attacker).status_code == 429
    assert ops.log_in(here).status_code == 303
    assert ops.log_in(elsewhere).status_code == 303
    ops.seconds += 20
    assert ops.log_in(attacker).status_code == 303


@ON_SQLITE
def test_a_store_without_feeds_is_not_said_to_work(ops: Ops) -> None:
    """It says that nothing is watched, and what to do; lists that are empty say so."""
    with ops.store.write() as work:
        work.connection.exec_driver_sql("DELETE FROM entries")
        work.connection.exec_driver_sql("DELETE FROM feeds")
        work.commit()
    ops.log_in()
    page = ops.get("/ops")
    assert "<h1>No feed is watched yet</h1>" in page
    assert "sectorwatch feeds add" in page
    assert "<p>None.</p>" in ops.get("/ops/targets")


@ON_SQLITE
def test_what_is_not_public_is_there_for_operators(ops: Ops) -> None:
    """The board, sectors, stories, searches and their feeds: by password or by proxy, kept by nobody on the way."""
    ops.news(1)
    web: dict[str, Any] = {"public": False, "admin_password": PASSWORD, "login_header": "X-User"}
    tools = ops.with_web(**web, login_header_from=["10.0.0.0/8"])
    stranger, inside, proxy = ops.client(tools), ops.client(tools), ops.client(tools, peer="10.0.0.1")
    proxy.headers["X-User"], stranger.headers["X-User"] = "Olena", "Olena"
    ops.log_in(inside)
    paths = {"/": 200, "/stories": 200, "/stories/1": 200, "/sectors/kupiansk": 200, "/search?q=Kupiansk": 200}
    feeds = {f"{path}/feed.{kind}": 200 for path in ("/stories", "/sectors/kupiansk") for kind in ("atom", "csv")}
    wrong = {"/stories/99": 404, "/stories?side=none": 400, "/stories/feed.exe": 404}
    for path, status in (paths | feeds | wrong).items():
        answer = stranger.get(path)
        assert (answer.status_code, "No such page" in answer.text) == (404, True), path
        for operator in (inside, proxy):
            answer = operator.get(path)
            assert answer.status_code == status, path
            assert answer.headers["cache-control"] == "private, no-store", path
            assert path in feeds or 'ops">For operators</a>' in answer.text, path
    assert 'href="./stories">All stories' in inside.get("/ops").text.partition("<footer")[2]
    inside.cookies.clear()
    assert inside.get("/").status_code == 404
    assert "For operators" not in ops.client().get("/").text


@ON_SQLITE
def test_a_proxy_lets_operators_in_where_it_is_believed(ops: Ops) -> None:
    """By who is connected, whatever other headers say; a header that came twice may be half the client's own."""
    web: dict[str, Any] = {
        "login_header": "X-User",
        "login_header_from": ["10.0.0.0/8"],
        "trusted_proxies": ["10.0.0.1"],
    }
    tools = ops.with_web(**web)
    proxy, stranger = ops.client(tools, peer="10.0.0.1"), ops.client(tools)
    forwarded = {"X-User": "Olena <b>", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    page = proxy.get("/ops", headers=forwarded)
    assert page.status_code == 200
    assert "Olena &lt;b&gt;" in page.text
    assert "logout" not in page.text
    for headers in ({"X-User": "Olena"}, {"X-User": "Olena", "X-Forwarded-For": "10.0.0.1"}):
        assert stranger.get("/ops", headers=headers).status_code == 303, headers
    twice = [("X-User", "Olena"), ("X-User", "Mallory")]
    assert proxy.get("/ops", headers=twice).status_code == 303
    assert proxy.get("/ops", headers={"X-User": " "}).status_code == 303
    assert "through their own proxy" in stranger.get("/ops/login").text
    assert stranger.post("/ops/login", data={"password": ""}).status_code == 403
    answer = proxy.post("/ops", headers=forwarded, data={"key": key_in(page.text), "act": "pause", "reason": "drill"})
    assert answer.status_code == 303
    assert "Olena" in proxy.get("/ops", headers=forwarded).text


def test_the_overview_says_what_is_wrong_first(ops: Ops) -> None:
    """With where it leads; what waits, the last cycles; all alerts can be paused and let go."""
    ops.given_up(1, 2)
    with ops.store.write() as work:
        cycles.finish(work, cycles.start(work, now=LATER), {"feeds": {"polled": 7, "failed": []}}, now=LATER)
        cycles.start(work, now=LATER)
        work.commit()
    ops.log_in()
    page = ops.get("/ops")
    assert re.search(r"<h1>What is wrong: \d", page)
    assert "Messages were given up" in page
    assert 'href="./ops/deliveries?state=dead&amp;target=1"' in page
    assert 'data-label="Feeds polled">7<' in page
    assert "running, or killed" in page
    ops.post("/ops", act="pause", reason="drill <b>")
    assert "drill &lt;b&gt;" in ops.get("/ops?done=paused")
    ops.post("/ops", act="resume")
    assert "Alerts go out." in ops.get("/ops")
    ops.post("/ops", 400, act="explode")


def test_feeds_are_listed_shown_and_paused(ops: Ops) -> None:
    ops.news(1, title="From the feed")
    ops.log_in()
    assert "Nothing is like that" in ops.get("/ops/feeds?state=gone")
    assert "/ops/feeds/1" not in ops.get("/ops/feeds?q=nowhere")
    page = ops.get("/ops/feeds/1")
    assert "Newest entries" in page
    ops.post("/ops/feeds/1", act="pause", reason="noise", **{"for": "1d"})
    page = ops.get("/ops/feeds/1?done=paused")
    assert "noise" in page
    assert "an operator, on the web" in page
    assert "ends the pause" in page
    ops.post("/ops/feeds/1", act="poll")
    with ops.store.read() as work:
        assert feed_store.counts_by_state(work) == {"ok": 1}
    ops.post("/ops/feeds/1", 400, act="pause", **{"for": "100y"})
    ops.post("/ops/feeds/99", 404, act="poll")


def test_a_feed_is_polled_next_and_stays_as_it_is(ops: Ops) -> None:
    """Asking for a poll says that it comes with the next cycle; the feed's state and its date are not touched."""
    ops.news(1)
    ops.log_in()
    before = _feed(ops)
    assert ops.post("/ops/feeds/1", act="poll").headers["location"].endswith("done=polled_next")
    after = _feed(ops)
    assert (after.state, after.state_since) == (before.state, before.state_since)
    assert after.next_poll_at == ops.tools.clock() != before.next_poll_at
    assert "It is polled at the next cycle." in ops.get("/ops/feeds/1?done=polled_next")


def _feed(ops: Ops) -> FeedRow:
    with ops.store.read() as work:
        found = feed_views.feed_row(work, 1)
    assert found is not None
    return found


def test_an_entry_that_was_read_is_told_from_one_that_was_not(ops: Ops, run: Run) -> None:
    """What only waits to be read once more says so, on the feed's page and in `status`."""
    ops.news(1)
    ops.log_in()
    ops.news(2)
    with ops.store.write() as work:
        work.connection.execute(update(entries).values(read_state="waiting", read_due_at=LATER))
        stored = update(entries).where(entries.c.article_id.is_not(None))
        assert work.connection.execute(stored.values(first_seen_at=LATER + timedelta(days=1))).rowcount == 2
        work.commit()
    page = ops.get("/ops/feeds/1")
    assert (page.count("· to be read<"), page.count("· read, to be read again<")) == (18, 2)
    assert "прочитано, буде перечитано" in ops.get("/ops/feeds/1?lang=uk")
    found = run("status", "--json", code=1)
    assert found["entries_to_read_again"] == 2
    assert f"; {found['entries_to_read'] - 2} to read, 2 to read again" in run("status", code=1)


def test_what_waits_for_a_target_that_is_left_alone_says_so(ops: Ops) -> None:
    """The list and the page of a delivery say until when, and after how many failures, in the reader's language."""
    ops.log_in()
    ops.given_up(1)
    ops.news(2)
    until = ops.tools.clock() + timedelta(hours=1)
    with ops.store.write() as work:
        work.connection.execute(update(targets).values(breaker="open", breaker_until=until, fail_streak=6))
        work.commit()
    for path in ("/ops/deliveries?days=", "/ops/deliveries/2"):
        assert "The target is left alone until" in ops.get(path), path
        assert "after failures in a row: 6" in ops.get(path), path
        assert "Адресу не турбують до" in ops.get(f"{path}{'&' if '?' in path else '?'}lang=uk"), path
    assert "left alone" not in ops.get("/ops/deliveries/1")


def test_what_was_given_up_is_sent_again_counted_first(ops: Ops) -> None:
    """One, or all that the list is narrowed to; a number that nobody has seen is shown anew."""
    ops.given_up(1, 2, 3)
    ops.log_in()
    assert states(ops) == ["dead"] * 3
    page = ops.get("/ops/deliveries?state=dead&sector=kupiansk")
    assert page.count("550 no such user") == 3
    one = ops.get("/ops/deliveries/2")
    assert "550" in one
    assert ops.post("/ops/deliveries/2").headers["location"].endswith("count=1")
    assert states(ops) == ["dead", "pending", "dead"]
    assert "Would be sent again: 2" in ops.get("/ops/deliveries/replay?sector=kupiansk")
    assert "There is nothing" in ops.get("/ops/deliveries/replay?sector=lyman")
    again = ops.post("/ops/deliveries/replay?sector=kupiansk", 409, count="3")
    assert "Meanwhile" in again.text
    assert states(ops) == ["dead", "pending", "dead"]
    ops.post("/ops/deliveries/replay?sector=kupiansk", count="2")
    assert states(ops) == ["pending"] * 3
    assert "replay_left" in ops.post("/ops/deliveries/2").headers["location"]


def test_targets_and_subscriptions_are_shown_and_switched(ops: Ops) -> None:
    ops.given_up(1)
    ops.log_in()
    assert "desk" in ops.get("/ops/subscriptions?subscriber=desk")
    assert "every sector" in ops.get("/ops/subscriptions/1")
    ops.post("/ops/targets/1", act="disable")
    assert "by an operator, on the web" in ops.get("/ops/targets/1")
    ops.post("/ops/targets/1", act="enable")
    ops.post("/ops/subscriptions/1")
    for path in ("/ops/targets/99", "/ops/subscriptions/99"):
        ops.post(path, 404, act="enable")


@ON_SQLITE
def test_a_refused_test_message_says_the_answer_and_what_to_do(ops: Ops) -> None:
    """In the words of `targets test`, in either language; what a server says is text, and stands in no address."""
    ops.given_up(1)
    ops.log_in()
    for kind, advice in (
        ("permanent", "Check the address"),
        ("retryable", "It may pass"),
        ("unknown", "may have arrived"),
    ):
        ops.answer = Outcome(kind=OutcomeKind(kind), detail="HTTP 410: <b>the webhook\x1b[1m is gone")
        page = ops.post("/ops/targets/1", 200, act="test").text.partition('role="alert"')[2]
        assert f"{kind}: HTTP 410: &lt;b&gt;the webhook [1m is gone</p>" in page
        assert advice in page
    assert "Воно могло надійти" in ops.post("/ops/targets/1?lang=uk", 200, act="test").text
    assert 'role="alert"' not in ops.get("/ops/targets/1")
    ops.answer = Outcome(kind=OutcomeKind.SENT, detail="250 OK")
    assert "done=test_sent" in ops.post("/ops/targets/1", act="test").headers["location"]
    assert ops.tested[-1] == 1
    ops.post("/ops/targets/99", 404, act="test")


def test_a_story_has_its_whole_text_and_what_became_of_it(ops: Ops) -> None:
    ops.given_up(1)
    ops.news(2)
    ops.kept(2)
    ops.log_in()
    page = ops.get("/ops/stories/1")
    assert '<div class="whole"' in page
    assert "<mark>" in page.partition('<div class="whole"')[2]
    assert "given up" in page
    assert "an edit" in ops.get("/ops/stories/2").partition('id="kept"')[2]
    assert 'href="../ops/stories/1"' in ops.get("/stories/1")
    ops.get("/ops/stories/99", 404)
    ops.get("/ops/stories/99999999999999999999999", 404)


def test_a_story_says_what_a_bare_count_of_letters_means(ops: Ops) -> None:
    """Also of mentions that an earlier release stored."""
    ops.news(1)
    reasons = [{"code": "long_name", "weight": 0.1, "detail": "8 characters"}]
    with ops.store.write() as work:
        work.connection.execute(update(mentions).values(reasons=reasons))
        work.commit()
    ops.log_in()
    page = ops.get("/ops/stories/1")
    assert "+0.10 a long name, hard to mistake for another" in page
    assert "characters" not in page


def test_a_story_shows_the_whole_text_of_one_article_at_a_time(ops: Ops) -> None:
    """Of the lead at first; a hundred of them would be megabytes. The others say a sentence and lead to theirs."""
    for number in (1, 2):
        ops.news(number, f"{SENTENCE} {number}. The end of text {number}.", title=f"Title {number}")
    with ops.store.write() as work:
        work.connection.execute(text("UPDATE articles SET story_id = 1"))
        work.commit()
    ops.log_in()
    page = ops.get("/ops/stories/1")
    assert "The end of text 1." in page
    assert "The end of text 2." not in page
    assert "<blockquote" in page.partition('id="article-2"')[2]
    assert 'href="../../ops/stories/1?article=2#article-2"' in page
    other = ops.get("/ops/stories/1?article=2")
    assert "The end of text 2." in other
    assert "The end of text 1." not in other
    ops.get("/ops/stories/1?article=3", 404)


@pytest.mark.parametrize("language", ["en", "uk"])
def test_every_list_pages_sorts_and_is_a_file(ops: Ops, language: str) -> None:
    """Whatever others have written; and an address that is none of ours is explained."""
    ops.given_up(1)
    ops.news(2, title=HOSTILE, publisher=HOSTILE)
    ops.kept(2)
    ops.log_in()
    for room in LISTS:
        page = ops.get(f"/ops/{room}", **{"accept-language": language})
        assert "<script" not in page
        sorts = set(re.findall(r"sort=(-?\w+)", page))
        assert sorts, room
        for sort in sorts:
            ops.get(f"/ops/{room}?sort={sort}&page=2")
            ops.get(f"/ops/{room}?sort={sort}")
        table = list(csv.reader(StringIO(ops.web.get(f"/ops/{room}.csv").content.decode("utf-8-sig"))))
        assert len(table[1:]) == len(ops.web.get(f"/ops/{room}.json").json()), room
        for wrong in ("sort=x", "page=0", "page=x", "page=99999999999999", f"page=00000001{'9' * 30}"):
            assert "None" not in ops.get(f"/ops/{room}?{wrong}", 400), wrong
    for wrong in (
        "deliveries?state=x", "deliveries?target=x", "feeds?side=x", "suppressions?code=x", "feeds?state=x",
        f"deliveries?target={'0' * 20}{'9' * 20}", "deliveries?days=x", "deliveries/replay?unknown=yes",
    ):  # fmt: skip
        ops.get(f"/ops/{wrong}", 400)
    ops.get("/ops/feeds?path=x&self=y&name=z")


def test_pages_follow_one_another(ops: Ops, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty a page, none twice and none left out, with the filter; and a file is the same however it is sent."""
    add_subscription(ops.store, "late", now=LATER + timedelta(days=9))
    for number in range(1, 40):
        ops.news(number, sectors=("kupiansk", "lyman"))
    ops.log_in()
    first, second = ops.get("/ops/suppressions"), ops.get("/ops/suppressions?page=2")
    assert 'rel="next"' in first
    assert 'rel="next"' not in second
    assert (first.count("<tr>") - 1, second.count("<tr>") - 1) == (50, 28)
    assert len(ops.web.get("/ops/suppressions.json?sector=lyman").json()) == 39
    files = [f"/ops/suppressions.{kind}" for kind in ("json", "csv")]
    whole = [ops.web.get(file).content for file in files]
    assert len(json.loads(whole[0])) == 78
    monkeypatch.setattr(rooms, "AT_ONCE", 7)
    monkeypatch.setattr(listing, "_PIECE", 10)
    assert [ops.web.get(file).content for file in files] == whole
    assert titles(ops.get("/")) == []
