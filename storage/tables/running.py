"""What the operation keeps for itself."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from storage.tables.columns import Id, Json, UtcDateTime, lease, metadata, row_id

api_tokens = Table(
    "api_tokens",
    metadata,
    row_id(),
    Column("name", Text, nullable=False, unique=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("scopes", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)

ended_sessions = Table(
    "ended_sessions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("expires_at", UtcDateTime, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    row_id(),
    Column("kind", String(32), nullable=False),  # redetect, re-extract
    Column("options", Json, nullable=False),
    Column("state", String(16), nullable=False),
    Column("watermark", Id, nullable=False, server_default="0"),  # last article done
    Column("counts", Json),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    *lease(),
)

cycles = Table(
    "cycles",
    metadata,
    row_id(),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("summary", Json),
    Index(None, "started_at"),
    Index(None, "finished_at"),
)

row_counts = Table(
    "row_counts",
    metadata,
    row_id(),
    Column("name", String(32), nullable=False),
    Column("up_to", Id, nullable=False),
    Column("rows", Id, nullable=False),  # -1: the row `up_to` was removed since
    Index(None, "name"),
)

switches = Table(
    "switches",
    metadata,
    Column("name", String(32), primary_key=True),  # alerts_paused, ...
    Column("value", Text, nullable=False),
    Column("author", Text, nullable=False, server_default=""),
    Column("set_at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
)

notices = Table(
    "notices",
    metadata,
    row_id(),
    Column("key", String(200), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("opened_at", UtcDateTime),  # NULL: it is not to be told yet, it must hold for a while first
    Column("told_at", UtcDateTime),
    Column("over_at", UtcDateTime),  # since when it is not there any more
    Column("cleared_at", UtcDateTime),  # when it was taken for over
    Index(None, "cleared_at"),
    Index(None, "kind", "told_at"),
)
