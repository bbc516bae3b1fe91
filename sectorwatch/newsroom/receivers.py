"""A local webhook receiver and a local mailbox that keep exactly what they were sent.

The demo sends its alerts here over real HTTP and real SMTP, and shows them to the user as the subscriber got them.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from types import TracebackType
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from sectorwatch.newsroom.loop import SHUTDOWN_TIMEOUT, LoopThread

LOOPBACK = "127.0.0.1"
HOOK_PATH = "/hook"
MAX_BYTES = 5_000_000  # of one request or mail; an alert has a few thousand


@dataclass(frozen=True, kw_only=True)
class WebhookRequest:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]  # as sent; looked up in any letter case
    body: bytes

    def json(self) -> Any:
        """The body read as JSON. Raises ValueError when it is none."""
        return json.loads(self.body)


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One mail as it arrived."""

    sender: str  # of the envelope
    recipients: tuple[str, ...]  # of the envelope
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail parsed: decoded headers, parts, texts."""
        return email.message_from_bytes(self.raw, policy=email.policy.default)


class Receivers:
    """Both receivers on free loopback ports, in a thread of their own, for the length of a `with` block.

    What they received stays readable after the block.
    """

    def __init__(self) -> None:
        self._requests: list[WebhookRequest] = []
        self._mails: list[Mail] = []
        self._loop: LoopThread | None = None
        self._runner: web.ServerRunner | None = None
        self._mail_server: asyncio.Server | None = None
        self.webhook_port = 0
        self.smtp_port = 0

    @property
    def webhook_url(self) -> str:
        return f"http://{LOOPBACK}:{self.webhook_port}{HOOK_PATH}"

    @property
    def smtp_host(self) -> str:
        return LOOPBACK

    @property
    def requests(self) -> tuple[WebhookRequest, ...]:
        """Webhook requests in the order in which they arrived."""
        return tuple(self._requests)

    @property
    def mails(self) -> tuple[Mail, ...]:
        """Mails in the order in which they were accepted."""
        return tuple(self._mails)

    def __enter__(self) -> Receivers:
        self._loop = LoopThread("receivers")
        try:
            self._loop.call(self._start())
        except BaseException:
            self._loop.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._loop is not None
        self._loop.call(self._stop())
        self._loop.close()

    async def _start(self) -> None:
        self._runner = web.ServerRunner(
            web.Server(self._keep_request, access_log=None), shutdown_timeout=SHUTDOWN_TIMEOUT
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, 0)
        await site.start()
        self.webhook_port = int(self._runner.addresses[0][1])
        # aiosmtpd's own Controller cannot be given port 0, so its protocol is served here.
        loop = asyncio.get_running_loop()
        self._mail_server = await loop.create_server(self._mail_session, LOOPBACK, 0)
        self.smtp_port = int(self._mail_server.sockets[0].getsockname()[1])

    async def _stop(self) -> None:
        if self._mail_server is not None:
            self._mail_server.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def _mail_session(self) -> SMTP:
        return SMTP(
            _Mailbox(self._mails), enable_SMTPUTF8=True, data_size_limit=MAX_BYTES, loop=asyncio.get_running_loop()
        )

    async def _keep_request(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.content.read(MAX_BYTES + 1)
        while len(body) <= MAX_BYTES and not request.content.at_eof():
            body += await request.content.read(MAX_BYTES + 1 - len(body))
        if len(body) > MAX_BYTES:
            return web.Response(status=413)
        self._requests.append(
            WebhookRequest(method=request.method, path=request.path, headers=request.headers.copy(), body=body)
        )
        return web.Response(text="received\n")


class _Mailbox:
    """aiosmtpd's handler: accepts every mail and keeps its bytes."""

    def __init__(self, mails: list[Mail]) -> None:
        self._mails = mails

    async def handle_DATA(
        self,
        server: SMTP,  # noqa: ARG002  aiosmtpd calls its handlers with all three
        session: Session,  # noqa: ARG002
        envelope: Envelope,
    ) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self._mails.append(Mail(sender=envelope.mail_from or "", recipients=tuple(envelope.rcpt_tos), raw=content))
        return "250 Message accepted for delivery"
