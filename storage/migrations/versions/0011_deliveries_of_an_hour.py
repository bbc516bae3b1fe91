"""Deliveries of a subscription to a target are counted by time: the cap of an hour reads the hour alone."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_deliveries_subscription_id_target_id_first_due_at"),
        "deliveries",
        ["subscription_id", "target_id", "first_due_at"],
        unique=False,
    )
