"""The webhook channel against a real receiver that checks the signature."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

from alerts.webhook import WebhookNotifier
from sectorwatch.clock import system_clock
from sectorwatch.domain import Message, Outcome, OutcomeKind, Secret, Target, TargetKind
from sectorwatch.errors import FetchError

KEY = "whsec_c2VjdG9yd2F0Y2gtdGVzdC1rZXktMDE="
MESSAGE = Message(
    id="0123456789abcdef", title="t", text="t", html=None, payload={"id": "0123456789abcdef", "why": "Куп'янськ"}
)
TARGET = Target(
    id=1,
    subscriber_id=1,
    kind=TargetKind.WEBHOOK,
    label="hook",
    secret=Secret("set by the scene"),
    signing_secret=Secret(KEY),
)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]


class Client:
    """The contract of the guarded client, in its smallest real form."""

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes, timeout: float) -> Answer:
        limit = aiohttp.ClientTimeout(total=timeout)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.post(url, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                return Answer(answer.status, answer.headers)
        except aiohttp.ClientConnectorError as error:
            raise FetchError(f"cannot connect to {url}: {error}") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise FetchError(f"no answer from {url}", sent=True) from error


class Receiver:
    def __init__(self, status: int = 200, headers: Mapping[str, str] | None = None, *, hang: bool = False) -> None:
        self.status = status
        self.headers = headers or {}
        self.hang = hang
        self.requests: list[tuple[dict[str, str], bytes]] = []

    async def receive(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append((headers, await request.read()))
        if self.hang:
            await asyncio.Event().wait()
        return web.Response(status=self.status, headers=self.headers)


def deliver(receiver: Receiver, *, target: Target = TARGET, timeout: float = 10, **options: Any) -> Outcome:
    async def scene() -> Outcome:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", receiver.receive)
        runner = web.AppRunner(app, shutdown_timeout=0.05, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        notifier = WebhookNotifier(
            Client(), clock=options.get("clock", system_clock), timeout=timedelta(seconds=timeout)
        )
        there = replace(target, secret=Secret(f"http://127.0.0.1:{port}/T0PSECRET"))
        try:
            return await notifier.send(there, MESSAGE)
        finally:
            await runner.cleanup()

    return asyncio.run(scene())


def test_a_receiver_can_check_what_it_gets() -> None:
    """The signature of the Standard Webhooks library verifies, the id is the delivery's, the body is the payload."""
    receiver = Receiver(204)
    outcome = deliver(receiver)
    assert (outcome.kind, outcome.status) == (OutcomeKind.SENT, 204)
    ((headers, body),) = receiver.requests
    assert Webhook(KEY).verify(body, headers) == MESSAGE.payload
    assert headers["webhook-id"] == MESSAGE.id
    assert headers["content-type"].startswith("application/json")
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_b3RoZXIta2V5").verify(body, headers)


def test_a_receiver_can_refuse_what_is_old() -> None:
    """The signed time is that of sending, so that a recorded request cannot be played again later."""
    receiver = Receiver()
    deliver(receiver, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))
    ((headers, body),) = receiver.requests
    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(KEY).verify(body, headers)


def test_without_a_key_it_goes_unsigned_but_identified() -> None:
    """A target without signing secret still gets the id that tells a repeat from news."""
    receiver = Receiver()
    deliver(receiver, target=replace(TARGET, signing_secret=None))
    ((headers, body),) = receiver.requests
    assert "webhook-signature" not in headers
    assert {"webhook-id", "webhook-timestamp"} <= set(headers)
    assert json.loads(body) == MESSAGE.payload


def test_a_busy_receiver_is_tried_later() -> None:
    """429 with Retry-After is kept for the back-off."""
    outcome = deliver(Receiver(429, {"Retry-After": "7"}))
    assert (outcome.kind, outcome.retry_after) == (OutcomeKind.RETRYABLE, timedelta(seconds=7))


def test_a_redirect_is_not_followed() -> None:
    """A redirect ends the delivery, says so, and nothing goes to the other address."""
    receiver = Receiver(302, {"Location": "/internal"})
    outcome = deliver(receiver)
    assert outcome.kind is OutcomeKind.PERMANENT
    assert len(receiver.requests) == 1
    assert "redirect" in outcome.detail


def test_a_silent_receiver_is_unknown_after_the_deadline() -> None:
    """Once the request is out, no answer in time means that nobody can know; the URL stays out of the words."""
    receiver = Receiver(hang=True)
    outcome = deliver(receiver, timeout=1.5)
    assert outcome.kind is OutcomeKind.UNKNOWN
    assert len(receiver.requests) == 1
    assert "T0PSECRET" not in outcome.detail
