"""E-mail through the operator's relay, by a sender of our own.

Ours, because what follows needs what general libraries do not give: the same Message-ID on every attempt, the status
of this one recipient, and whether the connection was lost before or after the message itself was on its way.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import ssl
from dataclasses import dataclass, field
from enum import StrEnum

import aiosmtplib

from alerts.mail_message import compose, single_address
from alerts.outbox import SEND_DEADLINE
from alerts.redaction import redact
from sectorwatch.clock import Clock
from sectorwatch.domain import Message, Outcome, OutcomeKind, Secret, Target
from sectorwatch.errors import ConfigurationError

_GOODBYE = 2.0  # seconds for QUIT after the message was accepted; nothing depends on it

_ENHANCED = re.compile(r"\s*(5\.\d{1,3}\.\d{1,3})\b")


class Security(StrEnum):
    STARTTLS = "starttls"  # required: without it nothing is sent
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class SmtpRelay:
    """The operator's mail server. Raises ConfigurationError where host, sender or password are not usable."""

    host: str
    port: int = 587
    sender: str  # an address, with or without a name: "Sectorwatch <alerts@example.org>"
    username: str = ""
    password: Secret | None = None
    security: Security = Security.STARTTLS
    timeout: float = SEND_DEADLINE.total_seconds()  # seconds for one message, from connecting to accepted
    helo: str = ""  # our name for the relay; the machine's where empty
    tls_context: ssl.SSLContext | None = field(default=None, repr=False)  # for a certificate authority of one's own

    def __post_init__(self) -> None:
        if single_address(self.sender) is None:
            raise ConfigurationError(f"the mail sender {self.sender!r} is not one e-mail address")
        if not self.host:
            raise ConfigurationError("the mail relay has no host")
        if self.username and not self.password:
            raise ConfigurationError(f"the mail relay {self.host} has a user name but no password")


class _Connection(aiosmtplib.SMTP):
    """One connection for one message, which remembers whether the message was on its way."""

    message_begun = False

    async def data(self, *args: object, **options: object) -> aiosmtplib.SMTPResponse:
        self.message_begun = True
        return await super().data(*args, **options)  # type: ignore[arg-type]  # handed through as they came

    async def rset(self, **_options: object) -> aiosmtplib.SMTPResponse:
        """Nothing follows on this connection; a relay that hangs here would hide what it answered before."""
        return aiosmtplib.SMTPResponse(250, "")


class MailNotifier:
    """Sends to `target.secret`, an address, one recipient a message."""

    def __init__(self, relay: SmtpRelay, *, clock: Clock) -> None:
        self._relay = relay
        self._clock = clock

    async def send(self, target: Target, message: Message) -> Outcome:
        relay = self._relay
        recipient = single_address(target.secret.reveal())
        if recipient is None:
            return Outcome(kind=OutcomeKind.PERMANENT, detail="the target is not one e-mail address")
        mail = compose(message, sender=relay.sender, recipient=recipient, date=self._clock())
        connection = self._connection()
        try:
            async with asyncio.timeout(relay.timeout):
                await connection.connect()
                _, answer = await connection.send_message(
                    mail, sender=single_address(relay.sender), recipients=[recipient]
                )
        except (aiosmtplib.SMTPException, OSError, TimeoutError, UnicodeError, ValueError) as error:
            connection.close()
            return self._judge(error, connection, recipient)
        except BaseException:  # cancelled: the socket must not outlive the attempt
            connection.close()
            raise
        with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
            await connection.quit(timeout=_GOODBYE)
        connection.close()
        return Outcome(kind=OutcomeKind.SENT, detail=self._redacted(f"accepted: {answer}", recipient), status=250)

    def _connection(self) -> _Connection:
        relay = self._relay
        password = None if relay.password is None else relay.password.reveal()
        return _Connection(
            hostname=relay.host,
            port=relay.port,
            username=relay.username or None,
            password=password if relay.username else None,
            use_tls=relay.security is Security.TLS,
            start_tls=relay.security is Security.STARTTLS,
            tls_context=relay.tls_context,
            local_hostname=relay.helo or socket.gethostname(),  # getfqdn, the default, may wait for a name server
            timeout=relay.timeout,
        )

    def _judge(self, error: Exception, connection: _Connection, recipient: str) -> Outcome:
        kind, status, words = judge(error, message_begun=connection.message_begun)
        refused = kind is OutcomeKind.PERMANENT and about_mailbox(error)
        return Outcome(kind=kind, detail=self._redacted(words, recipient), status=status, refused=refused)

    def _redacted(self, words: str, recipient: str) -> str:
        password = "" if self._relay.password is None else self._relay.password.reveal()
        return redact(words, recipient, self._relay.username, password)


def judge(error: Exception, *, message_begun: bool) -> tuple[OutcomeKind, int | None, str]:
    """What an error of the mail library says of a delivery: its kind, the SMTP status, and words.

    5xx for the recipient or the message is permanent. 5xx before (greeting, login, our sender address) speaks of the
    relay's settings, not of the reader: it is retryable, so that a changed password loses no alert. Every 4xx, and
    whatever fails before the message is on its way, is retryable; no answer after that is unknown.
    """
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused) and error.recipients:
        error = error.recipients[0]
    if isinstance(error, aiosmtplib.SMTPResponseException):
        about_recipient = isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError)
        permanent = 500 <= error.code < 600 and about_recipient
        if message_begun and not 400 <= error.code < 600:
            return OutcomeKind.UNKNOWN, error.code, f"the relay's answer makes no sense: {error.code} {error.message}"
        who = "the relay refused the mail" if about_recipient else "the relay refused us: check the mail settings"
        words = f"{who}: {error.code} {error.message}"
        return (OutcomeKind.PERMANENT if permanent else OutcomeKind.RETRYABLE), error.code, words
    if isinstance(error, aiosmtplib.SMTPNotSupported | UnicodeError):
        return OutcomeKind.PERMANENT, None, "the relay takes no addresses with other than ASCII letters"
    if isinstance(error, ValueError):
        return OutcomeKind.RETRYABLE, None, f"the mail settings are not usable: {error}"
    words = str(error) or "no answer within the deadline"
    if message_begun:
        return OutcomeKind.UNKNOWN, None, f"the relay may have accepted the mail: {words}"
    return OutcomeKind.RETRYABLE, None, f"the relay was not reached: {words}"


def about_mailbox(error: Exception) -> bool:
    """Whether an error says that the mailbox is gone or shut, whatever the message: the recipient was refused for good.

    The enhanced status tells (RFC 3463): 5.1.x is about the address, 5.2.1 a mailbox that takes nothing. Without one,
    550, 551, 553 (RFC 5321) and 556 (RFC 7504) do. 5.7.x is policy: it may be the relay's own.
    """
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused) and error.recipients:
        error = error.recipients[0]
    if not isinstance(error, aiosmtplib.SMTPRecipientRefused) or not 500 <= error.code < 600:
        return False
    enhanced = _ENHANCED.match(error.message)
    if enhanced is None:
        return error.code in (550, 551, 553, 556)
    return enhanced[1].startswith("5.1.") or enhanced[1] == "5.2.1"
