"""The articles of a statute that a passage touches; a collection's own words; what is beside a correction."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("passage", sa.Column("clause", sa.Text(), nullable=True))
    op.add_column("collection", sa.Column("terms", sa.JSON(), nullable=True))
    op.add_column("collection", sa.Column("stop_words", sa.JSON(), nullable=True))
    op.add_column("correction", sa.Column("beside", sa.Text(), nullable=True))
    op.add_column("correction", sa.Column("alike", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("correction", "alike")
    op.drop_column("correction", "beside")
    op.drop_column("collection", "stop_words")
    op.drop_column("collection", "terms")
    op.drop_column("passage", "clause")
