"""What digests look like: the points of an article, and a plan's template."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("article", sa.Column("points", sa.JSON(), nullable=True))
    op.add_column("plan", sa.Column("header", sa.Text(), nullable=True))
    op.add_column("plan", sa.Column("footer", sa.Text(), nullable=True))
    op.add_column("plan", sa.Column("blocks", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("plan", "blocks")
    op.drop_column("plan", "footer")
    op.drop_column("plan", "header")
    op.drop_column("article", "points")
