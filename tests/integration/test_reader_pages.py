"""What a reader does by the links of a real mail, on the real application, and what becomes of what is queued."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from aiosmtpd.controller import Controller
from starlette.testclient import TestClient

from alerts.channels import MAIL
from alerts.links import LinkMaker, Signer
from alerts.mail import MailNotifier, Security, SmtpRelay
from alerts.render import render
from flows.runtime import link_maker
from flows.steps.alerting.deliver_alerts import deliver_alerts
from flows.steps.roster.apply import Difference, apply_roster
from flows.steps.subscribers import changing
from flows.steps.subscribers import readers as readers_step
from flows.steps.tools import Sender, Tools
from sectorwatch.domain import Grounds, Rule, Secret, Side
from sectorwatch.settings import Settings
from sectorwatch.settings.roster import SubscriberSpec, SubscriptionSpec, TargetSpec
from sectorwatch.web.app import create_app
from storage.alerting import false_alarms, outbox
from storage.reading.stories import open_story
from storage.secrets import Vault
from storage.subscribers import readers, subscriptions
from storage.unit_of_work import Store
from storage.views import queries
from storage.views.alerts import alert_view
from tests.acceptance.processes import free_port
from tests.builders import NOON, add_entries, add_feed, read_article
from tests.conftest import FakeClock
from tests.integration.test_notifiers_mail import Mailbox
from tests.integration.test_store_outbox import LATER, entry, file
from tests.plugins.commands import Run

PARTS = "multipart/form-data; boundary=x"
PUBLIC = "https://watch.test"
SIGNER = Signer(Secret("k" * 32))
# For what is the same whatever the database.
ON_SQLITE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


class Desk:
    """Subscribers with a mail box each, a real mail server, and the web application."""

    def __init__(self, store: Store, clock: FakeClock, port: int, mailbox: Mailbox) -> None:
        self.store, self.clock, self.mailbox = store, clock, mailbox
        clock.now = NOON
        add_entries(store, add_feed(store), *range(1, 9), now=LATER)
        self.settings = self._settings()
        self.tools = Tools(
            settings=self.settings,
            store=store,
            vault=Vault(),
            clock=clock,
            random=Random(1),
            links=LinkMaker(signer=SIGNER, public_url=PUBLIC),
        )
        relay = SmtpRelay(host="127.0.0.1", port=port, sender="alerts@watch.test", security=Security.NONE)
        self.sender = Sender(tools=self.tools, notifier=MailNotifier(relay, clock=clock))
        self.now = 0.0
        self.web = TestClient(create_app(self.tools, now=lambda: self.now), base_url=PUBLIC, follow_redirects=False)
        self.apply()
        clock.now = LATER

    def _settings(self, **subscription: Any) -> Settings:
        mail = [TargetSpec(label=name, kind="email", to=f"{name}@readers.test") for name in ("one", "two")]
        people = [
            SubscriberSpec(name="Desk", language="uk", zone="Europe/Kyiv", targets=mail),
            SubscriberSpec(name="Other", targets=[TargetSpec(label="other", kind="email", to="other@readers.test")]),
        ]
        wanted = [
            SubscriptionSpec(subscriber=person.name, sectors=["kupiansk"], group_wait_s=0, **subscription)
            for person in people
        ]
        return Settings(public_url=PUBLIC, subscribers=people, subscriptions=wanted)

    def apply(self, **subscription: Any) -> Difference:
        self.settings = self._settings(**subscription)
        return apply_roster(replace(self.tools, settings=self.settings))

    def news(self, number: int) -> None:
        file(self.store, entry(self.store, number), read_article(f"News {number} of Kupiansk."), now=self.clock())

    def deliver(self) -> list[str]:
        """Who gets mail now."""
        before = len(self.mailbox.mails)
        asyncio.run(deliver_alerts(self.sender))
        return sorted(str(mail["To"]) for mail in self.mailbox.mails[before:])

    def links(self, reader: str) -> dict[str, str]:
        """The links in the last mail to a reader, by what they are for."""
        mail = next(mail for mail in reversed(self.mailbox.mails) if str(mail["To"]).startswith(f"{reader}@"))
        part = mail.get_body(("plain",))
        assert part is not None
        found = {
            urlsplit(url).path.split("/")[1]: url for url in re.findall(r"https://watch\.test\S+", part.get_content())
        }
        return {**found, "header": str(mail["List-Unsubscribe"])[1:-1]}

    def states(self) -> dict[tuple[str, str], str]:
        """Of each delivery by (target, state): why."""
        with self.store.read() as work:
            return {(row.target, row.state): row.reason for row in queries.delivery_rows(work, limit=99)}


@pytest.fixture
def desk(store: Store, clock: FakeClock) -> Iterator[Desk]:
    mailbox = Mailbox()
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield Desk(store, clock, port, mailbox)
    finally:
        controller.stop()


def test_one_click_in_the_mail_ends_what_is_queued_and_all_that_comes(desk: Desk) -> None:
    """The URL of the mail's header, posted to as RFC 8058 says, unsubscribes that address at once, and no other."""
    desk.news(1)
    assert desk.deliver() == ["one@readers.test", "other@readers.test", "two@readers.test"]
    mail = desk.mailbox.mails[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    desk.news(2)
    answer = desk.web.post(desk.links("one")["header"], data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.text) == (200, "unsubscribed")
    assert "unsubscribed" in desk.states()["one", "suppressed"]
    assert desk.deliver() == ["other@readers.test", "two@readers.test"]
    again = {"List-Unsubscribe": (None, "One-Click")}  # as multipart/form-data
    assert desk.web.post(desk.links("one")["header"], files=again).text == "unsubscribed"
    desk.news(3)
    assert desk.deliver() == ["other@readers.test", "two@readers.test"]
    assert "left by their readers" in desk.apply().kept[0]
    desk.news(4)
    assert desk.deliver() == ["other@readers.test", "two@readers.test"]


@ON_SQLITE
def test_a_mail_scanner_ends_nothing(desk: Desk) -> None:
    """Every link of a message may be fetched, by GET and HEAD, and nothing has changed."""
    desk.news(1)
    desk.deliver()
    for url in desk.links("one").values():
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
            assert desk.web.request(method, url).status_code == (200 if method in ("GET", "HEAD") else 405)
    desk.news(2)
    assert len(desk.deliver()) == 3


def test_the_last_one_to_leave_ends_the_subscription_until_ops_start_it_again(desk: Desk) -> None:
    """`apply` does not resurrect it and says so; a restart begins now, so that nothing old is told."""
    desk.news(1)
    desk.deliver()
    page = desk.web.get(desk.links("two")["unsubscribe"])
    assert "Не надсилати на цю адресу" in page.text
    page = desk.web.post(desk.links("two")["unsubscribe"], data={"act": "everywhere"})
    assert "Вас відписано" in page.text
    desk.news(2)
    assert desk.deliver() == ["other@readers.test"]
    (kept,) = desk.apply(min_score=0.4).kept
    assert "Desk/default: ended by the reader on 2026-03-01" in kept
    assert "sectorwatch subscriptions restart 1" in kept
    with desk.store.write() as work:
        readers.restart(work, 1, now=desk.clock.advance(minutes=1))
        work.commit()
    desk.news(3)  # seen before the new start
    assert desk.deliver() == ["other@readers.test"]


def test_who_unsubscribed_by_mistake_takes_it_back_for_a_day(desk: Desk) -> None:
    """One's own address, and the whole subscription; not another one's, who left on their own, nor after a day."""
    desk.news(1)
    desk.deliver()
    one, two = desk.links("one")["unsubscribe"], desk.links("two")["unsubscribe"]
    page = desk.web.post(one, data={"act": "here"})
    assert "Це помилка" in page.text
    assert "Вас знову підписано" in desk.web.post(one, data={"act": "undo"}).text
    desk.news(2)
    assert len(desk.deliver()) == 3
    desk.web.post(one, data={"act": "everywhere"})
    assert "Вас знову підписано" in desk.web.post(two, data={"act": "undo"}).text
    desk.news(4)
    assert desk.deliver() == ["other@readers.test", "two@readers.test"]
    desk.web.post(two, data={"act": "here"})
    desk.clock.advance(hours=24)
    for link in (one, two):
        assert "Це помилка" not in desk.web.post(link, data={"act": "undo"}).text
    desk.news(3)
    assert desk.deliver() == ["other@readers.test"]


def test_two_who_leave_at_once_end_it(desk: Desk) -> None:
    """Whoever is the last ends the subscription, also when neither has seen the other yet."""

    def leave() -> None:
        with desk.store.write() as work:
            readers.leave(work, 1, 2, now=desk.clock())
            work.commit()

    second = threading.Thread(target=leave)
    with desk.store.write() as work:
        readers.leave(work, 1, 1, now=desk.clock())
        second.start()
        second.join(0.3)  # long enough to get where it has to wait
        assert second.is_alive()
        work.commit()
    second.join(30)
    with desk.store.read() as work:
        found = readers.reading(work, 1)
    assert found is not None
    assert (found.targets, found.reader.ended_reason) == ((), "the reader unsubscribed")


def test_a_delivery_in_flight_is_not_tried_again_after_its_reader_left(desk: Desk) -> None:
    """What waits for a retry, and what is filed by a step that began before, is suppressed when it is claimed."""
    desk.news(1)
    desk.deliver()
    unsubscribe = desk.links("other")["unsubscribe"]
    desk.mailbox.answers["rcpt"] = "451 later"
    desk.news(2)
    desk.deliver()
    desk.web.post(unsubscribe, data={"act": "here"})
    desk.mailbox.answers.clear()
    desk.clock.advance(hours=1)
    assert desk.deliver() == ["one@readers.test", "two@readers.test"]
    assert "unsubscribed" in desk.states()["other", "suppressed"]


def test_a_pause_holds_for_its_time_and_tells_nothing_of_it_later(desk: Desk) -> None:
    """A day's pause: nothing goes out, all is on record as suppressed, and alerts come again after it, or on resume."""
    desk.news(1)
    desk.deliver()
    desk.news(2)
    pause = desk.links("one")["pause"]
    page = desk.web.post(pause, data={"act": "day"})
    assert "Призупинено до: 2 березня 2026, 14:01 EET" in page.text
    desk.news(3)
    assert desk.deliver() == ["other@readers.test", "other@readers.test"]
    assert "paused the subscription until 2026-03-02 12:01 UTC" in desk.states()["one", "suppressed"]
    with desk.store.read() as work:
        reasons = {row.reason for row in queries.suppression_rows(work, limit=9)}
    assert reasons == {"its reader paused the subscription until 2026-03-02 12:01 UTC"}
    assert "paused by the reader until" in desk.apply().kept[0]
    assert "Сповіщення надсилаються" in desk.web.post(pause, data={"act": "resume"}).text
    desk.news(4)
    assert len(desk.deliver()) == 3
    desk.web.post(pause, data={"act": "open"})
    desk.clock.advance(days=40)
    desk.news(5)
    assert desk.deliver() == ["other@readers.test"]


@ON_SQLITE
def test_a_link_does_one_thing_for_one_subscription(desk: Desk) -> None:
    """Another act, another subscription's number, a cut or invented token: refused, all in the same words."""
    desk.news(1)
    desk.deliver()
    mine, other = desk.links("one"), desk.links("other")
    token = urlsplit(mine["unsubscribe"]).path.rsplit("/", 1)[1]
    head, mac = token.rsplit(".", 1)
    forged = [
        mine["unsubscribe"].replace("/unsubscribe/", "/pause/"),
        mine["pause"].replace("/pause/", "/unsubscribe/"),
        mine["unsubscribe"][:-1],
        mine["unsubscribe"] + "a",
        mine["unsubscribe"].replace(".1-", ".2-"),
        mine["unsubscribe"].replace(".1-", ".999999999999999999-"),
        f"{PUBLIC}/unsubscribe/{head}.{urlsplit(other['unsubscribe']).path.rsplit('.', 1)[1]}",
        f"{PUBLIC}/unsubscribe/{head}.{mac.upper()}",
        f"{PUBLIC}/unsubscribe/" + "a" * 3000,
        f"{PUBLIC}/unsubscribe/%00%ff",
        f"{PUBLIC}/unsubscribe/{token}/",
    ]
    acts = [{"act": "day" if "/pause/" in url else "here"} for url in forged]
    answers = [desk.web.post(url, data=act) for url, act in zip(forged, acts, strict=True)]
    answers += [desk.web.get(url) for url in forged]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text.replace("../", "") for answer in answers}) == 1
    desk.news(2)
    assert len(desk.deliver()) == 3


