"""A delivery is a message: it may tell of many alerts, or of none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "delivery_alerts",
        sa.Column("delivery_id", Id, nullable=False),
        sa.Column("alert_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_delivery_alerts_delivery_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name=op.f("fk_delivery_alerts_alert_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("delivery_id", "alert_id", name=op.f("pk_delivery_alerts")),
    )
    op.create_index(op.f("ix_delivery_alerts_alert_id"), "delivery_alerts", ["alert_id"], unique=False)
    op.execute("INSERT INTO delivery_alerts (delivery_id, alert_id) SELECT id, alert_id FROM deliveries")
    op.add_column("deliveries", sa.Column("kind", sa.String(length=16), nullable=False, server_default="alert"))
    op.add_column("deliveries", sa.Column("subscription_id", Id))
    op.execute(
        "UPDATE deliveries SET subscription_id ="
        " (SELECT subscription_id FROM alerts WHERE alerts.id = deliveries.alert_id)"
    )
    op.drop_index(op.f("ix_deliveries_alert_id"), table_name="deliveries")
    with op.batch_alter_table("deliveries") as table:
        table.drop_constraint(op.f("fk_deliveries_alert_id"), type_="foreignkey")
        table.drop_column("alert_id")
        table.create_foreign_key(
            op.f("fk_deliveries_subscription_id"), "subscriptions", ["subscription_id"], ["id"], ondelete="CASCADE"
        )
    op.create_index(op.f("ix_deliveries_subscription_id"), "deliveries", ["subscription_id"], unique=False)
