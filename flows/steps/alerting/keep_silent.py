"""Keeps back what was queued before a silence began. Does not commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from alerts.rules import Code, silence_over, silenced_words
from sectorwatch.domain import Silence
from storage.alerting import silences as silence_store
from storage.alerting.outbox import Delivery
from storage.alerting.suppressions import suppress_alert
from storage.unit_of_work import Work


def without_silenced(work: Work, delivery: Delivery, silences: Sequence[Silence], *, now: datetime) -> Delivery:
    """The claimed delivery without the alerts that a silence keeps back; ended where none is left.

    A digest that somebody may have got already stays as it is: a repeat has to say the same.
    """
    if not silences or delivery.ended or delivery.subscription_id is None:
        return delivery
    words: dict[int, str] = {}
    for alert, sector in silence_store.sectors_of(work, delivery.alert_ids).items():
        silence = silence_over(
            silences,
            sector=sector,
            subscription_id=delivery.subscription_id,
            subscriber_id=delivery.target.subscriber_id,
            now=now,
        )
        if silence is not None:
            words[alert] = silenced_words(silence)
    left = tuple(alert for alert in delivery.alert_ids if alert not in words)
    if not words or (left and delivery.payload is not None):
        return delivery
    if delivery.payload is None:
        for alert, reason in words.items():
            suppress_alert(work, alert, code=Code.SILENCED.value, reason=reason, now=now)
    if not left:
        return replace(delivery, ended=next(iter(words.values())))
    silence_store.take_out(work, delivery.id, words)
    return replace(delivery, alert_ids=left)