@ON_SQLITE
def test_a_number_that_the_database_gives_again_fits_no_old_link(desk: Desk) -> None:
    """After a subscription is removed, another one of the same number is not ended by its links."""
    desk.news(1)
    desk.deliver()
    old = desk.links("other")["unsubscribe"]
    with desk.store.write() as work:
        work.connection.exec_driver_sql("UPDATE subscriptions SET link_seed = 'ffffffffffffffffffffffffffffffff'")
        work.commit()
    assert desk.web.post(old, data={"act": "here"}).status_code == 404


@ON_SQLITE
def test_links_expire_but_that_to_unsubscribe(desk: Desk) -> None:
    """After ninety days an old mail cannot change anything, and still unsubscribes."""
    desk.news(1)
    desk.deliver()
    desk.clock.advance(days=91)
    links = desk.links("one")
    assert desk.web.post(links["pause"], data={"act": "day"}).status_code == 410
    assert desk.web.post(links["header"], data={"List-Unsubscribe": "One-Click"}).status_code == 200


@ON_SQLITE
def test_what_our_pages_do_not_send_is_refused(desk: Desk) -> None:
    """Too long, too many fields, not text, another type: the right status, and nothing has happened."""
    desk.news(1)
    desk.deliver()
    form = "application/x-www-form-urlencoded"
    cases: list[tuple[bytes, str, int]] = [
        (b"act=here&" + b"x" * 20_000, form, 413),
        (b"x=1&" * 501, form, 400),
        (b"act=\xff", form, 400),
        (b"act=%ff", form, 400),
        (b"act=everything", form, 400),
        (b"", form, 400),
        (b'{"act": "here"}', "application/json", 415),
        (b"act=here", "multipart/form-data", 400),
        (b"--x\r\n\r\nhere\r\n--x--", PARTS, 400),
        (
            b'--x\r\nContent-Disposition: form-data; name="act"\r\n\r\n\xff\r\n--x--',
            PARTS,
            400,
        ),
        (b"--x\r\n\r\n\r\n" * 600, PARTS, 400),
    ]
    for content, kind, status in cases:
        answer = desk.web.post(desk.links("one")["unsubscribe"], content=content, headers={"content-type": kind})
        assert answer.status_code == status, content[:20]
    page = desk.web.post(desk.links("one")["unsubscribe"], data={"act": "everything"}).text
    assert '<html lang="uk"' in page  # the language of the reader whose link it is, whatever the browser asks for
    assert '<html lang="en"' in desk.web.post("/unsubscribe/nobody", data={"act": "everything"}).text
    pieces = desk.web.post(desk.links("one")["unsubscribe"], content=(b"x" * 9000 for _ in range(9)))
    assert pieces.status_code == 413
    desk.news(2)
    assert len(desk.deliver()) == 3


