"""The mail channel against a real SMTP server on loopback."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from alerts.mail import MailNotifier, Security, SmtpRelay
from sectorwatch.domain import Message, Outcome, OutcomeKind, Secret, Target, TargetKind

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MESSAGE = Message(
    id="0123456789abcdef",
    title="Kupiansk: Бої за Куп'янськ тривають, повідомляє видання, і заголовок довгий, довший за один рядок листа",
    text="Бої за »Куп'янськ« тривають.\n.\nFrom here\n",
    html="<p>Бої за <mark>Куп'янськ</mark></p>",
)
TARGET = Target(
    id=1, subscriber_id=1, kind=TargetKind.EMAIL, label="desk", secret=Secret("Olena Desk <olena.desk@readers.test>")
)


class Mailbox:
    """A receiver with knobs: what it answers at each step."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.begun = asyncio.Event()
        self.closed = asyncio.Event()

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        envelope.mail_from = address
        return self.answers.get("mail", "250 OK")

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("rcpt", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.answers.get("data", "250 queued as 42")
        self.recipients += envelope.rcpt_tos
        assert isinstance(envelope.content, bytes)
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        self.begun.set()
        if answer == "drop":
            assert server.transport is not None
            server.transport.abort()
        if answer == "hang":
            await asyncio.Event().wait()
        return answer

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answers.get("quit") == "drop":
            assert server.transport is not None
            server.transport.abort()
        return "221 Bye"


class Server(SMTP):
    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler.closed.set()
        super().connection_lost(error)


def deliver(
    mailbox: Mailbox,
    *,
    timeout: float = 10.0,
    relay: Callable[[SmtpRelay], SmtpRelay] = lambda relay: relay,
    target: Target = TARGET,
    times: int = 1,
    run: Callable[[MailNotifier], Awaitable[Outcome]] | None = None,
    **server: Any,
) -> Outcome:
    """Sends to a server that runs in the same loop; returns the last outcome."""

    async def scene() -> Outcome:
        loop = asyncio.get_running_loop()
        connections: list[SMTP] = []

        def protocol() -> SMTP:
            connections.append(Server(mailbox, hostname="relay.test", **server))
            return connections[-1]

        listening = await loop.create_server(protocol, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        plain = SmtpRelay(
            host="127.0.0.1", port=port, sender="Watch <us@watch.test>", security=Security.NONE, timeout=timeout
        )
        notifier = MailNotifier(relay(plain), clock=lambda: NOW)
        try:
            if run is not None:
                return await run(notifier)
            for _ in range(times):
                outcome = await notifier.send(target, MESSAGE)
            return outcome
        finally:
            listening.close()
            for connection in connections:
                if connection.transport is not None:
                    connection.transport.abort()
            await asyncio.sleep(0)

    return asyncio.run(scene())


def test_an_accepted_mail_arrives_whole() -> None:
    """Text, HTML, subject and headers arrive as they were meant, at one recipient, the same id on a repeat."""
    mailbox = Mailbox()
    outcome = deliver(mailbox, times=2)
    assert (outcome.kind, outcome.status) == (OutcomeKind.SENT, 250)
    assert mailbox.recipients == ["olena.desk@readers.test"] * 2
    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"] == "<0123456789abcdef@watch.test>"
    assert first["Subject"] == MESSAGE.title
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["To"] == "olena.desk@readers.test"
    text, html = first.get_body(("plain",)), first.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == MESSAGE.text.splitlines()
    assert html.get_content().strip() == MESSAGE.html


@pytest.mark.parametrize(
    ("answers", "kind", "status"),
    [
        ({"rcpt": "550 5.1.1 <olena.desk@readers.test>: user olena.desk unknown"}, OutcomeKind.PERMANENT, 550),
        ({"rcpt": "451 4.7.1 greylisted, olena.desk"}, OutcomeKind.RETRYABLE, 451),
        ({"data": "554 5.7.1 no mail for OLENA.DESK@readers.test"}, OutcomeKind.PERMANENT, 554),
        ({"data": "452 4.3.1 disk full"}, OutcomeKind.RETRYABLE, 452),
        ({"mail": "530 5.7.0 log in first"}, OutcomeKind.RETRYABLE, 530),
        ({"quit": "drop"}, OutcomeKind.SENT, 250),
        ({"data": "drop"}, OutcomeKind.UNKNOWN, None),
    ],
)
def test_the_servers_answer_decides(answers: dict[str, str], kind: OutcomeKind, status: int | None) -> None:
    """550 and 451 differ, a drop after the message is unknown, one after acceptance is not; the address stays out."""
    outcome = deliver(Mailbox(**answers))
    assert (outcome.kind, outcome.status) == (kind, status)
    assert "olena" not in outcome.detail.lower()


def test_a_hanging_server_ends_at_the_deadline_as_unknown() -> None:
    """The whole attempt has one deadline; after the message was sent its end is unknown."""
    mailbox = Mailbox(data="hang")
    outcome = deliver(mailbox, timeout=2)
    assert outcome.kind is OutcomeKind.UNKNOWN
    assert len(mailbox.mails) == 1


def test_cancelling_a_send_closes_its_connection() -> None:
    """A stopped worker stops sending: cancellation passes through and leaves no connection open."""

    async def run(notifier: MailNotifier) -> Outcome:
        task = asyncio.create_task(notifier.send(TARGET, MESSAGE))
        await mailbox.begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(mailbox.closed.wait(), 60)
        return Outcome(kind=OutcomeKind.UNKNOWN, detail="cancelled")

    mailbox = Mailbox(data="hang")
    assert deliver(mailbox, run=run).detail == "cancelled"


def test_a_refused_connection_is_retryable() -> None:
    """A relay that is down loses no mail."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    relay = SmtpRelay(host="127.0.0.1", port=port, sender="us@watch.test", security=Security.NONE, timeout=5)
    outcome = asyncio.run(MailNotifier(relay, clock=lambda: NOW).send(TARGET, MESSAGE))
    assert outcome.kind is OutcomeKind.RETRYABLE


def test_an_unknown_relay_name_is_retryable() -> None:
    """A name server that fails loses no mail."""
    relay = SmtpRelay(host="relay.invalid", port=25, sender="us@watch.test", security=Security.NONE, timeout=5)
    outcome = asyncio.run(MailNotifier(relay, clock=lambda: NOW).send(TARGET, MESSAGE))
    assert outcome.kind is OutcomeKind.RETRYABLE


def test_a_target_that_is_no_address_is_permanent() -> None:
    """What is not one address is never tried, and not shown."""
    target = replace(TARGET, secret=Secret("a@x.test, b@x.test"))
    mailbox = Mailbox()
    outcome = deliver(mailbox, target=target)
    assert outcome.kind is OutcomeKind.PERMANENT
    assert "x.test" not in outcome.detail
    assert mailbox.mails == []


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """TLS contexts of a server with a new self-signed certificate, and of a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "relay.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=str(path))


def login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and data == LoginPassword(b"robot", b"HUSH-correct")
    return AuthResult(success=right, handled=False, message=None if right else "535 5.7.8 robot/HUSH-wrong refused")


@pytest.mark.parametrize(
    ("password", "kind", "status"),
    [("HUSH-correct", OutcomeKind.SENT, 250), ("HUSH-wrong", OutcomeKind.RETRYABLE, 535)],
)
def test_login_goes_over_tls_and_a_wrong_password_loses_no_mail(
    tmp_path: Path, password: str, kind: OutcomeKind, status: int
) -> None:
    """STARTTLS and login work; a refused login is ours to mend, so the mail is kept; the password stays out."""
    server, client = certificate(tmp_path)

    def relay(plain: SmtpRelay) -> SmtpRelay:
        return replace(
            plain,
            security=Security.STARTTLS,
            username="robot",
            password=Secret(password),
            tls_context=client,
        )

    mailbox = Mailbox()
    outcome = deliver(mailbox, relay=relay, tls_context=server, require_starttls=True, authenticator=login)
    assert (outcome.kind, outcome.status) == (kind, status)
    assert "HUSH" not in outcome.detail
    assert len(mailbox.mails) == (kind is OutcomeKind.SENT)


def test_nothing_is_sent_in_clear_when_tls_is_wanted() -> None:
    """A relay that offers no STARTTLS gets no mail and no password."""
    mailbox = Mailbox()
    outcome = deliver(mailbox, relay=lambda plain: replace(plain, security=Security.STARTTLS))
    assert outcome.kind is OutcomeKind.RETRYABLE
    assert mailbox.mails == []


def test_an_untrusted_certificate_gets_no_mail(tmp_path: Path) -> None:
    """A relay that cannot prove its name is not used."""
    server, _ = certificate(tmp_path)
    mailbox = Mailbox()
    outcome = deliver(mailbox, relay=lambda plain: replace(plain, security=Security.STARTTLS), tls_context=server)
    assert outcome.kind is OutcomeKind.RETRYABLE
    assert mailbox.mails == []
