"""What a sector is called, and why an alert was told, can be said in the reader's language."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("sectors", sa.Column("names", Json, nullable=False, server_default="{}"))
    op.add_column("sectors", sa.Column("place_names", Json, nullable=False, server_default="{}"))
    op.add_column("alerts", sa.Column("grounds", Json, nullable=True))
