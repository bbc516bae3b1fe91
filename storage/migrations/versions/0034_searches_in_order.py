"""Searches look through the last articles first, and each part of them is answered by an index of its own."""

from __future__ import annotations

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_articles_in_order", "articles", ["id", "published_at", "first_seen_at"], unique=False)
    for column in ("language", "feed_id", "publisher"):
        op.create_index(op.f(f"ix_articles_{column}"), "articles", [column], unique=False)
    op.create_index(
        op.f("ix_mentions_sector_article_id_place"), "mentions", ["sector", "article_id", "place"], unique=False
    )
