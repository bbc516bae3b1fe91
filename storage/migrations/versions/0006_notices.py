"""Operators are told what is wrong."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
When = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("targets", sa.Column("rank", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("switches", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "notices",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("since", When, nullable=False),
        sa.Column("seen_at", When, nullable=False),
        sa.Column("opened_at", When),
        sa.Column("told_at", When),
        sa.Column("over_at", When),
        sa.Column("cleared_at", When),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_cleared_at"), "notices", ["cleared_at"])
    op.create_index(op.f("ix_notices_kind_told_at"), "notices", ["kind", "told_at"])
