"""The robots.txt of each site, for all workers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

When = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "robots",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("fetched_at", When),
        sa.Column("expires_at", When, nullable=False),
        sa.Column("unreached_since", When),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("crawl_delay_s", sa.Float()),
        sa.PrimaryKeyConstraint("site", name="pk_robots"),
    )
    op.create_index("ix_robots_host", "robots", ["host"])
    op.create_index("ix_robots_expires_at", "robots", ["expires_at"])
