"""What is claimed is found by its token, ended deliveries by their age: no table is read through for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    claimed = sa.text("lease_token IS NOT NULL")
    for table in ("entries", "deliveries"):
        op.create_index(
            f"ix_{table}_claimed", table, ["lease_token"], unique=False, sqlite_where=claimed, postgresql_where=claimed
        )
    op.create_index(op.f("ix_deliveries_created_at"), "deliveries", ["created_at"], unique=False)
    op.create_index(op.f("ix_cycles_finished_at"), "cycles", ["finished_at"], unique=False)
    op.create_index(op.f("ix_false_alarms_article_id"), "false_alarms", ["article_id"], unique=False)
