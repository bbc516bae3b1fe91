"""Whether something can be sent to an address at all, asked before it is kept. What it is, is never repeated."""

from __future__ import annotations

import binascii
from urllib.parse import urlsplit

from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

from alerts.mail_message import single_address
from sectorwatch.domain import Secret, TargetKind


def wrong_address(kind: TargetKind, secret: Secret) -> str:
    """Why it is none, in words to follow its name; "" where it may be one."""
    given = secret.reveal()
    if kind is TargetKind.EMAIL and single_address(given) is None:
        return "is not one e-mail address"
    if kind is TargetKind.WEBHOOK and not is_web_address(given):
        return "is no web address: a webhook begins with https://"
    if kind is TargetKind.APPRISE:
        if "://" not in given:
            return "is no Apprise URL, such as tgram://TOKEN/CHAT"
        from alerts.apprise_address import wrong_url  # a fifth of a second, and most have none

        return wrong_url(given)
    return ""


def wrong_key(signing_secret: Secret) -> str:
    """Why it cannot sign webhooks, in words to follow its name; "" where it can."""
    try:
        Webhook(signing_secret.reveal())
    except (binascii.Error, ValueError, EmptyWebhookSecretError):
        return "is no Standard Webhooks key (whsec_ and base64)"
    return ""


def is_web_address(given: str) -> bool:
    """Whether it is one with a host, of http or https."""
    try:
        parts = urlsplit(given)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.hostname)
