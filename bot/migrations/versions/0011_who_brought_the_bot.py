"""Who brought the bot into a group: he is told when it may not write there any more."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("target", sa.Column("bound_by", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("target", "bound_by")
