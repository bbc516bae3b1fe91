"""When an article was changed, its picture, and the version of the extraction that made its text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("entries", "articles"):
        op.add_column(table, sa.Column("image_url", sa.Text(), server_default="", nullable=False))
    op.add_column("articles", sa.Column("modified_at", sa.DateTime(timezone=True)))
    op.add_column("articles", sa.Column("extraction", sa.String(length=16), server_default="", nullable=False))
