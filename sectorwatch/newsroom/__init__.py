"""A small local web of news that we wrote ourselves: what `sectorwatch demo` reads.

Eight publishers with `.test` addresses, in five languages, and two editions of the day. Everything is served on
loopback; no address leaves the machine. Every event in it is invented (the footer of each page says so).
"""

from __future__ import annotations

from sectorwatch.newsroom.content import Article, Edition, Library, load_library
from sectorwatch.newsroom.receivers import Mail, Receivers, WebhookRequest
from sectorwatch.newsroom.room import FeedInfo, Newsroom, Truth, Visit, running

__all__ = [
    "Article",
    "Edition",
    "FeedInfo",
    "Library",
    "Mail",
    "Newsroom",
    "Receivers",
    "Truth",
    "Visit",
    "WebhookRequest",
    "load_library",
    "running",
]
