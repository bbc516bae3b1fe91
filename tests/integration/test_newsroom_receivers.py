"""The local webhook receiver and mailbox, fed over real HTTP and SMTP."""

from __future__ import annotations

import json
import smtplib
import socket
import urllib.error
import urllib.request
from email.message import EmailMessage

import pytest

from sectorwatch.newsroom import Receivers
from sectorwatch.newsroom.receivers import MAX_BYTES


def test_a_webhook_is_kept_as_sent() -> None:
    """A POST is answered with 200, and method, path, headers and body are kept."""
    body = json.dumps({"sector": "kupiansk", "text": "Куп’янськ"}, ensure_ascii=False).encode()
    with Receivers() as receivers:
        headers = {"Content-Type": "application/json", "Webhook-Id": "d-1"}
        request = urllib.request.Request(receivers.webhook_url, data=body, headers=headers)
        with urllib.request.urlopen(request, timeout=5) as answer:
            assert answer.status == 200
    (kept,) = receivers.requests
    assert (kept.method, kept.path, kept.body) == ("POST", "/hook", body)
    assert kept.headers["webhook-id"] == "d-1"
    assert kept.json()["text"] == "Куп’янськ"
    assert receivers.mails == ()


def test_a_mail_is_kept_as_sent() -> None:
    """A mail sent by SMTP is kept with its envelope, and its subject and text come back decoded."""
    mail = EmailMessage()
    mail["Subject"] = "Куп’янськ: шість атак"
    mail["From"] = "alerts@sectorwatch.test"
    mail["To"] = "reader@example.test"
    mail.set_content("На Куп’янському напрямку\n.\nкрапка на початку рядка\n")
    mail.add_alternative("<p>На Куп’янському напрямку</p>", subtype="html")
    with Receivers() as receivers, smtplib.SMTP(receivers.smtp_host, receivers.smtp_port, timeout=5) as client:
        client.send_message(mail)
        client.send_message(mail, to_addrs=["second@example.test"])
    first, second = receivers.mails
    assert (first.sender, first.recipients) == ("alerts@sectorwatch.test", ("reader@example.test",))
    assert second.recipients == ("second@example.test",)
    assert first.message["Subject"] == "Куп’янськ: шість атак"
    plain, html = first.message.get_body(("plain",)), first.message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == ["На Куп’янському напрямку", ".", "крапка на початку рядка"]
    assert "<p>" in html.get_content()


def test_too_much_is_refused() -> None:
    """A request above the limit is answered with 413 and not kept."""
    with Receivers() as receivers:
        request = urllib.request.Request(receivers.webhook_url, data=b"x" * (MAX_BYTES + 1))
        with pytest.raises(urllib.error.HTTPError, match="413"):
            urllib.request.urlopen(request, timeout=5)
    assert receivers.requests == ()


def test_ports_close_with_the_block() -> None:
    """After the block neither receiver listens any more, even if a mail client was still connected."""
    with Receivers() as receivers:
        lingering = socket.create_connection((receivers.smtp_host, receivers.smtp_port), timeout=5)
        assert lingering.recv(100).startswith(b"220 ")
    lingering.close()
    for port in (receivers.webhook_port, receivers.smtp_port):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((receivers.smtp_host, port), timeout=5)
