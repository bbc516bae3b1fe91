"""From entry to article, story and mention."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from storage.tables.columns import Id, Json, UtcDateTime, metadata, refers_to, row_id

stories = Table(
    "stories",
    metadata,
    row_id(),
    Column("lead_article_id", Id),  # no foreign key: articles and stories name each other
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("articles", Integer, nullable=False, server_default="1"),
    Column("sources", Integer, nullable=False, server_default="1"),
    Index(None, "last_seen_at"),
)

articles = Table(
    "articles",
    metadata,
    row_id(),
    Column("canonical_url", Text, unique=True),  # NULL: the entry has no page
    Column("url", Text),
    refers_to("feed_id", "feeds", ondelete="SET NULL"),
    refers_to("story_id", "stories", ondelete="RESTRICT", nullable=False),
    Column("story_reason", Text, nullable=False, server_default=""),
    Column("publisher", Text, nullable=False, server_default=""),
    Column("side", String(16), nullable=False, server_default="unknown"),
    Column("language", String(8), nullable=False, server_default=""),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Text, nullable=False, server_default=""),
    Column("published_at", UtcDateTime),
    Column("date_quality", String(8), nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("baseline", Boolean, nullable=False),
    Column("read_at", UtcDateTime, nullable=False),
    Column("method", String(16), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("sketch", LargeBinary, nullable=False),
    Column("gazetteer_version", String(64), nullable=False),
    Column("refusal", String(16), nullable=False, server_default=""),  # why the text is not the page's, or not whole
    Column("live", Boolean, nullable=False, server_default=text("false")),
    Column("image_url", Text, nullable=False, server_default=""),
    Column("modified_at", UtcDateTime),
    Column("extraction", String(16), nullable=False, server_default=""),  # version of what made the text of a page
    Index(None, "story_id"),
    Index(None, "first_seen_at"),
    Index(None, "content_hash"),
    Index("ix_articles_to_filter", "published_at", "first_seen_at", "language", "feed_id", "publisher"),  # for search
    Index(None, "published_at", "id"),
    Index("ix_articles_in_order", "id", "published_at", "first_seen_at"),  # for search too, and so are these
    Index(None, "language"),
    Index(None, "feed_id"),
    Index(None, "publisher"),
)

past_articles = Table(
    "past_articles",
    metadata,
    Column("url_key", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

story_bands = Table(
    "story_bands",
    metadata,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),
    Index(None, "article_id"),
)

story_links = Table(
    "story_links",
    metadata,
    Column("story_id", Id, ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True),
    Column("other_id", Id, ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index(None, "other_id"),
)

gists = Table(
    "gists",
    metadata,
    row_id(),
    refers_to("article_id", "articles", nullable=False),
    Column("story_id", Id, nullable=False),
    Column("language", String(8), nullable=False),
    Column("publisher", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("names", Text, nullable=False),
    Column("perhaps", Text, nullable=False),
    Column("numbers", Text, nullable=False),
    Column("days", Text, nullable=False),
    Column("words", LargeBinary, nullable=False),
    Index(None, "article_id"),
    Index(None, "seen_at"),
)

gist_terms = Table(
    "gist_terms",
    metadata,
    Column("term", BigInteger, primary_key=True, autoincrement=False),
    Column("gist_id", Id, ForeignKey("gists.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", Id, nullable=False),
    Index(None, "gist_id"),
    sqlite_with_rowid=False,
)

revisions = Table(
    "revisions",
    metadata,
    row_id(),
    refers_to("article_id", "articles", nullable=False),
    Column("replaced_at", UtcDateTime, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("method", String(16), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Index(None, "article_id"),
)

raw_pages = Table(
    "raw_pages",
    metadata,
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("fetched_at", UtcDateTime, nullable=False),
    Column("charset", String(32), nullable=False, server_default=""),
    Column("body", LargeBinary, nullable=False),  # packed: sectorwatch.packing
    Index(None, "fetched_at"),
)

mentions = Table(
    "mentions",
    metadata,
    row_id(),
    refers_to("article_id", "articles", nullable=False),
    Column("sector", String(64), nullable=False),
    Column("place", String(128), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("surface", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("zone", String(8), nullable=False),
    Column("sentence", Text, nullable=False),
    Column("sentence_start", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("reasons", Json, nullable=False),
    Column("gazetteer_version", String(64), nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Column("context", String(8), nullable=False, server_default="front"),
    Index(None, "article_id"),
    Index(None, "sector", "found_at"),
    Index(None, "sector", "article_id", "place"),
)

article_sectors = Table(
    "article_sectors",
    metadata,
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("sector", String(64), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("side", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("score", Float, nullable=False),
    Column("salience", String(16), nullable=False),
    Column("context", String(8), nullable=False),
    Column("count", Integer, nullable=False),
    Column("publisher", Text, nullable=False, server_default=""),
    Index(None, "sector", "at", "article_id"),
    Index(None, "at"),
    Index(None, "publisher", "at", "article_id"),
)

claims = Table(
    "claims",
    metadata,
    row_id(),
    refers_to("article_id", "articles", nullable=False),
    Column("sentence", Text, nullable=False),
    Column("event", String(32), nullable=False),
    Column("side", String(16), nullable=False),
    Column("speaker", Text, nullable=False, server_default=""),
    Column("polarity", String(16), nullable=False),
    Column("place", String(128)),
    Column("numbers", Json),
    Column("period_from", UtcDateTime),
    Column("period_to", UtcDateTime),
    Index(None, "article_id"),
)