@ON_SQLITE
def test_every_answer_is_guarded_and_says_nothing_to_others(desk: Desk) -> None:
    """No script, frame, referrer, cookie, redirect or cache, whatever is asked; nothing is loaded from elsewhere."""
    desk.news(1)
    desk.deliver()
    pages = [desk.links("one")["pause"], f"{PUBLIC}/nothing", f"{PUBLIC}/health", f"{PUBLIC}/style.css"]
    for answer in [desk.web.get(url, headers={"Host": "evil.test"}) for url in pages]:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self';")
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers
        assert "location" not in answer.headers
        assert "evil.test" not in answer.text
        assert not re.search(r"<script|style=|//", answer.text.replace("/*", ""))
    assert [desk.web.get(url).status_code for url in pages] == [200, 404, 200, 200]


@ON_SQLITE
def test_one_client_is_slowed_down_and_others_are_not(desk: Desk) -> None:
    """Who asks too often is told when to come back, in a page with its looks; the health page always answers."""
    answers = [desk.web.get(f"{PUBLIC}/nothing").status_code for _ in range(125)]
    assert (answers[119], answers[124]) == (404, 429)
    last = desk.web.get(f"{PUBLIC}/nothing", headers={"Accept-Language": "uk-UA,uk;q=0.9"})
    assert last.headers["retry-after"] == "1"
    assert "Забагато запитів" in last.text
    assert "Забагато запитів" in desk.web.get(f"{PUBLIC}/nothing?lang=uk", headers={"Accept-Language": "en"}).text
    for path in ("/sectors/kupiansk/feed.atom", "/stories", "/"):
        looks = re.findall(r'href="([^"]+style\.css)"', desk.web.get(f"{PUBLIC}{path}").text)
        assert [urljoin(f"{PUBLIC}{path}", look) for look in looks] == [f"{PUBLIC}/style.css"]
    assert [desk.web.get(f"{PUBLIC}{path}").status_code for path in ("/health", "/style.css")] == [200, 200]
    desk.now = 10.0
    assert desk.web.get(f"{PUBLIC}/nothing").status_code == 404


