"""Updates kept until they are answered; days that admins had a report of; when deliveries were settled."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "received_update",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_received_update")),
    )
    waiting = sa.text("lease_until IS NOT NULL")
    op.create_index(
        "ix_received_update_waiting",
        "received_update",
        ["lease_until"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index(op.f("ix_received_update_received_at"), "received_update", ["received_at"])
    op.create_table(
        "daily_report",
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("local_date", name=op.f("pk_daily_report")),
    )
    op.create_index(op.f("ix_delivery_ended_at"), "delivery", ["ended_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_delivery_ended_at"), "delivery")
    op.drop_table("daily_report")
    op.drop_index(op.f("ix_received_update_received_at"), "received_update")
    op.drop_index("ix_received_update_waiting", "received_update")
    op.drop_table("received_update")
