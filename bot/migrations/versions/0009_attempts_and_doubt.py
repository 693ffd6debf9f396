"""Every request to send a message, and rows of the ledger that are in doubt."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("reconcile_at", sa.DateTime(timezone=True), nullable=True))
    for name in ("again", "doubtful"):
        op.add_column("delivery", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    in_doubt = sa.text("reconcile_at IS NOT NULL")
    op.create_index(
        "ix_delivery_reconcile_at",
        "delivery",
        ["reconcile_at"],
        sqlite_where=in_doubt,
        postgresql_where=in_doubt,
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_attempt_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("delivery_id", "number", name=op.f("uq_attempt_delivery_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_attempt_message", "attempt", ["counter", "message_id"])
    op.create_index("ix_attempt_chat", "attempt", ["chat_id", "id"])
    op.create_index("ix_attempt_started_at", "attempt", ["started_at"])
    op.create_table(
        "conformance",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", name=op.f("pk_conformance")),
    )


def downgrade() -> None:
    op.drop_table("conformance")
    op.drop_table("attempt")
    op.drop_index("ix_delivery_reconcile_at", "delivery")
    for name in ("doubtful", "again", "reconcile_at"):
        op.drop_column("delivery", name)
