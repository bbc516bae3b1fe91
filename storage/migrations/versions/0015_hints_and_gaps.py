"""What publishers say of when to come, and how much a feed may have missed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
When = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("feeds", sa.Column("hints", Json))
    op.add_column("feeds", sa.Column("reach_s", sa.Integer()))
    op.add_column("feeds", sa.Column("missed_at", When))
    op.add_column("feeds", sa.Column("missed_items", sa.Integer()))
    op.add_column("polls", sa.Column("missed_items", sa.Integer()))
