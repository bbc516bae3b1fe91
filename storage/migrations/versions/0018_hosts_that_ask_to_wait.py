"""A host that asked to be left alone, and when it was last used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

When = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("hosts", sa.Column("hold_until", When))
    op.add_column("hosts", sa.Column("hold_status", sa.Integer()))
    op.add_column("hosts", sa.Column("used_at", When))
