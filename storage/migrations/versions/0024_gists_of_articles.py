"""What lately stored articles are about, so that rewrites find each other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Utc = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "gists",
        sa.Column("id", Id, nullable=False),
        sa.Column("article_id", Id, nullable=False),
        sa.Column("story_id", Id, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.Column("seen_at", Utc, nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("perhaps", sa.Text(), nullable=False),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_gists_article_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gists")),
    )
    op.create_index(op.f("ix_gists_article_id"), "gists", ["article_id"], unique=False)
    op.create_index(op.f("ix_gists_seen_at"), "gists", ["seen_at"], unique=False)
    op.create_table(
        "gist_terms",
        sa.Column("term", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gist_id", Id, nullable=False),
        sa.Column("story_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["gist_id"], ["gists.id"], name=op.f("fk_gist_terms_gist_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("term", "gist_id", name=op.f("pk_gist_terms")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_gist_terms_gist_id"), "gist_terms", ["gist_id"], unique=False)
