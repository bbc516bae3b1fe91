"""What each article says of each sector, in one narrow row to count and to page by; and where sectors lie."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

FRONT = "FILTER (WHERE m.context = 'front')"
RANK = "CASE m.zone WHEN 'title' THEN 0 WHEN 'lead' THEN 1 ELSE 2 END"
FILL = f"""
INSERT INTO article_sectors (article_id, sector, at, side, language, score, salience, context, count)
SELECT m.article_id, m.sector,
       CASE WHEN a.published_at < a.first_seen_at THEN a.published_at ELSE a.first_seen_at END,
       a.side, a.language,
       COALESCE(MAX(m.score) {FRONT}, MAX(m.score)),
       CASE COALESCE(MIN({RANK}) {FRONT}, MIN({RANK})) WHEN 0 THEN 'headline' WHEN 1 THEN 'lead' ELSE 'body' END,
       CASE WHEN COUNT(*) {FRONT} > 0 THEN 'front' ELSE 'place' END,
       COUNT(*)
FROM mentions m JOIN articles a ON a.id = m.article_id
GROUP BY a.id, m.article_id, m.sector
"""  # noqa: S608 - nothing of it comes from outside


def upgrade() -> None:
    op.add_column("sectors", sa.Column("lat", sa.Float(), nullable=True))
    op.add_column("sectors", sa.Column("lon", sa.Float(), nullable=True))
    op.create_table(
        "article_sectors",
        sa.Column("article_id", Id, autoincrement=False, nullable=False),
        sa.Column("sector", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("side", sa.String(16), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("salience", sa.String(16), nullable=False),
        sa.Column("context", sa.String(8), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_sectors_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "sector", name=op.f("pk_article_sectors")),
    )
    op.execute(FILL)
    op.create_index(op.f("ix_article_sectors_at"), "article_sectors", ["at"])
    op.create_index(op.f("ix_article_sectors_sector_at_article_id"), "article_sectors", ["sector", "at", "article_id"])
