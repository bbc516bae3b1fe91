"""What an item may be known by is found by an index: a feed of many years is not gone through at each poll."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_entries_canonical_url_feed_id", "entries", ["canonical_url", "feed_id"])
    op.drop_index("ix_entries_canonical_url", "entries")  # the new one begins with it
    op.create_index("ix_entries_feed_id_title_day_key", "entries", ["feed_id", "title_day_key"])
    op.create_index("ix_entries_feed_id_content_key", "entries", ["feed_id", "content_key"])
