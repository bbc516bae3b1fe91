"""A reader ends, pauses and changes a subscription by links, and reports false alarms."""

from __future__ import annotations

from secrets import token_hex

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Id, Json, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscribers", sa.Column("changed_at", UtcDateTime()))
    op.add_column("targets", sa.Column("links", sa.Boolean(), nullable=False, server_default=sa.text("true")))
    op.execute("UPDATE targets SET links = false WHERE kind = 'apprise'")  # it may be a channel that many read
    op.add_column("subscriptions", sa.Column("link_seed", sa.String(32), nullable=False, server_default=""))
    op.add_column("subscriptions", sa.Column("ended_at", UtcDateTime()))
    op.add_column("subscriptions", sa.Column("ended_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("subscriptions", sa.Column("paused_at", UtcDateTime()))
    op.add_column("subscriptions", sa.Column("paused_until", UtcDateTime()))
    op.add_column("subscriptions", sa.Column("changed_at", UtcDateTime()))
    op.add_column("subscription_targets", sa.Column("ended_at", UtcDateTime()))
    op.create_table(
        "false_alarms",
        sa.Column("id", Id, primary_key=True),
        sa.Column("subscription_id", Id, sa.ForeignKey("subscriptions.id", ondelete="SET NULL")),
        sa.Column("alert_id", Id, sa.ForeignKey("alerts.id", ondelete="SET NULL")),
        sa.Column("article_id", Id, sa.ForeignKey("articles.id", ondelete="SET NULL")),
        sa.Column("sector", sa.String(64), nullable=False),
        sa.Column("mention_ids", Json, nullable=False),
        sa.Column("snapshot", Json, nullable=False),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("alert_id"),
    )
    _give_every_subscription_a_seed()


def _give_every_subscription_a_seed() -> None:
    table = sa.table("subscriptions", sa.column("id", sa.Integer()), sa.column("link_seed", sa.String()))
    connection = op.get_bind()
    for number in connection.execute(sa.select(table.c.id)).scalars().all():
        connection.execute(sa.update(table).where(table.c.id == number).values(link_seed=token_hex(16)))