def form_in(page: str) -> dict[str, Any]:
    """The fields of a form as a browser would send it unchanged."""
    fields: dict[str, Any] = {"act": "change"}
    for tag, name in re.findall(r'(<input[^>]* name="(\w+)"[^>]*>)', page):
        value = re.search(r' value="([^"]*)"', tag)
        if "checkbox" not in tag or " checked" in tag:
            fields.setdefault(name, []).append(value[1] if value else "")
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        (fields[name],) = re.findall(r'<option value="(\w*)" selected', options)
    return fields


def test_a_reader_changes_what_they_get_and_the_file_does_not_undo_it(desk: Desk) -> None:
    """The form shows how things stand; a change holds for all that comes, and `apply` says what it leaves."""
    desk.news(1)
    desk.deliver()
    link = desk.links("one")["change"]
    form = form_in(desk.web.get(link).text)
    assert form["sector"] == ["kupiansk"]
    assert (form["min_score"], form["digest"], form["zone"]) == (["0.5"], "", ["Europe/Kyiv"])
    assert "Збережено" in desk.web.post(link, data=form).text
    wished = form | {"min_score": "0,95", "quiet_from": "22:00", "quiet_until": "07:00", "zone": "Europe/Warsaw"}
    page = desk.web.post(link, data=wished).text
    assert form_in(page) == wished | {name: [wished[name]] for name in ("quiet_from", "quiet_until", "zone")} | {
        "min_score": ["0.95"]
    }
    (kept,) = desk.apply().kept
    assert "changed by the reader" in kept
    assert not desk.apply()
    desk.news(2)  # scores 0.9
    assert desk.deliver() == ["other@readers.test"]
    desk.web.post(link, data=wished | {"min_score": "0.5", "digest": "day", "digest_at": "18:00"})
    desk.news(3)
    assert desk.deliver() == ["other@readers.test"]
    desk.clock.now = NOON.replace(hour=16, minute=59)
    assert desk.deliver() == []
    desk.clock.now = NOON.replace(hour=17)  # 18:00 in Warsaw
    assert desk.deliver() == ["one@readers.test", "two@readers.test"]
    with desk.store.write() as work:
        readers.restart(work, 1, now=desk.clock())
        work.commit()
    restored = ["subscription Desk/default", "subscriber Desk: Europe/Warsaw is now Europe/Kyiv"]
    assert desk.apply().changed == restored
    assert form_in(desk.web.get(link).text) == form


