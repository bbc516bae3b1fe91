"""What is needed to read a page again: when its feed says it was edited, its validators, and whether it is live."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("entries", sa.Column("updated_at", sa.DateTime(timezone=True)))
    op.add_column("entries", sa.Column("page_etag", sa.Text()))
    op.add_column("entries", sa.Column("page_last_modified", sa.Text()))
    op.add_column("articles", sa.Column("live", sa.Boolean(), server_default=sa.text("false"), nullable=False))
