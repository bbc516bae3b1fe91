"""Stories of one event in different languages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "story_links",
        sa.Column("story_id", Id, nullable=False),
        sa.Column("other_id", Id, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_story_links_story_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["stories.id"], name=op.f("fk_story_links_other_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("story_id", "other_id", name=op.f("pk_story_links")),
    )
    op.create_index(op.f("ix_story_links_other_id"), "story_links", ["other_id"], unique=False)
