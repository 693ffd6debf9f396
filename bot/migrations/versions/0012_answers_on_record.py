"""How many answers to an update are on record as sent: they are not given again after a crash."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    answers = sa.Column("answers", sa.Integer(), server_default=sa.text("0"), nullable=False)
    op.add_column("received_update", answers)


def downgrade() -> None:
    op.drop_column("received_update", "answers")