def test_wishes_are_tried_out_before_they_are_saved(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would have come of the last days, when, in the reader's words; nothing is changed by it."""
    desk.news(1)
    desk.news(2)
    desk.deliver()
    link = desk.links("one")["change"]
    form = form_in(desk.web.get(link).text)
    desk.clock.now = LATER + timedelta(hours=1)
    page = desk.web.post(link, data=form | {"act": "preview"}).text
    assert "сповіщень 2, повідомлень 2" in page
    assert page.count("янський напрямок</strong>") == 2
    assert "Ще нічого не збережено" in page
    tried = form | {"act": "preview", "digest": "day", "digest_at": "18:00", "zone": "Europe/Warsaw"}
    page = desk.web.post(link, data=tried).text
    assert "сповіщень 2, повідомлень 1" in page
    assert "18:00 CET" in page
    assert form_in(page)["digest_at"] == ["18:00"]
    assert "сповіщень 0" in desk.web.post(link, data=form | {"act": "preview", "min_score": "0.95"}).text
    wrong = desk.web.post(link, data=form | {"act": "preview", "zone": "Europe/Kiiv"})
    assert (wrong.status_code, "повідомлень" in wrong.text) == (400, False)
    monkeypatch.setattr(changing, "MOST", 1)
    page = desk.web.post(link, data=form | {"act": "preview"}).text
    assert "Відтоді (1 березня 2026, 14:01 EET) вам надійшло б: сповіщень 1, повідомлень 1" in page
    assert "За останні дні (3) новин було більше: переглянуто найновіші, статей 1." in page
    assert form_in(desk.web.get(link).text) == form


@ON_SQLITE
def test_a_wish_that_cannot_be_is_named_and_nothing_is_saved(desk: Desk) -> None:
    """Each field by its name, in the reader's language, with what they had written still there."""
    desk.news(1)
    desk.deliver()
    link = desk.links("one")["change"]
    before = desk.web.get(link).text
    form = form_in(before)
    cases = {
        "Напрямки": {"sector": []},
        "Напрямки:": {"sector": ["kupiansk", "atlantis"]},
        "Найменша оцінка — це": {"min_score": "7"},
        "Найменша оцінка — ": {"min_score": "<b>"},
        "Тихі години мають": {"quiet_from": "22:00", "quiet_until": ""},
        "Час пишуть так": {"digest_at": "25:00"},
        "Такого часового поясу": {"zone": "Europe/Kiiv"},
        "Такого часового": {"zone": "../../etc/passwd"},
        "Такого ": {"zone": "Europe"},  # a folder of zones
        "Як надходять": {"digest": "minute"},
        "День щотижневого": {"digest_day": "caturday"},
        "Де має бути": {"min_salience": "nowhere"},
    }
    for words, wish in cases.items():
        answer = desk.web.post(link, data=form | wish)
        assert (answer.status_code, f">{words}" in answer.text) == (400, True), words
        assert "<b>" not in answer.text
    page = desk.web.post(link, data=form | {"zone": "Europe/Kiiv"}).text
    assert 'aria-invalid="true" aria-describedby="wrong-zone" required value="Europe/Kiiv" list="zones"' in page
    assert "<option>Europe/Kyiv</option>" in page
    assert "<option>US/Eastern</option>" not in page
    assert page.count("aria-invalid") == page.count('id="wrong-zone"') == 1
    assert desk.web.get(link).text == before
    assert not desk.apply().kept
    assert desk.web.post(link, data=form | {"sector": [], "every_sector": "yes"}).status_code == 200


def test_a_false_alarm_is_kept_for_ops_with_its_reasons(desk: Desk) -> None:
    """One report an alert, with a note made plain, the mentions, and why they counted; it outlives the alert."""
    desk.news(1)
    desk.deliver()
    link = desk.links("one")["false-alarm"]
    assert "Куп&#39;янський напрямок: Title" in desk.web.get(link).text
    assert desk.web.post(link, data={"note": "x"}).status_code == 400
    for note in ("", "Another\u202e place\r\nof this name" + "!" * 3000, ""):
        assert "Дякуємо" in desk.web.post(link, data={"act": "report", "note": note}).text
    with desk.store.read() as work:
        (one,) = false_alarms.listed(work, limit=9)
    assert (one.subscriber, one.subscription, one.sector, one.article_id) == ("Desk", "default", "kupiansk", 1)
    assert one.note.startswith("Another place of this name!!")
    assert len(one.note) == readers_step.NOTE
    assert one.mention_ids == (1,)
    assert one.snapshot["mentions"][0]["reasons"][0]["code"] == "capital"
    assert "you follow kupiansk" in one.snapshot["alert_reason"]
    with desk.store.write() as work:
        subscriptions.remove_subscription(work, 1)
        work.commit()
    assert desk.web.get(link).status_code == 404
    with desk.store.read() as work:
        (kept,) = false_alarms.listed(work, limit=9)
    assert (kept.subscription, kept.alert_id, kept.snapshot) == (None, None, one.snapshot)


@ON_SQLITE
def test_hostile_names_are_text(desk: Desk) -> None:
    """Whatever a subscription is called, its page shows it as text."""
    desk.news(1)
    desk.deliver()
    with desk.store.write() as work:
        work.connection.exec_driver_sql("UPDATE subscriptions SET name = '<script>alert(1)</script>{words}{0}'")
        work.commit()
    page = desk.web.get(desk.links("one")["pause"])
    assert "<script" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{words}{0}" in page.text


def test_the_key_is_made_once_and_kept_sealed(store: Store, clock: FakeClock) -> None:
    """Every process of a store signs alike; once there is a key for secrets, that of links is sealed with it too."""
    settings = Settings(public_url=PUBLIC)
    first = link_maker(settings, store, Vault(), clock)
    again = link_maker(settings, store, Vault(), clock)
    sealing = Vault([Secret("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")])
    sealed = link_maker(settings, store, sealing, clock)
    assert first is not None
    assert again is not None
    assert sealed is not None
    tokens = {
        one.of_delivery(subscription_id=1, target_id=1, alert_ids=(), seed="s", private=True, now=NOON).unsubscribe
        for one in (first, again, sealed)
    }
    assert len(tokens) == 1
    with store.read() as work:
        value = work.connection.exec_driver_sql("SELECT value FROM switches WHERE name = 'link_key'").scalar()
    assert str(value).startswith("fernet:")
    assert link_maker(Settings(), store, Vault(), clock) is None


def test_a_new_key_breaks_no_link_until_the_former_ones_are_forgotten(desk: Desk, run: Run) -> None:
    """The page goes on running meanwhile, and takes or refuses at once what it has to."""
    links = link_maker(desk.settings, desk.store, Vault(), desk.clock)
    desk.web = TestClient(create_app(replace(desk.tools, links=links)), base_url=PUBLIC)

    def link() -> str:
        maker = link_maker(desk.settings, desk.store, Vault(), desk.clock)
        assert maker is not None
        with desk.store.read() as work:
            reading = readers.reading(work, 1)
        assert reading is not None
        found = maker.of_delivery(
            subscription_id=1, target_id=1, alert_ids=(), seed=reading.link_seed, private=True, now=desk.clock()
        )
        return str(found.unsubscribe)

    old = link()
    assert "those of 1 former key works" in run("links", "rotate")
    assert "those of 2 former keys work" in run("links", "rotate")
    new = link()
    assert new != old
    assert [desk.web.get(one).status_code for one in (old, new, old)] == [200] * 3
    assert "2 former keys are forgotten" in run("links", "forget")
    assert "no former key" in run("links", "forget")
    assert [desk.web.get(one).status_code for one in (old, new)] == [404, 200]
    assert "Цю адресу відписано" in desk.web.post(new, data={"act": "here"}).text


def test_who_reads_a_channel_cannot_end_it() -> None:
    """A message that many read has no link to pause, change or end it; only to report a false alarm."""
    links = LinkMaker(signer=SIGNER, public_url=PUBLIC).of_delivery(
        subscription_id=1, target_id=1, alert_ids=(7,), seed="s", private=False, now=NOON + timedelta(days=1)
    )
    assert (links.pause, links.change, links.unsubscribe, list(links.false_alarm)) == (None, None, None, [7])
    assert not TargetSpec(label="x", kind="apprise", to="x").private
    assert TargetSpec(label="x", kind="apprise", to="x", links=True).private


def test_a_ukrainian_reader_reads_no_english(desk: Desk) -> None:
    """The sector, the rule and what spoke for the mention are in the reader's language, in the mail and on the pages.

    Another reader of the same news is told in English, with what operators have on record.
    """
    desk.apply(places=["lyman-q2234641"], min_salience="lead")
    desk.news(1)
    desk.deliver()
    texts = {str(mail["To"]): mail.get_body(("plain",)).get_content() for mail in desk.mailbox.mails}  # type: ignore[union-attr]
    mine, other = texts["one@readers.test"], texts["other@readers.test"]
    assert mine.startswith("Куп'янський напрямок: Title")
    why = (
        "Чому ви це отримали: ви стежите за таким: Куп'янський напрямок; оцінка щонайменше 0.5; "
        "згадано в перших абзацах чи заголовку. Підписка: default. Оцінка 0.90: написано з великої літери."
    )
    assert why in mine
    assert "you follow Kupiansk sector with a score of at least 0.5, named by the lead." in other
    links = desk.links("one")
    assert "Куп&#39;янський напрямок: Title" in desk.web.get(links["false-alarm"]).text
    page = desk.web.get(links["change"]).text
    assert "Покровський напрямок</label>" in page
    assert "окремими місцями: Лиман." in page


def test_an_alert_for_single_places_names_them_in_the_readers_language(desk: Desk) -> None:
    """A place that a rule names by its id is called by its name; the rule is that of the time of the alert."""
    with desk.store.write() as work:
        rule = Rule(places=("lyman-q2234641",), languages=("uk",), sides=(Side.RUSSIAN,), publishers=("Wire",))
        alert = outbox.open_alert(
            work,
            subscription_id=1,
            sector="lyman",
            story_id=open_story(work, now=NOON),
            reason="you follow lyman in lyman",
            now=NOON,
            flush_at=NOON,
            grounds=Grounds(rule=rule, places=("lyman-q2234641", "nowhere")),
        )
        view = alert_view(work, alert.id)
    told = render([view], delivery_id="d1", channel=MAIL).text
    assert (
        "ви стежите за таким: Лиман, nowhere (Лиманський напрямок); оцінка щонайменше 0.5; мови: uk; "
        "джерела: російські; видання: Wire. Підписка: default." in told
    )
