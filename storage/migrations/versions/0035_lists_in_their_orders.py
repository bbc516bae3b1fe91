"""Refused pages, deliveries by attempts and articles by date are counted and put in order by indexes alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    refused = sa.text("refusal != ''")
    op.create_index(
        "ix_entries_refused",
        "entries",
        ["first_seen_at", "refusal"],
        unique=False,
        sqlite_where=refused,
        postgresql_where=refused,
    )
    op.create_index(op.f("ix_deliveries_attempts_id"), "deliveries", ["attempts", "id"], unique=False)
    op.create_index(op.f("ix_articles_published_at_id"), "articles", ["published_at", "id"], unique=False)
