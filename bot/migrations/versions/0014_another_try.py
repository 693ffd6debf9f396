"""When a group that shut the bot out is tried once more; by which rules of its zone digests were set."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("target", sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True))
    waiting = sa.text("retry_at IS NOT NULL")
    op.create_index(
        "ix_target_retry_at", "target", ["retry_at"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_table(
        "zone_rules",
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("rules", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("timezone", name=op.f("pk_zone_rules")),
    )


def downgrade() -> None:
    op.drop_table("zone_rules")
    op.drop_index("ix_target_retry_at", "target")
    op.drop_column("target", "retry_at")
