"""The pages of sectors are narrowed to a publisher by the narrow rows, as to a side and a language."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

FILL = """
UPDATE article_sectors
SET publisher = (SELECT publisher FROM articles WHERE articles.id = article_sectors.article_id)
"""


def upgrade() -> None:
    op.add_column("article_sectors", sa.Column("publisher", sa.Text(), server_default="", nullable=False))
    op.execute(FILL)
    op.create_index(
        op.f("ix_article_sectors_publisher_at_article_id"), "article_sectors", ["publisher", "at", "article_id"]
    )
