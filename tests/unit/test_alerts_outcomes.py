"""Every HTTP and SMTP answer has one stated outcome, and the dispatcher keeps the promise for all channels."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.generator import BytesGenerator
from email.policy import SMTP
from io import BytesIO
from types import SimpleNamespace
from typing import Any, cast

import aiosmtplib
import pytest

from alerts import mail, webhook
from alerts.apprise_answer import AppriseAnswer
from alerts.apprise_call import kind_of
from alerts.apprise_notifier import AppriseNotifier
from alerts.dispatch import Dispatch
from alerts.mail import SmtpRelay
from alerts.mail_message import compose, single_address
from sectorwatch.domain import Message, Outcome, OutcomeKind, Secret, Target, TargetKind
from sectorwatch.errors import ConfigurationError, FetchError

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SENT, RETRYABLE, PERMANENT, UNKNOWN = (
    OutcomeKind.SENT,
    OutcomeKind.RETRYABLE,
    OutcomeKind.PERMANENT,
    OutcomeKind.UNKNOWN,
)
MESSAGE = Message(id="d1", title="Kupiansk: x", text="Kupiansk: x\n\nbody\n", html="<p>x</p>", payload={"id": "d1"})
HOOK = Target(
    id=1, subscriber_id=1, kind=TargetKind.WEBHOOK, label="hook", secret=Secret("https://hooks.test/T0PSECRET?k=HUSH")
)

PASSING = {408, 409, 421, 423, 425, 429}
HTTP = {
    status: SENT
    if 200 <= status < 300
    else RETRYABLE
    if status in PASSING or status >= 500
    else UNKNOWN
    if status < 200
    else PERMANENT
    for status in range(100, 600)
}


def test_every_http_status_has_its_outcome() -> None:
    """2xx sent; passing refusals and 5xx retryable; redirects and other 4xx permanent; no exception for any."""
    for status, kind in HTTP.items():
        outcome = webhook.judge(status, {}, now=NOW)
        assert (outcome.kind, outcome.status) == (kind, status)
        assert outcome.refused is (status in (401, 403, 404, 410))
        assert str(status) in outcome.detail
    for status in (400, 401, 403, 404, 410, 301, 302, 307, 308, 304):
        assert webhook.judge(status, {}, now=NOW).kind is PERMANENT
    for status in (408, 425, 429, 500, 502, 503, 504, 599):
        assert webhook.judge(status, {}, now=NOW).kind is RETRYABLE
    assert {webhook.judge(status, {}, now=NOW).kind for status in (-1, 0, 600, 999)} == {UNKNOWN}


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Sun, 01 Mar 2026 12:05:00 GMT", 300),
        ("Sun, 01 Mar 2026 12:05:00 -0000", 300),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0),
        ("9" * 400, 30 * 86400),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_all_its_forms(value: str, wait: int | None) -> None:
    """Seconds and dates are kept as a wait, the past is now, nonsense is none, and no number is too large."""
    outcome = webhook.judge(503, {"Retry-After": value}, now=NOW)
    assert outcome.retry_after == (None if wait is None else timedelta(seconds=wait))


class Failing:
    """A client whose requests all fail in one way."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes, timeout: float) -> webhook.PostAnswer:
        raise self.error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (FetchError("connection refused by https://hooks.test/T0PSECRET?k=HUSH"), RETRYABLE),
        (FetchError("T0PSECRET: private address", permanent=True), PERMANENT),
        (FetchError("no answer in 30 s from hooks.test, key HUSH", sent=True), UNKNOWN),
        (FetchError("answered 503", status=503, retry_after=9), RETRYABLE),
        (FetchError("answered 302 to T0PSECRET", status=302), PERMANENT),
    ],
)
def test_a_request_without_answer_is_judged_without_its_url(error: FetchError, kind: OutcomeKind) -> None:
    """What the client says of a failure is kept, but nothing of the URL."""
    notifier = webhook.WebhookNotifier(Failing(error), clock=lambda: NOW)
    outcome = asyncio.run(notifier.send(HOOK, MESSAGE))
    assert outcome.kind is kind
    assert outcome.retry_after == (timedelta(seconds=9) if error.retry_after else None)
    assert not {word for word in ("T0PSECRET", "HUSH", "hooks.test") if word in repr(outcome)}


@pytest.mark.parametrize("key", ["whsec_", "", "whsec_!!!", "whsec_A"])
def test_a_signing_secret_that_is_no_key_is_permanent(key: str) -> None:
    """Nothing is sent unsigned because the key is unusable."""
    target = Target(**{**vars(HOOK), "signing_secret": Secret(key)})
    notifier = webhook.WebhookNotifier(Failing(AssertionError("sent")), clock=lambda: NOW)
    outcome = asyncio.run(notifier.send(target, MESSAGE))
    assert outcome.kind is PERMANENT
    assert "Standard Webhooks key" in outcome.detail


