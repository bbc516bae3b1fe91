"""How far apart messages to one target must be, by channel.

Apprise waits between two messages of one object; ours sends each from a new one (see `apprise_call`), so the wait is
ours to keep. A receiver that wants more says so with Retry-After.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from alerts.channels import channel_of
from sectorwatch.domain import Target

GAPS = {
    "mail": 0.0,  # the relay's own limits speak for it
    "webhook": 0.0,
    "discord": 0.5,  # https://discord.com/developers/docs/topics/rate-limits: some five in two seconds a webhook
    "slack": 1.0,  # https://api.slack.com/apis/rate-limits: one a second a webhook
    "telegram": 1.0,  # https://core.telegram.org/bots/faq: one a second a chat
    "teams": 0.5,
    "ntfy": 0.2,  # https://docs.ntfy.sh/publish/#limitations: bursts of 60, then one in five seconds, said by 429
    "pushover": 0.5,
    "matrix": 0.5,
    "mqtt": 0.0,
    "plain": 0.0,  # machines
    "chat": 0.5,
    "short": 1.0,
    "other": 0.5,
}
"""Seconds between the beginnings of two messages to one target, by the name of its channel."""


def gap_of(target: Target, own: Mapping[str, float]) -> timedelta:
    """The gap of a target: as operators set it for its channel, else as above."""
    name = channel_of(target.kind, target.secret.reveal()).name
    return timedelta(seconds=own.get(name, GAPS[name]))
