"""Webhooks: the alert as JSON, signed, to an address that the guarded HTTP client may reach.

The headers follow the Standard Webhooks specification (https://www.standardwebhooks.com): the delivery's key is the
`webhook-id`, so that a receiver can tell a repeat from news.
"""

from __future__ import annotations

import binascii
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

from alerts.outbox import SEND_DEADLINE
from alerts.redaction import redact
from sectorwatch.clock import Clock
from sectorwatch.domain import Message, Outcome, OutcomeKind, Target, utc
from sectorwatch.errors import FetchError

_CONTENT_TYPE = "application/json; charset=utf-8"
_MAX_RETRY_AFTER = timedelta(days=30)  # a bound for arithmetic; the delivery's time to live ends long before
PASSING_REFUSALS = frozenset({408, 409, 421, 423, 425, 429})
"""4xx that speak of this moment and not of the request (RFC 9110, 4918, 6585, 8470): another try can help."""

REFUSALS = frozenset({401, 403, 404, 410})
"""4xx that say that the target is gone, or shut to us, whatever the message."""

_ADVICE = {
    400: "the receiver does not accept the request",
    401: "the receiver asks for a login",
    403: "the receiver forbids it",
    404: "there is no such webhook",
    410: "the webhook is gone for good",
    429: "the receiver asks us to slow down",
}


class PostAnswer(Protocol):
    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...


class HttpPoster(Protocol):
    """The guarded client as far as a webhook needs it."""

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes, timeout: float) -> PostAnswer:
        """One POST within `timeout` seconds in all, redirects not followed, private addresses refused.

        Any HTTP answer is returned. Raises FetchError where none came: `permanent` when another try cannot help,
        `sent` when the request may have reached the receiver.
        """
        ...


class WebhookNotifier:
    """Sends `message.payload` to `target.secret`, signed when the target has a signing secret."""

    def __init__(self, poster: HttpPoster, *, clock: Clock, timeout: timedelta = SEND_DEADLINE) -> None:
        self._poster = poster
        self._clock = clock
        self._timeout = timeout.total_seconds()

    async def send(self, target: Target, message: Message) -> Outcome:
        # Sorted: PostgreSQL gives a frozen payload back in an order of its own, and a repeat is the same to the byte.
        body = json.dumps(message.payload, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        now = self._clock()
        try:
            headers = _headers(target, message.id, body, now)
        except (binascii.Error, ValueError, EmptyWebhookSecretError):
            detail = "the signing secret is no Standard Webhooks key (whsec_ and base64)"
            return Outcome(kind=OutcomeKind.PERMANENT, detail=detail)
        try:
            answer = await self._poster.post(
                target.secret.reveal(), headers=headers, body=body.encode(), timeout=self._timeout
            )
        except FetchError as error:
            return _failed(error, target, now)
        return judge(answer.status, answer.headers, now=now)


def judge(status: int, headers: Mapping[str, str], *, now: datetime) -> Outcome:
    """What an HTTP status says of a delivery.

    2xx is sent. 408, 409, 421, 423, 425, 429 and 5xx may pass: retryable, not before the Retry-After they give. Every
    other answer would be the same again: permanent, redirects too, as we do not follow them. Below 200 or from 600
    on, no receiver speaks HTTP: unknown.
    """
    advice = _ADVICE.get(status, "")
    detail = f"HTTP {status}" + (f": {advice}" if advice else "")
    if 200 <= status < 300:
        return Outcome(kind=OutcomeKind.SENT, detail=detail, status=status)
    if 300 <= status < 400:
        detail = f"HTTP {status}: the receiver redirects, which is not followed; give the final address"
        return Outcome(kind=OutcomeKind.PERMANENT, detail=detail, status=status)
    if status in PASSING_REFUSALS or 500 <= status < 600:
        wait = retry_after(headers, now=now)
        return Outcome(kind=OutcomeKind.RETRYABLE, detail=detail, status=status, retry_after=wait)
    kind = OutcomeKind.PERMANENT if 400 <= status < 500 else OutcomeKind.UNKNOWN
    return Outcome(kind=kind, detail=detail, status=status, refused=status in REFUSALS)


def retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """How long the server asks us to stay away (RFC 9110, 10.2.3: seconds or a date); None when it does not say."""
    value = next((value.strip() for name, value in headers.items() if name.lower() == "retry-after"), "")
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value[:9]), _MAX_RETRY_AFTER.total_seconds()))
    try:
        moment = parsedate_to_datetime(value)
        # A date with "-0000" comes naive; HTTP dates are GMT.
        wait = utc(moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)) - now
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return min(max(wait, timedelta(0)), _MAX_RETRY_AFTER)


def _headers(target: Target, message_id: str, body: str, now: datetime) -> dict[str, str]:
    """Raises binascii.Error, ValueError or EmptyWebhookSecretError for a signing secret that is no key."""
    headers = {
        "content-type": _CONTENT_TYPE,
        "webhook-id": message_id,
        "webhook-timestamp": str(int(utc(now).timestamp())),
    }
    if target.signing_secret is not None:
        signature = Webhook(target.signing_secret.reveal()).sign(message_id, utc(now), body)
        headers["webhook-signature"] = signature
    return headers


def _failed(error: FetchError, target: Target, now: datetime) -> Outcome:
    if error.status is not None:
        asked = {} if error.retry_after is None else {"retry-after": str(int(error.retry_after))}
        return judge(error.status, asked, now=now)
    words = redact(str(error), target.secret.reveal())
    if error.permanent:
        return Outcome(kind=OutcomeKind.PERMANENT, detail=words)
    if error.sent:
        return Outcome(kind=OutcomeKind.UNKNOWN, detail=f"no answer after sending: {words}")
    return Outcome(kind=OutcomeKind.RETRYABLE, detail=words)
