"""From feed to entry."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint, text

from storage.tables.columns import Json, UtcDateTime, lease, metadata, refers_to, row_id

sectors = Table(
    "sectors",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("definition", Text),  # TOML of an operator's own sector; NULL: shipped with the release
    Column("gazetteer_version", String(64), nullable=False),
    Column("applied_at", UtcDateTime, nullable=False),
    Column("names", Json, nullable=False, server_default="{}"),  # language -> name
    Column("place_names", Json, nullable=False, server_default="{}"),  # id of a place -> language -> name
    Column("lat", Float),
    Column("lon", Float),
)

feeds = Table(
    "feeds",
    metadata,
    row_id(),
    Column("url", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False, server_default=""),
    Column("language", String(8), nullable=False, server_default=""),
    Column("publisher", Text, nullable=False, server_default=""),
    Column("country", String(2), nullable=False, server_default=""),
    Column("side", String(16), nullable=False, server_default="unknown"),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", String(64)),
    Column("interval_s", Integer, nullable=False),
    Column("next_poll_at", UtcDateTime, nullable=False),
    Column("last_poll_at", UtcDateTime),
    Column("last_full_at", UtcDateTime),
    Column("last_new_at", UtcDateTime),
    Column("baseline_at", UtcDateTime),
    Column("hold_until", UtcDateTime),
    Column("state", String(16), nullable=False, server_default="ok"),
    Column("state_since", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("moved_to", Text),  # target of the permanent redirect last seen
    Column("moved_seen", Integer, nullable=False, server_default="0"),
    Column("moved_since", UtcDateTime),
    Column("managed", Boolean, nullable=False, server_default=text("false")),  # comes from the applied file
    Column("added_at", UtcDateTime, nullable=False),
    *lease(),
    Column("interval_why", Text, nullable=False, server_default=""),
    Column("paused_by", Text, nullable=False, server_default=""),
    Column("paused_until", UtcDateTime),  # NULL: until somebody resumes it
    Column("item_gap_s", Integer),  # median time between two items
    Column("quiet_after_s", Integer),  # quiet for longer than this, it is silent
    Column("newest_at", UtcDateTime),  # of its items, when the rhythm was taken
    Column("rhythm_at", UtcDateTime),
    Column("folder", Text, nullable=False, server_default=""),
    Column("hints", Json),  # of its publisher, of when to come
    Column("reach_s", Integer),  # time over which its list goes back
    Column("missed_at", UtcDateTime),
    Column("missed_items", Integer),
    Column("listed", LargeBinary),  # of the items that it last listed: digest, entry, date
    Column("entries", Integer, nullable=False, server_default="0"),  # that it has brought
    Index(None, "next_poll_at"),
)

former_addresses = Table(
    "former_addresses",
    metadata,
    row_id(),
    refers_to("feed_id", "feeds", nullable=False),
    Column("url", Text, nullable=False, unique=True),
    Column("moved_to", Text, nullable=False),
    Column("moved_at", UtcDateTime, nullable=False),
    Index(None, "feed_id"),
    Index(None, "moved_at"),
)

hosts = Table(
    "hosts",
    metadata,
    Column("host", String(255), primary_key=True),
    Column("next_allowed_at", UtcDateTime),
    Column("crawl_delay_s", Float),
    Column("robots_txt", Text),
    Column("robots_status", Integer),
    Column("robots_at", UtcDateTime),
    *lease(),
    Column("wanted_at", UtcDateTime),
    Column("hold_until", UtcDateTime),  # it asked to be left alone until then
    Column("hold_status", Integer),  # HTTP, of the answer that said so
    Column("used_at", UtcDateTime),  # a worker last claimed it
)

robots = Table(
    "robots",
    metadata,
    Column("site", Text, primary_key=True),  # scheme, host and port
    Column("host", String(255), nullable=False),
    Column("status", Integer),
    Column("body", LargeBinary),  # zlib
    Column("fetched_at", UtcDateTime),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("unreached_since", UtcDateTime),
    Column("note", Text, nullable=False, server_default=""),
    Column("crawl_delay_s", Float),
    Index(None, "host"),
    Index(None, "expires_at"),
)

quarantine = Table(
    "quarantine",
    metadata,
    row_id(),
    Column("input_hash", String(64), nullable=False),  # of the URL and version
    Column("kind", String(16), nullable=False),  # feed, page
    Column("url", Text, nullable=False),
    Column("version", String(64), nullable=False),  # of the code that was killed: a newer one tries again
    Column("kills", Integer, nullable=False, server_default="0"),
    Column("reason", Text, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    UniqueConstraint("input_hash", "version"),
)

polls = Table(
    "polls",
    metadata,
    row_id(),
    refers_to("feed_id", "feeds", nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("status", String(16), nullable=False),
    Column("http_status", Integer),
    Column("bytes", Integer, nullable=False, server_default="0"),
    Column("ms", Integer, nullable=False, server_default="0"),
    Column("entries", Integer, nullable=False, server_default="0"),
    Column("new_entries", Integer, nullable=False, server_default="0"),
    Column("changed_entries", Integer, nullable=False, server_default="0"),
    Column("overlap_lost", Boolean, nullable=False, server_default=text("false")),
    Column("error", Text, nullable=False, server_default=""),
    Column("missed_items", Integer),
    Index(None, "feed_id", "at"),
    Index(None, "at"),
)

entries = Table(
    "entries",
    metadata,
    row_id(),
    refers_to("feed_id", "feeds", nullable=False),
    Column("guid", Text, nullable=False),
    Column("url", Text),
    Column("canonical_url", Text),
    Column("title", Text, nullable=False, server_default=""),
    Column("summary", Text, nullable=False, server_default=""),
    Column("content", Text),
    Column("author", Text, nullable=False, server_default=""),
    Column("language", String(8), nullable=False, server_default=""),
    Column("published_at", UtcDateTime),
    Column("date_quality", String(8), nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("baseline", Boolean, nullable=False),
    Column("title_day_key", String(64)),  # hash of the folded title and the day: an identity beside guid and URL
    Column("content_key", String(64), nullable=False),  # hash of what the feed says: a change means an edit
    Column("host", String(255), nullable=False, server_default=""),
    Column("read_state", String(16), nullable=False),
    Column("read_attempts", Integer, nullable=False, server_default="0"),
    Column("read_due_at", UtcDateTime),  # NULL: nothing to do
    Column("read_hold_until", UtcDateTime),  # the server asked to stay away until then
    Column("last_tried_at", UtcDateTime),
    Column("read_note", Text, nullable=False, server_default=""),
    refers_to("article_id", "articles", ondelete="SET NULL"),
    *lease(),
    Column("refusal", String(16), nullable=False, server_default=""),  # of the last attempt to read the page
    Column("updated_at", UtcDateTime),  # the last time that the feed states
    Column("page_etag", Text),
    Column("page_last_modified", Text),
    Column("image_url", Text, nullable=False, server_default=""),
    UniqueConstraint("feed_id", "guid"),
    Index("ix_entries_unread", "read_due_at", sqlite_where=text("read_due_at IS NOT NULL"),
          postgresql_where=text("read_due_at IS NOT NULL")),
    Index("ix_entries_claimed", "lease_token", sqlite_where=text("lease_token IS NOT NULL"),
          postgresql_where=text("lease_token IS NOT NULL")),
    Index(None, "canonical_url", "feed_id"),
    Index(None, "feed_id", "title_day_key"),
    Index(None, "feed_id", "content_key"),
    Index(None, "article_id"),
    Index(None, "first_seen_at"),
    Index("ix_entries_refused", "first_seen_at", "refusal", sqlite_where=text("refusal != ''"),
          postgresql_where=text("refusal != ''")),
    Index(None, "feed_id", "first_seen_at"),
)  # fmt: skip
