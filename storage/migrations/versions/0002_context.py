"""Mentions say what their place is named for: the front, or its peaceful life."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mentions", sa.Column("context", sa.String(length=8), nullable=False, server_default="front"))


def downgrade() -> None:
    op.drop_column("mentions", "context")
