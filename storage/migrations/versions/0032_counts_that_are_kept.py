"""What status shows is counted once a day, and feeds know how many entries they brought: nothing counts millions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "row_counts",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("up_to", Id, nullable=False),
        sa.Column("rows", Id, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_counts")),
    )
    op.create_index(op.f("ix_row_counts_name"), "row_counts", ["name"], unique=False)
    op.add_column("feeds", sa.Column("entries", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE feeds SET entries = (SELECT count(*) FROM entries WHERE entries.feed_id = feeds.id)")
