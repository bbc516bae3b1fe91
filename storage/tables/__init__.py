"""Every table. `docs/columns.md` explains each column; the names are the glossary's.

Times are UTC (`UtcDateTime` refuses naive ones). A lease is a token and an end: who holds the token may finish the
row's work, and after the end anybody may claim it again.
"""

from storage.tables.alerting import (
    alert_articles,
    alerts,
    confirmations,
    deliveries,
    delivery_alerts,
    delivery_attempts,
    false_alarms,
    silences,
    subscribers,
    subscription_targets,
    subscriptions,
    suppressions,
    targets,
)
from storage.tables.columns import UtcDateTime, metadata
from storage.tables.intake import entries, feeds, former_addresses, hosts, polls, quarantine, robots, sectors
from storage.tables.reading import (
    article_sectors,
    articles,
    claims,
    gist_terms,
    gists,
    mentions,
    past_articles,
    raw_pages,
    revisions,
    stories,
    story_bands,
    story_links,
)
from storage.tables.running import api_tokens, cycles, ended_sessions, jobs, notices, row_counts, switches

__all__ = [
    "UtcDateTime",
    "alert_articles",
    "alerts",
    "api_tokens",
    "article_sectors",
    "articles",
    "claims",
    "confirmations",
    "cycles",
    "deliveries",
    "delivery_alerts",
    "delivery_attempts",
    "ended_sessions",
    "entries",
    "false_alarms",
    "feeds",
    "former_addresses",
    "gist_terms",
    "gists",
    "hosts",
    "jobs",
    "mentions",
    "metadata",
    "notices",
    "past_articles",
    "polls",
    "quarantine",
    "raw_pages",
    "revisions",
    "robots",
    "row_counts",
    "sectors",
    "silences",
    "stories",
    "story_bands",
    "story_links",
    "subscribers",
    "subscription_targets",
    "subscriptions",
    "suppressions",
    "switches",
    "targets",
]
