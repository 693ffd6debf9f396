"""The pace of all processes on one database, and of each chat."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rate_budget",
        sa.Column("name", sa.String(length=10), nullable=False),
        sa.Column("tat", sa.Double(), nullable=False),
        sa.Column("paused_until", sa.Double(), nullable=False),
        sa.Column("alarm_chat_id", sa.BigInteger(), nullable=True),
        sa.Column("alarm_at", sa.Double(), nullable=True),
        sa.Column("alarm_until", sa.Double(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rate_budget")),
    )
    op.create_table(
        "chat_budget",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tat", sa.Double(), nullable=False),
        sa.Column("minute_tat", sa.Double(), nullable=False),
        sa.Column("parked_until", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_chat_budget")),
    )


def downgrade() -> None:
    op.drop_table("chat_budget")
    op.drop_table("rate_budget")
