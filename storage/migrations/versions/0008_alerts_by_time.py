"""Alerts are counted by time: a storm is seen while it begins."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_alerts_opened_at"), "alerts", ["opened_at"], unique=False)
