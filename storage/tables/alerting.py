"""From subscription to delivery."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from storage.tables.columns import Id, Json, UtcDateTime, lease, metadata, refers_to, row_id

subscribers = Table(
    "subscribers",
    metadata,
    row_id(),
    Column("name", Text, nullable=False, unique=True),
    Column("zone", String(64), nullable=False, server_default="UTC"),
    Column("language", String(8), nullable=False, server_default="en"),
    Column("managed", Boolean, nullable=False, server_default=text("false")),
    Column("added_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime),  # zone and language are the reader's own since
)

targets = Table(
    "targets",
    metadata,
    row_id(),
    refers_to("subscriber_id", "subscribers", nullable=False),
    Column("kind", String(16), nullable=False),
    Column("label", Text, nullable=False),
    Column("secret", Text, nullable=False),  # "plain:..." or "fernet:..."
    Column("signing_secret", Text),
    Column("secret_hash", String(64), nullable=False),  # tells a changed secret without reading it
    Column("on_ambiguous", String(8), nullable=False, server_default="retry"),
    Column("enabled", Boolean, nullable=False, server_default=text("true")),
    Column("disabled_reason", Text, nullable=False, server_default=""),
    Column("confirmed_at", UtcDateTime),
    Column("breaker", String(8), nullable=False, server_default="closed"),
    Column("breaker_until", UtcDateTime),
    Column("fail_streak", Integer, nullable=False, server_default="0"),
    Column("next_allowed_at", UtcDateTime),
    Column("links", Boolean, nullable=False, server_default=text("true")),
    Column("rank", Integer, nullable=False, server_default="0"),  # of operators' targets: 0 is the main one
    Column("breaker_since", UtcDateTime),
    Column("refused_streak", Integer, nullable=False, server_default="0"),
    Column("refused_at", UtcDateTime),
    UniqueConstraint("subscriber_id", "label"),
)

confirmations = Table(
    "confirmations",
    metadata,
    row_id(),
    refers_to("target_id", "targets", nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    row_id(),
    refers_to("subscriber_id", "subscribers", nullable=False),
    Column("name", Text, nullable=False),
    Column("rule", Json, nullable=False),
    Column("schedule", Json, nullable=False),  # mode, digest time, quiet hours, hourly cap
    Column("group_wait_s", Integer, nullable=False),
    Column("active_from", UtcDateTime, nullable=False),
    Column("paused", Boolean, nullable=False, server_default=text("false")),
    Column("managed", Boolean, nullable=False, server_default=text("false")),
    Column("link_seed", String(32), nullable=False, server_default=""),  # links of this subscription, and no other's
    Column("ended_at", UtcDateTime),  # by its reader
    Column("ended_reason", Text, nullable=False, server_default=""),
    Column("paused_at", UtcDateTime),  # by its reader
    Column("paused_until", UtcDateTime),  # NULL: until they resume
    Column("changed_at", UtcDateTime),  # rule and schedule are the reader's own since
    UniqueConstraint("subscriber_id", "name"),
)

subscription_targets = Table(
    "subscription_targets",
    metadata,
    Column("subscription_id", Id, ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True),
    Column("target_id", Id, ForeignKey("targets.id", ondelete="CASCADE"), primary_key=True),
    Column("ended_at", UtcDateTime),  # its reader unsubscribed
)

silences = Table(
    "silences",
    metadata,
    row_id(),
    Column("matcher", Json, nullable=False),  # sector, subscription, subscriber
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    row_id(),
    refers_to("subscription_id", "subscriptions", nullable=False),
    Column("sector", String(64), nullable=False),
    refers_to("story_id", "stories", nullable=False),
    Column("window", Integer, nullable=False, server_default="0"),  # 0: the first; later ones carry material news
    Column("opened_at", UtcDateTime, nullable=False),
    Column("flush_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),  # when it was rendered: later articles are folded in without a message
    Column("reason", Text, nullable=False),
    Column("grounds", Json),  # {"rule": ..., "places": [...]}; NULL: an alert of an earlier release
    UniqueConstraint("subscription_id", "sector", "story_id", "window"),
    Index(None, "story_id"),
    Index(None, "opened_at"),
)

alert_articles = Table(
    "alert_articles",
    metadata,
    Column("alert_id", Id, ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("decision", String(16), nullable=False),  # alert, follow_up, fold
    Column("reason", Text, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("places", Json),
    Index(None, "article_id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    row_id(),
    refers_to("target_id", "targets", nullable=False),
    Column("dedup_key", String(64), nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("held_for", String(8), nullable=False, server_default=""),  # group, interval, quiet, digest, cap, storm
    Column("due_at", UtcDateTime, nullable=False),
    Column("first_due_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("payload", Json),  # the rendered message, frozen at the first claim
    Column("reason", Text, nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    *lease(),
    Column("kind", String(16), nullable=False, server_default="alert"),  # alert, digest, notice, confirmation
    refers_to("subscription_id", "subscriptions"),  # NULL: a notice to operators, or a confirmation
    Column("heading", Text, nullable=False, server_default=""),  # of a digest
    Index(
        "ix_deliveries_claimed",
        "lease_token",
        sqlite_where=text("lease_token IS NOT NULL"),
        postgresql_where=text("lease_token IS NOT NULL"),
    ),
    Index(None, "created_at"),
    Index(None, "attempts", "id"),
    Index(None, "state", "due_at"),
    Index(None, "subscription_id"),
    Index(None, "subscription_id", "target_id", "first_due_at"),
    Index(None, "target_id", "state"),
)

delivery_alerts = Table(
    "delivery_alerts",
    metadata,
    Column("delivery_id", Id, ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True),
    Column("alert_id", Id, ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True),
    Index(None, "alert_id"),
)

delivery_attempts = Table(
    "delivery_attempts",
    metadata,
    row_id(),
    refers_to("delivery_id", "deliveries", nullable=False),
    Column("n", Integer, nullable=False),
    Column("lease_token", String(36), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("outcome", String(16)),  # NULL: started, end unknown
    Column("status", Integer),
    Column("detail", Text, nullable=False, server_default=""),
    UniqueConstraint("delivery_id", "n"),
    Index(None, "started_at"),
)

suppressions = Table(
    "suppressions",
    metadata,
    row_id(),
    refers_to("subscription_id", "subscriptions", nullable=False),
    refers_to("article_id", "articles", nullable=False),
    Column("sector", String(64), nullable=False),
    Column("code", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("subscription_id", "article_id", "sector"),
    Index(None, "at"),
    Index(None, "article_id"),
)

false_alarms = Table(
    "false_alarms",
    metadata,
    row_id(),
    refers_to("subscription_id", "subscriptions", ondelete="SET NULL"),
    refers_to("alert_id", "alerts", ondelete="SET NULL"),
    refers_to("article_id", "articles", ondelete="SET NULL"),
    Column("sector", String(64), nullable=False),
    Column("mention_ids", Json, nullable=False),
    Column("snapshot", Json, nullable=False),  # what was said and why, as it was then
    Column("note", Text, nullable=False, server_default=""),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("alert_id"),
    Index(None, "article_id"),
)
