"""A feed has a rhythm of its own and says why it is polled so often, and a pause has an author and an end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("interval_why", sa.Text(), nullable=False, server_default=""))
    op.add_column("feeds", sa.Column("paused_by", sa.Text(), nullable=False, server_default=""))
    op.add_column("feeds", sa.Column("paused_until", sa.DateTime(timezone=True)))
    op.add_column("feeds", sa.Column("item_gap_s", sa.Integer()))
    op.add_column("feeds", sa.Column("quiet_after_s", sa.Integer()))
    op.add_column("feeds", sa.Column("newest_at", sa.DateTime(timezone=True)))
    op.add_column("feeds", sa.Column("rhythm_at", sa.DateTime(timezone=True)))
    op.create_index(op.f("ix_entries_feed_id_first_seen_at"), "entries", ["feed_id", "first_seen_at"])
