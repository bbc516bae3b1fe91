"""Pieces of plain text that alerts and digests share."""

from __future__ import annotations

from collections.abc import Iterable

from alerts.channels import Channel
from alerts.phrases import Phrases
from alerts.plain import Excerpt, shorten
from alerts.shown import Actions

_MARKS = (("»", "«"), ("【", "】"), ("[[", "]]"))


def marked(quote: Excerpt) -> str:
    """The sentence with the match between marks that do not occur in it."""
    if not quote.match:
        return quote.text
    left, right = next((pair for pair in _MARKS if not any(mark in quote.text for mark in pair)), _MARKS[-1])
    return f"{quote.before}{left}{quote.match}{right}{quote.after}"


def action_lines(
    actions: Actions, phrases: Phrases, false_alarm: str | None = None, left_out: frozenset[str] = frozenset()
) -> str:
    """What the reader can do, a line each; "" for nothing. Without "choices" neither pause nor change."""
    lines = (
        ("false_alarm", phrases.false_alarm, false_alarm),
        ("choices", phrases.pause, actions.pause),
        ("choices", phrases.change, actions.change),
        ("unsubscribe", phrases.unsubscribe, actions.unsubscribe),
    )
    return "\n".join(f"{words}: {link}" for part, words, link in lines if link and part not in left_out)


def fitting(texts: Iterable[str], channel: Channel, title: str) -> str:
    """The first text that the channel carries beside this title; where none does, the last one cut."""
    room, text = channel.room(title), ""
    for text in texts:
        if channel.size(text) <= room:
            return text
    limit = min(len(text), max(room, 1))
    while limit > 1 and channel.size(shorten(text, limit)) > room:
        limit = max(1, limit - max(1, limit // 10))
    return shorten(text, limit)
