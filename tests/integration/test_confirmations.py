"""No alert goes to an address before its owner has said yes, by a link that works once and for three days."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.steps.roster.apply import Difference, apply_roster
from flows.steps.subscribers import confirming
from sectorwatch.cli.main import app
from sectorwatch.errors import ConfigurationError
from sectorwatch.settings.roster import SubscriberSpec, TargetSpec
from tests.integration.test_reader_pages import ON_SQLITE, Desk, desk

__all__ = ["desk"]

NEW = "new@readers.test"


def invite(desk: Desk, address: str = NEW, **changes: Any) -> Difference:
    """The file names a new address of Other that is to be confirmed, and nobody else."""
    spec = TargetSpec(label="new", kind="email", to=address, **{"confirm": True, **changes})
    person = SubscriberSpec(name="Other", targets=[spec])
    wanted = [one for one in desk.settings.subscriptions if one.subscriber == "Other"]
    settings = desk.settings.model_copy(update={"subscribers": [person], "subscriptions": wanted})
    return apply_roster(replace(desk.tools, settings=settings))


def link_in(desk: Desk) -> str:
    part = desk.mailbox.mails[-1].get_body(("plain",))
    assert part is not None
    (link,) = re.findall(r"https://watch\.test/confirm/\S+", part.get_content())
    return str(link)


def ask(desk: Desk, target: int) -> None:
    with desk.store.write() as work:
        confirming.ask(work, desk.tools, target)
        work.commit()


def test_an_address_is_asked_and_gets_alerts_from_its_yes_on(desk: Desk) -> None:
    """The question goes out, alerts do not; after the yes new ones do, and what came before is not sent later."""
    assert invite(desk).added == ["question to the owner of Other/new", "target Other/new"]
    assert not invite(desk).added
    desk.news(1)
    assert desk.deliver() == [NEW]
    mail = desk.mailbox.mails[-1]
    assert (mail["Subject"], mail["List-Unsubscribe"]) == ("Confirm your Sectorwatch alerts", None)
    assert "not confirmed" in desk.states()["new", "suppressed"]
    link = link_in(desk)
    page = desk.web.get(link)
    assert "Alerts for “Other” are to be sent" in page.text
    assert NEW not in page.text + link
    desk.news(2)
    assert desk.deliver() == []
    assert "alerts will come" in desk.web.post(link, data={"act": "confirm"}).text
    assert "alerts will come" in desk.web.get(link).text
    assert desk.deliver() == []
    desk.news(3)
    assert desk.deliver() == [NEW]


def test_a_link_works_once_and_in_time_and_for_that_address(desk: Desk) -> None:
    """Neither after 72 hours, nor for a changed address, nor again when the yes was taken back."""
    invite(desk)
    desk.deliver()
    late, number = link_in(desk), 4
    desk.clock.advance(hours=72)
    assert desk.web.post(late, data={"act": "confirm"}).status_code == 410
    ask(desk, number)
    desk.deliver()
    used = link_in(desk)
    assert desk.web.post(used, data={"act": "confirm"}).status_code == 200
    assert invite(desk, "else@readers.test").added == ["question to the owner of Other/new"]
    assert [desk.web.post(link, data={"act": "confirm"}).status_code for link in (used, late)] == [404, 404]
    assert desk.deliver() == ["else@readers.test"]
    again = link_in(desk)
    assert desk.web.post(again, data={"act": "confirm"}).status_code == 200
    with desk.store.write() as work:
        work.connection.exec_driver_sql("UPDATE targets SET confirmed_at = NULL")
        work.commit()
    assert desk.web.post(again, data={"act": "confirm"}).status_code == 404
    desk.news(1)
    assert desk.deliver() == []


@ON_SQLITE
def test_who_comes_late_can_have_a_new_link(desk: Desk) -> None:
    """An expired link sends a new one to the same address, within a month, and no more than three a day."""
    invite(desk)
    desk.deliver()
    late = link_in(desk)
    desk.clock.advance(seconds=1)
    assert desk.web.post(late, data={"act": "ask"}).status_code == 200  # not late yet, and asks all the same
    desk.clock.advance(hours=73)
    page = desk.web.get(late)
    assert (page.status_code, "Send me a new link" in page.text) == (410, True)
    for _ in range(3):
        desk.clock.advance(seconds=1)
        assert "on its way" in desk.web.post(late, data={"act": "ask"}).text
    often = desk.web.post(late, data={"act": "ask"})
    assert (often.status_code, "several links today" in often.text) == (429, True)
    assert desk.deliver() == [NEW] * 4
    assert desk.web.post(link_in(desk), data={"act": "confirm"}).status_code == 200
    assert desk.web.get(late).status_code == 410
    assert "Send me" not in desk.web.get(late).text
    desk.clock.advance(days=31)
    assert desk.web.post(late, data={"act": "ask"}).status_code == 410


@ON_SQLITE
def test_nobody_is_asked_too_often(desk: Desk) -> None:
    """Three times a day an address, under whatever name it is given; a confirmed one not at all."""
    invite(desk)
    for _ in range(2):
        desk.clock.advance(seconds=1)
        ask(desk, 4)
    with pytest.raises(ConfigurationError, match="3 times in 24 hours"):
        ask(desk, 4)
    desk.clock.advance(hours=25)
    ask(desk, 4)
    with pytest.raises(ConfigurationError, match="confirmed already"):
        ask(desk, 1)
    with pytest.raises(ConfigurationError, match="no target 99"):
        ask(desk, 99)
    assert not invite(desk, confirm=False).added
    desk.news(1)
    desk.deliver()
    assert ("new", "sent") in desk.states()


def test_ops_confirm_disable_and_enable_by_number(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list says of every target whether it is on and confirmed, and why not; a wrong number is exit code 2."""
    monkeypatch.setenv("SECTORWATCH_STORE__URL", desk.store.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("COLUMNS", "200")
    invite(desk)
    runner = CliRunner()

    def call(*words: str) -> str:
        return runner.invoke(app, ["targets", *words], catch_exceptions=False).output

    assert "no, asked" in call("list")
    assert call("confirm", "4") == "Other's new is confirmed\n"
    call("disable", "4", "--reason", "they moved")
    assert "no: they moved" in call("list")
    desk.news(1)
    assert desk.deliver() == []
    assert desk.states()["new", "suppressed"] == "the target is disabled"
    call("enable", "4")
    desk.news(2)
    assert desk.deliver() == [NEW]
    for command in ("confirm", "enable", "disable"):
        with pytest.raises(ConfigurationError, match="no target 99"):
            call(command, "99")
    assert "readers.test" not in call("list", "--json")


@ON_SQLITE
def test_a_question_needs_a_page(desk: Desk) -> None:
    """Without public_url nobody could answer: said before anything is changed."""
    desk.settings = desk.settings.model_copy(update={"public_url": ""})
    with pytest.raises(ConfigurationError, match="set public_url"):
        invite(desk)
