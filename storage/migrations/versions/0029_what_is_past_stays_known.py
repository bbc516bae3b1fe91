"""Addresses of articles that retention let go of; suppressions by their article, which goes with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "past_articles",
        sa.Column("url_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("url_key", name=op.f("pk_past_articles")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_suppressions_article_id"), "suppressions", ["article_id"], unique=False)