@pytest.mark.parametrize("code", [*range(400, 600), -1, 250, 354])
def test_every_smtp_status_has_its_outcome(code: int) -> None:
    """5xx for the recipient or the message is permanent; for ourselves, and every 4xx, retryable; nonsense unknown."""
    recipient = aiosmtplib.SMTPRecipientsRefused([aiosmtplib.SMTPRecipientRefused(code, "said", "bob@x.test")])
    about_them = PERMANENT if code >= 500 else RETRYABLE
    assert mail.judge(recipient, message_begun=False)[:2] == (about_them, code)
    data = about_them if code >= 400 else UNKNOWN
    assert mail.judge(aiosmtplib.SMTPDataError(code, "said"), message_begun=True)[:2] == (data, code)
    for error in (
        aiosmtplib.SMTPAuthenticationError(code, "said"),
        aiosmtplib.SMTPSenderRefused(code, "said", "us@x.test"),
        aiosmtplib.SMTPConnectResponseError(code, "said"),
        aiosmtplib.SMTPHeloError(code, "said"),
    ):
        kind, status, words = mail.judge(error, message_begun=False)
        assert (kind, status) == (RETRYABLE, code)
        assert "check the mail settings" in words


@pytest.mark.parametrize(
    ("code", "words", "gone"),
    [
        (550, "5.1.1 no such user", True),
        (550, "5.1.10 null MX", True),
        (550, "no such user", True),
        (551, "user not local", True),
        (553, "mailbox name not allowed", True),
        (556, "domain takes no mail", True),
        (550, "5.2.1 mailbox disabled", True),
        (550, "5.7.1 blocked by policy", False),
        (552, "5.2.2 mailbox full", False),
        (554, "transaction failed", False),
        (450, "4.1.1 try later", False),
    ],
)
def test_a_mailbox_that_is_gone_is_told_from_a_mail_that_is_not_wanted(code: int, words: str, gone: bool) -> None:
    """Only what is said of the recipient, and for good, may disable a target."""
    refused = aiosmtplib.SMTPRecipientRefused(code, words, "bob@x.test")
    assert mail.about_mailbox(refused) is gone
    assert mail.about_mailbox(aiosmtplib.SMTPRecipientsRefused([refused])) is gone
    assert not mail.about_mailbox(aiosmtplib.SMTPDataError(code, words))
    assert not mail.about_mailbox(aiosmtplib.SMTPSenderRefused(code, words, "us@x.test"))


class Named:
    """A sending process whose service named this HTTP status."""

    def __init__(self, status: int | None) -> None:
        self.answer = AppriseAnswer(kind=RETRYABLE, warning=f"error={status}", status=status)

    async def run(self, function: object, *args: object, timeout: float) -> object:
        return self.answer


def test_every_http_status_of_an_apprise_service_has_its_outcome() -> None:
    """As a webhook's; but a failure is never called sent, whatever the status, nor permanent without one."""
    target = Target(id=1, subscriber_id=1, kind=TargetKind.APPRISE, label="a", secret=Secret("json://h.test"))
    for status in (None, *range(100, 600)):
        outcome = asyncio.run(AppriseNotifier(cast("Any", Named(status))).send(target, MESSAGE))
        client_error = status is not None and 400 <= status < 500
        assert outcome.kind is (PERMANENT if client_error and status not in PASSING else RETRYABLE)
        assert outcome.refused is (status in (401, 403, 404, 410))


@pytest.mark.parametrize(
    "error",
    [
        aiosmtplib.SMTPServerDisconnected("Connection lost"),
        aiosmtplib.SMTPReadTimeoutError("Timed out"),
        ConnectionResetError(),
        TimeoutError(),
    ],
)
def test_a_lost_connection_is_unknown_only_once_the_message_is_on_its_way(error: Exception) -> None:
    """Before the message, a loss is safe to repeat; after, nobody can know."""
    assert mail.judge(error, message_begun=False)[0] is RETRYABLE
    assert mail.judge(error, message_begun=True)[0] is UNKNOWN


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("bob@example.org", "bob@example.org"),
        ("Bob <bob@example.org>", "bob@example.org"),
        ("bob@укр.test", "bob@xn--j1amh.test"),
        ("a@x.test, b@x.test", None),
        ("a@x.test\nBcc: b@x.test", None),
        ("bob", None),
        ("@x.test", None),
        ("bob@", None),
        ("a b@x.test", None),
        ("", None),
    ],
)
def test_a_mail_target_is_one_address(text: str, address: str | None) -> None:
    """Exactly one address passes; nothing can add a second recipient or a header."""
    assert single_address(text) == address


