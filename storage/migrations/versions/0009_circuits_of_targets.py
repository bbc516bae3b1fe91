"""A target that fails or refuses is left alone, for a time or for good."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

When = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("targets", sa.Column("breaker_since", When))
    op.add_column("targets", sa.Column("refused_streak", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("targets", sa.Column("refused_at", When))
