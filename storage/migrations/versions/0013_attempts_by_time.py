"""Attempts are looked at by time: who was tried of late, whatever the number of attempts."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_delivery_attempts_started_at"), "delivery_attempts", ["started_at"], unique=False)