def test_a_mail_has_lasting_id_and_folded_subject() -> None:
    """The Message-ID is the delivery's; the longest Cyrillic subject gives no line over 78 octets."""
    message = Message(id="d1", title="Ж" * 120, text="т" * 5000, html=None)
    sent = compose(message, sender="Редакція <us@watch.test>", recipient="bob@x.test", date=NOW)
    assert sent["Message-ID"] == "<d1@watch.test>"
    assert sent["Subject"] == "Ж" * 120
    assert sent["Date"].datetime == NOW
    assert sent["From"].addresses[0].display_name == "Редакція"
    raw = sent.as_bytes()
    assert max(len(line) for line in raw.splitlines()) <= 78
    assert raw.isascii()


def test_one_click_unsubscribes() -> None:
    """The link stands whole in one header line, however long, also as the SMTP library writes the mail again."""
    link = "https://watch.test/u/" + "a1-_" * 60
    sent = compose(replace(MESSAGE, unsubscribe=link), sender="us@watch.test", recipient="bob@x.test", date=NOW)
    raw = BytesIO()
    BytesGenerator(raw, policy=SMTP).flatten(sent)
    lines = raw.getvalue().decode().split("\r\n")
    assert f"List-Unsubscribe: <{link}>" in lines
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines


@pytest.mark.parametrize(
    "link",
    ["http://watch.test/u", "https://w.test/\r\nBcc: x@evil.test", "https://w.test/>", "https://w.test/" + "a" * 999],
)
def test_a_link_that_fits_no_header_adds_none(link: str) -> None:
    """A link that could end the header, or is none for one click, is left out, and the mail still goes."""
    sent = compose(replace(MESSAGE, unsubscribe=link), sender="us@watch.test", recipient="bob@x.test", date=NOW)
    assert "List-Unsubscribe" not in sent
    assert "Bcc" not in sent


@pytest.mark.parametrize(
    "settings",
    [
        {"host": "", "sender": "us@x.test"},
        {"host": "h", "sender": "nobody"},
        {"host": "h", "sender": "us@x.test", "username": "u"},
    ],
)
def test_an_unusable_relay_is_a_configuration_error(settings: dict[str, str]) -> None:
    """Wrong mail settings are found when they are read, not at the first alert."""
    with pytest.raises(ConfigurationError):
        SmtpRelay(**settings)  # type: ignore[arg-type]  # a table of keyword arguments


def test_secrets_are_in_no_repr() -> None:
    """Relay and target can be logged."""
    relay = SmtpRelay(host="h", sender="us@x.test", username="u", password=Secret("HUSH"))
    assert "HUSH" not in repr(relay) + repr(HOOK) + f"{HOOK.secret} {relay.password}"


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        (True, SENT),
        (False, RETRYABLE),
        (None, PERMANENT),
        (SimpleNamespace(status=SimpleNamespace(name="SUCCESS")), SENT),
        (SimpleNamespace(status=SimpleNamespace(name="FAILURE")), RETRYABLE),
        (SimpleNamespace(status=SimpleNamespace(name="NOMATCH")), PERMANENT),
        (SimpleNamespace(status=SimpleNamespace(name="TIMEOUT")), UNKNOWN),
        (SimpleNamespace(status=SimpleNamespace(name="PARTIAL")), UNKNOWN),
        (SimpleNamespace(status="success"), SENT),
        (SimpleNamespace(status="something new"), RETRYABLE),
    ],
)
def test_apprise_results_of_both_generations_are_understood(result: object, kind: OutcomeKind) -> None:
    """A bool or None of 1.x and a status of 2.x come to the same words."""
    assert kind_of(result) is kind


class Answering:
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.seen: list[str] = []

    async def send(self, target: Target, message: Message) -> Outcome:
        self.seen.append(json.dumps([target.id, message.id]))
        return self.outcome


class Broken:
    async def send(self, target: Target, message: Message) -> Outcome:
        raise RuntimeError(f"failed for {target.secret.reveal()}")


def test_dispatch_chooses_the_channel_of_the_target() -> None:
    """Each kind goes to its own notifier, and only there."""
    here, other = (Answering(Outcome(kind=SENT, detail=name)) for name in ("here", "other"))
    dispatch = Dispatch({TargetKind.WEBHOOK: here, TargetKind.EMAIL: other})
    assert asyncio.run(dispatch.send(HOOK, MESSAGE)).detail == "here"
    assert (here.seen, other.seen) == (['[1, "d1"]'], [])


def test_a_kind_without_channel_is_permanent_and_said() -> None:
    """A target nobody can serve becomes a visible dead letter."""
    outcome = asyncio.run(Dispatch({TargetKind.EMAIL: Broken()}).send(HOOK, MESSAGE))
    assert outcome.kind is PERMANENT
    assert outcome.detail == "there is no channel for targets of kind 'webhook' here; set up: email"


def test_a_broken_channel_hurts_nobody_else() -> None:
    """An exception in a channel is an unknown outcome without its text, which may hold secrets."""
    outcome = asyncio.run(Dispatch({TargetKind.WEBHOOK: Broken()}).send(HOOK, MESSAGE))
    assert outcome.kind is UNKNOWN
    assert "RuntimeError" in outcome.detail
    assert "T0PSECRET" not in outcome.detail
