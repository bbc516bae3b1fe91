"""Why a page did not give its article, in one word."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("entries", "articles"):
        op.add_column(table, sa.Column("refusal", sa.String(length=16), server_default="", nullable=False))
